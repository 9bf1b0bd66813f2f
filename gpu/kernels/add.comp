// SPDX-License-Identifier: Apache-2.0
/*---
kernel: add
operator: add
summary: "with broadcasting"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: a}
  - {binding: 1, tensor: b}
  - {binding: 2, tensor: out}
push:
  - {name: a_n, type: int, value: a.n}
  - {name: a_c, type: int, value: a.c}
  - {name: a_h, type: int, value: a.h}
  - {name: a_w, type: int, value: a.w}
  - {name: b_n, type: int, value: b.n}
  - {name: b_c, type: int, value: b.c}
  - {name: b_h, type: int, value: b.h}
  - {name: b_w, type: int, value: b.w}
  - {name: out_n, type: int, value: out.n}
  - {name: out_c, type: int, value: out.c}
  - {name: out_h, type: int, value: out.h}
  - {name: out_w, type: int, value: out.w}
dispatch:
  groups:
    - "min(ceil_div(out.count, 64), 32768)"
    - "ceil_div(ceil_div(out.count, 64), 32768)"
    - 1
---*/
// out = a + b over N,C,H,W; a dimension of length one is repeated. One element an invocation.
#version 450
#include "flat.glsl"

layout(local_size_x = 64) in;

layout(std430, set = 0, binding = 0) readonly buffer A { float a_data[]; };
layout(std430, set = 0, binding = 1) readonly buffer B { float b_data[]; };
layout(std430, set = 0, binding = 2) writeonly buffer Out { float out_data[]; };

layout(push_constant) uniform Params {
    int a_n, a_c, a_h, a_w, b_n, b_c, b_h, b_w, out_n, out_c, out_h, out_w;
} p;

// Index of the element that stands at `place` of the output.
int index_of(ivec4 shape, ivec4 place)
{
    ivec4 at = min(place, shape - 1);
    return ((at.x * shape.y + at.y) * shape.z + at.z) * shape.w + at.w;
}

void main()
{
    int i = int(flat_group() * 64u + gl_LocalInvocationID.x);
    int row = i / p.out_w;
    int plane = row / p.out_h;
    ivec4 place = ivec4(plane / p.out_c, plane % p.out_c, row % p.out_h, i % p.out_w);
    if (place.x >= p.out_n)
        return;
    float a = a_data[index_of(ivec4(p.a_n, p.a_c, p.a_h, p.a_w), place)];
    float b = b_data[index_of(ivec4(p.b_n, p.b_c, p.b_h, p.b_w), place)];
    out_data[i] = a + b;
}
