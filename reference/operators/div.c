// SPDX-License-Identifier: Apache-2.0
#include "reference/binary_internal.h"

#include <math.h>

static double value_of(double a, double b)
{
    return a / b;
}

// Zero divided by a number that Vulkan bounds divisions by is zero, in a (1 / b) too.
static assay_ball ball_of(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    assay_ball quotient = assay_ball_div(a, b, m);
    bool zero = a.value == 0 && a.error == 0 && isfinite(quotient.error);
    return zero ? assay_ball_exact(0) : quotient;
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__binary_reference(problem, in, value_of, result);
}

// Vulkan bounds divisions by numbers in [2^-126, 2^126] alone (f16: 2^-14 and 2^14). Beyond, 1 / b
// may be zero or infinite, and a (1 / b) with an infinite a is NaN.
static bool open_for_infinity(assay__pair o, const assay_arithmetic *m)
{
    double b = fabs(o.b);
    return isinf(o.a) && isfinite(b) && (b < m->least || b > 1 / m->least);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    assay__binary_bound(problem, in, contract, ball_of, NULL, result);
    for (int64_t i = 0; i < result->count; i++)
        if (open_for_infinity(assay__pair_at(problem, in, i), &m))
            result->bound[i] = (double)INFINITY;
}

const assay_operator assay_op_div = {
    ASSAY_OPERATOR_ROW(div),   ASSAY_INPUTS(assay__inputs_binary, 2),
    .output = "nchw",          .symmetry = ASSAY_SYMMETRY_FIRST,
    .kind = ASSAY_KIND_DIVIDE, .infer = assay__binary_infer,
    .reference = reference,    .bound = bound,
    .flops = assay__flops_1,
};
