// SPDX-License-Identifier: Apache-2.0
/*---
kernel: sigmoid
operator: sigmoid
summary: "one element at a time"
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
// out = 1 / (1 + exp(-in)). Far below zero exp(-in) becomes infinite and the quotient 0.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { int words; } p;

REAL4 apply(REAL4 x)
{
    return REAL4(1.0) / (REAL4(1.0) + exp(-x));
}

#include "elementwise.glsl"
