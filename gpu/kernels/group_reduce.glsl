// SPDX-License-Identifier: Apache-2.0
// Sums and maxima over a work group (group.glsl), four lanes at once. The barrier behind the result is there so that it
// may be called again. Behind tensor.glsl.
#include "group.glsl"

shared REAL4 group_part[GROUP];
shared REAL4 group_row[JOINERS];

REAL4 group_sum(REAL4 value)
{
    uint id = gl_LocalInvocationID.x;
    group_part[id] = value;
    barrier(); // all terms are there
    if (id < JOINERS) {
        REAL4 sum = REAL4(0.0);
        for (uint i = id; i < GROUP; i += JOINERS)
            sum += group_part[i];
        group_row[id] = sum;
    }
    barrier(); // all sums of the joiners are there
    REAL4 total = REAL4(0.0);
    for (uint i = 0u; i < JOINERS; i++)
        total += group_row[i];
    barrier(); // the sums were read
    return total;
}

REAL4 group_max(REAL4 value)
{
    uint id = gl_LocalInvocationID.x;
    group_part[id] = value;
    barrier(); // all candidates are there
    if (id < JOINERS) {
        REAL4 most = group_part[id];
        for (uint i = id; i < GROUP; i += JOINERS)
            most = max(most, group_part[i]);
        group_row[id] = most;
    }
    barrier(); // all maxima of the joiners are there
    REAL4 total = group_row[0];
    for (uint i = 1u; i < JOINERS; i++)
        total = max(total, group_row[i]);
    barrier(); // the maxima were read
    return total;
}
