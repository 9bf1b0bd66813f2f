// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

static double value(double x, const float *p)
{
    (void)p;
    return (x > 0 ? x : 0) + log1p(exp(-fabs(x)));
}

// max(x, 0) + log(1 + exp(-|x|)): the error of the logarithm is absolute.
static assay_ball ball(assay_ball x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    (void)p;
    assay_ball minus = assay_ball_neg(assay_ball_abs(x, &m), &m);
    assay_ball sum = assay_ball_add(assay_ball_exact(1), assay_ball_exp(minus, &m), &m);
    return assay_ball_add(assay_ball_max(x, assay_ball_exact(0), &m), assay_ball_log(sum, &m), &m);
}

// At minus infinity it is the logarithm of 1, which need not be 0.
static double at_infinity(double x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    (void)p;
    return x < 0 ? assay_ball_log(assay_ball_exact(1), &m).error : 0;
}

static const struct assay__unary unary = {value, ball, at_infinity};

const assay_operator assay_op_softplus = {
    ASSAY_OPERATOR_ROW(softplus),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .kind = ASSAY_KIND_EXP,
    .infer = assay__infer_same,
    .reference = assay__unary_reference,
    .bound = assay__unary_bound,
    .unary = &unary,
    .flops = assay__flops_8,
};
