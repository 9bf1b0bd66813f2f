// SPDX-License-Identifier: Apache-2.0
// Tensors in every layout and precision, four channels at a time. A kernel that touches its tensors through this file
// alone is one source for nchw, nhwc, nc4hw4 and image, in f32, f16s and f16a.
//
//   REAL, REAL4                what the kernel computes with: float, or float16_t in f16a
//   TENSOR_IN(binding, in)     declares    REAL4 in_load(shape, n, s, y, x)   channels 4 s .. 4 s + 3
//                                          REAL  in_one(shape, n, c, y, x)    one channel
//   TENSOR_OUT(binding, out)   declares    void  out_store(shape, n, s, y, x, value)
//   WEIGHTS_IN(binding, w)     declares    REAL4 w_load(shape, o, s, y, x)    input channels 4 s .. 4 s + 3
//   VECTOR_IN(binding, bias)   declares    REAL  bias_at(i), REAL4 bias_load(s, count)
//
// shape is the logical (n, c, h, w), of weights (o, i, h, w). Lanes beyond c: a load gives 0 where memory has no lanes
// (nchw, nhwc) and poison where it has (nc4hw4, image, weights); a store leaves them out or writes what it is given.
// Whoever adds up lanes has to mask them first: mask_lanes. Coordinates must lie inside of the tensor.
#ifndef TENSOR_GLSL
#define TENSOR_GLSL
#extension GL_EXT_control_flow_attributes : require

#ifdef ASSAY_PRECISION_F32
#define STORED  float
#define STORED4 vec4
#define REAL    float
#define REAL4   vec4
#define TEXEL   rgba32f
#else
#extension GL_EXT_shader_16bit_storage : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#define STORED  float16_t
#define STORED4 f16vec4
#define TEXEL   rgba16f
#ifdef ASSAY_PRECISION_F16A
#define REAL  float16_t
#define REAL4 f16vec4
#else
#define REAL  float
#define REAL4 vec4
#endif
#endif

// Slices of four channels.
int slices(int channels)
{
    return (channels + 3) / 4;
}

int slices(ivec4 shape)
{
    return slices(shape.y);
}

// The (n, slice, y, x) of a number that counts texels, neighbours in memory side by side: x fastest, in nhwc slices; n is
// shape.x or more behind the last.
ivec4 texel_place(int index, ivec4 shape)
{
#ifdef ASSAY_LAYOUT_NHWC
    int pixel = index / slices(shape), row = pixel / shape.w;
    return ivec4(row / shape.z, index % slices(shape), row % shape.z, pixel % shape.w);
#else
    int row = index / shape.w, plane = row / shape.z;
    return ivec4(plane / slices(shape), plane % slices(shape), row % shape.z, index % shape.w);
#endif
}

// Lanes of slice s that are no channel become `filling`, whatever they hold.
REAL4 mask_lanes(REAL4 value, int s, int channels, REAL filling)
{
    bvec4 inside = lessThan(ivec4(4 * s) + ivec4(0, 1, 2, 3), ivec4(channels));
    return mix(REAL4(filling), value, inside);
}

#if defined ASSAY_LAYOUT_IMAGE

#define TENSOR_IN(index, name)                                                                                  \
    layout(set = 0, binding = index, TEXEL) readonly uniform image2DArray name##_image;                         \
    REAL4 name##_load(ivec4 shape, int n, int s, int y, int x)                                                  \
    {                                                                                                           \
        return REAL4(imageLoad(name##_image, ivec3(x, y, n * slices(shape) + s)));                              \
    }                                                                                                           \
    REAL name##_one(ivec4 shape, int n, int c, int y, int x)                                                    \
    {                                                                                                           \
        return name##_load(shape, n, c / 4, y, x)[c % 4];                                                       \
    }
#define TENSOR_OUT(index, name)                                                                                 \
    layout(set = 0, binding = index, TEXEL) writeonly uniform image2DArray name##_image;                        \
    void name##_store(ivec4 shape, int n, int s, int y, int x, REAL4 value)                                     \
    {                                                                                                           \
        imageStore(name##_image, ivec3(x, y, n * slices(shape) + s), vec4(value));                              \
    }

#elif defined ASSAY_LAYOUT_NC4HW4

#define TENSOR_IN(index, name)                                                                                  \
    layout(std430, set = 0, binding = index) readonly buffer name##_block { STORED4 name##_data[]; };           \
    REAL4 name##_load(ivec4 shape, int n, int s, int y, int x)                                                  \
    {                                                                                                           \
        return REAL4(name##_data[((n * slices(shape) + s) * shape.z + y) * shape.w + x]);                       \
    }                                                                                                           \
    REAL name##_one(ivec4 shape, int n, int c, int y, int x)                                                    \
    {                                                                                                           \
        return REAL(name##_data[((n * slices(shape) + c / 4) * shape.z + y) * shape.w + x][c % 4]);             \
    }
#define TENSOR_OUT(index, name)                                                                                 \
    layout(std430, set = 0, binding = index) writeonly buffer name##_block { STORED4 name##_data[]; };          \
    void name##_store(ivec4 shape, int n, int s, int y, int x, REAL4 value)                                     \
    {                                                                                                           \
        name##_data[((n * slices(shape) + s) * shape.z + y) * shape.w + x] = STORED4(value);                    \
    }

#else // nchw, nhwc: single channels in memory

#ifdef ASSAY_LAYOUT_NHWC
int tensor_first(ivec4 shape, int n, int c, int y, int x)
{
    return ((n * shape.z + y) * shape.w + x) * shape.y + c;
}
#define TENSOR_STEP(shape) 1
#else
int tensor_first(ivec4 shape, int n, int c, int y, int x)
{
    return ((n * shape.y + c) * shape.z + y) * shape.w + x;
}
#define TENSOR_STEP(shape) (shape.z * shape.w)
#endif

#define TENSOR_IN(index, name)                                                                                  \
    layout(std430, set = 0, binding = index) readonly buffer name##_block { STORED name##_data[]; };            \
    REAL name##_one(ivec4 shape, int n, int c, int y, int x)                                                    \
    {                                                                                                           \
        return REAL(name##_data[tensor_first(shape, n, c, y, x)]);                                              \
    }                                                                                                           \
    REAL4 name##_load(ivec4 shape, int n, int s, int y, int x)                                                  \
    {                                                                                                           \
        int first = tensor_first(shape, n, 4 * s, y, x), step = TENSOR_STEP(shape);                             \
        REAL4 value = REAL4(0.0);                                                                               \
        [[unroll]] for (int lane = 0; lane < 4; lane++)                                                         \
            if (4 * s + lane < shape.y)                                                                         \
                value[lane] = REAL(name##_data[first + lane * step]);                                           \
        return value;                                                                                           \
    }
#define TENSOR_OUT(index, name)                                                                                 \
    layout(std430, set = 0, binding = index) writeonly buffer name##_block { STORED name##_data[]; };           \
    void name##_store(ivec4 shape, int n, int s, int y, int x, REAL4 value)                                     \
    {                                                                                                           \
        int first = tensor_first(shape, n, 4 * s, y, x), step = TENSOR_STEP(shape);                             \
        [[unroll]] for (int lane = 0; lane < 4; lane++)                                                         \
            if (4 * s + lane < shape.y)                                                                         \
                name##_data[first + lane * step] = STORED(value[lane]);                                         \
    }

#endif

#ifdef ASSAY_LAYOUT_NCHW // oihw
#define WEIGHTS_IN(index, name)                                                                                 \
    layout(std430, set = 0, binding = index) readonly buffer name##_block { STORED name##_data[]; };            \
    REAL4 name##_load(ivec4 shape, int o, int s, int y, int x)                                                  \
    {                                                                                                           \
        int first = ((o * shape.y + 4 * s) * shape.z + y) * shape.w + x;                                        \
        REAL4 value = REAL4(0.0);                                                                               \
        [[unroll]] for (int lane = 0; lane < 4; lane++)                                                         \
            if (4 * s + lane < shape.y)                                                                         \
                value[lane] = REAL(name##_data[first + lane * shape.z * shape.w]);                              \
        return value;                                                                                           \
    }
#else // ohwi4
#define WEIGHTS_IN(index, name)                                                                                 \
    layout(std430, set = 0, binding = index) readonly buffer name##_block { STORED4 name##_data[]; };           \
    REAL4 name##_load(ivec4 shape, int o, int s, int y, int x)                                                  \
    {                                                                                                           \
        return REAL4(name##_data[((o * shape.z + y) * shape.w + x) * slices(shape) + s]);                       \
    }
#endif

#define VECTOR_IN(index, name)                                                                                  \
    layout(std430, set = 0, binding = index) readonly buffer name##_block { STORED name##_data[]; };            \
    REAL name##_at(int i)                                                                                       \
    {                                                                                                           \
        return REAL(name##_data[i]);                                                                            \
    }                                                                                                           \
    REAL4 name##_load(int s, int count)                                                                         \
    {                                                                                                           \
        REAL4 value = REAL4(0.0);                                                                               \
        [[unroll]] for (int lane = 0; lane < 4; lane++)                                                         \
            if (4 * s + lane < count)                                                                           \
                value[lane] = REAL(name##_data[4 * s + lane]);                                                  \
        return value;                                                                                           \
    }

#endif
