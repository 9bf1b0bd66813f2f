// SPDX-License-Identifier: Apache-2.0
// Rows along an axis, four channels at once: along the channels a texel is four elements of one row, along any other
// axis four rows. The including file declares finish(), this one the bindings and push constants.
TENSOR_IN(0, in)
TENSOR_OUT(1, out)

layout(push_constant) uniform Params { ivec4 shape; int axis; } p;

int row_length()
{
    return ivec4(p.shape.x, slices(p.shape), p.shape.z, p.shape.w)[p.axis];
}

// Texel k of a row, in n, slice, y, x; n is shape.x or more behind the last row.
ivec4 row_place(int row, int k)
{
    ivec4 rows = p.shape;
    rows[p.axis] = 1;
    ivec4 at = texel_place(row, rows);
    if (at.x >= rows.x)
        at.x = p.shape.x;
    else
        at[p.axis] = k;
    return at;
}

REAL4 row_load(ivec4 at)
{
    return in_load(p.shape, at.x, at.y, at.z, at.w);
}

// Along the channels, lanes that are no channel must not take part in a maximum or in a sum.
REAL4 row_masked(REAL4 x, ivec4 at, float filling)
{
    return p.axis == 1 ? mask_lanes(x, at.y, p.shape.y, REAL(filling)) : x;
}

REAL4 row_candidate(ivec4 at)
{
    return row_masked(row_load(at), at, uintBitsToFloat(0xFF800000u)); // minus infinity
}

REAL4 row_term(ivec4 at, REAL4 most)
{
    return row_masked(exp(row_load(at) - most), at, 0.0);
}

// Of a row along the channels the four lanes are joined.
REAL4 row_joined_max(REAL4 most)
{
    return p.axis == 1 ? REAL4(max(max(most.x, most.y), max(most.z, most.w))) : most;
}

REAL4 row_joined_sum(REAL4 sum)
{
    return p.axis == 1 ? REAL4(sum.x + sum.y + sum.z + sum.w) : sum;
}

void row_store(ivec4 at, REAL4 value)
{
    out_store(p.shape, at.x, at.y, at.z, at.w, value);
}
