// SPDX-License-Identifier: Apache-2.0
/*---
kernel: alpha_composite
operator: alpha_composite
summary: "a texel an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: fg}
  - {binding: 1, tensor: bg}
  - {binding: 2, tensor: mask}
  - {binding: 3, tensor: out}
push:
  - {name: shape, type: ivec4, value: out}
dispatch: {flat: out.texels}
---*/
// out = mask fg + (1 - mask) bg, with one mask for all channels.
#version 450
#include "flat.glsl"
#include "tensor.glsl"

layout(local_size_x = 64) in;

TENSOR_IN(0, fg)
TENSOR_IN(1, bg)
VECTOR_IN(2, mask)
TENSOR_OUT(3, out)

layout(push_constant) uniform Params { ivec4 shape; } p;

void main()
{
    ivec4 at = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.shape);
    if (at.x >= p.shape.x)
        return;
    REAL mask = mask_at((at.x * p.shape.z + at.z) * p.shape.w + at.w);
    REAL4 fg = fg_load(p.shape, at.x, at.y, at.z, at.w);
    REAL4 bg = bg_load(p.shape, at.x, at.y, at.z, at.w);
    out_store(p.shape, at.x, at.y, at.z, at.w, mask * fg + (REAL(1.0) - mask) * bg);
}
