// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

#include <float.h>

static const assay_attribute attributes[] = {
    {.name = "min",
     .spelling = "lo",
     .variable = "min",
     .type = ASSAY_ATTRIBUTE_FLOAT,
     .standard = {.f = -FLT_MAX},
     .summary = "lower limit"                                         },
    {.name = "max",
     .spelling = "hi",
     .variable = "max",
     .type = ASSAY_ATTRIBUTE_FLOAT,
     .standard = {.f = FLT_MAX},
     .summary = "upper limit; it wins where it is below the lower one"},
};

static double value(double x, const float *p)
{
    double low = (double)p[0], high = (double)p[1];
    double raised = x > low ? x : low; // NaN: one of the limits, or NaN
    return raised < high ? raised : high;
}

// A limit as the kernel holds it. One beyond the accumulator's range keeps nothing out but
// infinity.
static assay_ball limit(float p, const assay_arithmetic *m)
{
    assay_ball held = assay_ball_constant((double)p, m);
    return isinf(held.value) ? assay_ball_exact(copysign(m->most, (double)p)) : held;
}

static assay_ball ball(assay_ball x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    return assay_ball_min(assay_ball_max(x, limit(p[0], &m), &m), limit(p[1], &m), &m);
}

static const struct assay__unary unary = {.value = value, .ball = ball};

// Each of max and min may return either operand when one is NaN: anything between the limits. An
// infinity that no limit keeps out may stay or become the largest finite number: half a unit beyond
// that one rounds to both.
static double special_bound(double x, double low, double high, const assay_contract *contract)
{
    if (contract->nan == ASSAY_NAN_IGNORED)
        return (double)INFINITY;
    if (isnan(x))
        return fabs(high - low);
    return fabs(x > 0 ? high : low) >= (double)FLT_MAX ? 0x1p103 : 0;
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    double low = (double)assay_get(problem, "min")->f, high = (double)assay_get(problem, "max")->f;
    assay__unary_bound(problem, in, contract, result);
    for (int64_t i = 0; i < result->count; i++)
        if (!isfinite(in[0][i]))
            result->bound[i] = special_bound((double)in[0][i], low, high, contract);
}

const assay_operator assay_op_clip = {
    ASSAY_OPERATOR_ROW(clip),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .infer = assay__infer_same,
    .reference = assay__unary_reference,
    .bound = bound,
    .unary = &unary,
    .flops = assay__flops_2,
};
