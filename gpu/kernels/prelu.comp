// SPDX-License-Identifier: Apache-2.0
/*---
kernel: prelu
operator: prelu
summary: "four channels an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
  - {binding: 2, tensor: slope}
push:
  - {name: shape, type: ivec4, value: out}
dispatch: {flat: out.texels}
---*/
// out = in where in >= 0, the channel's slope * in elsewhere. A NaN stays one.
#version 450

#include "tensor.glsl"
#include "flat.glsl"

layout(local_size_x = 128) in;
layout(push_constant) uniform Params { ivec4 shape; } p;

TENSOR_IN(0, in)
TENSOR_OUT(1, out)
VECTOR_IN(2, slope)

void main()
{
    int i = int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x);
    ivec4 at = texel_place(i, p.shape);
    if (at.x >= p.shape.x)
        return;
    REAL4 x = in_load(p.shape, at.x, at.y, at.z, at.w);
    REAL4 below = slope_load(at.y, p.shape.y) * x;
    out_store(p.shape, at.x, at.y, at.z, at.w, mix(below, x, greaterThanEqual(x, REAL4(0.0))));
}
