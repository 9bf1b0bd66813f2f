// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

static double value(double x, const float *p)
{
    (void)p;
    return isinf(x) ? copysign(1, x) : x / (1 + fabs(x));
}

// x / (1 + |x|). From the cap on a kernel must give what it gives there: a quotient of two numbers
// beyond 2^126 (f16: 2^14) may be anything.
static assay_ball ball(assay_ball x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    (void)p;
    double cap = m.bits == 11 ? 0x1p13 : 0x1p30;
    x = assay__ball_capped(x, -cap, cap);
    return assay_ball_div(x, assay_ball_add(assay_ball_exact(1), assay_ball_abs(x, &m), &m), &m);
}

static const struct assay__unary unary = {.value = value, .ball = ball};

// The limit at infinity, beside which the quotient of two infinities is right.
static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__unary_reference(problem, in, result);
    for (int64_t i = 0; i < result->count; i++)
        result->nan_allowed[i] = (uint8_t)isinf(in[0][i]);
}

const assay_operator assay_op_softsign = {
    ASSAY_OPERATOR_ROW(softsign),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .kind = ASSAY_KIND_EXP,
    .infer = assay__infer_same,
    .reference = reference,
    .bound = assay__unary_bound,
    .unary = &unary,
    .flops = assay__flops_2,
};
