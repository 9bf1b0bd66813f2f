// SPDX-License-Identifier: Apache-2.0
/*---
kernel: max_pool2d
operator: max_pool2d
summary: "four channels of one output an invocation"
precisions: [f32, f16s, f16a]
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
dispatch: {flat: "out.texels"}
---*/
// out[n,c,y,x] = the largest value under the window; the padding counts as minus infinity, so taps outside are left out.
// Four channels of one output an invocation. A NaN may come out as NaN or be passed over.
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
    ivec4 at = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.out_shape);
    if (at.x >= p.out_shape.x)
        return;
    int top = at.z * p.stride_h - p.pad_top;
    int left = at.w * p.stride_w - p.pad_left;
    REAL4 most = REAL4(uintBitsToFloat(0xFF800000u)); // minus infinity
    for (int ky = 0; ky < p.kernel_h; ky++) {
        int y = top + ky * p.dilation_h;
        if (y < 0 || y >= p.in_shape.z)
            continue;
        for (int kx = 0; kx < p.kernel_w; kx++) {
            int x = left + kx * p.dilation_w;
            if (x >= 0 && x < p.in_shape.w)
                most = max(most, in_load(p.in_shape, at.x, at.y, y, x));
        }
    }
    out_store(p.out_shape, at.x, at.y, at.z, at.w, most);
}
