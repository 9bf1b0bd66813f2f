// SPDX-License-Identifier: Apache-2.0
// What operations on balls are made of, for functions that are added beside ball.c.
#ifndef ASSAY_BALL_INTERNAL_H
#define ASSAY_BALL_INTERNAL_H

#include "reference/ball.h"

#include <math.h>

// Anything may come out.
static const assay_ball assay__ball_anything = {0, (double)INFINITY};

// The largest and the smallest size that a number of the ball can have.
static inline double assay__ball_most(assay_ball b)
{
    return fabs(b.value) + b.error;
}

static inline double assay__ball_least(assay_ball b)
{
    double least = fabs(b.value) - b.error;
    return least > 0 ? least : 0;
}

// Subnormal operands and results may become zero.
static inline bool assay__ball_flushes(const assay_arithmetic *m)
{
    return m->eta >= m->least;
}

// A number of the accumulator's format that is not subnormal: an operation whose exact result it is returns it,
// whatever the rounding.
static inline bool assay__is_number(double x, const assay_arithmetic *m)
{
    int exponent;
    double scaled = ldexp(frexp(x, &exponent), m->bits);
    return x == 0 || (scaled == floor(scaled) && fabs(x) >= m->least && fabs(x) <= m->most);
}

// What fp64 loses of a sum (2Sum).
static inline double assay__residue(double a, double b, double sum)
{
    double back = sum - a;
    return (a - (sum - back)) + (b - back);
}

// An operand as the operation sees it: one that may be subnormal may have become zero.
assay_ball assay__ball_operand(assay_ball b, const assay_arithmetic *m);

// What an operation returns whose exact result lies within `error` of `value`: `relative` of it and
// `ulps` units in the last place.
assay_ball assay__ball_rounded(double value, double error, double relative, double ulps,
                               const assay_arithmetic *m);

#endif
