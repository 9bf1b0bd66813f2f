// SPDX-License-Identifier: Apache-2.0
/*---
kernel: max_pool2d
operator: max_pool2d
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
dispatch:
  groups:
    - "min(ceil_div(out.count, 64), 32768)"
    - "ceil_div(ceil_div(out.count, 64), 32768)"
    - 1
---*/
// out[n,c,y,x] = the largest value under the window; the padding counts as minus infinity, so taps outside are left out.
// One output an invocation. A NaN may come out as NaN or be passed over.
#version 450
#include "flat.glsl"

layout(local_size_x = 64) in;

layout(std430, set = 0, binding = 0) readonly buffer In { float in_data[]; };
layout(std430, set = 0, binding = 1) writeonly buffer Out { float out_data[]; };

layout(push_constant) uniform Params {
    int planes, in_h, in_w, out_h, out_w;
    int kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
} p;

void main()
{
    int index = int(flat_group() * 64u + gl_LocalInvocationID.x);
    int plane = index / (p.out_w * p.out_h);
    if (plane >= p.planes)
        return;
    int top = index / p.out_w % p.out_h * p.stride_h - p.pad_top;
    int left = index % p.out_w * p.stride_w - p.pad_left;
    float most = uintBitsToFloat(0xFF800000u); // minus infinity
    for (int ky = 0; ky < p.kernel_h; ky++) {
        int y = top + ky * p.dilation_h;
        if (y < 0 || y >= p.in_h)
            continue;
        for (int kx = 0; kx < p.kernel_w; kx++) {
            int x = left + kx * p.dilation_w;
            if (x >= 0 && x < p.in_w)
                most = max(most, in_data[(plane * p.in_h + y) * p.in_w + x]);
        }
    }
    out_data[index] = most;
}
