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
  - {name: count, type: int, value: out.count}
dispatch:
  groups:
    - "min(ceil_div(out.count, 512), 32768)"
    - "ceil_div(ceil_div(out.count, 512), 32768)"
    - 1
---*/
// out = 1 / (1 + exp(-in)), over the flat tensor. Far below zero exp(-in) becomes infinite and the quotient 0.
#version 450

layout(push_constant) uniform Params { int count; } p;

float apply(float x)
{
    return 1.0 / (1.0 + exp(-x));
}

#include "elementwise.glsl"
