// SPDX-License-Identifier: Apache-2.0
/*---
kernel: clip
operator: clip
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
  - {name: low, type: float, value: min}
  - {name: high, type: float, value: max}
dispatch: {flat: "ceil_div(out.words, 4)"}
---*/
// out = min(max(in, low), high). A NaN may come out as NaN or as a limit.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; int words; float low; float high; } p;

REAL4 apply(REAL4 x)
{
    return min(max(x, REAL4(p.low)), REAL4(p.high));
}

#include "elementwise.glsl"
