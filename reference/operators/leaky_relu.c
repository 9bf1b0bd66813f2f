// SPDX-License-Identifier: Apache-2.0
#include "reference/ball.h"
#include "reference/operator_internal.h"

static const assay_attribute attributes[] = {
    {.name = "alpha",
     .spelling = "alpha",
     .variable = "alpha",
     .type = ASSAY_ATTRIBUTE_FLOAT,
     .standard = {.f = 0.01f},
     .summary = "slope of the negative side"},
};

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    double alpha = (double)assay_get(problem, "alpha")->f;
    for (int64_t i = 0; i < result->count; i++) {
        double x = (double)in[0][i];
        result->value[i] = x >= 0 ? x : alpha * x;
    }
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    assay_ball alpha = assay_ball_exact((double)assay_get(problem, "alpha")->f);
    for (int64_t i = 0; i < result->count; i++) {
        double x = (double)in[0][i];
        if (!isfinite(x))
            result->bound[i] = assay__bound_special(contract);
        else if (x < 0)
            result->bound[i] = assay_ball_mul(alpha, assay_ball_exact(x), &m).error;
        else
            result->bound[i] = assay__bound_selection(x, x != 0 && x < m.least, contract);
    }
}

const assay_operator assay_op_leaky_relu = {
    ASSAY_OPERATOR_ROW(leaky_relu),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .infer = assay__infer_same,
    .reference = reference,
    .bound = bound,
    .flops = assay__flops_2,
};
