// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

static const char *const words[] = {"none", "tanh", NULL};

static const assay_attribute attributes[] = {
    {.name = "approximate",
     .spelling = "approximate=",
     .variable = "approximate",
     .type = ASSAY_ATTRIBUTE_WORD,
     .summary = "none: by erf; tanh: by a tanh that is near it",
     .words = words},
};

static double value(double x, const float *p)
{
    bool none = p[0] == 0; // x is its first factor: minus infinity times 0 is NaN
    double u = sqrt(2 / acos(-1)) * (x + 0.044715 * x * x * x);
    return none ? 0.5 * x * erfc(-x / sqrt(2)) : x / (1 + exp(-2 * u));
}

// tanh(sqrt(2 / pi) (x + 0.044715 x^3)), the cube before the sum or x taken out of both.
static assay_ball tanh_ball(assay_ball x, const assay_arithmetic *m)
{
    assay_ball cubic = assay_ball_constant(0.044715, m);
    assay_ball scale = assay_ball_constant(sqrt(2 / acos(-1)), m);
    assay_ball square = assay_ball_mul(x, x, m), cube = assay_ball_mul(square, x, m);
    assay_ball a = assay_ball_add(x, assay_ball_mul(cubic, cube, m), m);
    assay_ball b = assay_ball_add(assay_ball_exact(1), assay_ball_mul(cubic, square, m), m);
    assay_ball u = assay_ball_hull(a, assay_ball_mul(x, b, m));
    return assay__ball_safe_tanh(assay_ball_mul(scale, u, m), m);
}

// erf as Abramowitz and Stegun, 7.1.26: 1 - (a1 t + .. + a5 t^5) exp(-z^2), t = 1 / (1 + 0.3275911
// z), z = |x| / sqrt(2), off by at most 1.5e-7. GLSL has no erf; the bound is of this
// approximation's arithmetic and of any other erf as near.
static assay_ball erf_ball(assay_ball x, const assay_arithmetic *m)
{
    static const double a[] = {1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592};
    assay_ball one = assay_ball_exact(1), size = assay_ball_abs(x, m);
    assay_ball z = assay_ball_mul(size, assay_ball_constant(sqrt(0.5), m), m);
    assay_ball t = assay_ball_mul(z, assay_ball_constant(0.3275911, m), m);
    t = assay_ball_div(one, assay_ball_add(one, t, m), m);
    assay_ball sum = assay_ball_constant(a[0], m);
    for (int k = 1; k < 5; k++)
        sum = assay_ball_add(assay_ball_mul(sum, t, m), assay_ball_constant(a[k], m), m);
    assay_ball power = assay_ball_exp(assay_ball_neg(assay_ball_mul(z, z, m), m), m);
    assay_ball rest = assay_ball_mul(assay_ball_mul(sum, t, m), power, m);
    rest.error += 1.5e-7;
    rest = assay_ball_sub(one, rest, m);
    return x.value < 0 ? assay_ball_neg(rest, m) : rest;
}

// x (1 + s) / 2, s being the sign of a tanh or of erf: 1 + s cancels below zero, so its error is
// absolute. From -cap down a kernel must give what it gives there.
static assay_ball ball(assay_ball x, const float *p, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    double cap = m.bits == 11 ? 16 : 40;
    assay_ball s = assay__ball_capped(x, -cap, cap);
    s = p[0] == 0 ? erf_ball(s, &m) : tanh_ball(s, &m);
    x = assay_ball_mul(assay_ball_exact(0.5), assay__ball_capped(x, -cap, (double)INFINITY), &m);
    return assay_ball_mul(x, assay_ball_add(assay_ball_exact(1), s, &m), &m);
}

static const struct assay__unary unary = {.value = value, .ball = ball};

const assay_operator assay_op_gelu = {
    ASSAY_OPERATOR_ROW(gelu),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .kind = ASSAY_KIND_EXP,
    .infer = assay__infer_same,
    .reference = assay__unary_reference,
    .bound = assay__unary_bound,
    .unary = &unary,
    .flops = assay__flops_8,
};
