// SPDX-License-Identifier: Apache-2.0
/*---
kernel: hard_sigmoid
operator: hard_sigmoid
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
  - {name: beta, type: float, value: beta}
dispatch: {flat: "ceil_div(out.words, 4)"}
---*/
// out = min(max(alpha in + beta, 0), 1). A NaN may come out as NaN or as a limit.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; int words; float alpha; float beta; } p;

REAL4 apply(REAL4 x)
{
    return clamp(REAL(p.alpha) * x + REAL4(p.beta), REAL4(0.0), REAL4(1.0));
}

#include "elementwise.glsl"
