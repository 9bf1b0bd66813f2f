// SPDX-License-Identifier: Apache-2.0
// An invocation a row: neighbouring invocations take neighbouring rows, which touch where the axis is not the last.
#include "softmax_rows.glsl"

layout(local_size_x = 64) in;

void main()
{
    int row = int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), length = row_length();
    if (row_place(row, 0).x >= p.shape.x)
        return;
    REAL4 most = row_candidate(row_place(row, 0));
    for (int i = 1; i < length; i++)
        most = max(most, row_candidate(row_place(row, i)));
    most = row_joined_max(most);
    REAL4 sum = REAL4(0.0);
    for (int i = 0; i < length; i++)
        sum += row_term(row_place(row, i), most);
    sum = row_joined_sum(sum);
    for (int i = 0; i < length; i++) {
        ivec4 at = row_place(row, i);
        row_store(at, finish(row_load(at), most, sum));
    }
}
