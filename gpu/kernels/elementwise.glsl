// SPDX-License-Identifier: Apache-2.0
// out = apply(in), four elements an invocation, in every layout and precision. The including file declares the push
// constants p, with p.shape (the output's) and p.words (its elements in memory), and REAL4 apply(REAL4), of which each
// lane depends on its own lane alone. `dispatch: {flat: "ceil_div(out.words, 4)"}`.
// Where memory is a buffer its order does not matter: it is run through flat, and lanes that are no channel go along.
#include "flat.glsl"

layout(local_size_x = 128) in;

#ifdef ASSAY_LAYOUT_IMAGE
TENSOR_IN(0, in)
TENSOR_OUT(1, out)
#else
layout(std430, set = 0, binding = 0) readonly buffer In { STORED4 in_data[]; };
layout(std430, set = 0, binding = 1) writeonly buffer Out { STORED4 out_data[]; };
#endif

void main()
{
    int i = int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x);
#ifdef ASSAY_LAYOUT_IMAGE
    ivec4 at = texel_place(i, p.shape);
    if (at.x < p.shape.x)
        out_store(p.shape, at.x, at.y, at.z, at.w, apply(in_load(p.shape, at.x, at.y, at.z, at.w)));
#else
    if (i < p.words / 4)
        out_data[i] = STORED4(apply(REAL4(in_data[i])));
    else if (i == p.words / 4) // the last elements of a number that four does not divide
        for (int lane = 0; lane < p.words % 4; lane++)
            out_data[i][lane] = STORED(apply(REAL4(in_data[i][lane])).x);
#endif
}
