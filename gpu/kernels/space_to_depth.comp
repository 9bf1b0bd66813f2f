// SPDX-License-Identifier: Apache-2.0
/*---
kernel: space_to_depth
operator: space_to_depth
summary: "one texel an invocation, whole where four divides the channels"
precisions: [f32, f16s]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: out}
  - {name: from, type: ivec4, value: in}
  - {name: block, type: int, value: blocksize}
dispatch: {flat: out.texels}
---*/
// A block of pixels becomes a pixel, whose channels count the place in the block first.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; ivec4 from; int block; } p;

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

REAL4 texel(ivec4 at)
{
    REAL4 value = REAL4(0.0);
    int together = p.from.y % 4 == 0 ? 4 : 1; // channels that have the same place in the block
    for (int lane = 0; lane < 4 && 4 * at.y + lane < p.shape.y; lane += together) {
        int c = 4 * at.y + lane, inner = c / p.from.y;
        int y = at.z * p.block + inner / p.block, x = at.w * p.block + inner % p.block;
        if (together == 4)
            return in_load(p.from, at.x, c % p.from.y / 4, y, x);
        value[lane] = in_one(p.from, at.x, c % p.from.y, y, x);
    }
    return value;
}

#include "gather.glsl"
