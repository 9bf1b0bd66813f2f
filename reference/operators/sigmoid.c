// SPDX-License-Identifier: Apache-2.0
#include "reference/ball.h"
#include "reference/operator_internal.h"

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    (void)problem;
    for (int64_t i = 0; i < result->count; i++)
        result->value[i] = 1 / (1 + exp(-(double)in[0][i]));
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    assay_ball one = assay_ball_exact(1);
    (void)problem;
    for (int64_t i = 0; i < result->count; i++) {
        double x = (double)in[0][i];
        assay_ball e = assay_ball_exp(assay_ball_exact(-x), &m);
        assay_ball y = assay_ball_div(one, assay_ball_add(one, e, &m), &m);
        result->bound[i] =
            isfinite(x) ? assay_ball_bound(y, result->value[i]) : assay__bound_special(contract);
    }
}

const assay_operator assay_op_sigmoid = {
    ASSAY_OPERATOR_ROW(sigmoid),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .kind = ASSAY_KIND_EXP,
    .infer = assay__infer_same,
    .reference = reference,
    .bound = bound,
    .flops = assay__flops_8,
};
