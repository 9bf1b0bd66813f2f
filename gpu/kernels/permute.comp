// SPDX-License-Identifier: Apache-2.0
/*---
kernel: permute
operator: permute
summary: "one texel an invocation, whole where channels stay channels"
precisions: [f32, f16s]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: out}
  - {name: from, type: ivec4, value: in}
  - {name: perm, type: ivec4, value: perm}
dispatch: {flat: out.texels}
---*/
// Dimension d of the output is dimension perm[d] of the input.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; ivec4 from; ivec4 perm; } p;

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

ivec4 source(ivec4 place)
{
    ivec4 from = ivec4(0);
    for (int d = 0; d < 4; d++)
        from[p.perm[d]] = place[d];
    return from;
}

REAL4 texel(ivec4 at)
{
    if (p.perm.y == 1) {
        ivec4 from = source(at);
        return in_load(p.from, from.x, from.y, from.z, from.w);
    }
    REAL4 value = REAL4(0.0);
    for (int lane = 0; lane < 4 && 4 * at.y + lane < p.shape.y; lane++) {
        ivec4 from = source(ivec4(at.x, 4 * at.y + lane, at.z, at.w));
        value[lane] = in_one(p.from, from.x, from.y, from.z, from.w);
    }
    return value;
}

#include "gather.glsl"
