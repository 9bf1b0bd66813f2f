// SPDX-License-Identifier: Apache-2.0
// By bits and exact scaling, so that neither the rounding mode of the machine nor the compiler has
// a say.
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

// A format for rounding to: p bits of significand, the exponent of its smallest normal number,
// 2^emax its binade.
typedef struct target {
    int p, emin, emax;
} target;

static const target f32 = {24, -126, 127}, f16 = {11, -14, 15};

// |x| as a count of units 2^(its exponent - p + 1), rounded; the code of a positive number of the
// format follows from that: adding 1 to the code steps to the next number, over binades and up to
// infinity.
static uint32_t round_code(double magnitude, target t, bool to_even, bool away)
{
    uint64_t bits = bits_of_double(magnitude);
    int exponent =
        (int)(bits >> 52) - 1023; // subnormal doubles lie below every format: any small one will do
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

// The code of a number that is no NaN, without its sign.
static uint32_t code_of(double x, target t, assay_direction direction)
{
    if (isinf(x))
        return (uint32_t)(2 * t.emax + 1) << (t.p - 1);
    bool away = direction == (signbit(x) ? ASSAY_DOWN : ASSAY_UP);
    return round_code(fabs(x), t, direction == ASSAY_TO_NEAREST, away);
}

float assay_round_f32(double x, assay_direction direction)
{
    if (isnan(x))
        return (float)NAN;
    uint32_t sign = signbit(x) ? UINT32_C(0x80000000) : 0;
    return assay_float_of_bits(sign | code_of(x, f32, direction));
}

float assay_round_f16(double x, assay_direction direction)
{
    if (isnan(x))
        return (float)NAN;
    uint32_t sign = signbit(x) ? 0x8000 : 0;
    return assay_from_f16((uint16_t)(sign | code_of(x, f16, direction)));
}

uint16_t assay_to_f16(double x)
{
    uint32_t sign = signbit(x) ? 0x8000 : 0;
    if (isnan(x))
        return (uint16_t)(sign | 0x7E00);
    return (uint16_t)(sign | code_of(x, f16, ASSAY_TO_NEAREST));
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

static int64_t rank_of_f16(float x)
{
    uint16_t code = assay_to_f16((double)x);
    int64_t magnitude = code & 0x7FFF;
    return code >> 15 ? -magnitude : magnitude;
}

static uint64_t distance(int64_t a, int64_t b)
{
    return (uint64_t)(a < b ? b - a : a - b);
}

uint64_t assay_ulp_distance_f32(float a, float b)
{
    return isnan(a) || isnan(b) ? UINT64_MAX : distance(rank_of(a), rank_of(b));
}

uint64_t assay_ulp_distance_f16(float a, float b)
{
    return isnan(a) || isnan(b) ? UINT64_MAX : distance(rank_of_f16(a), rank_of_f16(b));
}

static float round_rgba8(double x, assay_direction direction)
{
    if (isnan(x))
        return (float)NAN;
    double inside = x < 0 ? 0 : x > 255 ? 255 : x, whole = floor(inside), rest = inside - whole;
    bool up = direction == ASSAY_UP     ? rest > 0
              : direction == ASSAY_DOWN ? false
                                        : rest > 0.5 || (rest == 0.5 && fmod(whole, 2) != 0);
    return (float)(whole + up);
}

static uint64_t distance_rgba8(float a, float b)
{
    return isnan(a) || isnan(b) ? UINT64_MAX : (uint64_t)fabsf(a - b);
}

const assay_format *assay_format_of(assay_storage storage)
{
    static const assay_format formats[] = {
        [ASSAY_STORAGE_F32] = {assay_round_f32, assay_ulp_distance_f32, 0x1p-24, 0x1p-126, 0x1p-149,
                               0x1.fffffep127                                                           },
        [ASSAY_STORAGE_F16] = {assay_round_f16, assay_ulp_distance_f16, 0x1p-11, 0x1p-14,  0x1p-24,
                               65504                                                                    },
        [ASSAY_STORAGE_RGBA8] = {round_rgba8,     distance_rgba8,         0.5,     0,        1,        255},
    };
    return &formats[storage];
}

double assay_format_ulp(const assay_format *format, double x)
{
    int exponent;
    if (!isfinite(x))
        return 0;
    if (format->least == 0 || fabs(x) < format->least)
        return format->spacing;
    frexp(fmin(fabs(x), format->most), &exponent); // in [2^(exponent-1), 2^exponent)
    return ldexp(format->u, exponent);
}
