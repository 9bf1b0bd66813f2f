// SPDX-License-Identifier: Apache-2.0
/*---
kernel: avg_pool2d
operator: avg_pool2d
summary: "one output an invocation"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: planes, type: int, value: in.n * in.c}
  - {name: in_h, type: int, value: in.h}
  - {name: in_w, type: int, value: in.w}
  - {name: out_h, type: int, value: out.h}
  - {name: out_w, type: int, value: out.w}
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
dispatch:
  groups:
    - "min(ceil_div(out.count, 64), 32768)"
    - "ceil_div(ceil_div(out.count, 64), 32768)"
    - 1
---*/
// out[n,c,y,x] = sum under the window / number of its places. The places inside of the input count; with
// count_include_pad those in the padding do too, but never what a ceil-mode window has beyond the padding.
// One output an invocation.
#version 450
#include "flat.glsl"

layout(local_size_x = 64) in;

layout(std430, set = 0, binding = 0) readonly buffer In { float in_data[]; };
layout(std430, set = 0, binding = 1) writeonly buffer Out { float out_data[]; };

layout(push_constant) uniform Params {
    int planes, in_h, in_w, out_h, out_w;
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
    int index = int(flat_group() * 64u + gl_LocalInvocationID.x);
    int plane = index / (p.out_w * p.out_h);
    if (plane >= p.planes)
        return;
    int top = index / p.out_w % p.out_h * p.stride_h - p.pad_top;
    int left = index % p.out_w * p.stride_w - p.pad_left;

    float sum = 0.0;
    for (int ky = 0; ky < p.kernel_h; ky++) {
        int y = top + ky * p.dilation_h;
        if (y < 0 || y >= p.in_h)
            continue;
        for (int kx = 0; kx < p.kernel_w; kx++) {
            int x = left + kx * p.dilation_w;
            if (x >= 0 && x < p.in_w)
                sum += in_data[(plane * p.in_h + y) * p.in_w + x];
        }
    }

    ivec4 pad = p.count_include_pad != 0 ? ivec4(p.pad_top, p.pad_left, p.pad_bottom, p.pad_right) : ivec4(0);
    int rows = taps_within(top, p.kernel_h, p.dilation_h, -pad[0], p.in_h + pad[2]);
    int columns = taps_within(left, p.kernel_w, p.dilation_w, -pad[1], p.in_w + pad[3]);
    out_data[index] = sum / float(rows * columns);
}
