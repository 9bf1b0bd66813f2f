// SPDX-License-Identifier: Apache-2.0
// out = apply(a, b) with broadcasting, a texel an invocation: a dimension of length one is repeated, and of a single
// channel all four lanes. The including file declares REAL4 apply(REAL4, REAL4), of which each lane depends on its own
// lane alone, after tensor.glsl. `dispatch: {flat: out.texels}`, push constants a, b, out: the shapes.
#include "flat.glsl"

layout(local_size_x = 64) in;

TENSOR_IN(0, a)
TENSOR_IN(1, b)
TENSOR_OUT(2, out)

layout(push_constant) uniform Params { ivec4 a, b, out_shape; } p;

void main()
{
    ivec4 at = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.out_shape);
    if (at.x >= p.out_shape.x)
        return;
    ivec4 of_a = min(at, ivec4(p.a.x, slices(p.a), p.a.zw) - 1);
    ivec4 of_b = min(at, ivec4(p.b.x, slices(p.b), p.b.zw) - 1);
    REAL4 a = a_load(p.a, of_a.x, of_a.y, of_a.z, of_a.w);
    REAL4 b = b_load(p.b, of_b.x, of_b.y, of_b.z, of_b.w);
    a = p.a.y == 1 ? a.xxxx : a;
    b = p.b.y == 1 ? b.xxxx : b;
    out_store(p.out_shape, at.x, at.y, at.z, at.w, apply(a, b));
}
