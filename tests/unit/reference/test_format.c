// SPDX-License-Identifier: Apache-2.0
// Rounding against the processor's own, in all directions; f16 exhaustively.
#include "reference/format.h"
#include "tests/unit/reference/reference_problems.h"

#include <fenv.h>
#include <float.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// (float)x in the processor's rounding mode.
static float converted(double x, int mode)
{
    volatile double from = x;
    volatile float to;
    fesetround(mode);
    to = (float)from;
    fesetround(FE_TONEAREST);
    return to;
}

static void check_rounding(double x)
{
    static const struct {
        assay_direction direction;
        int mode;
    } pairs[] = {
        {ASSAY_TO_NEAREST, FE_TONEAREST},
        {ASSAY_DOWN,       FE_DOWNWARD },
        {ASSAY_UP,         FE_UPWARD   }
    };
    for (int k = 0; k < 3; k++) {
        float expected = converted(x, pairs[k].mode);
        float actual = assay_round_f32(x, pairs[k].direction);
        if (assay_bits_of_float(expected) != assay_bits_of_float(actual))
            fail_msg("%a in direction %d: %a, expected %a", x, k, (double)actual, (double)expected);
    }
}

static void test_round_edges(void **state)
{
    (void)state;
    static const double edges[] = {0,
                                   0x1p-149,
                                   0x1p-150,
                                   0x1.8p-150,
                                   0x1.8p-149,
                                   0x1p-151,
                                   0x1p-126,
                                   0x1.fffffep-127,
                                   0x1.ffffffp-127,
                                   1,
                                   0x1.000001p0,
                                   0x1.000003p0,
                                   0x1p-1074,
                                   0x1p-1022,
                                   0x1.fffffep127,
                                   0x1.ffffffp127,
                                   0x1.fffffefffp127,
                                   0x1p128,
                                   0x1p1023,
                                   1.0 / 3,
                                   (double)INFINITY,
                                   0x1.ffffffffffffp-1};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        check_rounding(edges[i]);
        check_rounding(-edges[i]);
        check_rounding(nextafter(edges[i], 1e308));
        check_rounding(nextafter(edges[i], -1e308));
    }
    assert_true(isnan(assay_round_f32((double)NAN, ASSAY_UP)));
}

static void test_round_random(void **state)
{
    (void)state;
    for (int i = 0; i < 400000; i++) {
        double x = ldexp(random_uniform() - 0.5, (int)random_integer(-160, 132));
        check_rounding(i % 3 ? x : (double)(float)x * (1 + 0x1p-24)); // a third of them are ties
    }
}

static void test_f16_exhaustive(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 65536; code++) {
        float x = assay_from_f16((uint16_t)code);
        if (isnan(x)) {
            assert_true((code & 0x7C00) == 0x7C00 && (code & 0x3FF));
            assert_true((assay_to_f16((double)x) & 0x7E00) == 0x7E00);
            continue;
        }
        assert_int_equal(assay_to_f16((double)x), code);
        int exponent = (int)(code >> 10 & 31);
        double expected = exponent == 31  ? (double)INFINITY
                          : exponent == 0 ? ldexp(code & 0x3FF, -24)
                                          : ldexp(1024 + (code & 0x3FF), exponent - 25);
        assert_true((double)x == (code & 0x8000 ? -expected : expected));
    }
}

// Half way between two neighbours to the even one, just beyond to the farther one, just before to
// the nearer one.
static void test_f16_ties(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 0x7BFF; code++) {
        double low = (double)assay_from_f16((uint16_t)code);
        double high = (double)assay_from_f16((uint16_t)(code + 1)), middle = (low + high) / 2;
        assert_int_equal(assay_to_f16(middle), code & 1 ? code + 1 : code);
        assert_int_equal(assay_to_f16(nextafter(middle, low)), code);
        assert_int_equal(assay_to_f16(nextafter(middle, high)), code + 1);
        assert_int_equal(assay_to_f16(-middle), 0x8000 | (code & 1 ? code + 1 : code));
    }
    assert_int_equal(assay_to_f16(65519.99), 0x7BFF);
    assert_int_equal(assay_to_f16(65520), 0x7C00);
    assert_int_equal(assay_to_f16(-1e300), 0xFC00);
    assert_int_equal(assay_to_f16(0x1p-25), 0);
    assert_int_equal(assay_to_f16(0x1.1p-25), 1);
    assert_int_equal(assay_to_f16(-0.0), 0x8000);
}

#if defined(__x86_64__)
__attribute__((target("f16c"))) static uint16_t hardware_f16(float x)
{
    return (uint16_t)_cvtss_sh(x, _MM_FROUND_TO_NEAREST_INT);
}

static void test_f16_hardware(void **state)
{
    (void)state;
    if (!__builtin_cpu_supports("avx2")) // every processor with AVX2 has F16C
        skip();
    for (uint32_t i = 0; i < 2000000; i++) {
        float x = assay_float_of_bits((uint32_t)random_bits());
        if (i & 1)
            x = (float)ldexp(random_uniform(), (int)random_integer(-30, 18));
        if (!isnan(x))
            assert_int_equal(assay_to_f16((double)x), hardware_f16(x));
    }
}
#endif

// Every f16 number and every gap between two of them, in every direction.
static void test_f16_directed(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 0x7C00; code++) {
        float low = assay_from_f16((uint16_t)code), high = assay_from_f16((uint16_t)(code + 1));
        double end = isinf(high) ? 65536 : (double)high, middle = ((double)low + end) / 2;
        double inside[] = {nextafter((double)low, end), middle, nextafter(end, 0)};
        float nearest[] = {low, code & 1 ? high : low, high};
        for (int d = ASSAY_TO_NEAREST; d <= ASSAY_UP; d++) {
            assert_true(assay_round_f16((double)low, (assay_direction)d) == low);
            assert_true(assay_round_f16(-(double)low, (assay_direction)d) == -low);
        }
        for (int k = 0; k < 3; k++) {
            assert_true(assay_round_f16(inside[k], ASSAY_TO_NEAREST) == nearest[k]);
            assert_true(assay_round_f16(-inside[k], ASSAY_TO_NEAREST) == -nearest[k]);
            assert_true(assay_round_f16(inside[k], ASSAY_DOWN) == low);
            assert_true(assay_round_f16(inside[k], ASSAY_UP) == high);
            assert_true(assay_round_f16(-inside[k], ASSAY_DOWN) == -high);
            assert_true(assay_round_f16(-inside[k], ASSAY_UP) == -low);
        }
        assert_true(assay_ulp_distance_f16(low, high) == 1);
        assert_true(assay_ulp_distance_f16(-low, high) == 2 * code + 1);
        assert_true(assay_ulp_distance_f16(1, low) ==
                    (code < 0x3C00 ? 0x3C00 - code : code - 0x3C00));
    }
    assert_true(assay_round_f16(1e300, ASSAY_DOWN) == 65504);
    assert_true(assay_round_f16(1e300, ASSAY_TO_NEAREST) == INFINITY);
    assert_true(assay_round_f16(-1e300, ASSAY_UP) == -65504);
    assert_true(assay_round_f16((double)INFINITY, ASSAY_DOWN) == INFINITY);
    assert_true(assay_round_f16(0x1p-1074, ASSAY_UP) == 0x1p-24F);
    assert_true(assay_round_f16(0x1p-1074, ASSAY_TO_NEAREST) == 0);
    assert_true(signbit(assay_round_f16(-0x1p-1074, ASSAY_UP)));
    assert_true(isnan(assay_round_f16((double)NAN, ASSAY_DOWN)));
    assert_true(assay_ulp_distance_f16(0.0F, -0.0F) == 0);
    assert_true(assay_ulp_distance_f16(NAN, 1) == UINT64_MAX);
}

static void test_rgba8(void **state)
{
    (void)state;
    const assay_format *f = assay_format_of(ASSAY_STORAGE_RGBA8);
    for (int v = 0; v < 255; v++) {
        double x = v, tie = v + 0.5;
        assert_true(f->round(x, ASSAY_DOWN) == (float)v && f->round(x, ASSAY_UP) == (float)v);
        assert_true(f->round(tie, ASSAY_DOWN) == (float)v);
        assert_true(f->round(tie, ASSAY_UP) == (float)(v + 1));
        assert_true(f->round(tie, ASSAY_TO_NEAREST) == (float)(v + v % 2));
        assert_true(f->round(nextafter(tie, 0), ASSAY_TO_NEAREST) == (float)v);
        assert_true(f->round(nextafter(tie, 999), ASSAY_TO_NEAREST) == (float)(v + 1));
    }
    assert_true(f->round(-7, ASSAY_DOWN) == 0 && f->round(1e9, ASSAY_UP) == 255);
    assert_true(f->ulp_distance(3, 250) == 247);
    assert_true(assay_format_ulp(f, 77) == 1);
}

static void test_ulp(void **state)
{
    (void)state;
    for (int s = ASSAY_STORAGE_F32; s <= ASSAY_STORAGE_F16; s++) {
        const assay_format *f = assay_format_of((assay_storage)s);
        assert_true(assay_format_ulp(f, 0) == f->spacing);
        assert_true(assay_format_ulp(f, 1) == 2 * f->u);
        assert_true(assay_format_ulp(f, -1.75) == 2 * f->u);
        assert_true(assay_format_ulp(f, f->least) == f->spacing);
        assert_true(assay_format_ulp(f, 2 * f->least) == 2 * f->spacing);
        assert_true(assay_format_ulp(f, 1e300) == assay_format_ulp(f, f->most));
        assert_true((double)f->round(f->most, ASSAY_UP) == f->most);
        assert_true(isinf(f->round(f->most + assay_format_ulp(f, f->most), ASSAY_UP)));
        assert_true(f->round(1 + 2 * f->u, ASSAY_DOWN) > 1);
        assert_true(f->round(1 + 1.9 * f->u, ASSAY_DOWN) == 1);
    }
}

static void test_ulp_distance(void **state)
{
    (void)state;
    assert_true(assay_ulp_distance_f32(1, 1) == 0);
    assert_true(assay_ulp_distance_f32(0.0F, -0.0F) == 0);
    assert_true(assay_ulp_distance_f32(1, nextafterf(1, 2)) == 1);
    assert_true(assay_ulp_distance_f32(nextafterf(1, 0), nextafterf(1, 2)) == 2);
    assert_true(assay_ulp_distance_f32(FLT_TRUE_MIN, -FLT_TRUE_MIN) == 2);
    assert_true(assay_ulp_distance_f32(FLT_MAX, INFINITY) == 1);
    assert_true(assay_ulp_distance_f32(-INFINITY, INFINITY) == 2 * UINT64_C(0x7F800000));
    assert_true(assay_ulp_distance_f32(NAN, 1) == UINT64_MAX);
    assert_true(assay_ulp_distance_f32(1, NAN) == UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_edges),
        cmocka_unit_test(test_round_random),
        cmocka_unit_test(test_f16_exhaustive),
        cmocka_unit_test(test_f16_ties),
#if defined(__x86_64__)
        cmocka_unit_test(test_f16_hardware),
#endif
        cmocka_unit_test(test_f16_directed),
        cmocka_unit_test(test_rgba8),
        cmocka_unit_test(test_ulp),
        cmocka_unit_test(test_ulp_distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
