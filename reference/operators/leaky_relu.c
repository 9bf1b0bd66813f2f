// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

static const assay_attribute attributes[] = {
    {.name = "alpha",
     .spelling = "alpha",
     .variable = "alpha",
     .type = ASSAY_ATTRIBUTE_FLOAT,
     .standard = {.f = 0.01F},
     .summary = "slope of the negative side"},
};

static double value(double x, const float *p)
{
    return x >= 0 ? x : (double)p[0] * x;
}

// Below zero one product, exact where the accumulator holds it. A subnormal x that is flushed lands
// on the other side of the comparison, where x itself comes out.
static assay_ball ball(assay_ball x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    assay_ball below = assay_ball_negative_part(x, &m);
    below = assay_ball_mul(assay_ball_constant((double)p[0], &m), below, &m);
    return assay_ball_branch(x, below, x, &m);
}

static double at_infinity(double x, const float *p, const assay_contract *contract)
{
    return x < 0 && assay__may_vanish((double)p[0], contract) ? (double)INFINITY : 0;
}

static const struct assay__unary unary = {value, ball, at_infinity};

const assay_operator assay_op_leaky_relu = {
    ASSAY_OPERATOR_ROW(leaky_relu),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_SCALE,
    .infer = assay__infer_same,
    .reference = assay__unary_reference,
    .bound = assay__unary_bound,
    .unary = &unary,
    .flops = assay__flops_2,
};
