// SPDX-License-Identifier: Apache-2.0
/*---
kernel: reduce_mean_group
operator: reduce_mean
summary: "a work group a texel of the output"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: in}
  - {name: out_shape, type: ivec4, value: out}
  - {name: axes, type: ivec4, value: axes}
constants:
  - {id: 9, name: group, type: uint, value: "in.texels / out.texels >= 4096 ? 256 : 64"}
dispatch: {flat: "local.x * out.texels"}
---*/
// out = the sum of each row / its length. For long rows.
#version 450
#include "tensor.glsl"

#define REDUCE_JOIN(a, b)           ((a) + (b))
#define REDUCE_NEUTRAL              REAL(0.0)
#define REDUCE_FINISH(total, count) ((total) / REAL(count))
#define REDUCE_GROUP
#include "reduce_axes.glsl"
