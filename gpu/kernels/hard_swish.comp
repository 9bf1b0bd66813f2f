// SPDX-License-Identifier: Apache-2.0
/*---
kernel: hard_swish
operator: hard_swish
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
// out = in (min(max(in + 3, 0), 6) / 6): divided first, so that no product overflows. A NaN stays one by its first factor.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; int words; } p;

REAL4 apply(REAL4 x)
{
    return x * (clamp(x + REAL4(3.0), REAL4(0.0), REAL4(6.0)) / REAL(6.0));
}

#include "elementwise.glsl"
