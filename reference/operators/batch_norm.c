// SPDX-License-Identifier: Apache-2.0
#include "reference/norm_internal.h"

static const assay_attribute attributes[] = {ASSAY_ATTRIBUTE_EPSILON};

static const assay_tensor_info inputs[] = {
    {"in",    "nchw", ASSAY_ROLE_DATA,     "data",                                  false},
    {"scale", "c",    ASSAY_ROLE_SCALE,    "one number a channel",                  false},
    {"bias",  "c",    ASSAY_ROLE_BIAS,     "one number a channel, added last",      false},
    {"mean",  "c",    ASSAY_ROLE_BIAS,     "mean of a channel over a data set",     false},
    {"var",   "c",    ASSAY_ROLE_VARIANCE, "variance of a channel over a data set", false},
};

static int64_t channel_of(const assay_problem *problem, int64_t i)
{
    const int64_t *x = problem->input[0].dim;
    return i / (x[2] * x[3]) % x[1];
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    double epsilon = (double)assay_get(problem, "epsilon")->f;
    for (int64_t i = 0; i < result->count; i++) {
        int64_t c = channel_of(problem, i);
        assay__normed e = {
            .x = (double)in[0][i],
            .scale = (double)in[1][c],
            .bias = (double)in[2][c],
            .mean = assay_ball_exact((double)in[3][c]),
            .inverse = assay_ball_exact(1 / sqrt((double)in[4][c] + epsilon)),
        };
        result->value[i] = assay__normed_value(&e);
    }
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    float epsilon = assay_get(problem, "epsilon")->f;
    for (int64_t i = 0; i < result->count; i++) {
        int64_t c = channel_of(problem, i);
        double mean = (double)in[3][c], variance = (double)in[4][c];
        assay__normed e = {
            .x = (double)in[0][i],
            .scale = (double)in[1][c],
            .bias = (double)in[2][c],
            .mean = assay_ball_input(mean, &m),
            .inverse = assay__inverse_ball(assay_ball_input(variance, &m), epsilon, &m),
        };
        if (isnan(mean) || isnan(variance))
            result->bound[i] = assay__bound_special(contract);
        else if (isinf(mean) || isinf(variance))
            result->bound[i] = (double)INFINITY;
        else
            result->bound[i] = assay__normed_bound(&e, result->value[i], contract);
    }
}

const assay_operator assay_op_batch_norm = {
    ASSAY_OPERATOR_ROW(batch_norm),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(inputs, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .kind = ASSAY_KIND_NORM,
    .infer = assay__norm_infer,
    .reference = reference,
    .bound = bound,
    .flops = assay__flops_2,
};
