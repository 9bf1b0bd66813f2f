// SPDX-License-Identifier: Apache-2.0
/*---
kernel: concat
operator: concat
summary: "one texel an invocation, whole where tensors meet between texels"
precisions: [f32, f16s]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: a}
  - {binding: 1, tensor: b}
  - {binding: 2, tensor: c}
  - {binding: 3, tensor: d}
  - {binding: 4, tensor: out}
push:
  - {name: shape, type: ivec4, value: out}
  - {name: of_a, type: ivec4, value: a}
  - {name: of_b, type: ivec4, value: b}
  - {name: of_c, type: ivec4, value: c}
  - {name: of_d, type: ivec4, value: d}
  - {name: axis, type: int, value: axis}
dispatch: {flat: out.texels}
---*/
// Tensor k lies behind the tensors before it. A texel that one tensor has whole is read whole; one in which tensors meet, or
// that is not at a texel of its tensor, is put together from single channels. Absent tensors have no extent.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; ivec4 of_a; ivec4 of_b; ivec4 of_c; ivec4 of_d; int axis; } p;

TENSOR_IN(0, a)
TENSOR_IN(1, b)
TENSOR_IN(2, c)
TENSOR_IN(3, d)
TENSOR_OUT(4, out)

ivec4 shape_of(int k)
{
    return k == 0 ? p.of_a : k == 1 ? p.of_b : k == 2 ? p.of_c : p.of_d;
}

REAL4 load(int k, int n, int s, int y, int x)
{
    switch (k) {
    case 0: return a_load(p.of_a, n, s, y, x);
    case 1: return b_load(p.of_b, n, s, y, x);
    case 2: return c_load(p.of_c, n, s, y, x);
    }
    return d_load(p.of_d, n, s, y, x);
}

REAL one(int k, int n, int c, int y, int x)
{
    switch (k) {
    case 0: return a_one(p.of_a, n, c, y, x);
    case 1: return b_one(p.of_b, n, c, y, x);
    case 2: return c_one(p.of_c, n, c, y, x);
    }
    return d_one(p.of_d, n, c, y, x);
}

// The tensor that has the element at (n, c, y, x), which becomes its place in there.
int find(inout ivec4 place)
{
    int k = 0;
    while (k < 3 && place[p.axis] >= shape_of(k)[p.axis]) {
        place[p.axis] -= shape_of(k)[p.axis];
        k++;
    }
    return k;
}

REAL4 texel(ivec4 at)
{
    ivec4 place = ivec4(at.x, 4 * at.y, at.z, at.w);
    int k = find(place), channels = shape_of(k).y;
    bool whole = place.y + 4 <= channels || 4 * at.y + channels - place.y >= p.shape.y;
    if (place.y % 4 == 0 && whole)
        return load(k, place.x, place.y / 4, place.z, place.w);
    REAL4 value = REAL4(0.0);
    for (int lane = 0; lane < 4 && 4 * at.y + lane < p.shape.y; lane++) {
        place = ivec4(at.x, 4 * at.y + lane, at.z, at.w);
        k = find(place);
        value[lane] = one(k, place.x, place.y, place.z, place.w);
    }
    return value;
}

#include "gather.glsl"
