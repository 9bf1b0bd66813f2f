// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

static const assay_tensor_info inputs[] = {
    {"in",    "nchw", ASSAY_ROLE_DATA,  "data",                                      false},
    {"slope", "c",    ASSAY_ROLE_SCALE, "factor of the negative side, each channel", false},
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    (void)error;
    problem->output = problem->input[0];
    problem->input[1] = (assay_shape){1, {problem->input[0].dim[1]}};
    return ASSAY_OK;
}

static int64_t channel_of(const assay_problem *problem, int64_t i)
{
    const int64_t *dim = problem->input[0].dim;
    return i / (dim[2] * dim[3]) % dim[1];
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    for (int64_t i = 0; i < result->count; i++) {
        double x = (double)in[0][i], slope = (double)in[1][channel_of(problem, i)];
        result->value[i] = x >= 0 ? x : slope * x;
    }
}

// As leaky_relu's. A slope that is not finite meets only numbers below zero, or what is flushed to
// zero.
static double element_bound(double x, double slope, double value, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    bool tiny = x != 0 && fabs(x) < m.operand && contract->flush != ASSAY_FLUSH_NO;
    bool lost = slope != 0 && fabs(slope) < m.operand && contract->flush != ASSAY_FLUSH_NO;
    if (!isfinite(x)) // infinity times a slope that was flushed is NaN
        return x < 0 && lost ? (double)INFINITY : assay__bound_special(contract);
    if (!isfinite(slope) && x <= 0)
        return tiny ? (double)INFINITY : assay__bound_special(contract);
    if (!isfinite(slope))
        return tiny ? (double)INFINITY : 0;
    assay_ball held = assay_ball_input(x, &m);
    assay_ball below = assay_ball_mul(assay_ball_input(slope, &m), held, &m);
    assay_ball y = assay_ball_branch(held, below, held, &m);
    return assay__unary_error(y, value, &m);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    for (int64_t i = 0; i < result->count; i++)
        result->bound[i] = element_bound((double)in[0][i], (double)in[1][channel_of(problem, i)],
                                         result->value[i], contract);
}

const assay_operator assay_op_prelu = {
    ASSAY_OPERATOR_ROW(prelu),
    ASSAY_INPUTS(inputs, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_SCALE,
    .infer = infer,
    .reference = reference,
    .bound = bound,
    .flops = assay__flops_2,
};
