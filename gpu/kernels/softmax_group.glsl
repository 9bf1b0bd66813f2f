// SPDX-License-Identifier: Apache-2.0
// A work group a row: an invocation takes every texel of GROUP, group_reduce.glsl joins the maxima and the sums.
#include "softmax_rows.glsl"

void main()
{
    int row = int(flat_group()), id = int(gl_LocalInvocationID.x), length = row_length();
    if (row_place(row, 0).x >= p.shape.x)
        return;
    REAL4 most = row_candidate(row_place(row, min(id, length - 1)));
    for (int i = id; i < length; i += int(GROUP))
        most = max(most, row_candidate(row_place(row, i)));
    most = group_max(most);
    most = row_joined_max(most);
    REAL4 sum = REAL4(0.0);
    for (int i = id; i < length; i += int(GROUP))
        sum += row_term(row_place(row, i), most);
    sum = row_joined_sum(group_sum(sum));
    for (int i = id; i < length; i += int(GROUP)) {
        ivec4 at = row_place(row, i);
        row_store(at, finish(row_load(at), most, sum));
    }
}
