// SPDX-License-Identifier: Apache-2.0
// Reductions along any axes. The including file defines, after tensor.glsl, REDUCE_JOIN(a, b), REDUCE_NEUTRAL, what
// joining leaves alone, and REDUCE_FINISH(total, count); and REDUCE_GROUP where a work group takes a texel of the output
// (`dispatch: {flat: "local.x * out.texels"}`, constant 9) instead of an invocation (`dispatch: {flat: out.texels}`).
// Where channels are reduced their lanes are joined last, and those that are no channel are left out.
#include "flat.glsl"
#ifdef REDUCE_GROUP
#include "reduce4.glsl"
#else
layout(local_size_x = 64) in;
#endif

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

layout(push_constant) uniform Params { ivec4 shape, out_shape, axes; } p;

REAL4 term(ivec4 at)
{
    REAL4 value = in_load(p.shape, at.x, at.y, at.z, at.w);
    return p.axes.y != 0 ? mask_lanes(value, at.y, p.shape.y, REDUCE_NEUTRAL) : value;
}

// What invocation `first` of `step` joins of the row at `base`: `extent` texels along (n, slice, y, x).
REAL4 join_row(ivec4 base, ivec4 extent, int first, int step)
{
    REAL4 total = REAL4(REDUCE_NEUTRAL);
    int columns = extent.w, count = extent.x * extent.y * extent.z * extent.w;
    for (int k = first; k < count; k += step) {
        int row = k / columns, plane = row / extent.z;
        ivec4 at = ivec4(plane / extent.y, plane % extent.y, row % extent.z, k % columns);
        total = REDUCE_JOIN(total, term(base + at));
    }
    return total;
}

void main()
{
#ifdef REDUCE_GROUP
    ivec4 base = texel_place(int(flat_group()), p.out_shape);
#else
    ivec4 base = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.out_shape);
#endif
    if (base.x >= p.out_shape.x)
        return;
    ivec4 extent = mix(ivec4(1), ivec4(p.shape.x, slices(p.shape), p.shape.zw), notEqual(p.axes, ivec4(0)));
#ifdef REDUCE_GROUP
    REAL4 total = reduce4(join_row(base, extent, int(gl_LocalInvocationID.x), int(GROUP)));
    if (gl_LocalInvocationID.x > 0u)
        return;
#else
    REAL4 total = join_row(base, extent, 0, 1);
#endif
    if (p.axes.y != 0) {
        total.xy = REDUCE_JOIN(total, total.zwzw).xy;
        total = REDUCE_JOIN(total, total.yyyy).xxxx;
    }
    ivec4 lengths = mix(ivec4(1), p.shape, notEqual(p.axes, ivec4(0)));
    int count = lengths.x * lengths.y * lengths.z * lengths.w;
    out_store(p.out_shape, base.x, base.y, base.z, base.w, REDUCE_FINISH(total, count));
}
