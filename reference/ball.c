// SPDX-License-Identifier: Apache-2.0
#include "reference/ball_internal.h"

#include "reference/format.h"

assay_ball assay_ball_exact(double value)
{
    return (assay_ball){value, 0};
}

// x is a number of the accumulator's format that no flushing changes.
static bool is_held(double x, const assay_arithmetic *m)
{
    if (x == 0)
        return true;
    if (fabs(x) > m->most || (assay__ball_flushes(m) && fabs(x) < m->least))
        return false;
    double stored = m->bits == 11 ? (double)assay_from_f16(assay_to_f16(x))
                                  : (double)assay_round_f32(x, ASSAY_TO_NEAREST);
    return stored == x;
}

assay_ball assay_ball_constant(double x, const assay_arithmetic *m)
{
    if (is_held(x, m) || (m->bits == 24 && fabs(x) < m->least))
        return assay_ball_exact(x);
    if (fabs(x) > m->most)
        return assay_ball_exact(copysign((double)INFINITY, x));
    return (assay_ball){x, 2 * m->u * fabs(x) + m->spacing};
}

assay_ball assay_ball_input(double x, const assay_arithmetic *m)
{
    bool lost = assay__ball_flushes(m) && x != 0 && fabs(x) < m->operand;
    return (assay_ball){x, lost ? fabs(x) : 0};
}

assay_ball assay__ball_operand(assay_ball b, const assay_arithmetic *m)
{
    double most = assay__ball_most(b);
    if (assay__ball_flushes(m) && most > 0 && assay__ball_least(b) < m->least)
        b.error += most < m->least ? most : m->least;
    return b;
}

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

// a + b where fp64 holds it, else NaN (2Sum).
static double exact_sum(double a, double b)
{
    double sum = a + b, back = sum - a;
    return (a - (sum - back)) + (b - back) == 0 ? sum : (double)NAN;
}

assay_ball assay_ball_add(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    a = assay__ball_operand(a, m);
    b = assay__ball_operand(b, m);
    if (isinf(a.value) && assay__ball_most(b) <= m->most / 8)
        return a;
    if (isinf(b.value) && assay__ball_most(a) <= m->most / 8)
        return b;
    if (isinf(a.value) || isinf(b.value))
        return assay__ball_anything;
    if (a.error + b.error == 0 && is_held(exact_sum(a.value, b.value), m))
        return assay_ball_exact(a.value + b.value);
    return assay__ball_rounded(a.value + b.value, a.error + b.error, m->r, 0, m);
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
    if (a.error + b.error == 0 && is_held(a.value * b.value, m))
        return assay_ball_exact(a.value * b.value);
    return assay__ball_rounded(a.value * b.value, error, m->r, 0, m);
}

assay_ball assay_ball_div(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    a = assay__ball_operand(a, m);
    double least = assay__ball_least(b);
    if (isinf(assay__ball_most(a)) || least < m->least)
        return assay__ball_anything;
    if (assay__ball_most(a) == 0)
        return a;
    if (isinf(b.value) ||
        assay__ball_most(b) > 1 / m->least) // the reciprocal is subnormal, or zero
        return (assay_ball){0, assay__ball_most(a) * 8 * m->least + m->spacing};
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
