// SPDX-License-Identifier: Apache-2.0
/*---
kernel: pack8_add
operator: add
summary: "packs of eight channels in f16; spare channels are zero, also those of the sum"
precisions: [f16s]
layouts: [nchw]
contract: {accumulator: f32}
when: a.n == b.n && a.c == b.c && a.h == b.h && a.w == b.w
bindings:
  - binding: 0
    tensor: a
    index: "((n * ceil_div(a.c, 8) + c / 8) * a.h * a.w + h * a.w + w) * 8 + c % 8"
    elements: "a.n * ceil_div(a.c, 8) * a.h * a.w * 8"
    fill: zero
  - binding: 1
    tensor: b
    index: "((n * ceil_div(b.c, 8) + c / 8) * b.h * b.w + h * b.w + w) * 8 + c % 8"
    elements: "b.n * ceil_div(b.c, 8) * b.h * b.w * 8"
    fill: zero
  - binding: 2
    tensor: out
    index: "((n * ceil_div(out.c, 8) + c / 8) * out.h * out.w + h * out.w + w) * 8 + c % 8"
    elements: "out.n * ceil_div(out.c, 8) * out.h * out.w * 8"
    fill: zero
push:
  - {name: packs, type: uint, value: "out.n * ceil_div(out.c, 8) * out.h * out.w"}
dispatch: {threads: ["out.n * ceil_div(out.c, 8) * out.h * out.w"]}
---*/
// A pack of eight an invocation; two halves lie in each uint.
#version 450
layout(local_size_x = 64) in;
layout(std430, binding = 0) readonly buffer A { uvec4 a[]; };
layout(std430, binding = 1) readonly buffer B { uvec4 b[]; };
layout(std430, binding = 2) writeonly buffer Out { uvec4 y[]; };
layout(push_constant) uniform Params { uint packs; } p;

void main()
{
    uint i = gl_GlobalInvocationID.x;
    if (i >= p.packs)
        return;
    uvec4 sum;
    for (int k = 0; k < 4; k++)
        sum[k] = packHalf2x16(unpackHalf2x16(a[i][k]) + unpackHalf2x16(b[i][k]));
    y[i] = sum;
}
