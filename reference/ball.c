// SPDX-License-Identifier: Apache-2.0
#include "reference/ball.h"

#include <math.h>

static const double infinite = (double)INFINITY;

assay_ball assay_ball_exact(double value)
{
    return (assay_ball){value, 0};
}

static bool may_flush(const assay_arithmetic *m)
{
    return m->eta >= m->least;
}

// An operand as the operation sees it: a subnormal one may have become zero.
static assay_ball operand(assay_ball a, const assay_arithmetic *m)
{
    double size = fabs(a.value);
    if (may_flush(m) && size + a.error > 0 && size - a.error < m->least)
        a.error += size + a.error < m->least ? size + a.error : m->least;
    return a;
}

// `ulps` units in the last place of a result within `error` of `value`, and what underflow may
// take. 2 u |x| is at least the unit of a normal x, `spacing` that of a subnormal one.
static assay_ball rounded(double value, double error, double relative, double ulps,
                          const assay_arithmetic *m)
{
    double size = fabs(value) + error;
    double unit = 2 * m->u * size > m->spacing ? 2 * m->u * size : m->spacing;
    error += relative * size + ulps * unit;
    if (size > 0 && fabs(value) - error < 2 * m->least)
        error += m->eta;
    return (assay_ball){value, error + fabs(value) * 0x1p-50}; // the ball's own arithmetic
}

assay_ball assay_ball_add(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    a = operand(a, m);
    b = operand(b, m);
    return rounded(a.value + b.value, a.error + b.error, m->r, 0, m);
}

assay_ball assay_ball_sub(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    b.value = -b.value;
    return assay_ball_add(a, b, m);
}

assay_ball assay_ball_mul(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    a = operand(a, m);
    b = operand(b, m);
    double error = fabs(a.value) * b.error + fabs(b.value) * a.error + a.error * b.error;
    return rounded(a.value * b.value, error, m->r, 0, m);
}

assay_ball assay_ball_div(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    double size = fabs(b.value), low = size - b.error;
    a = operand(a, m);
    if (size > 0.5 / m->least || isnan(b.error)) {
        // Beyond 2^126 the reciprocal is subnormal: the quotient may be that, or zero.
        return (assay_ball){a.value / b.value, (fabs(a.value) + a.error) * 8 * m->least};
    }
    if (!(low >= m->least))
        return (assay_ball){a.value / b.value, infinite};
    double value = a.value / b.value;
    return rounded(value, (a.error + fabs(value) * b.error) / low, 0, 3.5, m);
}

assay_ball assay_ball_exp(assay_ball x, const assay_arithmetic *m)
{
    x = operand(x, m);
    double value = exp(x.value);
    double constant = m->bits == 11 ? 1 : 3;
    double ulps = constant + 2 * (fabs(x.value) + x.error);
    if (value == 0 ||
        isinf(value)) // far below the smallest subnormal, or far above the largest number
        return (assay_ball){value, value == 0 ? 2 * m->eta : infinite};
    return rounded(value, value * expm1(x.error), 0, ulps, m);
}

assay_ball assay_ball_tanh(assay_ball x, const assay_arithmetic *m)
{
    assay_ball minus = {-x.value, x.error};
    assay_ball up = assay_ball_exp(x, m), down = assay_ball_exp(minus, m);
    double larger = up.value > down.value ? up.value : down.value;
    double spread = up.value > down.value ? up.error : down.error;
    if (!(larger + spread <= m->most))
        return (assay_ball){tanh(x.value),
                            infinite}; // infinity over infinity is among the results allowed
    assay_ball half = assay_ball_exact(0.5);
    assay_ball sinh = assay_ball_mul(assay_ball_sub(up, down, m), half, m);
    assay_ball cosh = assay_ball_mul(assay_ball_add(up, down, m), half, m);
    assay_ball result = assay_ball_div(sinh, cosh, m);
    result.error += fabs(result.value - tanh(x.value));
    result.value = tanh(x.value);
    return result;
}
