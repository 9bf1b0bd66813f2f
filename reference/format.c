// SPDX-License-Identifier: Apache-2.0
// By bits and exact scaling, so that neither the rounding mode of the machine nor the compiler has a say.
#include "reference/format.h"

#include <float.h>
#include <math.h>
#include <string.h>

uint32_t assay_bits_of_float(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

float assay_float_of_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t bits_of_double(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

// A format for rounding to: p bits of significand, the exponent of its smallest normal number, 2^emax its binade.
typedef struct target {
    int p, emin, emax;
} target;

static const target f32 = {24, -126, 127}, f16 = {11, -14, 15};

// |x| as a count of units 2^(its exponent - p + 1), rounded; the code of a positive number of the format follows from
// that: adding 1 to the code steps to the next number, over binades and up to infinity.
static uint32_t round_code(double magnitude, target t, bool to_even, bool away)
{
    uint64_t bits = bits_of_double(magnitude);
    int exponent = (int)(bits >> 52) - 1023; // subnormal doubles lie below every format: any small one will do
    uint64_t significand = (bits & 0xFFFFFFFFFFFFF) | UINT64_C(1) << 52;
    if (bits >> 52 == 0)
        significand = bits != 0;
    if (exponent > t.emax)
        return away || to_even ? (uint32_t)(2 * t.emax + 1) << (t.p - 1)
                               : ((uint32_t)(2 * t.emax + 1) << (t.p - 1)) - 1;
    int lost = 53 - t.p; // bits that do not fit
    if (exponent < t.emin)
        lost += t.emin - exponent;
    lost = lost > 63 ? 63 : lost;
    uint64_t kept = significand >> lost, rest = significand & ((UINT64_C(1) << lost) - 1);
    uint64_t half = UINT64_C(1) << (lost - 1);
    bool up = to_even ? rest > half || (rest == half && (kept & 1)) : away && rest != 0;
    uint32_t code = (uint32_t)kept + up;
    if (exponent >= t.emin) // kept holds the implicit bit, which counts as one step of the exponent
        code += (uint32_t)(exponent - t.emin) << (t.p - 1);
    return code;
}

float assay_round_f32(double x, assay_direction direction)
{
    if (isnan(x))
        return (float)NAN;
    uint32_t sign = signbit(x) ? UINT32_C(0x80000000) : 0;
    if (isinf(x))
        return assay_float_of_bits(sign | UINT32_C(0x7F800000));
    bool away = direction == (sign ? ASSAY_DOWN : ASSAY_UP);
    return assay_float_of_bits(sign |
                               round_code(fabs(x), f32, direction == ASSAY_TO_NEAREST, away));
}

uint16_t assay_to_f16(double x)
{
    uint32_t sign = signbit(x) ? 0x8000 : 0;
    if (isnan(x))
        return (uint16_t)(sign | 0x7E00);
    if (isinf(x))
        return (uint16_t)(sign | 0x7C00);
    return (uint16_t)(sign | round_code(fabs(x), f16, true, false));
}

float assay_from_f16(uint16_t code)
{
    uint32_t sign = (uint32_t)(code & 0x8000) << 16, fraction = code & 0x3FF;
    uint32_t exponent = code >> 10 & 0x1F;
    if (exponent == 0x1F)
        return assay_float_of_bits(sign | UINT32_C(0x7F800000) | fraction << 13);
    if (exponent)
        return assay_float_of_bits(sign | (exponent + 112) << 23 | fraction << 13);
    float x = (float)fraction * 0x1p-24F;
    return sign ? -x : x;
}

// The numbers in their order as integers; both zeros are 0.
static int64_t rank_of(float x)
{
    uint32_t bits = assay_bits_of_float(x);
    int64_t magnitude = bits & 0x7FFFFFFF;
    return bits >> 31 ? -magnitude : magnitude;
}

uint64_t assay_ulp_distance_f32(float a, float b)
{
    if (isnan(a) || isnan(b))
        return UINT64_MAX;
    int64_t distance = rank_of(a) - rank_of(b);
    return (uint64_t)(distance < 0 ? -distance : distance);
}
