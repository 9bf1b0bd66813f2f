// SPDX-License-Identifier: Apache-2.0
/*---
kernel: conv_transpose2d_phases
operator: conv_transpose2d
summary: "every attribute; four columns of one phase x four channels an invocation, fused epilogue"
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
  - {name: out_shape, type: ivec4, value: out}
  - {name: weights_shape, type: ivec4, value: weights}
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
dispatch: {flat: "ceil_div(ceil_div(out.w, stride_w), 4) * min(stride_w, out.w) * out.h * out.s * out.n"}
---*/
// out[n,o,y,x] = bias[o] + sum over i, ky, kx of weights[i,o,ky,kx] * in[n,i,(y + top - ky dy) / sy, (x + left - kx dx) / sx]
// over the channels i of o's group and the taps for which both quotients are whole and inside of the input. Outputs whose
// y + top (x + left) leave the same remainder of the stride are a phase: the same taps hit all of them, `step` apart, and
// no other tap is visited. The columns of an invocation lie a quarter of the phase apart.
#version 450
#include "flat.glsl"
#include "weights_iohw.glsl"

layout(local_size_x = 64) in;

TENSOR_IN(0, in)
WEIGHTS_IOHW_IN(1, weights)
VECTOR_IN(2, bias)
TENSOR_OUT(3, out)
TENSOR_IN(4, residual)

layout(push_constant) uniform Params {
    ivec4 in_shape, out_shape, weights_shape;
    int stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left, groups, bias;
    int residual, act;
    float alpha;
} p;

#include "epilogue.glsl"

const int COLUMNS = 4;

// The taps that hit an output at `place` behind the first tap of the first input: the first one, the distance to the
// next, and the input that the first one reads.
ivec3 taps_of(int place, int taps, int stride, int dilation)
{
    int back = dilation % stride, left = place % stride, first = 0, step = 1;
    for (; first < taps && left != 0; first++)
        left += left < back ? stride - back : -back;
    for (left = back; step < taps && left != 0; step++)
        left += left + back < stride ? back : back - stride;
    return ivec3(first, step, (place - first * dilation) / stride);
}

// Products with the channels first .. first + count - 1 alone; others may be poison.
REAL of_group(REAL4 product, int s, int first, int count)
{
    uvec4 channel = uvec4(ivec4(4 * s - first) + ivec4(0, 1, 2, 3));
    REAL4 inside = mix(REAL4(0.0), product, lessThan(channel, uvec4(count)));
    return (inside.x + inside.y) + (inside.z + inside.w);
}

void main()
{
    int index = int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x);
    int phases = min(p.stride_w, p.out_shape.w);
    int count = (p.out_shape.w + p.stride_w - 1) / p.stride_w;
    int quarter = (count + COLUMNS - 1) / COLUMNS;
    int column = index % quarter;
    index /= quarter;
    int phase = index % phases;
    index /= phases;
    int y = index % p.out_shape.z;
    index /= p.out_shape.z;
    int s_out = index % slices(p.out_shape);
    int n = index / slices(p.out_shape);
    if (n >= p.out_shape.x)
        return;

    int channels = p.in_shape.y / p.groups;
    int o[4], first[4]; // channel within its group, first channel of the group's input; lanes behind the last double it
    [[unroll]] for (int lane = 0; lane < 4; lane++) {
        int channel = min(4 * s_out + lane, p.out_shape.y - 1);
        o[lane] = channel % p.weights_shape.x;
        first[lane] = channel / p.weights_shape.x * channels;
    }
    int low = first[0] / 4, high = (first[3] + channels - 1) / 4;

    REAL4 sum[COLUMNS];
    [[unroll]] for (int j = 0; j < COLUMNS; j++)
        sum[j] = p.bias != 0 ? bias_load(s_out, p.out_shape.y) : REAL4(0.0);

    ivec3 rows = taps_of(y + p.pad_top, p.weights_shape.z, p.stride_h, p.dilation_h);
    ivec3 columns = taps_of(phase + p.pad_left, p.weights_shape.w, p.stride_w, p.dilation_w);
    int in_y = rows.z, up = rows.y * p.dilation_h / p.stride_h;
    for (int ky = rows.x; ky < p.weights_shape.z; ky += rows.y, in_y -= up) {
        if (in_y < 0 || in_y >= p.in_shape.z)
            continue;
        int in_x = columns.z + column, left = columns.y * p.dilation_w / p.stride_w;
        for (int kx = columns.x; kx < p.weights_shape.w; kx += columns.y, in_x -= left) {
            for (int s = low; s <= high; s++) {
                bool whole = first[0] == first[3] && 4 * s >= first[0] && 4 * s + 4 <= first[0] + channels;
                REAL4 w[4];
                [[unroll]] for (int lane = 0; lane < 4; lane++)
                    w[lane] = weights_load(p.weights_shape, o[lane], s, ky, kx);
                [[unroll]] for (int j = 0; j < COLUMNS; j++) {
                    int x = in_x + j * quarter;
                    if (x < 0 || x >= p.in_shape.w)
                        continue;
                    REAL4 v = in_load(p.in_shape, n, s, in_y, x);
                    if (whole)
                        sum[j] += REAL4(dot(w[0], v), dot(w[1], v), dot(w[2], v), dot(w[3], v));
                    else
                        [[unroll]] for (int lane = 0; lane < 4; lane++)
                            sum[j][lane] += of_group(w[lane] * v, s, first[lane], channels);
                }
            }
        }
    }

    [[unroll]] for (int j = 0; j < COLUMNS; j++) {
        int x = phase + (column + j * quarter) * p.stride_w;
        if (x < p.out_shape.w)
            out_store(p.out_shape, n, s_out, y, x, epilogue(sum[j], n, s_out, y, x));
    }
}
