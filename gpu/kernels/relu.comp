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
  - {name: count, type: int, value: out.count}
dispatch:
  groups:
    - "min(ceil_div(out.count, 512), 32768)"
    - "ceil_div(ceil_div(out.count, 512), 32768)"
    - 1
---*/
// out = max(in, 0), over the flat tensor. A NaN may come out as NaN or as 0: max leaves that to the device.
#version 450

layout(push_constant) uniform Params { int count; } p;

float apply(float x)
{
    return max(x, 0.0);
}

#include "elementwise.glsl"
