// SPDX-License-Identifier: Apache-2.0
// A reduction of four lanes at a time over a work group of 64: eight of eight, then one of eight, as in group_reduce.glsl.
// The including file defines REDUCE_JOIN(a, b) after tensor.glsl.
shared REAL4 reduce4_part[64];
shared REAL4 reduce4_row[8];

REAL4 reduce4(REAL4 value)
{
    uint id = gl_LocalInvocationID.x;
    reduce4_part[id] = value;
    barrier(); // all 64 terms are there
    if (id < 8u) {
        REAL4 joined = reduce4_part[id];
        for (uint i = 1u; i < 8u; i++)
            joined = REDUCE_JOIN(joined, reduce4_part[id + 8u * i]);
        reduce4_row[id] = joined;
    }
    barrier(); // all eight rows are there
    REAL4 total = reduce4_row[0];
    for (uint i = 1u; i < 8u; i++)
        total = REDUCE_JOIN(total, reduce4_row[i]);
    barrier(); // the rows were read
    return total;
}
