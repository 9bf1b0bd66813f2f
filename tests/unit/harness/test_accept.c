// SPDX-License-Identifier: Apache-2.0
// The acceptance predicate at its edges, and against a prototype that is slow and plain.
#include "harness/accept.h"

#include "reference/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>

static assay_contract rte(void)
{
    assay_contract c = assay_contract_default();
    c.rounding = ASSAY_ROUNDING_RTE;
    c.flush = ASSAY_FLUSH_NO;
    c.nan = ASSAY_NAN_KEPT;
    return c;
}

static void test_exact_values(void **state)
{
    (void)state;
    assay_contract c = rte();
    assert_true(assay_accept(3.0f, 3.0, 0, false, &c));
    assert_false(assay_accept(nextafterf(3.0f, 4), 3.0, 0, false, &c));
    assert_false(assay_accept(nextafterf(3.0f, 2), 3.0, 0, false, &c));
    assert_true(assay_accept(-0.0f, 0.0, 0, false, &c));
    assert_false(assay_accept(-3.0f, 3.0, 0, false, &c));
}

static void test_store_rounding(void **state)
{
    (void)state;
    assay_contract nearest = rte(), unknown = assay_contract_default();
    double third = 1.0 / 3.0; // between two f32; nearest is the upper one
    float above = (float)third, below = nextafterf(above, 0);
    assert_true((double)above > third);
    assert_true(assay_accept(above, third, 0, false, &nearest));
    assert_false(assay_accept(below, third, 0, false, &nearest));
    assert_true(assay_accept(below, third, 0, false, &unknown));
    assert_true(assay_accept(above, third, 0, false, &unknown));
    assert_false(assay_accept(nextafterf(above, 1), third, 0, false, &unknown));
}

static void test_bound_is_tight(void **state)
{
    (void)state;
    assay_contract c = rte();
    double bound = 0x1p-20;
    assert_true(assay_accept(1.0f + 0x1p-20f, 1.0, bound, false, &c));
    assert_false(assay_accept(1.0f + 0x1p-20f + 0x1p-23f, 1.0, bound, false, &c));
    assert_true(assay_accept(1.0f - 0x1p-20f, 1.0, bound, false, &c));
    assert_false(assay_accept(1.0f - 0x1p-20f - 0x1p-24f, 1.0, bound, false, &c));
}

static void test_overflow(void **state)
{
    (void)state;
    assay_contract nearest = rte(), unknown = assay_contract_default();
    double limit = 0x1p128 - 0x1p103; // rounds to infinity from here on
    assert_true(assay_accept(INFINITY, limit, 0, false, &nearest));
    assert_false(assay_accept(FLT_MAX, limit, 0, false, &nearest));
    assert_true(assay_accept(FLT_MAX, nextafter(limit, 0), 0, false, &nearest));
    assert_true(assay_accept(FLT_MAX, 1e39, 0, false, &unknown));
    assert_true(assay_accept(INFINITY, 1e39, 0, false, &unknown));
    assert_false(assay_accept(-INFINITY, 1e39, 0, false, &unknown));
    assert_true(assay_accept(INFINITY, (double)INFINITY, 0, false, &nearest));
    assert_false(assay_accept(FLT_MAX, (double)INFINITY, 1, false, &nearest));
}

static void test_nan(void **state)
{
    (void)state;
    assay_contract c = rte();
    assert_true(assay_accept(NAN, (double)NAN, 0, false, &c));
    assert_false(assay_accept(NAN, 1.0, 1e30, false, &c));
    assert_true(assay_accept(NAN, 1.0, 0, true, &c));
    assert_false(assay_accept(1.0f, (double)NAN, 0, false, &c));
    assert_true(assay_accept(NAN, 1.0, (double)INFINITY, false, &c));
    assert_true(assay_accept(7.0f, 1.0, (double)INFINITY, false, &c));
}

static void test_flush(void **state)
{
    (void)state;
    assay_contract keeps = rte(), flushes = rte();
    flushes.flush = ASSAY_FLUSH_MAYBE;
    double small = 0x1p-127;
    assert_false(assay_accept(0.0f, small, 0, false, &keeps));
    assert_true(assay_accept(0.0f, small, 0, false, &flushes));
    assert_true(assay_accept((float)small, small, 0, false, &flushes));
    assert_false(assay_accept(0.0f, (double)FLT_MIN, 0, false, &flushes));
    assert_true(assay_accept(0.0f, -small, 0, false, &flushes));
}

// Whatever is representable between the rounded ends is accepted, its neighbours outside are not.
static void test_every_neighbour(void **state)
{
    (void)state;
    assay_contract contracts[2] = {rte(), assay_contract_default()};
    uint32_t x = 12345;
    for (int round = 0; round < 20000; round++) {
        x = x * 1664525u + 1013904223u;
        double value = ldexp((double)(int32_t)x, (int)(x >> 8 & 63) - 60);
        double bound = fabs(value) * ldexp((double)(x & 1023), -30);
        const assay_contract *c = &contracts[round & 1];
        bool nearest = round % 2 == 0;
        float low = assay_round_f32(value - bound, nearest ? ASSAY_TO_NEAREST : ASSAY_DOWN);
        float high = assay_round_f32(value + bound, nearest ? ASSAY_TO_NEAREST : ASSAY_UP);
        assert_true(assay_accept(low, value, bound, false, c));
        assert_true(assay_accept(high, value, bound, false, c));
        if (fabsf(low) > FLT_MIN && fabsf(high) > FLT_MIN) {
            assert_false(assay_accept(nextafterf(low, -INFINITY), value, bound, false, c));
            assert_false(assay_accept(nextafterf(high, INFINITY), value, bound, false, c));
        }
    }
}

static assay_contract half(assay_rounding store)
{
    assay_contract c = rte();
    c.storage = ASSAY_STORAGE_F16;
    c.store = store;
    return c;
}

// The share of the store alone: exact results of f32 arithmetic, stored in f16.
static void test_f16_store(void **state)
{
    (void)state;
    assay_contract nearest = half(ASSAY_ROUNDING_RTE), unknown = half(ASSAY_ROUNDING_UNKNOWN);
    unknown.flush = ASSAY_FLUSH_MAYBE;
    for (uint32_t code = 0; code < 0x7BFF; code++) {
        float low = assay_from_f16((uint16_t)code), high = assay_from_f16((uint16_t)(code + 1));
        double middle = ((double)low + (double)high) / 2, above = nextafter(middle, 1e9);
        assert_true(assay_accept(low, (double)low, 0, false, &nearest));
        assert_false(assay_accept(high, (double)low, 0, false, &unknown));
        assert_true(assay_accept(code & 1 ? high : low, middle, 0, false, &nearest));
        assert_false(assay_accept(code & 1 ? low : high, middle, 0, false, &nearest));
        assert_false(assay_accept(low, above, 0, false, &nearest));
        assert_true(assay_accept(low, above, 0, false, &unknown));
        assert_true(assay_accept(high, above, 0, false, &unknown));
        assert_true(assay_accept(-low, -above, 0, false, &unknown));
        assert_true(assay_accept(low, above, above - middle, false, &nearest) == !(code & 1));
    }
    assert_true(assay_store_error(&nearest, 1.5) == 0x1p-11);
    assert_true(assay_store_error(&unknown, 1.5) == 0x1p-10);
}

static void test_f16_overflow(void **state)
{
    (void)state;
    assay_contract nearest = half(ASSAY_ROUNDING_RTE), unknown = half(ASSAY_ROUNDING_UNKNOWN);
    assert_true(assay_accept(65504, 65519.9, 0, false, &nearest));
    assert_false(assay_accept(INFINITY, 65519.9, 0, false, &nearest));
    assert_true(assay_accept(INFINITY, 65520, 0, false, &nearest));
    assert_false(assay_accept(65504, 65520, 0, false, &nearest));
    assert_true(assay_accept(65504, 65520, 0.2, false, &nearest));
    assert_true(assay_accept(65504, 1e30, 0, false, &unknown));
    assert_true(assay_accept(INFINITY, 1e30, 0, false, &unknown));
    assert_false(assay_accept(65472, 1e30, 0, false, &unknown));
    assert_false(assay_accept(-65504, 1e30, 0, false, &unknown));
    assert_true(assay_accept(-65504, -1e30, 0, false, &unknown));
    assert_true(assay_accept(INFINITY, (double)INFINITY, 0, false, &unknown));
    assert_false(assay_accept(65504, (double)INFINITY, 0, false, &unknown));
}

static void test_f16_flush(void **state)
{
    (void)state;
    assay_contract keeps = half(ASSAY_ROUNDING_RTE), flushes = keeps;
    flushes.flush = ASSAY_FLUSH_MAYBE;
    assert_false(assay_accept(0, 0x1.8p-15, 0, false, &keeps));
    assert_true(assay_accept(0, 0x1.8p-15, 0, false, &flushes));
    assert_true(assay_accept(-0.0f, -0x1.8p-15, 0, false, &flushes));
    assert_true(assay_accept(0x1.8p-15f, 0x1.8p-15, 0, false, &flushes));
    assert_false(assay_accept(0, 0x1p-14, 0, false, &flushes));
    assert_true(assay_accept(0, 0x1p-14, 0x1p-40, false, &flushes));
    assert_true(assay_accept(0, 0x1p-25, 0, false, &keeps)); // rounds to zero
}

// The store of an f16 accumulator changes nothing: its last operation rounded, and E knows it.
static void test_f16_accumulator(void **state)
{
    (void)state;
    assay_contract c = half(ASSAY_ROUNDING_UNKNOWN); // the operations round to nearest
    c.accumulator = ASSAY_ACCUMULATOR_F16;
    assert_true(assay_accept(1, 1 + 0x1p-12, 0, false, &c));
    assert_false(assay_accept(1 + 0x1p-10f, 1 + 0x1p-12, 0, false, &c));
    assert_false(assay_store_rounds(&c));
    assert_true(assay_store_error(&c, 1) == 0);
    c.rounding = ASSAY_ROUNDING_UNKNOWN;
    assert_true(assay_accept(1 + 0x1p-10f, 1 + 0x1p-12, 0, false, &c));
}

static void test_rgba8(void **state)
{
    (void)state;
    assay_contract c = assay_contract_default();
    c.storage = ASSAY_STORAGE_RGBA8;
    assert_true(assay_accept(7, 7.49, 0, false, &c));
    assert_false(assay_accept(8, 7.49, 0, false, &c));
    assert_false(assay_accept(7.49f, 7.49, 0, false, &c));
    assert_true(assay_accept(7, 7.5, 0, false, &c)); // a tie goes to either
    assert_true(assay_accept(8, 7.5, 0, false, &c));
    assert_true(assay_accept(8, 7.49, 0.02, false, &c));
    assert_false(assay_accept(9, 7.49, 0.02, false, &c));
    assert_true(assay_accept(255, 1e9, 0, false, &c));
    assert_true(assay_accept(255, (double)INFINITY, 0, false, &c));
    assert_false(assay_accept(254, 255.4, 0, false, &c));
    assert_true(assay_accept(0, -3, 0, false, &c));
    assert_false(assay_accept(1, 0.2, 0, false, &c));
    assert_true(assay_accept(77, (double)NAN, 0, false, &c));
    assert_true(assay_store_error(&c, 200) == 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_values),
        cmocka_unit_test(test_store_rounding),
        cmocka_unit_test(test_bound_is_tight),
        cmocka_unit_test(test_overflow),
        cmocka_unit_test(test_nan),
        cmocka_unit_test(test_flush),
        cmocka_unit_test(test_every_neighbour),
        cmocka_unit_test(test_f16_store),
        cmocka_unit_test(test_f16_overflow),
        cmocka_unit_test(test_f16_flush),
        cmocka_unit_test(test_f16_accumulator),
        cmocka_unit_test(test_rgba8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
