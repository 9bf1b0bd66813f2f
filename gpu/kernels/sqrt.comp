// SPDX-License-Identifier: Apache-2.0
/*---
kernel: sqrt
operator: sqrt
summary: "four elements an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: out}
  - {name: words, type: int, value: out.words}
dispatch: {flat: "ceil_div(out.words, 4)"}
---*/
// out = the square root of in; anything below zero.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; int words; } p;

REAL4 apply(REAL4 x)
{
    return sqrt(x);
}

#include "elementwise.glsl"
