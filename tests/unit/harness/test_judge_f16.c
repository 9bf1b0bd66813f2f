// SPDX-License-Identifier: Apache-2.0
// The judge where results are stored in f16.
#include "tests/unit/harness/judge_trial.h"

// f16 arithmetic sees lost taps only in exact data; f32 arithmetic stored in f16 sees them
// anywhere.
static void test_f16_accumulators(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        assay_accumulator accumulator;
        assay_verdict verdict;
        const char *tier, *says;
    } rows[] = {
        {"conv2d/n1c9h6w7/o4k3x3s1p1/he/7",      ASSAY_ACCUMULATOR_F16, ASSAY_VERDICT_VACUOUS, "T2",
         "such long sums rest on T0, T1 and T4"                                                        },
        {"conv2d/n1c9h6w7/o4k3x3s1p1/i1/7",      ASSAY_ACCUMULATOR_F16, ASSAY_VERDICT_PASS,    "T0", ""},
        {"conv2d/n1c9h6w7/o4k3x3s1p1/impulse/7", ASSAY_ACCUMULATOR_F16, ASSAY_VERDICT_PASS,    "T1",
         ""                                                                                            },
        {"conv2d/n1c9h6w7/o4k3x3s1p1/he/7",      ASSAY_ACCUMULATOR_F32, ASSAY_VERDICT_PASS,    "T2", ""},
        {"linear/n2c4096/o3/uniform/7",          ASSAY_ACCUMULATOR_F32, ASSAY_VERDICT_VACUOUS, "T2",
         "the rounding of the store"                                                                   },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        trial t;
        assay_contract c = assay_contract_default();
        c.accumulator = rows[i].accumulator;
        c.storage = ASSAY_STORAGE_F16;
        begin(&t, rows[i].text, c);
        assay_result r = judged(&t);
        if (*r.verdict != rows[i].verdict || strcmp(r.tier, rows[i].tier) != 0 ||
            !strstr(r.reason, rows[i].says))
            fail_msg("%s: verdict %d, tier %s, \"%s\"", rows[i].text, (int)*r.verdict, r.tier,
                     r.reason);
        assert_true(*r.ulp_max == 0 && *r.use_max <= 1);
        end(&t);
    }
}

static void one_f16_step(trial *t)
{
    both(t, 11, assay_from_f16((uint16_t)(assay_to_f16((double)t->run[0][11]) + 1)));
}

// One unit of f16 beside what the store rounds to: wrong, and far beyond the bound of f32
// arithmetic.
static void test_f16_store(void **state)
{
    (void)state;
    trial t;
    assay_contract c = rte();
    c.storage = ASSAY_STORAGE_F16;
    c.store = ASSAY_ROUNDING_RTE;
    begin(&t, "conv2d/n2c3h9w7/o4k3x2s1p1/he/7", c);
    for (int i = 0; i < 3; i++)
        for (int64_t k = 0; k < assay_shape_elements(&t.c.problem.input[i]); k++)
            assert_true(t.subject.in[i][k] ==
                        assay_round_f16((double)t.subject.in[i][k], ASSAY_TO_NEAREST));
    assay_result r = judged(&t);
    assert_int_equal(*r.verdict, ASSAY_VERDICT_PASS);
    assert_true(*r.abs_max > 1e-5 && *r.use_max <= 1 && *r.rms_ratio < 3);
    one_f16_step(&t);
    r = judged(&t);
    assert_int_equal(*r.caught, ASSAY_CAUGHT_T2);
    assert_true(*r.mismatches == 1 && *r.ulp_max == 1 && *r.use_max > 1);
    assert_non_null(strstr(r.reason, "stored as f16"));
    end(&t);
}

// Stored inputs that are no numbers of f16 are rounded, the same for the kernel and the reference.
static void test_stored_inputs_are_rounded(void **state)
{
    (void)state;
    assay_error error = {0};
    float x[6] = {1 + 0x1p-11f, 0.1f, 1e6f, 1e-9f, -0.3f, 2};
    assay_vector vector = {.input = {x}};
    assay_subject s = {.vector = &vector, .contract = rte()};
    assay_case c;
    assert_int_equal(assay_case_parse("relu/n1c6h1w1/-/file/x", &c, &error), ASSAY_OK);
    s.c = &c;
    assay_subject_prepare(&s);
    assert_true(s.in[0] == x);
    assay_subject_release(&s);
    s = (assay_subject){.c = &c, .vector = &vector, .contract = rte()};
    s.contract.storage = ASSAY_STORAGE_F16;
    assay_subject_prepare(&s);
    assert_int_equal(s.status, ASSAY_OK);
    for (int i = 0; i < 6; i++) {
        assert_true(s.in[0][i] == assay_round_f16((double)x[i], ASSAY_TO_NEAREST));
        assert_true(s.reference.value[i] == fmax(0, (double)s.in[0][i]));
    }
    assert_true(isinf(s.in[0][2]) && s.in[0][3] == 0);
    assay_subject_release(&s);
    // An input's own storage counts, whatever the result is stored in.
    for (int half = 0; half < 2; half++) {
        s = (assay_subject){.c = &c, .vector = &vector, .contract = rte()};
        s.contract.storage = half ? ASSAY_STORAGE_F32 : ASSAY_STORAGE_F16;
        s.own_storage[0] = (half ? ASSAY_STORAGE_F16 : ASSAY_STORAGE_F32) + 1;
        assay_subject_prepare(&s);
        for (int i = 0; i < 6; i++)
            assert_true(s.in[0][i] ==
                        (half ? assay_round_f16((double)x[i], ASSAY_TO_NEAREST) : x[i]));
        assay_subject_release(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_f16_accumulators),
        cmocka_unit_test(test_f16_store),
        cmocka_unit_test(test_stored_inputs_are_rounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
