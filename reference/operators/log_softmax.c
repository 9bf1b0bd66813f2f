// SPDX-License-Identifier: Apache-2.0
#include "reference/axis_rows_internal.h"

static const assay_attribute attributes[] = {ASSAY_ATTRIBUTE_ROW_AXIS};

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__axis_rows r = assay__axis_rows_of(problem);
    for (int64_t row = 0; row < r.outer * r.step; row++) {
        const float *x = in[0] + assay__axis_row_start(&r, row);
        double *y = result->value + assay__axis_row_start(&r, row);
        double most = assay__axis_row_most(x, &r), total = log(assay__axis_row_total(x, most, &r));
        for (int64_t k = 0; k < r.length; k++)
            y[k * r.step] = (double)x[k * r.step] - most - total;
    }
}

// (x - max) - log of the sum. Vulkan may take it for x - (max + log of the sum) as well, which
// rounds a number of the size of both.
static double element_bound(double x, double most, assay_ball total, double value,
                            const assay_arithmetic *m)
{
    if (isinf(x))
        return isfinite(total.error) ? 0 : (double)INFINITY;
    assay_ball y = assay_ball_sub(assay__axis_row_shifted(x, most, m), total, m);
    y.error += m->r * (fabs(most) + fabs(total.value) + total.error) + m->eta;
    return assay_ball_bound(y, value);
}

static void bound_row(const float *x, const double *value, const assay__axis_rows *r,
                      const assay_contract *contract, double *bound)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    double most = assay__axis_row_most(x, r);
    // A NaN or plus infinity, or nothing but minus infinity, makes the whole row NaN.
    bool special =
        isnan(value[0]) || (!assay__axis_row_finite(x, r) && contract->nan == ASSAY_NAN_IGNORED);
    assay_ball total =
        special ? assay_ball_exact(0) : assay_ball_log(assay__axis_row_sum(x, most, r, &m), &m);
    for (int64_t k = 0; k < r->length; k++)
        bound[k * r->step] =
            special ? assay__bound_special(contract)
                    : element_bound((double)x[k * r->step], most, total, value[k * r->step], &m);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay__axis_rows r = assay__axis_rows_of(problem);
    for (int64_t row = 0; row < r.outer * r.step; row++) {
        int64_t start = assay__axis_row_start(&r, row);
        bound_row(in[0] + start, result->value + start, &r, contract, result->bound + start);
    }
}

const assay_operator assay_op_log_softmax = {
    ASSAY_OPERATOR_ROW(log_softmax),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .infer = assay__infer_same,
    .reference = reference,
    .bound = bound,
    .flops = assay__flops_8,
};
