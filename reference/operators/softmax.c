// SPDX-License-Identifier: Apache-2.0
#include "reference/axis_rows_internal.h"

static const assay_attribute attributes[] = {ASSAY_ATTRIBUTE_ROW_AXIS};

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__axis_rows r = assay__axis_rows_of(problem);
    for (int64_t row = 0; row < r.outer * r.step; row++) {
        const float *x = in[0] + assay__axis_row_start(&r, row);
        double *y = result->value + assay__axis_row_start(&r, row);
        double most = assay__axis_row_most(x, &r), total = assay__axis_row_total(x, most, &r);
        for (int64_t k = 0; k < r.length; k++)
            y[k * r.step] = exp((double)x[k * r.step] - most) / total;
    }
}

static void bound_row(const float *x, const double *value, const assay__axis_rows *r,
                      const assay_contract *contract, double *bound)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    double most = assay__axis_row_most(x, r);
    bool finite = assay__axis_row_finite(x, r);
    // A NaN or plus infinity, or nothing but minus infinity, makes the whole row NaN.
    bool special = isnan(value[0]) || (!finite && contract->nan == ASSAY_NAN_IGNORED);
    assay_ball sum = special ? assay_ball_exact(1) : assay__axis_row_sum(x, most, r, &m);
    for (int64_t k = 0; k < r->length; k++) {
        assay_ball e = special ? sum : assay__axis_row_power((double)x[k * r->step], most, &m);
        bound[k * r->step] = special
                                 ? assay__bound_special(contract)
                                 : assay_ball_bound(assay_ball_div(e, sum, &m), value[k * r->step]);
    }
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

const assay_operator assay_op_softmax = {
    ASSAY_OPERATOR_ROW(softmax),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .kind = ASSAY_KIND_EXP,
    .infer = assay__infer_same,
    .reference = reference,
    .bound = bound,
    .flops = assay__flops_8,
};
