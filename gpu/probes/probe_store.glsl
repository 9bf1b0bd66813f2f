// SPDX-License-Identifier: Apache-2.0
// A kernel for gpu/probe_store.c, in the precision and layout that the including file defines: out = a + b in f32, which
// the operands there make exact. What is rounded is the store.
#include "tensor.glsl"
#include "flat.glsl"

layout(local_size_x = 128) in;
layout(push_constant) uniform Params { ivec4 shape; } p;

TENSOR_IN(0, a)
TENSOR_IN(1, b)
TENSOR_OUT(2, out)

void main()
{
    ivec4 at = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.shape);
    if (at.x >= p.shape.x)
        return;
    REAL4 sum = a_load(p.shape, at.x, at.y, at.z, at.w) + b_load(p.shape, at.x, at.y, at.z, at.w);
    out_store(p.shape, at.x, at.y, at.z, at.w, sum);
}
