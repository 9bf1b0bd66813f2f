// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

static double value(double x, const float *p)
{
    (void)p;
    return exp(x);
}

static assay_ball ball(assay_ball x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    (void)p;
    return assay_ball_exp(x, &m);
}

static const struct assay__unary unary = {.value = value, .ball = ball};

const assay_operator assay_op_exp = {
    ASSAY_OPERATOR_ROW(exp),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .kind = ASSAY_KIND_EXP,
    .infer = assay__infer_same,
    .reference = assay__unary_reference,
    .bound = assay__unary_bound,
    .unary = &unary,
    .flops = assay__flops_1,
};
