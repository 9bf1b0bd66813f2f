// SPDX-License-Identifier: Apache-2.0
// Sums of products in many orders on an adversarial device.
#ifndef ASSAY_TESTS_ADVERSARIAL_SUMS_H
#define ASSAY_TESTS_ADVERSARIAL_SUMS_H

#include "tests/unit/reference/adversarial_device.h"

typedef double summation(adversary *a, const double *x, const double *w, int n);

static inline double in_sequence(adversary *a, const double *x, const double *w, int n)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s = add(a, s, mul(a, x[i], w[i]));
    return s;
}

static inline double in_reverse(adversary *a, const double *x, const double *w, int n)
{
    double s = 0;
    for (int i = n - 1; i >= 0; i--)
        s = add(a, s, mul(a, x[i], w[i]));
    return s;
}

static inline double in_fused_steps(adversary *a, const double *x, const double *w, int n)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s = multiply_add(a, x[i], w[i], s);
    return s;
}

static inline double in_pairs(adversary *a, const double *x, const double *w, int n)
{
    if (n <= 1)
        return n ? mul(a, x[0], w[0]) : 0;
    double first = in_pairs(a, x, w, n / 2);
    return add(a, first, in_pairs(a, x + n / 2, w + n / 2, n - n / 2));
}

static inline double in_lanes(adversary *a, const double *x, const double *w, int n)
{
    double s[4] = {0, 0, 0, 0};
    for (int i = 0; i < n; i++)
        s[i % 4] = multiply_add(a, x[i], w[i], s[i % 4]);
    double even = add(a, s[0], s[2]);
    return add(a, even, add(a, s[1], s[3]));
}

static inline double in_tiles(adversary *a, const double *x, const double *w, int n)
{
    double s = 0;
    for (int i = 0; i < n; i += 8)
        s = add(a, s, in_sequence(a, x + i, w + i, n - i < 8 ? n - i : 8));
    return s;
}

static summation *const summations[] = {in_sequence, in_reverse, in_fused_steps,
                                        in_pairs,    in_lanes,   in_tiles};
enum { SUMMATIONS = sizeof summations / sizeof *summations };

#endif
