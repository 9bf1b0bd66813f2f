// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

static const assay_attribute attributes[] = {
    {.name = "alpha",
     .spelling = "alpha",
     .variable = "alpha",
     .type = ASSAY_ATTRIBUTE_FLOAT,
     .standard = {.f = 1.67326319217681884765625F},
     .summary = "what the negative side goes to, negated and divided by gamma"},
    {.name = "gamma",
     .spelling = "gamma",
     .variable = "gamma",
     .type = ASSAY_ATTRIBUTE_FLOAT,
     .standard = {.f = 1.05070102214813232421875F},
     .summary = "factor of everything"                                        },
};

static double value(double x, const float *p)
{
    return (double)p[1] * (x > 0 ? x : (double)p[0] * expm1(x));
}

// gamma x, or gamma (alpha (exp(x) - 1)).
static assay_ball ball(assay_ball x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    assay_ball gamma = assay_ball_constant((double)p[1], &m);
    assay_ball e = assay_ball_exp(assay_ball_negative_part(x, &m), &m);
    assay_ball below = assay_ball_sub(e, assay_ball_exact(1), &m);
    below = assay_ball_mul(assay_ball_constant((double)p[0], &m), below, &m);
    return assay_ball_branch(x, assay_ball_mul(gamma, below, &m), assay_ball_mul(gamma, x, &m), &m);
}

// At minus infinity exp is 0, and alpha, gamma and their product are still rounded.
static double at_infinity(double x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    if (x > 0)
        return assay__may_vanish((double)p[1], contract) ? (double)INFINITY : 0;
    assay_ball limit =
        assay_ball_mul(assay_ball_constant((double)p[0], &m), assay_ball_exact(-1), &m);
    limit = assay_ball_mul(assay_ball_constant((double)p[1], &m), limit, &m);
    return assay__unary_error(limit, value(x, p), &m);
}

static const struct assay__unary unary = {value, ball, at_infinity};

const assay_operator assay_op_selu = {
    ASSAY_OPERATOR_ROW(selu),
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
