// SPDX-License-Identifier: Apache-2.0
// Reductions over a work group of GROUP invocations (64 or 128), four lanes at once: eight invocations join GROUP / 8
// values each, then all of them the eight. Two barriers before the result and one behind it (so that it may be called
// again), where a binary tree would need seven: barriers are what a reduction costs. Behind tensor.glsl.
shared REAL4 group_part[GROUP];
shared REAL4 group_row[8];

REAL4 group_sum(REAL4 value)
{
    uint id = gl_LocalInvocationID.x;
    group_part[id] = value;
    barrier(); // all terms are there
    if (id < 8u) {
        REAL4 sum = REAL4(0.0);
        for (uint i = id; i < GROUP; i += 8u)
            sum += group_part[i];
        group_row[id] = sum;
    }
    barrier(); // all eight sums are there
    REAL4 total = REAL4(0.0);
    for (uint i = 0u; i < 8u; i++)
        total += group_row[i];
    barrier(); // the sums were read
    return total;
}

REAL4 group_max(REAL4 value)
{
    uint id = gl_LocalInvocationID.x;
    group_part[id] = value;
    barrier(); // all candidates are there
    if (id < 8u) {
        REAL4 most = group_part[id];
        for (uint i = id; i < GROUP; i += 8u)
            most = max(most, group_part[i]);
        group_row[id] = most;
    }
    barrier(); // all eight maxima are there
    REAL4 total = group_row[0];
    for (uint i = 1u; i < 8u; i++)
        total = max(total, group_row[i]);
    barrier(); // the maxima were read
    return total;
}
