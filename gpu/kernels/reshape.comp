// SPDX-License-Identifier: Apache-2.0
/*---
kernel: reshape
operator: reshape
summary: "a copy in nchw; elsewhere one texel an invocation"
precisions: [f32, f16s]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: out}
  - {name: from, type: ivec4, value: in}
  - {name: words, type: int, value: out.words}
dispatch: {flat: "nchw ? ceil_div(out.words, 4) : out.texels"}
---*/
// The same elements in another shape.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; ivec4 from; int words; } p;

#include "reshape.glsl"
