// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

static double value(double x, const float *p)
{
    (void)p;
    double e = exp(x), n = e * (e + 2);
    return x > 40 ? x : x * (n / (n + 2));
}

// x tanh(log(1 + e)) = x n / (n + 2) with e = exp(x) and n = e (e + 2). From `most` on the quotient
// is 1 to the last bit, and from -cap down exp is 0: there a kernel must give what it gives at the
// cap.
static assay_ball ball(assay_ball x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    (void)p;
    double cap = m.bits == 11 ? 20 : 128, most = m.bits == 11 ? 4.75 : 20;
    assay_ball two = assay_ball_exact(2);
    assay_ball e = assay_ball_exp(assay__ball_capped(x, -cap, most), &m);
    assay_ball n = assay_ball_mul(e, assay_ball_add(e, two, &m), &m);
    assay_ball q = assay_ball_div(n, assay_ball_add(n, two, &m), &m);
    return assay_ball_mul(assay__ball_capped(x, -cap, (double)INFINITY), q, &m);
}

static const struct assay__unary unary = {.value = value, .ball = ball};

const assay_operator assay_op_mish = {
    ASSAY_OPERATOR_ROW(mish),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .kind = ASSAY_KIND_EXP,
    .infer = assay__infer_same,
    .reference = assay__unary_reference,
    .bound = assay__unary_bound,
    .unary = &unary,
    .flops = assay__flops_8,
};
