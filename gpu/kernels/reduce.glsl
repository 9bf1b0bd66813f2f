// SPDX-License-Identifier: Apache-2.0
// Reductions over a work group of 64: eight sums of eight, then one of eight. Two barriers before the result and one
// behind it (so that it may be called again), where a binary tree would need seven: barriers are what a reduction costs.
shared float reduce_part[64];
shared float reduce_row[8];

float reduce_sum(float value)
{
    uint id = gl_LocalInvocationID.x;
    reduce_part[id] = value;
    barrier(); // all 64 terms are there
    if (id < 8u) {
        float sum = 0.0;
        for (uint i = 0u; i < 8u; i++)
            sum += reduce_part[id + 8u * i];
        reduce_row[id] = sum;
    }
    barrier(); // all eight sums are there
    float total = 0.0;
    for (uint i = 0u; i < 8u; i++)
        total += reduce_row[i];
    barrier(); // the sums were read
    return total;
}

float reduce_max(float value)
{
    uint id = gl_LocalInvocationID.x;
    reduce_part[id] = value;
    barrier(); // all 64 candidates are there
    if (id < 8u) {
        float most = reduce_part[id];
        for (uint i = 1u; i < 8u; i++)
            most = max(most, reduce_part[id + 8u * i]);
        reduce_row[id] = most;
    }
    barrier(); // all eight maxima are there
    float total = reduce_row[0];
    for (uint i = 1u; i < 8u; i++)
        total = max(total, reduce_row[i]);
    barrier(); // the maxima were read
    return total;
}
