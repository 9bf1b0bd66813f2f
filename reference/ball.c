// SPDX-License-Identifier: Apache-2.0
#include "reference/ball_internal.h"

assay_ball assay_ball_exact(double value)
{
    return (assay_ball){value, 0};
}

static bool flushes(const assay_arithmetic *m)
{
    return m->eta >= m->least;
}

assay_ball assay_ball_input(double x, const assay_arithmetic *m)
{
    bool lost = flushes(m) && x != 0 && fabs(x) < m->operand;
    return (assay_ball){x, lost ? fabs(x) : 0};
}

// An operand as the operation sees it: one that may be subnormal may have become zero.
assay_ball assay__ball_operand(assay_ball b, const assay_arithmetic *m)
{
    double most = assay__ball_most(b);
    if (flushes(m) && most > 0 && assay__ball_least(b) < m->least)
        b.error += most < m->least ? most : m->least;
    return b;
}

// What an operation returns whose exact result lies within `error` of `value`: `relative` of it and
// `ulps` units in the last place. 2 u |x| is at least the unit of a normal x, `spacing` that of a
// subnormal one.
assay_ball assay__ball_rounded(double value, double error, double relative, double ulps,
                               const assay_arithmetic *m)
{
    assay_ball b = {value, error};
    double most = assay__ball_most(b),
           unit = 2 * m->u * most > m->spacing ? 2 * m->u * most : m->spacing;
    b.error += relative * most + ulps * unit + 0x1p-50 * most; // the last for the fp64 behind this
    if (!(assay__ball_most(b) <=
          m->most)) // the format's largest number, or infinity, if all of it is that large
        return assay__ball_least(b) >= m->most / 2
                   ? assay_ball_exact(copysign((double)INFINITY, value))
                   : assay__ball_anything;
    if (most > 0 && assay__ball_least(b) < m->least)
        b.error += m->eta;
    return b;
}

assay_ball assay_ball_add(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    a = assay__ball_operand(a, m);
    b = assay__ball_operand(b, m);
    if (isinf(a.value) && assay__ball_most(b) <= m->most / 8)
        return a;
    if (isinf(b.value) && assay__ball_most(a) <= m->most / 8)
        return b;
    return isinf(a.value) || isinf(b.value)
               ? assay__ball_anything
               : assay__ball_rounded(a.value + b.value, a.error + b.error, m->r, 0, m);
}

assay_ball assay_ball_sub(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    b.value = -b.value;
    return assay_ball_add(a, b, m);
}

assay_ball assay_ball_mul(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    a = assay__ball_operand(a, m);
    b = assay__ball_operand(b, m);
    if (isinf(assay__ball_most(a)) || isinf(assay__ball_most(b)))
        return assay__ball_anything;
    double error = fabs(a.value) * b.error + fabs(b.value) * a.error + a.error * b.error;
    return assay__ball_rounded(a.value * b.value, error, m->r, 0, m);
}

assay_ball assay_ball_div(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    a = assay__ball_operand(a, m);
    double least = assay__ball_least(b);
    if (isinf(assay__ball_most(a)) || least < m->least)
        return assay__ball_anything;
    if (isinf(b.value) ||
        assay__ball_most(b) > 1 / m->least) // the reciprocal is subnormal, or zero
        return (assay_ball){0, assay__ball_most(a) * 8 * m->least};
    double quotient = a.value / b.value;
    double error = (a.error + fabs(quotient) * b.error) / least;
    return assay__ball_rounded(quotient, error, 0, 3.5 * (1 + 8 * m->u), m);
}

assay_ball assay_ball_exp(assay_ball x, const assay_arithmetic *m)
{
    x = assay__ball_operand(x, m);
    double most = assay__ball_most(x), value = exp(x.value);
    if (isinf(x.value)) // overflowed: below zero what is left are the units of a vanishing result
        return x.value > 0 ? x : (assay_ball){0, 4 * m->most * m->spacing + m->eta};
    if (!isfinite(most))
        return assay__ball_anything;
    if (exp(x.value - x.error) > m->most)
        return assay_ball_exact((double)INFINITY);
    double spread = value > 0 ? value * expm1(x.error) : exp(x.value + x.error);
    return assay__ball_rounded(value, spread, 0, (m->bits == 11 ? 1 : 3) + 2 * most, m);
}

assay_ball assay_ball_tanh(assay_ball x, const assay_arithmetic *m)
{
    assay_ball half = assay_ball_exact(0.5), minus = {-x.value, x.error};
    assay_ball up = assay_ball_exp(x, m), down = assay_ball_exp(minus, m);
    assay_ball sinh = assay_ball_mul(assay_ball_sub(up, down, m), half, m);
    assay_ball cosh = assay_ball_mul(assay_ball_add(up, down, m), half, m);
    return assay_ball_div(sinh, cosh, m); // anything once one is infinite: inf / inf is NaN
}

double assay_ball_bound(assay_ball b, double value)
{
    if (!isfinite(b.value) || !isfinite(b.error))
        return (double)INFINITY;
    return b.error + fabs(b.value - value) + 0x1p-50 * fabs(value);
}
