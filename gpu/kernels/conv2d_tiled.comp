// SPDX-License-Identifier: Apache-2.0
/*---
kernel: conv2d_tiled
operator: conv2d
summary: "implicit matrix product in tiles of shared memory; every attribute in nchw, groups of whole slices in nc4hw4"
precisions: [f32, f16s, f16a]
layouts: [nchw, nc4hw4]
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
dispatch:
  groups:
    - "ceil_div(out.n * out.h * out.w, 64)"
    - "ceil_div(out.c / groups, 32)"
    - groups
---*/
// The convolution of conv2d.glsl as a product of matrices, for each group: [out channels x K] * [K x pixels], where K
// runs over channel of the group and tap, and pixels over (n, y, x). A work group of 128 makes 32 channels x 64 pixels,
// 4 x 4 an invocation, 16 of K at a time; the unfolded input is never stored. K is loaded in quads: in nchw four
// neighbours of (channel, ky, kx), in nc4hw4 the four channels of a slice. Places outside of the input and beyond K
// enter as zeros that were never read; a zero of the padding times an infinite weight is NaN here.
#version 450
#include "conv2d.glsl"

layout(local_size_x = 128) in;

const int CHANNELS = 32, PIXELS = 64, DEPTH = 16;

shared REAL weights_tile[DEPTH][CHANNELS + 1]; // one more, so that columns fall into different banks
shared REAL in_tile[DEPTH][PIXELS];

int area()
{
    return p.w_shape.z * p.w_shape.w;
}

#ifdef ASSAY_LAYOUT_NCHW

int quads()
{
    return slices(p.w_shape.y * area());
}

REAL4 load_weights(int o, int quad)
{
    int depth = p.w_shape.y * area();
    REAL4 value = REAL4(0.0);
    for (int lane = 0; lane < 4 && 4 * quad + lane < depth; lane++)
        value[lane] = REAL(weights_data[o * depth + 4 * quad + lane]);
    return value;
}

// The window's first tap lies at (y, x).
REAL4 load_quad(int n, int group, int quad, int y, int x)
{
    REAL4 value = REAL4(0.0);
    for (int lane = 0; lane < 4; lane++) {
        int c = (4 * quad + lane) / area(), tap = (4 * quad + lane) % area();
        ivec2 at = ivec2(y + tap / p.w_shape.w * p.dilation_h, x + tap % p.w_shape.w * p.dilation_w);
        if (c < p.w_shape.y && is_row(at.x) && is_column(at.y))
            value[lane] = in_one(p.in_shape, n, group * p.w_shape.y + c, at.x, at.y);
    }
    return value;
}

// Groups may begin and end inside of slices: single channels from o on, `count` of them or four.
void store(int n, int o, int count, int y, int x, REAL4 sum)
{
    int first = tensor_first(p.out_shape, n, o, y, x), plane = p.out_shape.z * p.out_shape.w;
    for (int lane = 0; lane < min(count, 4); lane++)
        if (p.residual != 0)
            sum[lane] += REAL(residual_data[first + lane * plane]);
    REAL4 value = activate(sum);
    for (int lane = 0; lane < min(count, 4); lane++)
        out_data[first + lane * plane] = STORED(value[lane]);
}

#else

int quads()
{
    return slices(p.w_shape) * area();
}

REAL4 load_weights(int o, int quad)
{
    int slice = quad / area(), tap = quad % area();
    return mask_lanes(weights_load(p.w_shape, o, slice, tap / p.w_shape.w, tap % p.w_shape.w), slice, p.w_shape.y,
                      REAL(0.0));
}

REAL4 load_quad(int n, int group, int quad, int y, int x)
{
    int slice = quad / area(), tap = quad % area();
    ivec2 at = ivec2(y + tap / p.w_shape.w * p.dilation_h, x + tap % p.w_shape.w * p.dilation_w);
    if (!is_row(at.x) || !is_column(at.y))
        return REAL4(0.0);
    return load_input(n, group * p.w_shape.y / 4, slice, at.x, at.y);
}

void store(int n, int o, int count, int y, int x, REAL4 sum)
{
    out_store(p.out_shape, n, o / 4, y, x, epilogue(sum, n, o / 4, y, x));
}

#endif

void main()
{
    int id = int(gl_LocalInvocationID.x);
    int group = int(gl_WorkGroupID.z);
    int outputs = p.out_shape.y / p.groups;
    int plane = p.out_shape.z * p.out_shape.w;
    int first_pixel = int(gl_WorkGroupID.x) * PIXELS;
    int first_channel = int(gl_WorkGroupID.y) * CHANNELS;

    // The one pixel that this invocation loads.
    int pixel = first_pixel + id % PIXELS;
    int n = pixel / plane;
    int y = pixel % plane / p.out_shape.w * p.stride_h - p.pad_top;
    int x = pixel % p.out_shape.w * p.stride_w - p.pad_left;

    int channel = first_channel + id / 16 * 4; // the first of four that it computes
    REAL4 sum[4];
    for (int i = 0; i < 4; i++) {
        REAL start = REAL(0.0);
        if (p.bias != 0 && channel + i < outputs)
            start = bias_at(group * outputs + channel + i);
        for (int j = 0; j < 4; j++)
            sum[j][i] = start;
    }

    for (int first = 0; first < quads(); first += DEPTH / 4) {
        for (int r = 0; r < 2; r++) {
            int quad = id / PIXELS + 2 * r;
            REAL4 value = REAL4(0.0);
            if (n < p.in_shape.x && first + quad < quads())
                value = load_quad(n, group, first + quad, y, x);
            for (int lane = 0; lane < 4; lane++)
                in_tile[4 * quad + lane][id % PIXELS] = value[lane];
        }
        int o = first_channel + id / 4, quad = first + id % 4;
        REAL4 weight = REAL4(0.0);
        if (o < outputs && quad < quads())
            weight = load_weights(group * outputs + o, quad);
        for (int lane = 0; lane < 4; lane++)
            weights_tile[id % 4 * 4 + lane][id / 4] = weight[lane];
        barrier(); // tiles are whole
        for (int k = 0; k < DEPTH; k++) {
            int o = id / 16 * 4;
            REAL4 four = REAL4(weights_tile[k][o], weights_tile[k][o + 1], weights_tile[k][o + 2],
                               weights_tile[k][o + 3]);
            for (int j = 0; j < 4; j++)
                sum[j] += four * in_tile[k][id % 16 + 16 * j];
        }
        barrier(); // tiles may be overwritten
    }

    for (int j = 0; j < 4; j++) {
        int target = first_pixel + id % 16 + 16 * j;
        if (channel < outputs && target < p.out_shape.x * plane)
            store(target / plane, group * outputs + channel, outputs - channel, target % plane / p.out_shape.w,
                  target % p.out_shape.w, sum[j]);
    }
}
