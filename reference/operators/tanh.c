// SPDX-License-Identifier: Apache-2.0
#include "reference/ball.h"
#include "reference/operator_internal.h"

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    (void)problem;
    for (int64_t i = 0; i < result->count; i++)
        result->value[i] = tanh((double)in[0][i]);
}

// 1 - 2 / (1 + exp(2x)): its error near zero is absolute, and it is safe where exp overflows. That
// safety is what the form promises: from 40 on, where the quotient no longer counts, a kernel must
// give what it gives at 40, even though the specification would let a division by more than 2^126
// return anything.
static assay_ball standard_form(double x, const assay_arithmetic *m)
{
    if (x > 40)
        x = 40;
    assay_ball one = assay_ball_exact(1);
    assay_ball e = assay_ball_exp(assay_ball_mul(assay_ball_exact(2), assay_ball_exact(x), m), m);
    assay_ball q = assay_ball_div(assay_ball_exact(2), assay_ball_add(one, e, m), m);
    return assay_ball_sub(one, q, m);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    bool native = contract->form == ASSAY_FORM_NATIVE;
    (void)problem;
    for (int64_t i = 0; i < result->count; i++) {
        double x = (double)in[0][i];
        assay_ball y = native ? assay_ball_tanh(assay_ball_exact(x), &m) : standard_form(x, &m);
        result->bound[i] =
            isfinite(x) ? assay_ball_bound(y, result->value[i]) : assay__bound_special(contract);
    }
}

const assay_operator assay_op_tanh = {
    ASSAY_OPERATOR_ROW(tanh),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .kind = ASSAY_KIND_EXP,
    .infer = assay__infer_same,
    .reference = reference,
    .bound = bound,
    .flops = assay__flops_8,
};
