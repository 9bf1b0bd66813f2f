// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

static double value(double x, const float *p)
{
    (void)p;
    return x / (1 + exp(-x));
}

// x sigmoid(x). Where exp has overflowed a kernel must give what it gives at the cap, however large
// its x is.
static assay_ball ball(assay_ball x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    (void)p;
    assay_ball s = assay__ball_sigmoid(x, &m);
    double cap = m.bits == 11 ? 12 : 128;
    return assay_ball_mul(assay__ball_capped(x, -cap, (double)INFINITY), s, &m);
}

static const struct assay__unary unary = {.value = value, .ball = ball};

const assay_operator assay_op_silu = {
    ASSAY_OPERATOR_ROW(silu),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .kind = ASSAY_KIND_EXP,
    .infer = assay__infer_same,
    .reference = assay__unary_reference,
    .bound = assay__unary_bound,
    .unary = &unary,
    .flops = assay__flops_8,
};
