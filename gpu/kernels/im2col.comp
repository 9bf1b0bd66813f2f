// SPDX-License-Identifier: Apache-2.0
/*---
kernel: im2col
operator: im2col
summary: "four output channels an invocation"
precisions: [f32, f16s]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: in_shape, type: ivec4, value: in}
  - {name: out_shape, type: ivec4, value: out}
  - {name: kernel_h, type: int, value: kernel_h}
  - {name: kernel_w, type: int, value: kernel_w}
  - {name: stride_h, type: int, value: stride_h}
  - {name: stride_w, type: int, value: stride_w}
  - {name: dilation_h, type: int, value: dilation_h}
  - {name: dilation_w, type: int, value: dilation_w}
  - {name: pad_top, type: int, value: pad_top}
  - {name: pad_left, type: int, value: pad_left}
dispatch: {flat: out.texels}
---*/
// out[n,(c kh + ky) kw + kx,y,x] = in[n,c,y sy - top + ky dy,x sx - left + kx dx], 0 outside of the input.
#version 450
#include "flat.glsl"
#include "tensor.glsl"

layout(local_size_x = 64) in;

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

layout(push_constant) uniform Params {
    ivec4 in_shape, out_shape;
    int kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
} p;

void main()
{
    int index = int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x);
    ivec4 at = texel_place(index, p.out_shape);
    if (at.x >= p.out_shape.x)
        return;
    REAL4 value = REAL4(0.0);
    for (int lane = 0; lane < 4 && 4 * at.y + lane < p.out_shape.y; lane++) {
        int channel = 4 * at.y + lane, row = channel / p.kernel_w;
        int y = at.z * p.stride_h - p.pad_top + row % p.kernel_h * p.dilation_h;
        int x = at.w * p.stride_w - p.pad_left + channel % p.kernel_w * p.dilation_w;
        if (y >= 0 && y < p.in_shape.z && x >= 0 && x < p.in_shape.w)
            value[lane] = in_one(p.in_shape, at.x, row / p.kernel_h, y, x);
    }
    out_store(p.out_shape, at.x, at.y, at.z, at.w, value);
}
