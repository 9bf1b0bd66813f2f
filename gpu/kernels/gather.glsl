// SPDX-License-Identifier: Apache-2.0
// Operators that only move data: one texel of the output an invocation. The including file declares the push constants p
// with p.shape (the output's), TENSOR_OUT(., out) and REAL4 texel(ivec4 at), the four channels at (n, slice, y, x); a
// lane of it that is no channel may be anything. `dispatch: {flat: out.texels}`.
#include "flat.glsl"

layout(local_size_x = 128) in;

void main()
{
    ivec4 at = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.shape);
    if (at.x < p.shape.x)
        out_store(p.shape, at.x, at.y, at.z, at.w, texel(at));
}
