// SPDX-License-Identifier: Apache-2.0
/*---
kernel: conv2d_depthwise
operator: conv2d
summary: "one input channel a group, any channel multiplier; four output rows an invocation"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32, form: standard}
when: "groups == in.c"
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: weights}
  - {binding: 2, tensor: bias}
  - {binding: 3, tensor: out}
push:
  - {name: batch, type: int, value: in.n}
  - {name: in_c, type: int, value: in.c}
  - {name: in_h, type: int, value: in.h}
  - {name: in_w, type: int, value: in.w}
  - {name: out_c, type: int, value: out.c}
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
  - {name: bias, type: int, value: bias}
dispatch:
  groups:
    - "min(ceil_div(out.w * ceil_div(out.h, 4) * out.c * out.n, 64), 32768)"
    - "ceil_div(ceil_div(out.w * ceil_div(out.h, 4) * out.c * out.n, 64), 32768)"
    - 1
---*/
// out[n,o,y,x] = bias[o] + sum over ky, kx of weights[o,0,ky,kx] * in[n, o / M, y sy - top + ky dy, x sx - left + kx dx]
// with M = out channels / in channels, the multiplier. Taps outside of the input are left out. The four rows of an
// invocation lie one below the other and share each weight; neighbouring invocations take neighbouring columns.
#version 450
#include "flat.glsl"

layout(local_size_x = 64) in;

layout(std430, set = 0, binding = 0) readonly buffer In { float in_data[]; };
layout(std430, set = 0, binding = 1) readonly buffer Weights { float weights_data[]; };
layout(std430, set = 0, binding = 2) readonly buffer Bias { float bias_data[]; };
layout(std430, set = 0, binding = 3) writeonly buffer Out { float out_data[]; };

layout(push_constant) uniform Params {
    int batch, in_c, in_h, in_w, out_c, out_h, out_w;
    int kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
    int bias;
} p;

const int ROWS = 4;

void main()
{
    int blocks = (p.out_h + ROWS - 1) / ROWS;
    int index = int(flat_group() * 64u + gl_LocalInvocationID.x);
    int column = index % p.out_w;
    int row = index / p.out_w % blocks * ROWS;
    int o = index / (p.out_w * blocks) % p.out_c;
    int n = index / (p.out_w * blocks * p.out_c);
    if (n >= p.batch)
        return;

    float sum[ROWS];
    for (int j = 0; j < ROWS; j++)
        sum[j] = p.bias != 0 ? bias_data[o] : 0.0;

    int plane = (n * p.in_c + o / (p.out_c / p.in_c)) * p.in_h;
    int left = column * p.stride_w - p.pad_left;
    for (int ky = 0; ky < p.kernel_h; ky++) {
        for (int kx = 0; kx < p.kernel_w; kx++) {
            float weight = weights_data[(o * p.kernel_h + ky) * p.kernel_w + kx];
            int x = left + kx * p.dilation_w;
            if (x < 0 || x >= p.in_w)
                continue;
            for (int j = 0; j < ROWS; j++) {
                int y = (row + j) * p.stride_h - p.pad_top + ky * p.dilation_h;
                if (y >= 0 && y < p.in_h)
                    sum[j] += weight * in_data[(plane + y) * p.in_w + x];
            }
        }
    }

    for (int j = 0; j < ROWS; j++) {
        int y = row + j;
        if (y < p.out_h)
            out_data[((n * p.out_c + o) * p.out_h + y) * p.out_w + column] = sum[j];
    }
}
