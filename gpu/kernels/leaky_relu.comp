// SPDX-License-Identifier: Apache-2.0
/*---
kernel: leaky_relu
operator: leaky_relu
summary: "one element at a time"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: words, type: int, value: out.count}
  - {name: alpha, type: float, value: alpha}
dispatch:
  groups:
    - "min(ceil_div(out.count, 512), 32768)"
    - "ceil_div(ceil_div(out.count, 512), 32768)"
    - 1
---*/
// out = in where in >= 0, alpha * in elsewhere. A NaN stays one.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { int words; float alpha; } p;

REAL4 apply(REAL4 x)
{
    return mix(REAL(p.alpha) * x, x, greaterThanEqual(x, REAL4(0.0)));
}

#include "elementwise.glsl"
