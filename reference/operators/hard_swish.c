// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

static double value(double x, const float *p)
{
    (void)p;
    double line = x + 3;
    return x * ((line > 0 ? (line < 6 ? line : 6) : 0) / 6); // NaN by its first factor
}

// x (min(max(x + 3, 0), 6) / 6), which covers a factor 1 / 6; or x min(max(x / 6 + 1/2, 0), 1),
// whose error at -3 is absolute.
static assay_ball ball(assay_ball x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    (void)p;
    assay_ball zero = assay_ball_exact(0), six = assay_ball_exact(6);
    assay_ball line = assay_ball_add(x, assay_ball_exact(3), &m);
    line = assay_ball_min(assay_ball_max(line, zero, &m), six, &m);
    assay_ball y = assay_ball_mul(x, assay_ball_div(line, six, &m), &m);
    line = assay_ball_add(assay_ball_div(x, six, &m), assay_ball_exact(0.5), &m);
    line = assay_ball_min(assay_ball_max(line, zero, &m), assay_ball_exact(1), &m);
    return assay_ball_hull(y, assay_ball_mul(x, line, &m));
}

static const struct assay__unary unary = {.value = value, .ball = ball};

const assay_operator assay_op_hard_swish = {
    ASSAY_OPERATOR_ROW(hard_swish),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .infer = assay__infer_same,
    .reference = assay__unary_reference,
    .bound = assay__unary_bound,
    .unary = &unary,
    .flops = assay__flops_2,
};
