// SPDX-License-Identifier: Apache-2.0
/*---
kernel: tanh
operator: tanh
summary: "overflow-safe form over exp"
precisions: [f32]
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
// out = 1 - 2 / (1 + exp(2 in)). From 20 on the result is 1 in f32: chosen there, because a quotient by a number beyond
// 2^126 may be anything. Far below zero exp is 0 and the result -1. A NaN stays one.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; int words; } p;

REAL4 apply(REAL4 x)
{
    REAL4 quotient = REAL4(2.0) / (REAL4(1.0) + exp(REAL(2.0) * x));
    return mix(REAL4(1.0) - quotient, REAL4(1.0), greaterThan(x, REAL4(20.0)));
}

#include "elementwise.glsl"
