// SPDX-License-Identifier: Apache-2.0
// What bounds need to know of the operands, in one pass over each.
#include "reference/operator_internal.h"

#include "reference/format.h"

// log2 of the lowest set bit of a finite nonzero number.
static int lowest_bit(uint32_t bits)
{
    uint32_t fraction = bits & 0x7FFFFF, exponent = bits >> 23 & 0xFF;
    if (exponent)
        fraction |= 0x800000;
    else
        exponent = 1;
    return (int)exponent - 150 + __builtin_ctz(fraction);
}

assay__scan assay__scan_data(const float *data, int64_t count, double least)
{
    assay__scan scan = {.zero = true, .finite = true};
    int lowest = 128;
    for (int64_t i = 0; i < count; i++) {
        double size = fabs((double)data[i]);
        if (size == 0)
            continue;
        scan.zero = false;
        if (!isfinite(size)) {
            scan.finite = false;
            continue;
        }
        int bit = lowest_bit(assay_bits_of_float(data[i]));
        lowest = bit < lowest ? bit : lowest;
        scan.most = size > scan.most ? size : scan.most;
        if (size < least && size > scan.subnormal)
            scan.subnormal = size;
    }
    scan.quantum = scan.zero || !scan.finite ? 0 : ldexp(1, lowest);
    return scan;
}

double assay_quantum(const float *data, int64_t count)
{
    return assay__scan_data(data, count, 0).quantum;
}

// A subnormal operand may be flushed before it is multiplied, and then no sum is what it should be: no quantum.
void assay__quantum_products(const float *x, int64_t x_count, const float *w, int64_t w_count,
                             const float *b, int64_t b_count, assay_reference *reference)
{
    assay__scan data = assay__scan_data(x, x_count, 0x1p-126);
    assay__scan weights = assay__scan_data(w, w_count, 0x1p-126);
    assay__scan bias = assay__scan_data(b, b_count, 0x1p-126);
    bool flushable = data.subnormal > 0 || weights.subnormal > 0 || bias.subnormal > 0;
    bool products = !data.zero && !weights.zero;
    double product = data.quantum * weights.quantum; // powers of two: exact
    reference->quantum = 0;
    if (flushable || !data.finite || !weights.finite || !bias.finite)
        return;
    if (products && !bias.zero)
        reference->quantum = product < bias.quantum ? product : bias.quantum;
    else
        reference->quantum = products ? product : bias.quantum;
}
