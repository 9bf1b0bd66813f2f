// SPDX-License-Identifier: Apache-2.0
/*---
kernel: elu
operator: elu
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
  - {name: alpha, type: float, value: alpha}
dispatch: {flat: "ceil_div(out.words, 4)"}
---*/
// out = in where in >= 0, alpha (exp(in) - 1) elsewhere. A NaN stays one.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; int words; float alpha; } p;

REAL4 apply(REAL4 x)
{
    REAL4 below = REAL(p.alpha) * (exp(x) - REAL4(1.0));
    return mix(below, x, greaterThanEqual(x, REAL4(0.0)));
}

#include "elementwise.glsl"
