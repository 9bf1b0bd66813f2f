// SPDX-License-Identifier: Apache-2.0
/*---
kernel: softmax_group
operator: softmax
summary: "a work group a row"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: in}
  - {name: axis, type: int, value: axis}
constants:
  - {id: 9, name: group, type: uint, value: "(axis == 0 ? in.n : axis == 1 ? in.s : axis == 2 ? in.h : in.w) >= 512 ? 256 : 64"}
dispatch: {flat: "local.x * (axis == 1 ? in.n * in.h * in.w : out.texels / (axis == 0 ? in.n : axis == 2 ? in.h : in.w))"}
---*/
// out = exp(in - max) / sum of exp(in - max) over each row along the axis, of any length and in any place.
// For long rows of few: softmax_group.glsl.
#version 450
#include "flat.glsl"
#include "tensor.glsl"
#include "group_reduce.glsl"

REAL4 finish(REAL4 x, REAL4 most, REAL4 sum)
{
    return exp(x - most) / sum;
}

#include "softmax_group.glsl"
