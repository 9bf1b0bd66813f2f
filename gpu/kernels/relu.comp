// SPDX-License-Identifier: Apache-2.0
/*---
kernel: relu
operator: relu
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
// out = max(in, 0). A NaN may come out as NaN or as 0: max leaves that to the device.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { int words; } p;

REAL4 apply(REAL4 x)
{
    return max(x, REAL4(0.0));
}

#include "elementwise.glsl"
