// SPDX-License-Identifier: Apache-2.0
#include "reference/operator_internal.h"
#include "reference/pool_internal.h"

static int64_t clamp(int64_t x, int64_t low, int64_t high)
{
    return x < low ? low : x > high ? high : x;
}

// Taps k of an axis whose place start + k dilation lies in [low, high).
static int64_t taps_within(int64_t start, int64_t kernel, int64_t dilation, int64_t low,
                           int64_t high)
{
    int64_t first = low > start ? (low - start + dilation - 1) / dilation : 0;
    int64_t end = high > start ? (high - start + dilation - 1) / dilation : 0;
    return clamp(end, 0, kernel) - clamp(first, 0, clamp(end, 0, kernel));
}

// With count_include_pad the padding counts, but not what a window in ceil mode has beyond it:
// there is nothing there (ONNX's reference implementation skips it, PyTorch cuts the window off).
int64_t assay__pool_taps(const assay__pool *p, int axis, int64_t at)
{
    int64_t before = p->pad[axis], after = p->pad[axis + 2];
    int64_t start = at * (axis ? p->stride_w : p->stride_h) - before;
    return taps_within(start, axis ? p->kernel_w : p->kernel_h,
                       axis ? p->dilation_w : p->dilation_h, p->include_pad ? -before : 0,
                       (axis ? p->w : p->h) + (p->include_pad ? after : 0));
}

static double divisor_of(const assay__pool *p, int64_t y, int64_t x)
{
    return (double)assay__pool_taps(p, 0, y) * (double)assay__pool_taps(p, 1, x);
}

static assay__sum sum_window(const assay__pool *p, const float *plane, int64_t y, int64_t x)
{
    assay__sum sum = {0};
    for (int64_t ky = 0; ky < p->kernel_h; ky++)
        for (int64_t kx = 0; kx < p->kernel_w; kx++) {
            int64_t in_y = y * p->stride_h - p->pad[0] + ky * p->dilation_h;
            int64_t in_x = x * p->stride_w - p->pad[1] + kx * p->dilation_w;
            if (in_y >= 0 && in_y < p->h && in_x >= 0 && in_x < p->w)
                assay__sum_add(&sum, (double)plane[in_y * p->w + in_x]);
        }
    return sum;
}

// The terms of the mean are x / divisor: A and Q are made of them. They have no quantum, as a third
// is no dyadic number.
void assay__mean_store(const assay__sum *sum, double divisor, assay_reference *reference, int64_t i)
{
    assay__sum mean = {
        .value = assay__sum_value(sum) / divisor,
        .magnitude = sum->magnitude / divisor,
        .square = sum->square / (divisor * divisor),
        .terms = sum->terms,
    };
    assay__sum_store(&mean, reference, i);
}

void assay__avg_pool(const assay_problem *problem, const float *const *in,
                     assay_reference *reference)
{
    assay__pool p = assay__pool_of(problem);
    int64_t index = 0;
    for (int64_t plane = 0; plane < p.planes; plane++)
        for (int64_t y = 0; y < p.out_h; y++)
            for (int64_t x = 0; x < p.out_w; x++, index++) {
                assay__sum sum = sum_window(&p, in[0] + plane * p.h * p.w, y, x);
                assay__mean_store(&sum, divisor_of(&p, y, x), reference, index);
            }
    reference->quantum = 0;
}

// At most 3.5 ULP for the division, since a / b may be a (1 / b) with 2.5 ULP for the reciprocal
// and one rounding of the product.
double assay__mean_bound(const assay_reference *reference, int64_t i, double divisor,
                         const assay_arithmetic *a, double quantum, double flushed)
{
    double value = reference->value[i], magnitude = reference->magnitude[i];
    double total = value * divisor, sizes = magnitude * divisor * (1 + 0x1p-50);
    float terms = reference->terms[i] > 1 ? reference->terms[i] - 1 : 0; // n - 1 additions
    assay_reference sum = {.value = &total, .magnitude = &sizes, .terms = &terms, .quantum = 0};
    double reach = (sizes + fabs(total)) / 2;
    bool exact = quantum >= a->least && reach <= ldexp(quantum, a->bits) && reach <= a->most;
    double error = exact ? 0 : assay_sum_bound(&sum, 0, a);
    if (reach + error > a->most)
        return (double)INFINITY; // the sum overflows, or does not where each term is divided first
    error = (error + (double)reference->terms[i] * flushed) / divisor;
    if (divisor > 1 / a->least)
        return (double)INFINITY; // beyond the range in which Vulkan bounds a division
    double quotient = fabs(value) + error;
    double units = divisor > ldexp(1, a->bits) ? 9 : 7; // the divisor itself may be rounded
    return error + units * a->u * (1 + 4 * a->u) * quotient + (value != 0 ? 3.5 * a->spacing : 0) +
           (quotient > 0 && quotient < 2 * a->least ? 2 * a->eta : 0) + 0x1p-51 * magnitude;
}

void assay__means_bound(const assay_problem *problem, const float *const *in,
                        const assay_contract *contract, assay__divisor_function *divisor,
                        const void *context, assay_reference *reference)
{
    assay_arithmetic a = assay_contract_arithmetic(contract);
    assay__scan scan = assay__scan_data(in[0], assay_shape_elements(&problem->input[0]), a.operand);
    double flushed = contract->flush == ASSAY_FLUSH_NO ? 0 : scan.subnormal;
    double quantum = flushed > 0 ? 0 : scan.quantum;
    for (int64_t i = 0; i < reference->count; i++) {
        if (isfinite(reference->value[i]))
            reference->bound[i] =
                assay__mean_bound(reference, i, divisor(context, i), &a, quantum, flushed);
        else if ((double)reference->terms[i] * scan.most > a.most)
            reference->bound[i] = (double)INFINITY;
        else
            reference->bound[i] = assay__bound_special(contract);
    }
}

static double window_divisor(const void *pool, int64_t i)
{
    const assay__pool *p = pool;
    return divisor_of(p, i / p->out_w % p->out_h, i % p->out_w);
}

void assay__avg_pool_bound(const assay_problem *problem, const float *const *in,
                           const assay_contract *contract, assay_reference *reference)
{
    assay__pool p = assay__pool_of(problem);
    assay__means_bound(problem, in, contract, window_divisor, &p, reference);
}
