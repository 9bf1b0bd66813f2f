// SPDX-License-Identifier: Apache-2.0
/*---
kernel: split
operator: split
summary: "one texel an invocation, whole where the cut lies between texels"
precisions: [f32, f16s]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: out}
  - {name: from, type: ivec4, value: in}
  - {name: axis, type: int, value: axis}
  - {name: first, type: int, value: "(part > 0) * parts_n + (part > 1) * parts_c + (part > 2) * parts_h"}
dispatch: {flat: out.texels}
---*/
// The part begins at element `first` of the axis. Along any other axis, and along c where four divides it, texels stay
// together.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; ivec4 from; int axis; int first; } p;

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

REAL4 texel(ivec4 at)
{
    ivec4 offset = ivec4(0);
    offset[p.axis] = p.first;
    int n = at.x + offset.x, c = 4 * at.y + offset.y, y = at.z + offset.z, x = at.w + offset.w;
    if (c % 4 == 0)
        return in_load(p.from, n, c / 4, y, x);
    REAL4 value = REAL4(0.0);
    for (int lane = 0; lane < 4 && 4 * at.y + lane < p.shape.y; lane++)
        value[lane] = in_one(p.from, n, c + lane, y, x);
    return value;
}

#include "gather.glsl"
