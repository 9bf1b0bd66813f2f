// SPDX-License-Identifier: Apache-2.0
// What bounds need to know of the operands, in one pass over each.
#include "reference/operator_internal.h"

#include <string.h>

// As those of format.h, but in the open, so that the loop over a tensor is made of vectors.
static inline int32_t bits_of(float x)
{
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float of_bits(int32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

// The lowest set bit of a positive finite number, as the code of that number: what is left when the
// rest of the fraction is taken away (exactly).
static inline int32_t lowest_bit(int32_t bits)
{
    int32_t difference = bits_of(of_bits(bits) - of_bits(bits & (bits - 1)));
    return (bits & 0x7FFFFF) == 0 ? bits : difference;
}

// In integers: the codes of positive numbers are in the order of their values. Zeros take no part
// in the lowest bit.
static void scan_run(const float *data, int64_t count, int32_t smallest, int32_t *most,
                     int32_t *subnormal, int32_t *lowest)
{
    int32_t high = *most, below = *subnormal, low = *lowest;
    for (int64_t i = 0; i < count; i++) {
        int32_t bits = bits_of(data[i]) & 0x7FFFFFFF;
        int32_t small = bits < smallest ? bits : 0;
        int32_t bit = bits ? lowest_bit(bits) : INT32_MAX;
        high = bits > high ? bits : high;
        below = small > below ? small : below;
        low = bit < low ? bit : low;
    }
    *most = high;
    *subnormal = below;
    *lowest = low;
}

#define INFINITE 0x7F800000

assay__scan assay__scan_data(const float *data, int64_t count, double least)
{
    int32_t smallest = bits_of((float)least);
    int32_t most = 0, subnormal = 0, lowest = INT32_MAX;
    scan_run(data, count, smallest, &most, &subnormal, &lowest);
    bool finite = most < INFINITE;
    if (!finite) { // once more, around what is not
        most = 0;
        for (int64_t i = 0; i < count; i++)
            if (isfinite(data[i]))
                scan_run(data + i, 1, smallest, &most, &subnormal, &lowest);
    }
    bool quantum = finite && most > 0;
    return (assay__scan){
        .quantum = quantum ? (double)of_bits(lowest) : 0,
        .most = (double)of_bits(most),
        .subnormal = (double)of_bits(subnormal),
        .zero = finite && most == 0,
        .finite = finite,
    };
}

double assay_quantum(const float *data, int64_t count)
{
    return assay__scan_data(data, count, 0).quantum;
}

static double smaller_of(double a, double b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

// Two tensors that are added as they are, as one.
static assay__scan join(assay__scan a, const assay__scan *b)
{
    return (assay__scan){
        .quantum = smaller_of(a.quantum, b->quantum),
        .most = fmax(a.most, b->most),
        .subnormal = fmax(a.subnormal, b->subnormal),
        .zero = a.zero && b->zero,
        .finite = a.finite && b->finite,
    };
}

assay__operands assay__scan_operands(const assay_problem *problem, const float *const *in,
                                     double least)
{
    assay__operands o = {
        assay__scan_data(in[0], assay_shape_elements(&problem->input[0]), least),
        assay__scan_data(in[1], assay_shape_elements(&problem->input[1]), least),
        assay__scan_data(in[2], assay_shape_elements(&problem->input[2]), least),
    };
    if (problem->op->input_count > 3 && in[3]) {
        assay__scan r = assay__scan_data(in[3], assay_shape_elements(&problem->input[3]), least);
        o.b = join(o.b, &r);
    }
    return o;
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
