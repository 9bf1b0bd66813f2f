// SPDX-License-Identifier: Apache-2.0
// A reduction over a work group (group.glsl), four lanes at once, as group_reduce.glsl has them. The including file defines
// REDUCE_JOIN(a, b) after tensor.glsl.
#include "group.glsl"

shared REAL4 reduce4_part[GROUP];
shared REAL4 reduce4_row[JOINERS];

REAL4 reduce4(REAL4 value)
{
    uint id = gl_LocalInvocationID.x;
    reduce4_part[id] = value;
    barrier(); // all terms are there
    if (id < JOINERS) {
        REAL4 joined = reduce4_part[id];
        for (uint i = id + JOINERS; i < GROUP; i += JOINERS)
            joined = REDUCE_JOIN(joined, reduce4_part[i]);
        reduce4_row[id] = joined;
    }
    barrier(); // all rows are there
    REAL4 total = reduce4_row[0];
    for (uint i = 1u; i < JOINERS; i++)
        total = REDUCE_JOIN(total, reduce4_row[i]);
    barrier(); // the rows were read
    return total;
}
