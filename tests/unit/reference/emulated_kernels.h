// SPDX-License-Identifier: Apache-2.0
// Correct f32 kernels of many kinds, emulated: what a bound must hold for.
#ifndef ASSAY_TESTS_EMULATED_KERNELS_H
#define ASSAY_TESTS_EMULATED_KERNELS_H

#include "reference/format.h"
#include "tests/unit/reference/reference_problems.h"

#include <fenv.h>

// Orders of summation. The functions are called through a table and work in the rounding mode that
// is in force.
static inline float sum_sequential(const float *x, const float *w, int n)
{
    float s = 0;
    for (int i = 0; i < n; i++)
        s += x[i] * w[i];
    return s;
}

static inline float sum_reversed(const float *x, const float *w, int n)
{
    float s = 0;
    for (int i = n - 1; i >= 0; i--)
        s += x[i] * w[i];
    return s;
}

static inline float sum_fused(const float *x, const float *w, int n)
{
    float s = 0;
    for (int i = 0; i < n; i++)
        s = fmaf(x[i], w[i], s);
    return s;
}

static inline float sum_pairwise(const float *x, const float *w, int n)
{
    if (n <= 1)
        return n ? x[0] * w[0] : 0;
    return sum_pairwise(x, w, n / 2) + sum_pairwise(x + n / 2, w + n / 2, n - n / 2);
}

static inline float sum_lanes(const float *x, const float *w, int n)
{
    float s[4] = {0, 0, 0, 0};
    for (int i = 0; i < n; i++)
        s[i % 4] += x[i] * w[i];
    return (s[0] + s[2]) + (s[1] + s[3]);
}

static inline float sum_tiles(const float *x, const float *w, int n)
{
    float s = 0;
    for (int i = 0; i < n; i += 32)
        s += sum_sequential(x + i, w + i, n - i < 32 ? n - i : 32);
    return s;
}

typedef float (*sum_order)(const float *x, const float *w, int n);
static const struct {
    const char *name;
    sum_order sum;
} orders[] = {
    {"sequential", sum_sequential},
    {"reversed",   sum_reversed  },
    {"fused",      sum_fused     },
    {"pairwise",   sum_pairwise  },
    {"lanes",      sum_lanes     },
    {"tiles",      sum_tiles     }
};
enum { ORDERS = sizeof orders / sizeof *orders };

static const int rounding_modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_UPWARD, FE_DOWNWARD};
enum { ROUNDING_MODES = 4 };

static inline float sum_in_mode(int order, int mode, const float *x, const float *w, int n)
{
    sum_order volatile sum = orders[order].sum; // not to be evaluated ahead of the mode
    fesetround(mode);
    float s = sum(x, w, n);
    fesetround(FE_TONEAREST);
    return s;
}

// The unit in the last place of f32 at y.
static inline double unit_of(double y)
{
    int exponent;
    if (fabs(y) < 0x1p-126)
        return 0x1p-149;
    frexp(y, &exponent);
    return ldexp(1, exponent - 24);
}

// y, off by `share` (-1 .. 1) of `ulps` units: an f32 on the inner side.
static inline float off_by(double y, double share, double ulps)
{
    return assay_round_f32(y + share * ulps * unit_of(y), share > 0 ? ASSAY_DOWN : ASSAY_UP);
}

static inline float emulated_exp(float x, double share)
{
    return off_by(exp((double)x), share, 3 + 2 * fabs((double)x));
}

static inline float emulated_div(float a, float b, double share)
{
    return a == 0 ? a / b : off_by((double)a / (double)b, share, 2.5);
}

// How many elements were checked, and how near the bound they came.
typedef struct tally {
    int64_t checked;
    double use;
} tally;

static inline void hold(tally *t, float y, const assay_reference *ref, int64_t i, const char *what)
{
    double off = fabs((double)y - ref->value[i]), bound = ref->bound[i];
    if (!(off <= bound))
        fail_msg("%s: element %d is %.9g, the reference %.17g, off by %g times the bound %g", what,
                 (int)i, (double)y, ref->value[i], off / bound, bound);
    t->checked++;
    if (bound > 0 && off / bound > t->use)
        t->use = off / bound;
}

#endif
