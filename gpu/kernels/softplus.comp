// SPDX-License-Identifier: Apache-2.0
/*---
kernel: softplus
operator: softplus
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
// out = log(1 + exp(in)) in a form that cannot overflow. A NaN stays one by its exponential.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; int words; } p;

REAL4 apply(REAL4 x)
{
    return max(x, REAL4(0.0)) + log(REAL4(1.0) + exp(-abs(x)));
}

#include "elementwise.glsl"
