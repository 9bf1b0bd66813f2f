// SPDX-License-Identifier: Apache-2.0
/*---
kernel: avg_pool2d
operator: avg_pool2d
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
  - {name: pad_bottom, type: int, value: pad_bottom}
  - {name: pad_right, type: int, value: pad_right}
  - {name: count_include_pad, type: int, value: count_include_pad}
dispatch: {flat: "out.texels"}
---*/
// out[n,c,y,x] = sum under the window / number of its places. The places inside of the input count; with
// count_include_pad those in the padding do too, but never what a ceil-mode window has beyond the padding.
// Four channels of one output an invocation.
#version 450
#include "flat.glsl"
#include "tensor.glsl"

layout(local_size_x = 64) in;

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

layout(push_constant) uniform Params {
    ivec4 in_shape, out_shape;
    int kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w;
    int pad_top, pad_left, pad_bottom, pad_right, count_include_pad;
} p;

// How many of the taps from `first` on, `step` apart, lie in [low, high).
int taps_within(int first, int taps, int step, int low, int high)
{
    int before = max(low - first + step - 1, 0) / step;
    int after = max(high - first + step - 1, 0) / step;
    return max(min(after, taps) - before, 0);
}

void main()
{
    ivec4 at = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.out_shape);
    if (at.x >= p.out_shape.x)
        return;
    int top = at.z * p.stride_h - p.pad_top;
    int left = at.w * p.stride_w - p.pad_left;

    REAL4 sum = REAL4(0.0);
    for (int ky = 0; ky < p.kernel_h; ky++) {
        int y = top + ky * p.dilation_h;
        if (y < 0 || y >= p.in_shape.z)
            continue;
        for (int kx = 0; kx < p.kernel_w; kx++) {
            int x = left + kx * p.dilation_w;
            if (x >= 0 && x < p.in_shape.w)
                sum += in_load(p.in_shape, at.x, at.y, y, x);
        }
    }

    ivec4 pad = p.count_include_pad != 0 ? ivec4(p.pad_top, p.pad_left, p.pad_bottom, p.pad_right) : ivec4(0);
    int rows = taps_within(top, p.kernel_h, p.dilation_h, -pad[0], p.in_shape.z + pad[2]);
    int columns = taps_within(left, p.kernel_w, p.dilation_w, -pad[1], p.in_shape.w + pad[3]);
    out_store(p.out_shape, at.x, at.y, at.z, at.w, sum / REAL(rows * columns));
}
