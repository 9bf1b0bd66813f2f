// SPDX-License-Identifier: Apache-2.0
// Weights of a transposed convolution, iohw in nchw, with the loads of tensor.glsl: REAL4 w_load(shape, o, s, y, x) gives
// input channels 4 s .. 4 s + 3. shape is (o, i, h, w), o counting within the group. In other layouts they lie as those
// of a convolution do.
#ifndef WEIGHTS_IOHW_GLSL
#define WEIGHTS_IOHW_GLSL

#include "tensor.glsl"

#ifdef ASSAY_LAYOUT_NCHW
#define WEIGHTS_IOHW_IN(index, name)                                                                            \
    layout(std430, set = 0, binding = index) readonly buffer name##_block { STORED name##_data[]; };            \
    REAL4 name##_load(ivec4 shape, int o, int s, int y, int x)                                                  \
    {                                                                                                           \
        int first = ((4 * s * shape.x + o) * shape.z + y) * shape.w + x;                                        \
        REAL4 value = REAL4(0.0);                                                                               \
        for (int lane = 0; lane < 4 && 4 * s + lane < shape.y; lane++)                                          \
            value[lane] = REAL(name##_data[first + lane * shape.x * shape.z * shape.w]);                        \
        return value;                                                                                           \
    }
#else
#define WEIGHTS_IOHW_IN(index, name) WEIGHTS_IN(index, name)
#endif

#endif
