// SPDX-License-Identifier: Apache-2.0
/*---
kernel: conv2d_direct
operator: conv2d
summary: "every attribute; four output channels x four columns an invocation, in registers"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
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
  - {id: 0, name: kernel, type: int, value: "kernel == 3 ? 3 : 0"}
  - {id: 8, name: acts, type: bool, value: "act != 0"}
dispatch: {flat: "out.n * out.s * out.h * ceil_div(out.w, 4)"}
---*/
// The convolution of conv2d.glsl. The columns of an invocation lie a quarter of a row apart, so that neighbouring
// invocations read neighbouring words. A 3 x 3 kernel is a constant of its pipeline, and its loops have no tests.
#version 450
#include "conv2d.glsl"

layout(local_size_x = 64) in;
layout(constant_id = 0) const int KERNEL = 0; // 0: in the push constants

const int COLUMNS = 4;

// A number that may be known when the pipeline is made.
int psc(int constant, int pushed)
{
    return constant != 0 ? constant : pushed;
}

REAL4 sum[COLUMNS];
int left[COLUMNS]; // of each window

// All four output channels take whole slices of input channels, from `first` on.
void add_slices(int n, int s, int first, int top)
{
    for (int slice = 0; slice < slices(p.w_shape); slice++) {
        for (int ky = 0; ky < psc(KERNEL, p.w_shape.z); ky++) {
            int y = top + ky * p.dilation_h;
            if (!is_row(y))
                continue;
            for (int kx = 0; kx < psc(KERNEL, p.w_shape.w); kx++) {
                Rows rows = load_rows(s, slice, ky, kx);
                [[unroll]] for (int j = 0; j < COLUMNS; j++) {
                    int x = left[j] + kx * p.dilation_w;
                    if (is_column(x))
                        sum[j] += products(rows, load_input(n, first, slice, y, x));
                }
            }
        }
    }
}

// Output channel 4 s + lane on its own: groups begin and end inside of slices.
void add_channels(int n, int s, int lane, int top)
{
    int o = 4 * s + lane;
    int first = o / (p.out_shape.y / p.groups) * p.w_shape.y;
    for (int c = 0; c < p.w_shape.y; c++) {
        for (int ky = 0; ky < p.w_shape.z; ky++) {
            int y = top + ky * p.dilation_h;
            if (!is_row(y))
                continue;
            for (int kx = 0; kx < p.w_shape.w; kx++) {
                REAL weight = weights_load(p.w_shape, o, c / 4, ky, kx)[c % 4];
                [[unroll]] for (int j = 0; j < COLUMNS; j++) {
                    int x = left[j] + kx * p.dilation_w;
                    if (is_column(x))
                        sum[j][lane] += weight * in_one(p.in_shape, n, first + c, y, x);
                }
            }
        }
    }
}

void main()
{
    int quarter = (p.out_shape.w + COLUMNS - 1) / COLUMNS;
    ivec4 at = texel_place(FLAT_INDEX, ivec4(p.out_shape.xyz, quarter));
    int n = at.x, s = at.y, row = at.z;
    if (n >= p.out_shape.x)
        return;
    [[unroll]] for (int j = 0; j < COLUMNS; j++) {
        sum[j] = bias_of(s);
        left[j] = (at.w + j * quarter) * p.stride_w - p.pad_left;
    }

    int outputs = p.out_shape.y / p.groups;
    int top = row * p.stride_h - p.pad_top;
    if (p.groups == 1 || (p.w_shape.y % 4 == 0 && outputs % 4 == 0)) {
        add_slices(n, s, 4 * s / outputs * p.w_shape.y / 4, top);
    } else {
        for (int lane = 0; lane < 4 && 4 * s + lane < p.out_shape.y; lane++)
            add_channels(n, s, lane, top);
    }

    [[unroll]] for (int j = 0; j < COLUMNS; j++) {
        int x = at.w + j * quarter;
        if (x < p.out_shape.w)
            out_store(p.out_shape, n, s, row, x, epilogue(sum[j], n, s, row, x));
    }
}
