// SPDX-License-Identifier: Apache-2.0
// What the kernels of conv2d share: their push constants, tensors and epilogue.
//
//     out[n,o,y,x] = act(bias[o] + residual[n,o,y,x] + sum over c, ky, kx of
//                        weights[o,c,ky,kx] * in[n, g C + c, y sy - top + ky dy, x sx - left + kx dx])
//
// with g the group of o and C the channels of a group. Taps outside of the input are left out. Lanes of an output slice
// that are no channel hold anything and are not added to others.
#include "flat.glsl"
#include "tensor.glsl"

layout(push_constant) uniform Params {
    ivec4 in_shape, w_shape, out_shape;
    int stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left, groups, bias, residual, act;
    float alpha;
} p;

TENSOR_IN(0, in)
WEIGHTS_IN(1, weights)
VECTOR_IN(2, bias)
TENSOR_OUT(3, out)
TENSOR_IN(4, residual)

#include "epilogue.glsl"

// What the sums of output slice s begin with.
REAL4 bias_of(int s)
{
    return p.bias != 0 ? bias_load(s, p.out_shape.y) : REAL4(0.0);
}

bool is_row(int y)
{
    return y >= 0 && y < p.in_shape.z;
}

bool is_column(int x)
{
    return x >= 0 && x < p.in_shape.w;
}

// Number of the invocation. A macro: the work group size is declared behind this file, and 1 until then.
#define FLAT_INDEX int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x)

// Four rows of weights, of output channels 4 s .. 4 s + 3, for one slice of input channels.
struct Rows {
    REAL4 o[4];
};

// The last row stands in for those beyond it. Where the slice is not full its other lanes are zeros.
Rows load_rows(int s, int slice, int ky, int kx)
{
    Rows rows;
    [[unroll]] for (int i = 0; i < 4; i++) {
        rows.o[i] = weights_load(p.w_shape, min(4 * s + i, p.w_shape.x - 1), slice, ky, kx);
        if (4 * slice + 4 > p.w_shape.y)
            rows.o[i] = mask_lanes(rows.o[i], slice, p.w_shape.y, REAL(0.0));
    }
    return rows;
}

// Slice `first` + `slice` of the input, as those rows want it.
REAL4 load_input(int n, int first, int slice, int y, int x)
{
    REAL4 value = in_load(p.in_shape, n, first + slice, y, x);
    if (4 * slice + 4 > p.w_shape.y)
        value = mask_lanes(value, slice, p.w_shape.y, REAL(0.0));
    return value;
}

REAL4 products(Rows rows, REAL4 value)
{
    return REAL4(dot(rows.o[0], value), dot(rows.o[1], value), dot(rows.o[2], value), dot(rows.o[3], value));
}
