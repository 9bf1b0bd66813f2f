// SPDX-License-Identifier: Apache-2.0
// Sums of products: when they are exact, how far off they may be, and how far off they are on
// average.
#include "reference/operator_internal.h"

void assay__sum_store(const assay__sum *sum, assay_reference *reference, int64_t i)
{
    reference->value[i] = assay__sum_value(sum);
    if (reference->magnitude)
        reference->magnitude[i] = sum->magnitude;
    if (reference->square)
        reference->square[i] = sum->square;
    if (reference->terms)
        reference->terms[i] = (float)sum->terms;
}

// Every partial sum is a multiple of the quantum q no larger than reach: with q normal none is ever
// subnormal.
static inline bool is_exact(double q, double magnitude, double value, int bits)
{
    double most = bits == 11 ? 65504 : 0x1.fffffep127, least = bits == 11 ? 0x1p-14 : 0x1p-126;
    double reach = (magnitude + fabs(value)) / 2;
    return q >= least && reach <= q * (bits == 11 ? 0x1p11 : 0x1p24) && reach <= most;
}

double assay__sum_growth(double n, const assay_arithmetic *a)
{
    if (a->r > a->u)
        return n * a->r < 1 ? n * a->r / (1 - n * a->r) : (double)INFINITY;
    return n * a->u;
}

static inline double bound_of(double value, double magnitude, double n, const assay_arithmetic *a)
{
    magnitude *= 1 + n * 0x1p-52; // it was summed in fp64 itself, so it may be short by n roundings
    double bound = (magnitude > 0 ? assay__sum_growth(n, a) * magnitude : 0) + 2 * n * a->eta +
                   n * 0x1p-53 * magnitude;
    // A partial sum lies between minus the negative products and the positive ones. Where one
    // overflows and products of the other sign are still to come, what comes out may be anything.
    double larger = (magnitude + fabs(value)) / 2, smaller = (magnitude - fabs(value)) / 2;
    bool mixed = smaller > n * 0x1p-50 * magnitude;
    return larger + bound > a->most && mixed ? (double)INFINITY : bound;
}

// The sum itself, also where an activation was applied to it.
static inline double sum_of(const assay_reference *reference, int64_t i)
{
    return reference->sum ? reference->sum[i] : reference->value[i];
}

bool assay_sum_is_exact(const assay_reference *reference, int64_t i, int bits)
{
    return is_exact(reference->quantum, reference->magnitude[i], sum_of(reference, i), bits);
}

double assay_sum_bound(const assay_reference *reference, int64_t i, const assay_arithmetic *a)
{
    if (assay_sum_is_exact(reference, i, a->bits))
        return 0;
    return bound_of(sum_of(reference, i), reference->magnitude[i], (double)reference->terms[i], a);
}

// The model is an f32 or f16 accumulator that rounds to nearest in sequence: 0.43 u is the RMS
// relative error of one rounding when significands are spread as logarithms are.
double assay_sum_sigma(const assay_reference *reference, int64_t i, const assay_arithmetic *a)
{
    double n = (double)reference->terms[i], s = sum_of(reference, i), q = reference->square[i];
    return 0.43 * a->u * sqrt(n * s * s / 3 + n * q / 6 + q);
}

double assay__bound_special(const assay_contract *contract)
{
    return contract->nan == ASSAY_NAN_IGNORED ? (double)INFINITY : 0;
}

double assay__bound_selection(double value, bool subnormal, const assay_contract *contract)
{
    double least = assay_contract_arithmetic(contract).operand;
    return subnormal && contract->flush != ASSAY_FLUSH_NO && fabs(value) < least ? 2 * least : 0;
}

// An operand that is flushed takes its product with it. At most n products lose at most this much
// each.
static double flushed_product(const assay__operands *o)
{
    double product = o->x.subnormal * o->w.most;
    double other = o->w.subnormal * o->x.most;
    product = other > product ? other : product;
    return o->b.subnormal > product ? o->b.subnormal : product;
}

void assay__bound_products(const assay_problem *problem, const float *const *in,
                           const assay_contract *contract, assay_reference *reference)
{
    assay_arithmetic a = assay_contract_arithmetic(contract);
    assay__operands o = assay__scan_operands(problem, in, a.operand);
    double lost = contract->flush == ASSAY_FLUSH_NO ? 0 : flushed_product(&o);
    bool finite = o.x.finite && o.w.finite && o.b.finite;
    double largest = o.x.most * o.w.most > o.b.most ? o.x.most * o.w.most : o.b.most;
    for (int64_t i = 0; i < reference->count; i++) {
        double n = (double)reference->terms[i];
        // Beside an infinity, finite terms must not overflow to the other one, and an infinity
        // times an operand that is flushed is NaN.
        bool open = n * largest > a.most || lost > 0;
        if (!isfinite(sum_of(reference, i)))
            reference->bound[i] = open ? (double)INFINITY : assay__bound_special(contract);
        else if (!finite && reference->nan_allowed[i] && contract->nan == ASSAY_NAN_IGNORED)
            reference->bound[i] = (double)INFINITY;
        else
            reference->bound[i] = assay_sum_bound(reference, i, &a) + n * lost;
    }
}
