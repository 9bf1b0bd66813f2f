// SPDX-License-Identifier: Apache-2.0
/*---
kernel: tanh
operator: tanh
summary: "overflow-safe form over exp"
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
// out = 1 - 2 / (1 + exp(2 in)). From 20 on (4.75 in f16) the result is 1 to the last bit: chosen there, because a
// quotient by a number beyond 2^126 (2^14) may be anything. Far below zero exp is 0 and the result -1. A NaN stays one.
#version 450

#include "tensor.glsl"
#include "tanh.glsl"

layout(push_constant) uniform Params { ivec4 shape; int words; } p;

REAL4 apply(REAL4 x)
{
    return safe_tanh(x);
}

#include "elementwise.glsl"
