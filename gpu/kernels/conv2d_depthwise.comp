// SPDX-License-Identifier: Apache-2.0
/*---
kernel: conv2d_depthwise
operator: conv2d
summary: "one input channel a group, any channel multiplier; four channels x two rows an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
when: "groups == in.c"
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: weights}
  - {binding: 2, tensor: bias}
  - {binding: 3, tensor: out}
  - {binding: 4, tensor: residual}
push:
  - {name: in_shape, type: ivec4, value: in}
  - {name: w_shape, type: ivec4, value: weights}
  - {name: out_shape, type: ivec4, value: out}
  - {name: stride_h, type: int, value: stride_h}
  - {name: stride_w, type: int, value: stride_w}
  - {name: dilation_h, type: int, value: dilation_h}
  - {name: dilation_w, type: int, value: dilation_w}
  - {name: pad_top, type: int, value: pad_top}
  - {name: pad_left, type: int, value: pad_left}
  - {name: groups, type: int, value: groups}
  - {name: bias, type: int, value: bias}
  - {name: residual, type: int, value: residual}
  - {name: act, type: int, value: act}
  - {name: alpha, type: float, value: alpha}
constants:
  - {id: 8, name: acts, type: bool, value: "act != 0"}
dispatch: {flat: "out.n * out.s * ceil_div(out.h, 2) * out.w"}
---*/
// The convolution of conv2d.glsl with one input channel a group: output channel o reads channel o / M, M being the
// channel multiplier. The rows of an invocation lie one below the other and share each weight; neighbouring invocations
// take neighbouring columns.
#version 450
#include "conv2d.glsl"

layout(local_size_x = 64) in;

const int ROWS = 2;

// One tap of each of the four channels; the last one stands in for those beyond it.
REAL4 load_weight(int s, int ky, int kx)
{
    REAL4 weight;
    [[unroll]] for (int i = 0; i < 4; i++)
        weight[i] = weights_load(p.w_shape, min(4 * s + i, p.out_shape.y - 1), 0, ky, kx).x;
    return weight;
}

// What the four channels read at one place.
REAL4 load_channels(int n, int s, int multiplier, int y, int x)
{
    if (multiplier == 1)
        return in_load(p.in_shape, n, s, y, x);
    REAL4 value;
    [[unroll]] for (int i = 0; i < 4; i++)
        value[i] = in_one(p.in_shape, n, min(4 * s + i, p.out_shape.y - 1) / multiplier, y, x);
    return value;
}

void main()
{
    int blocks = (p.out_shape.z + ROWS - 1) / ROWS;
    ivec4 at = texel_place(FLAT_INDEX, ivec4(p.out_shape.xy, blocks, p.out_shape.w));
    int n = at.x, s = at.y, row = at.z * ROWS, column = at.w;
    if (n >= p.out_shape.x)
        return;
    REAL4 sum[ROWS];
    [[unroll]] for (int j = 0; j < ROWS; j++)
        sum[j] = bias_of(s);

    int multiplier = p.out_shape.y / p.in_shape.y;
    int left = column * p.stride_w - p.pad_left;
    for (int ky = 0; ky < p.w_shape.z; ky++) {
        for (int kx = 0; kx < p.w_shape.w; kx++) {
            int x = left + kx * p.dilation_w;
            if (!is_column(x))
                continue;
            REAL4 weight = load_weight(s, ky, kx);
            [[unroll]] for (int j = 0; j < ROWS; j++) {
                int y = (row + j) * p.stride_h - p.pad_top + ky * p.dilation_h;
                if (is_row(y))
                    sum[j] += weight * load_channels(n, s, multiplier, y, x);
            }
        }
    }

    [[unroll]] for (int j = 0; j < ROWS; j++) {
        int y = row + j;
        if (y < p.out_shape.z)
            out_store(p.out_shape, n, s, y, column, epilogue(sum[j], n, s, y, column));
    }
}
