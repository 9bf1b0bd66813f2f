// SPDX-License-Identifier: Apache-2.0
/*---
kernel: depth_to_space
operator: depth_to_space
summary: "one texel an invocation, whole where dcr and a multiple of four channels allow"
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
  - {name: crd, type: int, value: mode}
dispatch: {flat: out.texels}
---*/
// A pixel of the input becomes a block of pixels. Its channels count the place in the block first (dcr), or last (crd).
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; ivec4 from; int block; int crd; } p;

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

REAL4 texel(ivec4 at)
{
    int y = at.z / p.block, x = at.w / p.block;
    int inner = at.z % p.block * p.block + at.w % p.block;
    if (p.crd == 0 && p.shape.y % 4 == 0)
        return in_load(p.from, at.x, inner * (p.shape.y / 4) + at.y, y, x);
    REAL4 value = REAL4(0.0);
    for (int lane = 0; lane < 4 && 4 * at.y + lane < p.shape.y; lane++) {
        int c = 4 * at.y + lane;
        c = p.crd != 0 ? c * p.block * p.block + inner : inner * p.shape.y + c;
        value[lane] = in_one(p.from, at.x, c, y, x);
    }
    return value;
}

#include "gather.glsl"
