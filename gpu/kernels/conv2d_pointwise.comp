// SPDX-License-Identifier: Apache-2.0
/*---
kernel: conv2d_pointwise
operator: conv2d
summary: "1 x 1 kernels; four output channels x four pixels an invocation, in registers"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
when: "kernel == 1 && groups == 1"
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
dispatch: {flat: "out.n * out.s * ceil_div(out.h * out.w, 4)"}
---*/
// The convolution of conv2d.glsl with one tap: a product of matrices. The pixels of an invocation lie a quarter of a
// plane apart, so that neighbouring invocations read neighbouring words.
#version 450
#include "conv2d.glsl"

layout(local_size_x = 64) in;

const int PIXELS = 4;

void main()
{
    int quarter = (p.out_shape.z * p.out_shape.w + PIXELS - 1) / PIXELS;
    ivec4 at = texel_place(FLAT_INDEX, ivec4(p.out_shape.xy, 1, quarter));
    int n = at.x, s = at.y;
    if (n >= p.out_shape.x)
        return;
    REAL4 sum[PIXELS];
    ivec2 from[PIXELS]; // y, x
    bool inside[PIXELS];
    [[unroll]] for (int j = 0; j < PIXELS; j++) {
        int pixel = at.w + j * quarter;
        from[j].x = pixel / p.out_shape.w * p.stride_h - p.pad_top;
        from[j].y = pixel % p.out_shape.w * p.stride_w - p.pad_left;
        inside[j] = is_row(from[j].x) && is_column(from[j].y);
        sum[j] = bias_of(s);
    }

    for (int slice = 0; slice < slices(p.in_shape); slice++) {
        Rows rows = load_rows(s, slice, 0, 0);
        [[unroll]] for (int j = 0; j < PIXELS; j++)
            if (inside[j])
                sum[j] += products(rows, load_input(n, 0, slice, from[j].x, from[j].y));
    }

    [[unroll]] for (int j = 0; j < PIXELS; j++) {
        int pixel = at.w + j * quarter;
        int y = pixel / p.out_shape.w, x = pixel % p.out_shape.w;
        if (y < p.out_shape.z)
            out_store(p.out_shape, n, s, y, x, epilogue(sum[j], n, s, y, x));
    }
}
