// SPDX-License-Identifier: Apache-2.0
// The metrics of a result. They inform; only judge.c decides.
#include "harness/judge_internal.h"

#include "harness/accept.h"
#include "reference/format.h"

#include <math.h>
#include <string.h>

// The k-th smallest of n values (Hoare's selection); reorders them.
static double select_kth(double *values, int64_t n, int64_t k)
{
    int64_t low = 0, high = n - 1;
    while (low < high) {
        double pivot = values[low + (high - low) / 2];
        int64_t i = low, j = high;
        while (i <= j) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i <= j) {
                double swap = values[i];
                values[i++] = values[j];
                values[j--] = swap;
            }
        }
        if (k <= j)
            high = j;
        else if (k >= i)
            low = i;
        else
            break;
    }
    return values[k];
}

// How many average-size terms can vanish from an element unnoticed: (E + what the store rounds
// off) / (A / n). Behind a fused activation it is the sum's E that tells: a flat activation has a
// small one of its own.
static void measure_blindness(const assay_evidence *e, const assay_arithmetic *arithmetic,
                              double *scratch, assay_result *result)
{
    const assay_reference *ref = e->reference;
    int64_t n = 0;
    double largest = 0, least = (double)INFINITY, most = 0;
    for (int64_t i = 0; ref->terms && i < ref->count; i++) {
        double terms = (double)ref->terms[i];
        least = terms < least ? terms : least;
        most = terms > most ? terms : most;
        if (terms < 1 || !(ref->magnitude[i] > 0) || isinf(ref->magnitude[i]))
            continue;
        double bound = ref->sum ? assay_sum_bound(ref, i, arithmetic) : ref->bound[i];
        double hidden = bound + assay_store_error(e->contract, ref->value[i]);
        double blind = hidden * terms / ref->magnitude[i];
        largest = blind > largest ? blind : largest;
        scratch[n++] = blind;
    }
    *result->terms_min = ref->terms ? (int64_t)least : 0;
    *result->terms_max = (int64_t)most;
    *result->blind_max = largest;
    *result->blind_median = n ? select_kth(scratch, n, n / 2) : 0;
}

static int log2_bin(double x, int lowest, int bins)
{
    int exponent;
    if (!(x > 0))
        return 0;
    if (isinf(x))
        return bins - 1;
    frexp(x, &exponent); // x in [2^(exponent-1), 2^exponent)
    int bin = exponent - lowest;
    return bin < 0 ? 0 : bin >= bins ? bins - 1 : bin;
}

// The bin of a distance: 0, 1, 2, 3-4, 5-8, ...; NaN and everything above go to the last one.
static int ulp_bin(uint64_t distance)
{
    int bin = 0;
    for (uint64_t top = 0; distance > top && bin < ASSAY_ULP_BINS - 1; bin++)
        top = top ? top * 2 : 1;
    return bin;
}

typedef struct sums {
    double error, error2, reference2, sigma2;
    int64_t n, used;
} sums;

// Keeps the worst elements, largest `rank` first.
static void keep_worst(assay_result *result, double rank, double ranks[ASSAY_SAMPLES], int64_t i,
                       double actual, double expected, double bound)
{
    if (!(rank > ranks[ASSAY_SAMPLES - 1]))
        return;
    int at = ASSAY_SAMPLES - 1;
    for (; at > 0 && rank > ranks[at - 1]; at--) {
        ranks[at] = ranks[at - 1];
        result->worst_index[at] = result->worst_index[at - 1];
        result->worst_actual[at] = result->worst_actual[at - 1];
        result->worst_expected[at] = result->worst_expected[at - 1];
        result->worst_bound[at] = result->worst_bound[at - 1];
    }
    ranks[at] = rank;
    result->worst_index[at] = i;
    result->worst_actual[at] = actual;
    result->worst_expected[at] = expected;
    result->worst_bound[at] = bound;
}

static void measure_element(const assay_evidence *e, int64_t i, sums *sum, double *scratch,
                            double ranks[ASSAY_SAMPLES], assay_result *result)
{
    const assay_format *format = assay_format_of(e->contract->storage);
    double expected = e->reference->value[i], bound = e->reference->bound[i];
    float y = e->run[ASSAY_RUN_GUARDED][i];
    uint64_t ulp = isnan(expected) && isnan(y)
                       ? 0
                       : format->ulp_distance(y, format->round(expected, ASSAY_TO_NEAREST));
    result->ulp_histogram[ulp_bin(ulp)]++;
    if (ulp != UINT64_MAX && (double)ulp > *result->ulp_max)
        *result->ulp_max = (double)ulp;

    double d = (double)y - expected;
    if ((double)y == expected)
        d = 0; // also for equal infinities
    if (!isfinite(d)) {
        if (!isnan(expected) || !isnan(y))
            keep_worst(result, (double)INFINITY, ranks, i, (double)y, expected, bound);
        return;
    }
    double size = fabs(d);
    if (size > *result->abs_max)
        *result->abs_max = size;
    if (expected != 0 && size / fabs(expected) > *result->rel_max)
        *result->rel_max = size / fabs(expected);
    if (bound > 0 && !isinf(bound)) {
        // What the store alone may have done is no use of the bound: rounding, and the largest
        // number for what lies beyond it.
        double storable = fmin(fmax(expected, -format->most), format->most);
        double off = fabs((double)y - storable) - assay_store_error(e->contract, (double)y);
        double use = fmax(0, off) / bound;
        scratch[sum->used++] = use;
        result->use_histogram[log2_bin(use, -ASSAY_USE_BINS + 2, ASSAY_USE_BINS)]++;
        keep_worst(result, use, ranks, i, (double)y, expected, bound);
    } else if (size > 0 && !isinf(bound)) {
        keep_worst(result, 1e300 + size, ranks, i, (double)y, expected, bound);
    }
    sum->n++;
    sum->error += d;
    sum->error2 += d * d;
    sum->reference2 += expected * expected;
}

// Of the rounding of the store, in the model that assay_sum_sigma has.
static double store_variance(const assay_contract *contract, double value)
{
    double sigma = 0.43 * assay_format_of(contract->storage)->u * value;
    return assay_store_rounds(contract) ? sigma * sigma : 0;
}

void assay__measure(const assay_evidence *evidence, double *scratch, assay_result *result)
{
    const assay_reference *ref = evidence->reference;
    assay_arithmetic arithmetic = assay_contract_arithmetic(evidence->contract);
    double ranks[ASSAY_SAMPLES] = {0};
    sums sum = {0};
    measure_blindness(evidence, &arithmetic, scratch, result);
    for (int64_t i = 0; i < ref->count; i++) {
        measure_element(evidence, i, &sum, scratch, ranks, result);
        if (ref->terms && !ref->sum && isfinite(ref->value[i])) {
            double sigma = assay_sum_sigma(ref, i, &arithmetic);
            sum.sigma2 += sigma * sigma + store_variance(evidence->contract, ref->value[i]);
        }
    }
    if (sum.used) {
        int64_t last = sum.used - 1;
        int64_t k = (int64_t)ceil(0.999 * (double)sum.used) - 1;
        *result->use_p999 = select_kth(scratch, sum.used, k < 0 ? 0 : k > last ? last : k);
        for (int64_t i = 0; i < sum.used; i++)
            if (scratch[i] > *result->use_max)
                *result->use_max = scratch[i];
    }
    if (sum.sigma2 > 0)
        *result->rms_ratio = sqrt(sum.error2 / sum.sigma2);
    if (sum.n > 1) {
        double n = (double)sum.n, mean = sum.error / n;
        double variance = (sum.error2 - n * mean * mean) / (n - 1);
        *result->bias_z = variance > 0 ? mean / sqrt(variance / n) : 0;
    }
    if (sum.reference2 > 0) {
        *result->nmse = sum.error2 / sum.reference2;
        *result->snr_db = sum.error2 > 0 ? -10 * log10(*result->nmse) : (double)INFINITY;
    }
}
