// SPDX-License-Identifier: Apache-2.0
// A device as bad as Vulkan allows: each operation returns one of the two numbers furthest from the
// right one that the precision table lets pass, as a pattern of bits says. Numbers are doubles that
// the format holds.
#ifndef ASSAY_TESTS_ADVERSARIAL_DEVICE_H
#define ASSAY_TESTS_ADVERSARIAL_DEVICE_H

#include "reference/format.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct adversary {
    bool half;      // f16 arithmetic
    bool stored;    // f16 storage
    bool nearest;   // add and mul round to nearest
    bool truncates; // or toward zero
    bool flush;     // subnormal operands and results may become zero
    uint64_t pattern;
    int step;
} adversary;

static inline bool next_bit(adversary *a)
{
    return a->pattern >> (a->step++ & 63) & 1;
}

static inline double least_normal(const adversary *a)
{
    return a->half ? 0x1p-14 : 0x1p-126;
}

static inline double round_to(const adversary *a, double x, assay_direction direction)
{
    return (double)(a->half ? assay_round_f16(x, direction) : assay_round_f32(x, direction));
}

static inline double flushed(adversary *a, double x)
{
    return a->flush && fabs(x) < least_normal(a) && next_bit(a) ? 0 : x;
}

static inline double load(adversary *a, double x)
{
    double least = a->stored ? 0x1p-14 : least_normal(a);
    return a->flush && fabs(x) < least && next_bit(a) ? 0 : x;
}

// One of the two numbers around x.
static inline double rounded(adversary *a, double x)
{
    bool bit = next_bit(a), up = a->truncates ? x < 0 : bit;
    return flushed(a, round_to(a, x, a->nearest ? ASSAY_TO_NEAREST : up ? ASSAY_UP : ASSAY_DOWN));
}

// The furthest number within `distance` of x.
static inline double off(adversary *a, double x, double distance)
{
    if (isnan(x) || isinf(x))
        return x;
    double up = round_to(a, x + distance, ASSAY_DOWN), down = round_to(a, x - distance, ASSAY_UP);
    if (up < down) // no number is that near
        return rounded(a, x);
    return flushed(a, next_bit(a) ? up : down);
}

static inline double ulp(const adversary *a, double x)
{
    int exponent;
    double spacing = a->half ? 0x1p-24 : 0x1p-149;
    frexp(x, &exponent);
    double unit = ldexp(1, exponent - (a->half ? 11 : 24));
    return x != 0 && unit > spacing ? unit : spacing;
}

static inline double constant(adversary *a, double x)
{
    bool up = next_bit(a);
    return round_to(a, x, !a->half ? ASSAY_TO_NEAREST : up ? ASSAY_UP : ASSAY_DOWN);
}

static inline double add(adversary *a, double x, double y)
{
    return rounded(a, flushed(a, x) + flushed(a, y));
}

static inline double mul(adversary *a, double x, double y)
{
    return rounded(a, flushed(a, x) * flushed(a, y));
}

static inline double multiply_add(adversary *a, double x, double y, double z)
{
    return rounded(a, fma(flushed(a, x), flushed(a, y), flushed(a, z)));
}

// Where the divisor is too large for a promise: the quotient, or zero.
static inline double quotient(adversary *a, double x, double y)
{
    double result = flushed(a, x) / y;
    if (fabs(y) > 1 / least_normal(a))
        return next_bit(a) ? 0 : isinf(y) ? result : rounded(a, result);
    return result == 0 ? result : off(a, result, 2.5 * ulp(a, result));
}

static inline double power(adversary *a, double x)
{
    x = flushed(a, x);
    double y = exp(x);
    if (y > 2 * ldexp(1, a->half ? 16 : 128))
        return (double)INFINITY;
    return isinf(x) ? y : off(a, y, ((a->half ? 1 : 3) + 2 * fabs(x)) * ulp(a, y));
}

static inline double logarithm(adversary *a, double x)
{
    double y = log(flushed(a, x));
    if (x >= 0.5 && x <= 2)
        return off(a, y, a->half ? 0x1p-7 : 0x1p-21);
    return off(a, y, 3 * ulp(a, y));
}

// log2 and exp2, which pow inherits from.
static inline double binary_logarithm(adversary *a, double x)
{
    double y = log2(flushed(a, x));
    if (x >= 0.5 && x <= 2)
        return off(a, y, a->half ? 0x1p-7 : 0x1p-21);
    return off(a, y, 3 * ulp(a, y));
}

static inline double binary_power(adversary *a, double x)
{
    x = flushed(a, x);
    double y = exp2(x);
    if (x > (a->half ? 17 : 129))
        return (double)INFINITY;
    return isinf(x) ? y : off(a, y, ((a->half ? 1 : 3) + 2 * fabs(x)) * ulp(a, y));
}

static inline double inverse_root(adversary *a, double x)
{
    double y = 1 / sqrt(flushed(a, x));
    return off(a, y, 2 * ulp(a, y));
}

static inline double root(adversary *a, double x)
{
    double y = inverse_root(a, x);
    return isinf(y) ? 0 : quotient(a, 1, y);
}

static inline double larger(adversary *a, double x, double y)
{
    return flushed(a, x) >= flushed(a, y) ? x : y;
}

static inline double smaller(adversary *a, double x, double y)
{
    return flushed(a, x) <= flushed(a, y) ? x : y;
}

#endif
