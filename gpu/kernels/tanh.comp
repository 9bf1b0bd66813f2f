// SPDX-License-Identifier: Apache-2.0
/*---
kernel: tanh
operator: tanh
summary: "overflow-safe form over exp"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: words, type: int, value: out.count}
dispatch:
  groups:
    - "min(ceil_div(out.count, 512), 32768)"
    - "ceil_div(ceil_div(out.count, 512), 32768)"
    - 1
---*/
// out = 1 - 2 / (1 + exp(2 in)). From 20 on the result is 1 in f32: chosen there, because a quotient by a number beyond
// 2^126 may be anything. Far below zero exp is 0 and the result -1. A NaN stays one.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { int words; } p;

REAL4 apply(REAL4 x)
{
    REAL4 quotient = REAL4(2.0) / (REAL4(1.0) + exp(REAL(2.0) * x));
    return mix(REAL4(1.0) - quotient, REAL4(1.0), greaterThan(x, REAL4(20.0)));
}

#include "elementwise.glsl"
