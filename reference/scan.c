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

assay__operands assay__scan_operands(const assay_problem *problem, const float *const *in,
                                     double least)
{
    return (assay__operands){
        assay__scan_data(in[0], assay_shape_elements(&problem->input[0]), least),
        assay__scan_data(in[1], assay_shape_elements(&problem->input[1]), least),
        assay__scan_data(in[2], assay_shape_elements(&problem->input[2]), least),
    };
}

// A subnormal operand may be flushed before it is multiplied, and then no sum is what it should be:
// no quantum.
double assay__quantum_of(const assay__operands *o)
{
    double product = o->x.quantum * o->w.quantum; // powers of two: exact
    if (o->x.subnormal > 0 || o->w.subnormal > 0 || o->b.subnormal > 0 || !o->x.finite ||
        !o->w.finite || !o->b.finite)
        return 0;
    if (o->x.zero || o->w.zero)
        return o->b.quantum;
    return o->b.zero || product < o->b.quantum ? product : o->b.quantum;
}
