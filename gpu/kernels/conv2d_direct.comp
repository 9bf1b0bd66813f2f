// SPDX-License-Identifier: Apache-2.0
/*---
kernel: conv2d_direct
operator: conv2d
summary: "every attribute; four output columns an invocation, in registers"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32, form: standard}
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
  - {name: groups, type: int, value: groups}
  - {name: bias, type: int, value: bias}
dispatch:
  groups:
    - "min(ceil_div(ceil_div(out.w, 4) * out.h * out.c * out.n, 64), 32768)"
    - "ceil_div(ceil_div(ceil_div(out.w, 4) * out.h * out.c * out.n, 64), 32768)"
    - 1
---*/
// out[n,o,y,x] = bias[o] + sum over c, ky, kx of weights[o,c,ky,kx] * in[n, g C + c, y sy - top + ky dy,
// x sx - left + kx dx], with g the group of o and C the channels of a group. Taps outside of the input are left out.
// The columns of an invocation lie a quarter of a row apart, so that neighbouring invocations read neighbouring words.
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
    int groups, bias;
} p;

const int COLUMNS = 4;

void main()
{
    int quarter = (p.out_w + COLUMNS - 1) / COLUMNS;
    int index = int(flat_group() * 64u + gl_LocalInvocationID.x);
    int column = index % quarter;
    int row = index / quarter % p.out_h;
    int o = index / (quarter * p.out_h) % p.out_c;
    int n = index / (quarter * p.out_h * p.out_c);
    if (n >= p.batch)
        return;

    float sum[COLUMNS];
    int left[COLUMNS];
    for (int j = 0; j < COLUMNS; j++) {
        sum[j] = p.bias != 0 ? bias_data[o] : 0.0;
        left[j] = (column + j * quarter) * p.stride_w - p.pad_left;
    }

    int channels = p.in_c / p.groups;
    int first = o / (p.out_c / p.groups) * channels;
    int top = row * p.stride_h - p.pad_top;
    for (int c = 0; c < channels; c++) {
        int plane = (n * p.in_c + first + c) * p.in_h;
        for (int ky = 0; ky < p.kernel_h; ky++) {
            int y = top + ky * p.dilation_h;
            if (y < 0 || y >= p.in_h)
                continue;
            int line = (plane + y) * p.in_w;
            int tap = ((o * channels + c) * p.kernel_h + ky) * p.kernel_w;
            for (int kx = 0; kx < p.kernel_w; kx++) {
                float weight = weights_data[tap + kx];
                for (int j = 0; j < COLUMNS; j++) {
                    int x = left[j] + kx * p.dilation_w;
                    if (x >= 0 && x < p.in_w)
                        sum[j] += weight * in_data[line + x];
                }
            }
        }
    }

    int target = ((n * p.out_c + o) * p.out_h + row) * p.out_w;
    for (int j = 0; j < COLUMNS; j++) {
        int x = column + j * quarter;
        if (x < p.out_w)
            out_data[target + x] = sum[j];
    }
}
