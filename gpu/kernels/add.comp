// SPDX-License-Identifier: Apache-2.0
/*---
kernel: add
operator: add
summary: "a texel an invocation, with broadcasting"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: a}
  - {binding: 1, tensor: b}
  - {binding: 2, tensor: out}
push:
  - {name: a, type: ivec4, value: a}
  - {name: b, type: ivec4, value: b}
  - {name: out_shape, type: ivec4, value: out}
dispatch: {flat: out.texels}
---*/
// out = a + b.
#version 450
#include "tensor.glsl"

REAL4 apply(REAL4 a, REAL4 b)
{
    return a + b;
}

#include "broadcast.glsl"
