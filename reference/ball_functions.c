// SPDX-License-Identifier: Apache-2.0
// Selections, roots and the logarithm of balls.
#include "reference/ball_internal.h"

static double low_of(assay_ball b)
{
    return b.value - b.error;
}

static double high_of(assay_ball b)
{
    return b.value + b.error;
}

assay_ball assay_ball_abs(assay_ball x, const assay_arithmetic *m)
{
    x = assay__ball_operand(x, m);
    x.value = fabs(x.value);
    return x;
}

assay_ball assay_ball_neg(assay_ball x, const assay_arithmetic *m)
{
    x = assay__ball_operand(x, m);
    x.value = -x.value;
    return x;
}

assay_ball assay_ball_hull(assay_ball a, assay_ball b)
{
    if (isinf(a.value) || isinf(b.value))
        return a.value == b.value ? a : assay__ball_anything;
    double reach = fabs(b.value - a.value) + b.error;
    if (reach > a.error)
        a.error = reach;
    return a;
}

// Not zero, but may be taken for it.
static bool may_vanish(assay_ball b, const assay_arithmetic *m)
{
    return assay__ball_flushes(m) && (b.value != 0 || b.error != 0) && low_of(b) < m->least &&
           high_of(b) > -m->least;
}

// One of them overflowed: it is beyond half the largest number, or infinite.
static assay_ball max_of_overflow(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    if (isinf(a.error) || isinf(b.error))
        return assay__ball_anything;
    if (a.value == (double)INFINITY || b.value == (double)INFINITY)
        return assay_ball_exact((double)INFINITY);
    if (a.value == b.value)
        return a;
    assay_ball other = isinf(a.value) ? b : a;
    if (low_of(other) >= -m->most / 2)
        return other;
    return high_of(other) <= -m->most / 2 ? assay_ball_exact(-(double)INFINITY)
                                          : assay__ball_anything;
}

assay_ball assay_ball_max(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    if (!isfinite(a.value + a.error) || !isfinite(b.value + b.error))
        return max_of_overflow(a, b, m);
    bool vanishes = may_vanish(a, m) || may_vanish(b, m);
    a = assay__ball_operand(a, m);
    b = assay__ball_operand(b, m);
    double low = fmax(low_of(a), low_of(b)), high = fmax(high_of(a), high_of(b));
    // Subnormal numbers may compare equal to each other and to zero; either of the two comes out.
    if (vanishes && fabs(low) < m->least)
        low = fmin(low, fmax(fmin(low_of(a), low_of(b)), -m->least));
    double value = fmax(a.value, b.value);
    return (assay_ball){value, fmax(high - value, value - low)};
}

assay_ball assay_ball_min(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    a.value = -a.value;
    b.value = -b.value;
    assay_ball y = assay_ball_max(a, b, m);
    y.value = -y.value;
    return y;
}

// Subnormal numbers may get into either branch.
assay_ball assay_ball_negative_part(assay_ball x, const assay_arithmetic *m)
{
    if (isinf(x.error) || high_of(x) <= m->least)
        return x;
    double low = low_of(x);
    return low >= 0 ? assay_ball_exact(0) : (assay_ball){low / 2, -low / 2};
}

assay_ball assay_ball_branch(assay_ball x, assay_ball negative, assay_ball positive,
                             const assay_arithmetic *m)
{
    bool above = x.value >= 0;
    x = assay__ball_operand(x, m);
    if (low_of(x) > 0)
        return positive;
    if (high_of(x) < 0)
        return negative;
    return above ? assay_ball_hull(positive, negative) : assay_ball_hull(negative, positive);
}

assay_ball assay_ball_log(assay_ball x, const assay_arithmetic *m)
{
    x = assay__ball_operand(x, m);
    double low = low_of(x), high = high_of(x);
    if (!isfinite(high) || !(low > 0))
        return assay__ball_anything;
    double error = -log1p(-x.error / x.value);
    if (high >= 0.5 && low <= 2)
        error += m->bits == 11 ? 0x1p-7 : 0x1p-21;
    return assay__ball_rounded(log(x.value), error, 0, low < 0.5 || high > 2 ? 3 : 0, m);
}

assay_ball assay_ball_inversesqrt(assay_ball x, const assay_arithmetic *m)
{
    x = assay__ball_operand(x, m);
    if (!isfinite(high_of(x)) || !(low_of(x) > 0))
        return assay__ball_anything;
    double value = 1 / sqrt(x.value);
    return assay__ball_rounded(value, 1 / sqrt(low_of(x)) - value, 0, 2, m);
}

assay_ball assay_ball_sqrt(assay_ball x, const assay_arithmetic *m)
{
    if (!isfinite(high_of(x)) || low_of(x) < 0)
        return assay__ball_anything;
    if (high_of(x) == 0)
        return x;
    assay_ball seen = assay__ball_operand(x, m);
    if (low_of(seen) > 0)
        return assay_ball_div(assay_ball_exact(1), assay_ball_inversesqrt(x, m), m);
    double value = sqrt(x.value), most = sqrt(high_of(seen)) * (1 + 16 * m->u);
    return (assay_ball){value, fmax(value, most - value)};
}
