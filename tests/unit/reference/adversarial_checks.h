// SPDX-License-Identifier: Apache-2.0
// Contracts, devices that are as bad as they allow, and what such a device has shown of a bound.
#ifndef ASSAY_TESTS_ADVERSARIAL_CHECKS_H
#define ASSAY_TESTS_ADVERSARIAL_CHECKS_H

#include "tests/unit/reference/adversarial_device.h"
#include "tests/unit/reference/reference_problems.h"

static const char *const precisions[] = {"f32", "f16s", "f16a"};
enum { PRECISIONS = 3, SETTINGS = 6 };

typedef struct setting {
    assay_contract contract;
    adversary device;
} setting;

// Rounding to nearest, either way, toward zero; without flushing and with it.
static inline setting setting_of(int precision, int index)
{
    setting s = {
        .contract = nearest(), .device = {.half = precision == 2, .stored = precision > 0}
    };
    s.device.nearest = index % 3 == 0;
    s.device.truncates = index % 3 == 2;
    s.device.flush = index / 3;
    s.contract.storage = precision > 0 ? ASSAY_STORAGE_F16 : ASSAY_STORAGE_F32;
    s.contract.accumulator = precision == 2 ? ASSAY_ACCUMULATOR_F16 : ASSAY_ACCUMULATOR_F32;
    s.contract.rounding = s.device.nearest ? ASSAY_ROUNDING_RTE : ASSAY_ROUNDING_UNKNOWN;
    s.contract.flush = s.device.flush ? ASSAY_FLUSH_MAYBE : ASSAY_FLUSH_NO;
    return s;
}

// All one way, all the other, or at random.
static inline void begin(adversary *a, int k)
{
    a->step = 0;
    a->pattern = k == 0 ? 0 : k == 1 ? ~UINT64_C(0) : random_bits() << 11 ^ random_bits();
}

// x as the storage holds it.
static inline float stored(double x, int precision)
{
    return precision > 0
               ? assay_round_f16(fmin(fmax(x, -65504), 65504), ASSAY_TO_NEAREST)
               : assay_round_f32(fmin(fmax(x, -0x1.fffffep127), 0x1.fffffep127), ASSAY_TO_NEAREST);
}

// How many results were held against bounds, how many of them could have been anything, and how
// near they came with the rounding unknown and to nearest.
typedef struct usage {
    int64_t checked, open;
    double use[2];
} usage;

// A result that overflowed is the largest number or infinity: which of them is the rounding's
// affair. How near is asked where nothing underflows: a flushed number is its whole bound.
static inline void judge(usage *u, const adversary *a, const assay_reference *ref, int64_t i,
                         double y, bool ordinary, const char *what)
{
    double value = ref->value[i], bound = ref->bound[i];
    double most = (a->half ? 65504 * (a->nearest ? 1 + 0x1p-11 : 1)
                           : 0x1.fffffep127 * (a->nearest ? 1 + 0x1p-24 : 1));
    if (isinf(bound)) {
        u->open++;
        return;
    }
    u->checked++;
    if (isnan(value) && isnan(y))
        return;
    y = fabs(y) > most ? copysign(most, y) : y;
    double low = fmin(value - bound, most), high = fmax(value + bound, -most);
    if (!(y >= low && y <= high))
        fail_msg("%s: element %d is %.9g, the reference %.17g, off by %g times the bound %g (half "
                 "%d, storage %d, nearest %d, truncates %d, flush %d)",
                 what, (int)i, y, value, fabs(y - value) / bound, bound, a->half, a->stored,
                 a->nearest, a->truncates, a->flush);
    if (ordinary && !a->flush && bound > 0 && fabs(y - value) / bound > u->use[a->nearest])
        u->use[a->nearest] = fmin(fabs(y - value) / bound, 1);
}

// Prints, and holds both against what is expected: `least` of the bound was reached.
static inline void conclude(const usage *u, const char *what, int precision, double least)
{
    print_message("%-32s %-4s utilisation %.3f, to nearest %.3f; %lld results, %lld of any value\n",
                  what, precisions[precision], u->use[0], u->use[1], (long long)u->checked,
                  (long long)u->open);
    assert_true(fmax(u->use[0], u->use[1]) >= least);
}

// A test for each precision, and the three in a list of tests.
#define TESTS_OF_PRECISIONS(test)                                                                  \
    static void test_f32(void **state)                                                             \
    {                                                                                              \
        (void)state;                                                                               \
        test(0);                                                                                   \
    }                                                                                              \
    static void test_f16_storage(void **state)                                                     \
    {                                                                                              \
        (void)state;                                                                               \
        test(1);                                                                                   \
    }                                                                                              \
    static void test_f16_arithmetic(void **state)                                                  \
    {                                                                                              \
        (void)state;                                                                               \
        test(2);                                                                                   \
    }
#define PRECISION_TESTS                                                                            \
    cmocka_unit_test(test_f32), cmocka_unit_test(test_f16_storage),                                \
        cmocka_unit_test(test_f16_arithmetic)

#endif
