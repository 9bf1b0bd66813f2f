// SPDX-License-Identifier: Apache-2.0
/*---
kernel: slice
operator: slice
summary: "one texel an invocation, whole where channels are taken one by one from a texel on"
precisions: [f32, f16s]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: out}
  - {name: from, type: ivec4, value: in}
  - {name: starts, type: ivec4, value: starts}
  - {name: steps, type: ivec4, value: steps}
dispatch: {flat: out.texels}
---*/
// Element i of a dimension is start + i * step. A start below 0 counts from the end; then it is brought into the dimension.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; ivec4 from; ivec4 starts; ivec4 steps; } p;

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

REAL4 texel(ivec4 at)
{
    ivec4 start = p.starts + mix(ivec4(0), p.from, lessThan(p.starts, ivec4(0)));
    start = clamp(start, ivec4(0), p.from - 1);
    ivec4 place = start + ivec4(at.x, 4 * at.y, at.z, at.w) * p.steps;
    if (p.steps.y == 1 && place.y % 4 == 0)
        return in_load(p.from, place.x, place.y / 4, place.z, place.w);
    REAL4 value = REAL4(0.0);
    for (int lane = 0; lane < 4 && 4 * at.y + lane < p.shape.y; lane++)
        value[lane] = in_one(p.from, place.x, place.y + lane * p.steps.y, place.z, place.w);
    return value;
}

#include "gather.glsl"
