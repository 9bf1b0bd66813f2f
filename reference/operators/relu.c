// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

static double value(double x, const float *p)
{
    (void)p;
    return x > 0 ? x : 0; // max(NaN, 0) may return either
}

static assay_ball ball(assay_ball x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    (void)p;
    return assay_ball_max(x, assay_ball_exact(0), &m);
}

static const struct assay__unary unary = {.value = value, .ball = ball};

const assay_operator assay_op_relu = {
    ASSAY_OPERATOR_ROW(relu),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_SCALE,
    .infer = assay__infer_same,
    .reference = assay__unary_reference,
    .bound = assay__unary_bound,
    .unary = &unary,
    .flops = assay__flops_1,
};
