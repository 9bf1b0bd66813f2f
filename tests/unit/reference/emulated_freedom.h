// SPDX-License-Identifier: Apache-2.0
// Single operations of an emulated kernel, as inexact as Vulkan allows.
#ifndef ASSAY_TESTS_EMULATED_FREEDOM_H
#define ASSAY_TESTS_EMULATED_FREEDOM_H

#include "tests/unit/reference/emulated_kernels.h"

enum { LONGEST = 1024 };
static float ones[LONGEST], scratch[LONGEST]; // the first are ones once fill_ones was called

static const double shares[] = {-1, 1, 0.3};
enum { SHARES = 3, VARIANTS = SHARES * SHARES * ROUNDING_MODES };

// What an emulated kernel does with its freedom.
typedef struct freedom {
    double root, quotient; // shares of the units that Vulkan allows
    int order, mode;
} freedom;

static inline freedom freedom_of(int variant)
{
    return (freedom){shares[variant % SHARES], shares[variant / SHARES % SHARES], variant % ORDERS,
                     rounding_modes[variant / SHARES / SHARES % ROUNDING_MODES]};
}

static inline float multiply_add(float a, float b, float c, const freedom *f)
{
    const float x[] = {c, a}, w[] = {1, b};
    return sum_in_mode(0, f->mode, x, w, 2);
}

static inline float add(float a, float b, const freedom *f)
{
    return multiply_add(a, 1, b, f);
}

static inline float multiply(float a, float b, const freedom *f)
{
    return sum_in_mode(0, f->mode, &a, &b, 1);
}

static inline float mean_of(const float *x, int n, const freedom *f)
{
    return emulated_div(sum_in_mode(f->order, f->mode, x, ones, n), (float)n, f->quotient);
}

static inline int fill_ones(void **state)
{
    (void)state;
    for (int i = 0; i < LONGEST; i++)
        ones[i] = 1;
    return 0;
}

#endif
