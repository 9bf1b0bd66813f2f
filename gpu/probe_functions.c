// SPDX-License-Identifier: Apache-2.0
// The largest errors of the built-in functions over 2^20 arguments each, against the C library in
// double, and whether every one lies within what the specification's table "Precision of
// GLSL.std.450 Instructions" allows.
#include "gpu/probe_internal.h"

#include <float.h>
#include <math.h>

// Largest absolute error that the specification allows at x with the exact result y.
static double ulps(double y, double count)
{
    return count * assay__ulp_f32(y);
}

static double allowed_exp(double x, double y)
{
    return ulps(y, 3 + 2 * fabs(x));
}

static double allowed_log(double x, double y)
{
    return x >= 0.5 && x <= 2 ? 0x1p-21 : ulps(y, 3);
}

// 1 / inversesqrt(x): 2 ULP, then 2.5 of the quotient.
static double allowed_sqrt(double x, double y)
{
    (void)x;
    return 2 * 0x1p-23 * y * (1 + 0x1p-20) + ulps(y, 2.5);
}

static double allowed_inverse(double x, double y)
{
    (void)x;
    return ulps(y, 2);
}

static double allowed_sin(double x, double y)
{
    (void)x;
    (void)y;
    return 0x1p-11;
}

// sinh(x) / cosh(x), each from two exponentials.
static double allowed_tanh(double x, double y)
{
    double u = 0x1p-24, exponential = (3 + 2 * fabs(x)) * 2 * u;
    return exponential * (1 + fabs(y)) + fabs(y) * (4 * u + 5 * u);
}

static double inverse(double x)
{
    return 1 / sqrt(x);
}

enum {
    ABSOLUTE = 1, // the value is an absolute error, else one in ULP
    FAR = 2,      // arguments in [0.5, 2] are left out
    SPREAD = 4,   // arguments are spread evenly over log x, else over x
};

typedef struct function_probe {
    assay__probe_row_id row;
    assay__probe_function function;
    double (*exact)(double);
    double (*allowed)(double x, double y);
    const char *allowed_text;
    double low, high;
    unsigned flags;
} function_probe;

#define LEAST 0x1p-126
#define MOST  0x1.fffffep127

static const function_probe functions[] = {
    {ASSAY__ROW_EXP,         ASSAY__FN_EXP,         exp,     allowed_exp,     "(3 + 2 |x|) ULP", -87,   88,   0           },
    {ASSAY__ROW_EXP2,        ASSAY__FN_EXP2,        exp2,    allowed_exp,     "(3 + 2 |x|) ULP", -126,  127,  0           },
    {ASSAY__ROW_LOG,         ASSAY__FN_LOG,         log,     allowed_log,     "3 ULP",           LEAST, MOST, SPREAD | FAR},
    {ASSAY__ROW_LOG_NEAR,    ASSAY__FN_LOG,         log,     allowed_log,     "2^-21",           0.5,   2,    ABSOLUTE    },
    {ASSAY__ROW_LOG2,        ASSAY__FN_LOG2,        log2,    allowed_log,     "3 ULP",           LEAST, MOST, SPREAD | FAR},
    {ASSAY__ROW_LOG2_NEAR,   ASSAY__FN_LOG2,        log2,    allowed_log,     "2^-21",           0.5,   2,    ABSOLUTE    },
    {ASSAY__ROW_SQRT,        ASSAY__FN_SQRT,        sqrt,    allowed_sqrt,    "1 / inversesqrt", LEAST, MOST, SPREAD      },
    {ASSAY__ROW_INVERSESQRT, ASSAY__FN_INVERSESQRT, inverse, allowed_inverse, "2 ULP",           LEAST, MOST,
     SPREAD                                                                                                               },
    {ASSAY__ROW_SIN,         ASSAY__FN_SIN,         sin,     allowed_sin,     "2^-11",           -M_PI, M_PI, ABSOLUTE    },
    {ASSAY__ROW_COS,         ASSAY__FN_COS,         cos,     allowed_sin,     "2^-11",           -M_PI, M_PI, ABSOLUTE    },
    {ASSAY__ROW_TANH,        ASSAY__FN_TANH,        tanh,    allowed_tanh,    "sinh / cosh",     -44,   44,   ABSOLUTE    },
};

// Argument i: evenly spread, every other one of them of small magnitude where zero lies inside; or
// by magnitude.
static float argument(const function_probe *f, uint32_t i)
{
    double t = (double)(assay__probe_random(i) >> 11) * 0x1p-53;
    double x = f->low + t * (f->high - f->low);
    if (f->flags & SPREAD)
        x = exp2(log2(f->low) + t * (log2(f->high) - log2(f->low)));
    else if (f->low < 0 && i % 2)
        x = ldexp(x, -(int)(i / 2 % 24));
    float rounded = (float)x;
    double kept = (double)rounded;
    return kept < f->low    ? (float)f->low
           : kept > f->high ? assay__next_f32(rounded, false)
                            : rounded;
}

// The largest error, and the one that is the largest multiple of what is allowed when that is more
// than 1.
typedef struct worst {
    double most, at;
    double excess, excess_at, share;
} worst;

static void look(const function_probe *f, double x, double out, worst *w)
{
    double y = f->exact(x), distance = fabs(out - y), share = distance / f->allowed(x, y);
    double measured = f->flags & ABSOLUTE ? distance : distance / assay__ulp_f32(y);
    if (!(measured <= w->most)) { // also a NaN, which stays
        w->most = measured;
        w->at = x;
    }
    if (!(share <= w->share)) {
        w->share = isnan(share) ? (double)INFINITY : share;
        w->excess = measured;
        w->excess_at = x;
    }
}

static assay_status probe_function(assay__bench *bench, const function_probe *f, assay_probe *probe,
                                   assay_error *error)
{
    float *a = assay__bench_operand(bench, 0);
    for (uint32_t i = 0; i < ASSAY__PROBE_ARGUMENTS; i++) {
        a[i] = argument(f, i);
        if ((f->flags & FAR) && a[i] >= 0.5F && a[i] <= 2)
            a[i] *= 8;
    }
    ASSAY_TRY(assay__bench_function(bench, f->function, ASSAY__PROBE_ARGUMENTS, error));
    const float *out = assay__bench_result(bench);
    worst w = {.most = -1, .share = 1};
    for (uint32_t i = 0; i < ASSAY__PROBE_ARGUMENTS && !isnan(w.most); i++)
        look(f, (double)a[i], (double)out[i], &w);
    const char *unit = f->flags & ABSOLUTE ? "" : " ULP";
    if (w.share <= 1)
        assay__probe_set(probe, f->row, true, f->allowed_text, "%.4g%s at %.9g", w.most, unit,
                         w.at);
    else
        assay__probe_set(probe, f->row, false, f->allowed_text, "%.4g%s at %.9g, allowed %.4g",
                         w.excess, unit, w.excess_at, w.excess / w.share);
    return ASSAY_OK;
}

// tanh far out, where sinh and cosh overflow and any result is allowed: is it 1 or NaN?
static assay_status probe_large_tanh(assay__bench *bench, assay_probe *probe, assay_error *error)
{
    static const float large[] = {44, 60, 88, 89, 100, 1000, 0x1p64F, FLT_MAX};
    const uint32_t count = 2 * sizeof large / sizeof large[0];
    float *a = assay__bench_operand(bench, 0);
    for (uint32_t i = 0; i < count; i++)
        a[i] = i % 2 ? -large[i / 2] : large[i / 2];
    ASSAY_TRY(assay__bench_function(bench, ASSAY__FN_TANH, count, error));
    for (uint32_t i = 0; i < count; i++) {
        float out = assay__bench_result(bench)[i], right = a[i] > 0 ? 1 : -1;
        if (isnan(out) || fabsf(out - right) > 0x1p-20F) {
            assay__probe_set(probe, ASSAY__ROW_TANH_LARGE, fabsf(a[i]) > 88.7F,
                             "anything beyond 88.7", "%g at %g", (double)out, (double)a[i]);
            return ASSAY_OK;
        }
    }
    assay__probe_set(probe, ASSAY__ROW_TANH_LARGE, true, "anything beyond 88.7", "1");
    return ASSAY_OK;
}

assay_status assay__probe_functions(assay__bench *bench, assay_probe *probe, assay_error *error)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        ASSAY_TRY(probe_function(bench, &functions[i], probe, error));
    return probe_large_tanh(bench, probe, error);
}
