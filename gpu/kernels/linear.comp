// SPDX-License-Identifier: Apache-2.0
/*---
kernel: linear
operator: linear
summary: "a work group four outputs"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: weights}
  - {binding: 2, tensor: bias}
  - {binding: 3, tensor: out}
push:
  - {name: in_shape, type: ivec4, value: in}
  - {name: w_shape, type: ivec4, value: weights}
  - {name: out_shape, type: ivec4, value: out}
  - {name: bias, type: int, value: bias}
dispatch: {flat: "out.n * out.s * 64"}
---*/
// out[n,o] = bias[o] + sum over c of weights[o,c] * in[n,c], for four o. An invocation takes every 64th slice of four
// inputs, so that neighbouring invocations read neighbouring weights; then the 64 sums are joined, eight by eight.
#version 450
#include "flat.glsl"
#include "tensor.glsl"

layout(local_size_x = 64) in;

TENSOR_IN(0, in)
WEIGHTS_IN(1, weights)
VECTOR_IN(2, bias)
TENSOR_OUT(3, out)

layout(push_constant) uniform Params { ivec4 in_shape, w_shape, out_shape; int bias; } p;

shared REAL4 part[64];

// Four neighbouring outputs for one slice of inputs. The last row of weights stands in for those beyond it.
REAL4 products(int n, int s, int slice)
{
    bool full = 4 * slice + 4 <= p.in_shape.y;
    REAL4 value = in_load(p.in_shape, n, slice, 0, 0), result;
    if (!full)
        value = mask_lanes(value, slice, p.in_shape.y, REAL(0.0));
    [[unroll]] for (int i = 0; i < 4; i++) {
        REAL4 row = weights_load(p.w_shape, min(4 * s + i, p.out_shape.y - 1), slice, 0, 0);
        if (!full)
            row = mask_lanes(row, slice, p.in_shape.y, REAL(0.0));
        result[i] = dot(row, value);
    }
    return result;
}

void main()
{
    int id = int(gl_LocalInvocationID.x), index = int(flat_group());
    int n = index / slices(p.out_shape), s = index % slices(p.out_shape);
    if (n >= p.out_shape.x)
        return;
    REAL4 sum = REAL4(0.0);
    for (int slice = id; slice < slices(p.in_shape); slice += 64)
        sum += products(n, s, slice);
    part[id] = sum;
    barrier(); // all 64 sums are there
    if (id < 8)
        for (int i = 1; i < 8; i++)
            part[id] += part[id + 8 * i];
    barrier(); // all eight sums are there
    if (id != 0)
        return;
    REAL4 total = part[0];
    for (int i = 1; i < 8; i++)
        total += part[i];
    if (p.bias != 0)
        total += bias_load(s, p.out_shape.y);
    out_store(p.out_shape, n, s, 0, 0, total);
}
