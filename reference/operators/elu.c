// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

static const assay_attribute attributes[] = {
    {.name = "alpha",
     .spelling = "alpha",
     .variable = "alpha",
     .type = ASSAY_ATTRIBUTE_FLOAT,
     .standard = {.f = 1},
     .summary = "what the negative side goes to, negated"},
};

static double value(double x, const float *p)
{
    return x >= 0 ? x : (double)p[0] * expm1(x);
}

// Below zero alpha (exp(x) - 1), whose error near zero is absolute.
static assay_ball ball(assay_ball x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    assay_ball e = assay_ball_exp(assay_ball_negative_part(x, &m), &m);
    assay_ball below = assay_ball_sub(e, assay_ball_exact(1), &m);
    below = assay_ball_mul(assay_ball_constant((double)p[0], &m), below, &m);
    return assay_ball_branch(x, below, x, &m);
}

// At minus infinity exp is 0, and alpha is still rounded.
static double at_infinity(double x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    assay_ball limit =
        assay_ball_mul(assay_ball_constant((double)p[0], &m), assay_ball_exact(-1), &m);
    return x < 0 ? assay__unary_error(limit, value(x, p), &m) : 0;
}

static const struct assay__unary unary = {value, ball, at_infinity};

const assay_operator assay_op_elu = {
    ASSAY_OPERATOR_ROW(elu),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .kind = ASSAY_KIND_EXP,
    .infer = assay__infer_same,
    .reference = assay__unary_reference,
    .bound = assay__unary_bound,
    .unary = &unary,
    .flops = assay__flops_8,
};
