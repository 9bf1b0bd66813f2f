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
    assert_true(assay_accept_f32(3.0f, 3.0, 0, false, &c));
    assert_false(assay_accept_f32(nextafterf(3.0f, 4), 3.0, 0, false, &c));
    assert_false(assay_accept_f32(nextafterf(3.0f, 2), 3.0, 0, false, &c));
    assert_true(assay_accept_f32(-0.0f, 0.0, 0, false, &c));
    assert_false(assay_accept_f32(-3.0f, 3.0, 0, false, &c));
}

static void test_store_rounding(void **state)
{
    (void)state;
    assay_contract nearest = rte(), unknown = assay_contract_default();
    double third = 1.0 / 3.0; // between two f32; nearest is the upper one
    float above = (float)third, below = nextafterf(above, 0);
    assert_true((double)above > third);
    assert_true(assay_accept_f32(above, third, 0, false, &nearest));
    assert_false(assay_accept_f32(below, third, 0, false, &nearest));
    assert_true(assay_accept_f32(below, third, 0, false, &unknown));
    assert_true(assay_accept_f32(above, third, 0, false, &unknown));
    assert_false(assay_accept_f32(nextafterf(above, 1), third, 0, false, &unknown));
}

static void test_bound_is_tight(void **state)
{
    (void)state;
    assay_contract c = rte();
    double bound = 0x1p-20;
    assert_true(assay_accept_f32(1.0f + 0x1p-20f, 1.0, bound, false, &c));
    assert_false(assay_accept_f32(1.0f + 0x1p-20f + 0x1p-23f, 1.0, bound, false, &c));
    assert_true(assay_accept_f32(1.0f - 0x1p-20f, 1.0, bound, false, &c));
    assert_false(assay_accept_f32(1.0f - 0x1p-20f - 0x1p-24f, 1.0, bound, false, &c));
}

static void test_overflow(void **state)
{
    (void)state;
    assay_contract nearest = rte(), unknown = assay_contract_default();
    double limit = 0x1p128 - 0x1p103; // rounds to infinity from here on
    assert_true(assay_accept_f32(INFINITY, limit, 0, false, &nearest));
    assert_false(assay_accept_f32(FLT_MAX, limit, 0, false, &nearest));
    assert_true(assay_accept_f32(FLT_MAX, nextafter(limit, 0), 0, false, &nearest));
    assert_true(assay_accept_f32(FLT_MAX, 1e39, 0, false, &unknown));
    assert_true(assay_accept_f32(INFINITY, 1e39, 0, false, &unknown));
    assert_false(assay_accept_f32(-INFINITY, 1e39, 0, false, &unknown));
    assert_true(assay_accept_f32(INFINITY, (double)INFINITY, 0, false, &nearest));
    assert_false(assay_accept_f32(FLT_MAX, (double)INFINITY, 1, false, &nearest));
}

static void test_nan(void **state)
{
    (void)state;
    assay_contract c = rte();
    assert_true(assay_accept_f32(NAN, (double)NAN, 0, false, &c));
    assert_false(assay_accept_f32(NAN, 1.0, 1e30, false, &c));
    assert_true(assay_accept_f32(NAN, 1.0, 0, true, &c));
    assert_false(assay_accept_f32(1.0f, (double)NAN, 0, false, &c));
    assert_true(assay_accept_f32(NAN, 1.0, (double)INFINITY, false, &c));
    assert_true(assay_accept_f32(7.0f, 1.0, (double)INFINITY, false, &c));
}

static void test_flush(void **state)
{
    (void)state;
    assay_contract keeps = rte(), flushes = rte();
    flushes.flush = ASSAY_FLUSH_MAYBE;
    double small = 0x1p-127;
    assert_false(assay_accept_f32(0.0f, small, 0, false, &keeps));
    assert_true(assay_accept_f32(0.0f, small, 0, false, &flushes));
    assert_true(assay_accept_f32((float)small, small, 0, false, &flushes));
    assert_false(assay_accept_f32(0.0f, (double)FLT_MIN, 0, false, &flushes));
    assert_true(assay_accept_f32(0.0f, -small, 0, false, &flushes));
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
        assert_true(assay_accept_f32(low, value, bound, false, c));
        assert_true(assay_accept_f32(high, value, bound, false, c));
        if (fabsf(low) > FLT_MIN && fabsf(high) > FLT_MIN) {
            assert_false(assay_accept_f32(nextafterf(low, -INFINITY), value, bound, false, c));
            assert_false(assay_accept_f32(nextafterf(high, INFINITY), value, bound, false, c));
        }
    }
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
