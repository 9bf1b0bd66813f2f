// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

static const assay_attribute attributes[] = {
    {.name = "alpha",
     .spelling = "alpha",
     .variable = "alpha",
     .type = ASSAY_ATTRIBUTE_FLOAT,
     .standard = {.f = 0.2F},
     .summary = "slope"        },
    {.name = "beta",
     .spelling = "beta",
     .variable = "beta",
     .type = ASSAY_ATTRIBUTE_FLOAT,
     .standard = {.f = 0.5F},
     .summary = "value at zero"},
};

static double value(double x, const float *p)
{
    double line = (double)p[0] * x + (double)p[1];
    return line > 0 ? (line < 1 ? line : 1) : 0; // NaN: 0, 1 or NaN
}

static assay_ball ball(assay_ball x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    assay_ball alpha = assay_ball_constant((double)p[0], &m);
    assay_ball line = assay_ball_mul(alpha, x, &m);
    line = assay_ball_add(line, assay_ball_constant((double)p[1], &m), &m);
    return assay_ball_max(assay_ball_exact(0), assay_ball_min(assay_ball_exact(1), line, &m), &m);
}

static double at_infinity(double x, const float *p, const assay_contract *contract)
{
    (void)x;
    return assay__may_vanish((double)p[0], contract) ? (double)INFINITY : 0;
}

static const struct assay__unary unary = {value, ball, at_infinity};

static bool is_open(const assay_problem *problem, double x)
{
    return isnan((double)assay_get(problem, "alpha")->f * x); // NaN, or an infinity with alpha = 0
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__unary_reference(problem, in, result);
    for (int64_t i = 0; i < result->count; i++)
        result->nan_allowed[i] = (uint8_t)is_open(problem, (double)in[0][i]);
}

// Each of max and min may return either operand when one is NaN: anything from 0 to 1.
static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay__unary_bound(problem, in, contract, result);
    for (int64_t i = 0; i < result->count; i++)
        if (is_open(problem, (double)in[0][i]))
            result->bound[i] += 1;
}

const assay_operator assay_op_hard_sigmoid = {
    ASSAY_OPERATOR_ROW(hard_sigmoid),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .infer = assay__infer_same,
    .reference = reference,
    .bound = bound,
    .unary = &unary,
    .flops = assay__flops_2,
};
