// SPDX-License-Identifier: Apache-2.0
/*---
kernel: clip
operator: clip
summary: "one element at a time"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: words, type: int, value: out.count}
  - {name: low, type: float, value: min}
  - {name: high, type: float, value: max}
dispatch:
  groups:
    - "min(ceil_div(out.count, 512), 32768)"
    - "ceil_div(ceil_div(out.count, 512), 32768)"
    - 1
---*/
// out = min(max(in, low), high). A NaN may come out as NaN or as a limit.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { int words; float low, high; } p;

REAL4 apply(REAL4 x)
{
    return min(max(x, REAL4(p.low)), REAL4(p.high));
}

#include "elementwise.glsl"
