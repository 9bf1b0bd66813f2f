// SPDX-License-Identifier: Apache-2.0
// Powers as exp2(b log2(a)): that is what Vulkan says of pow.
#include "reference/ball_internal.h"
#include "reference/binary_internal.h"

static const double ln2 = 0x1.62e42fefa39efp-1;

assay_ball assay__ball_log2(assay_ball x, const assay_arithmetic *m)
{
    x = assay__ball_operand(x, m);
    double low = x.value - x.error, high = x.value + x.error;
    if (!(low > 0) || isinf(high))
        return assay__ball_anything;
    double value = log2(x.value);
    double down = value - log2(low), up = log2(high) - value;
    double spread = down > up ? down : up;
    assay_ball near_one = {value,
                           spread + (m->bits == 11 ? 0x1p-7 : 0x1p-21) + 0x1p-50 * fabs(value)};
    assay_ball far = assay__ball_rounded(value, spread, 0, 3, m);
    bool inside = low >= 0.5 && high <= 2, outside = high < 0.5 || low > 2;
    return inside || (!outside && near_one.error > far.error) ? near_one : far;
}

assay_ball assay__ball_exp2(assay_ball x, const assay_arithmetic *m)
{
    x = assay__ball_operand(x, m);
    double most = assay__ball_most(x), value = exp2(x.value);
    if (isinf(x.value)) // overflowed: below zero what is left are the units of a vanishing result
        return x.value > 0 ? x : (assay_ball){0, 4 * m->most * m->spacing + m->eta};
    if (!isfinite(most))
        return assay__ball_anything;
    if (exp2(x.value - x.error) > m->most)
        return assay_ball_exact((double)INFINITY);
    double spread = value > 0 ? value * expm1(x.error * ln2) : exp2(x.value + x.error);
    return assay__ball_rounded(value, spread, 0, (m->bits == 11 ? 1 : 3) + 2 * most, m);
}

// Of a base whose size is `a`, and that may be zero where its least size is.
static assay_ball power_of_size(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    bool flushed = assay__ball_least(a) == 0 || assay__ball_operand(a, m).error >= a.value;
    if (!flushed)
        return assay__ball_exp2(assay_ball_mul(b, assay__ball_log2(a, m), m), m);
    if (!(b.value - b.error >
          0)) // as a division by zero; 0 to the power 0 too, if the exponent was flushed
        return b.value == 0 && b.error == 0 ? assay_ball_exact(1) : assay__ball_anything;
    if (a.value == 0)
        return assay_ball_exact(0);
    assay_arithmetic unflushed = *m; // zero, or what the power is where nothing is flushed
    unflushed.eta = m->spacing;
    a.error = 0;
    assay_ball power = assay__ball_exp2(assay_ball_mul(b, assay__ball_log2(a, &unflushed), m), m);
    power.error += fabs(power.value);
    return power;
}

assay_ball assay__ball_pow(assay_ball a, assay_ball b, const assay_arithmetic *m)
{
    bool negative = a.value < 0;
    double whole = floor(b.value);
    if (negative &&
        (whole != b.value || b.error > 0)) // no number, or 1 if the exponent was flushed
        return assay__ball_anything;
    a.value = fabs(a.value);
    assay_ball power = power_of_size(a, b, m);
    if (negative && fmod(whole, 2) != 0)
        power.value = -power.value;
    return power;
}
