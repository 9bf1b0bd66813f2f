// SPDX-License-Identifier: Apache-2.0
/*---
kernel: conv2d_tiled
operator: conv2d
summary: "implicit matrix product in tiles of shared memory; in nhwc, nc4hw4 and image groups of whole slices"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
when: "nchw || groups == 1 || (in.c / groups % 4 == 0 && out.c / groups % 4 == 0)"
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
constants: # large tiles where there are some 256 of them: enough for a large device
  - {id: 0, name: rows, type: int, value: "out.c / groups > 32 && out.count >= 1048576 ? 2 : 1"}
  - {id: 1, name: columns, type: int, value: "out.c / groups > 32 && out.count >= 2097152 ? 2 : 1"}
  - {id: 8, name: acts, type: bool, value: "act != 0"}
dispatch:
  groups:
    - "ceil_div(out.n * out.h * out.w, out.c / groups > 32 && out.count >= 2097152 ? 128 : 64)"
    - "ceil_div(out.c / groups, out.c / groups > 32 && out.count >= 1048576 ? 64 : 32)"
    - groups
---*/
// The convolution of conv2d.glsl as a product of matrices, for each group: [out channels x K] * [K x pixels], where K
// runs over tap and channel, and pixels over (n, y, x). The unfolded input is never stored. A work group of 128 makes
// 32 or 64 channels x 64 or 128 pixels, 16 of K at a time, each invocation 4 or 8 x 4 or 8 of them in registers, while
// the next 16 of K are on their way. K goes in quads: the four channels of a slice at one tap, slices before taps.
// Places outside of the input and beyond K enter as zeros that were never read; a zero of the padding times an infinite
// weight is NaN here.
#version 450
#include "conv2d.glsl"

layout(local_size_x = 128) in;
layout(constant_id = 0) const int ROWS = 1;    // quads of channels an invocation
layout(constant_id = 1) const int COLUMNS = 1; // quads of pixels an invocation

const int DEPTH = 16;                          // of K in a tile, four quads
const int CHANNELS = 32 * ROWS, PIXELS = 64 * COLUMNS;
const int PIXEL_LOADS = 2 * COLUMNS;           // quads of the input that an invocation loads for a tile

shared REAL4 weights_tile[DEPTH][CHANNELS / 4 + 1]; // one more, so that rows begin in different banks
shared REAL4 in_tile[DEPTH][PIXELS / 4 + 1];

// A quad of K.
struct Quad {
    int slice, ky, kx;
};

Quad advance(Quad q, int count)
{
    q.slice += count;
    while (q.slice >= slices(p.w_shape)) {
        q.slice -= slices(p.w_shape);
        q.kx++;
        if (q.kx == p.w_shape.w) {
            q.kx = 0;
            q.ky++;
        }
    }
    return q;
}

bool is_quad(Quad q)
{
    return q.ky < p.w_shape.z;
}

// Four weights of output channel o; those of a slice that is not full end in zeros.
REAL4 load_weights(int o, Quad q)
{
    REAL4 weight = weights_load(p.w_shape, o, q.slice, q.ky, q.kx);
    return mask_lanes(weight, q.slice, p.w_shape.y, REAL(0.0));
}

// The four channels of a group's slice at (y, x).
REAL4 load_slice(int n, int group, int slice, int y, int x)
{
#ifdef ASSAY_LAYOUT_NCHW
    // Groups may begin inside of slices.
    int first = tensor_first(p.in_shape, n, group * p.w_shape.y + 4 * slice, y, x);
    REAL4 value = REAL4(0.0);
    [[unroll]] for (int lane = 0; lane < 4; lane++)
        if (4 * slice + lane < p.w_shape.y)
            value[lane] = REAL(in_data[first + lane * TENSOR_STEP(p.in_shape)]);
    return value;
#else
    return load_input(n, group * p.w_shape.y / 4, slice, y, x);
#endif
}

// Four channels from o on, `count` of them or four.
void store(int n, int o, int count, int y, int x, REAL4 sum)
{
#ifdef ASSAY_LAYOUT_NCHW
    int first = tensor_first(p.out_shape, n, o, y, x), plane = p.out_shape.z * p.out_shape.w;
    [[unroll]] for (int lane = 0; lane < 4; lane++)
        if (p.residual != 0 && lane < count)
            sum[lane] += REAL(residual_data[first + lane * plane]);
    REAL4 value = activate(sum);
    [[unroll]] for (int lane = 0; lane < 4; lane++)
        if (lane < count)
            out_data[first + lane * plane] = STORED(value[lane]);
#else
    out_store(p.out_shape, n, o / 4, y, x, epilogue(sum, n, o / 4, y, x));
#endif
}

// Of this invocation. It loads all its pixels at one quad of K and rows of weights at another, neighbours in memory side
// by side, and computes quads of channels from `row` on, every eighth, and of pixels from `column` on, every 16th.
int id, group, outputs, first_pixel, first_channel, row, column;
ivec3 from[PIXEL_LOADS]; // n, y, x of the window's first tap
REAL4 in_next[PIXEL_LOADS], weights_next[ROWS];
REAL4 sum[4 * COLUMNS][ROWS];

void find_places()
{
    int plane = p.out_shape.z * p.out_shape.w;
    id = int(gl_LocalInvocationID.x);
    group = int(gl_WorkGroupID.z);
    outputs = p.out_shape.y / p.groups;
    first_pixel = int(gl_WorkGroupID.x) * PIXELS;
    first_channel = int(gl_WorkGroupID.y) * CHANNELS;
    row = id / 16;
    column = id % 16;
    for (int r = 0; r < PIXEL_LOADS; r++) {
        int pixel = first_pixel + id % 32 + 32 * r;
        from[r].x = pixel / plane;
        from[r].y = pixel % plane / p.out_shape.w * p.stride_h - p.pad_top;
        from[r].z = pixel % p.out_shape.w * p.stride_w - p.pad_left;
    }
}

void begin_sums()
{
    for (int i = 0; i < ROWS; i++) {
        REAL4 start = REAL4(0.0);
        [[unroll]] for (int lane = 0; lane < 4; lane++) {
            int channel = first_channel + 4 * (row + 8 * i) + lane;
            if (p.bias != 0 && channel < outputs)
                start[lane] = bias_at(group * outputs + channel);
        }
        for (int j = 0; j < 4 * COLUMNS; j++)
            sum[j][i] = start;
    }
}

// From memory into registers, where it waits until the tiles are free.
void fetch(Quad in_at, Quad weights_at)
{
    for (int r = 0; r < PIXEL_LOADS; r++) {
        int n = from[r].x, y = from[r].y + in_at.ky * p.dilation_h, x = from[r].z + in_at.kx * p.dilation_w;
        in_next[r] = REAL4(0.0);
        if (n < p.in_shape.x && is_quad(in_at) && is_row(y) && is_column(x))
            in_next[r] = load_slice(n, group, in_at.slice, y, x);
    }
    for (int r = 0; r < ROWS; r++) {
        int o = first_channel + id / 4 + 32 * r;
        weights_next[r] = REAL4(0.0);
        if (o < outputs && is_quad(weights_at))
            weights_next[r] = load_weights(group * outputs + o, weights_at);
    }
}

void fill_tiles()
{
    for (int r = 0; r < PIXEL_LOADS; r++) {
        int pixel = id % 32 + 32 * r;
        [[unroll]] for (int lane = 0; lane < 4; lane++)
            in_tile[id / 32 * 4 + lane][pixel / 4][pixel % 4] = in_next[r][lane];
    }
    for (int r = 0; r < ROWS; r++) {
        int o = id / 4 + 32 * r;
        [[unroll]] for (int lane = 0; lane < 4; lane++)
            weights_tile[id % 4 * 4 + lane][o / 4][o % 4] = weights_next[r][lane];
    }
}

void multiply_tiles()
{
    for (int k = 0; k < DEPTH; k++) {
        REAL4 weight[ROWS];
        for (int i = 0; i < ROWS; i++)
            weight[i] = weights_tile[k][row + 8 * i];
        for (int c = 0; c < COLUMNS; c++) {
            REAL4 value = in_tile[k][column + 16 * c];
            [[unroll]] for (int lane = 0; lane < 4; lane++)
                for (int i = 0; i < ROWS; i++)
                    sum[4 * c + lane][i] += weight[i] * value[lane];
        }
    }
}

void store_sums()
{
    int plane = p.out_shape.z * p.out_shape.w;
    for (int j = 0; j < 4 * COLUMNS; j++) {
        int pixel = first_pixel + 4 * (column + 16 * (j / 4)) + j % 4;
        int n = pixel / plane, y = pixel % plane / p.out_shape.w, x = pixel % p.out_shape.w;
        for (int i = 0; i < ROWS; i++) {
            int channel = first_channel + 4 * (row + 8 * i);
            if (channel < outputs && n < p.out_shape.x)
                store(n, group * outputs + channel, outputs - channel, y, x, sum[j][i]);
        }
    }
}

void main()
{
    find_places();
    begin_sums();
    Quad in_at = advance(Quad(0, 0, 0), id / 32), weights_at = advance(Quad(0, 0, 0), id % 4);
    fetch(in_at, weights_at);
    int quads = slices(p.w_shape) * p.w_shape.z * p.w_shape.w;
    for (int done = 0; done < quads; done += DEPTH / 4) {
        fill_tiles();
        barrier(); // tiles are whole
        in_at = advance(in_at, DEPTH / 4);
        weights_at = advance(weights_at, DEPTH / 4);
        fetch(in_at, weights_at); // while the others multiply
        multiply_tiles();
        barrier(); // tiles may be overwritten
    }
    store_sums();
}
