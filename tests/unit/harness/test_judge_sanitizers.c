// SPDX-License-Identifier: Apache-2.0
// What the judge says of deviations, of overflows in f16, and of how far beyond the contract.
#include "tests/unit/harness/judge_trial.h"

static const char real[] = "conv2d/n2c3h9w7/o4k3x2s1p1/he/7";

static void test_each_sanitizer_catches(void **state)
{
    (void)state;
    static const struct {
        assay_sanitizer by;
        unsigned caught;
        const char *said;
    } rows[] = {
        {ASSAY_SANITIZE_SHARED,    ASSAY_CAUGHT_SHARED,
         "read before it is written (\"tile\", first read at x.comp:9): what lies in it changes 3" },
        {ASSAY_SANITIZE_REPEAT,    ASSAY_CAUGHT_REPEAT,
         "not repeatable: the same run once more changes 3"                                        },
        {ASSAY_SANITIZE_ORDER,     ASSAY_CAUGHT_ORDER,     "the order of the work groups changes 3"},
        {ASSAY_SANITIZE_SUBGROUPS, ASSAY_CAUGHT_SUBGROUPS,
         "the subgroup size 16 changes 3 elements, "
         "first at n0 c0 h0 w2: 1.5 becomes -1"                                                    },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        trial t;
        begin(&t, real, rte());
        assert_int_equal(*judged(&t).verdict, ASSAY_VERDICT_PASS);
        assay_deviation *d = &t.deviation[rows[i].by];
        *d = (assay_deviation){
            .elements = 3, .first = 2, .was = 1.5f, .became = -1, .subgroup_size = 16};
        snprintf(d->where, sizeof d->where, "\"tile\", first read at x.comp:9");
        assay_result result = judged(&t);
        assert_int_equal(*result.verdict, ASSAY_VERDICT_FAIL);
        assert_int_equal(*result.caught, rows[i].caught);
        if (!strstr(result.reason, rows[i].said))
            fail_msg("%s", result.reason);
        end(&t);
    }
}

static void must_say(const char *text, assay_contract contract, int64_t at, float y,
                     const char *said)
{
    trial t;
    begin(&t, text, contract);
    both(&t, at, y);
    assay_result result = judged(&t);
    assert_int_equal(*result.verdict, ASSAY_VERDICT_FAIL);
    if (!strstr(result.reason, said))
        fail_msg("%s", result.reason);
    end(&t);
}

static void test_how_far_beyond_the_contract(void **state)
{
    (void)state;
    trial t;
    char said[96];
    begin(&t, real, rte());
    const assay_reference *ref = &t.subject.reference;
    double bound = ref->bound[5], value = ref->value[5];
    end(&t);
    float y = (float)(value + 100 * bound);
    snprintf(said, sizeof said, "beyond the contract (f32 in f32) by a factor of %.3g at most",
             fabs((double)y - value) / bound);
    must_say(real, rte(), 5, y, said);
}

static void test_overflow_in_f16(void **state)
{
    (void)state;
    assay_contract c = rte();
    c.storage = ASSAY_STORAGE_F16;
    must_say(real, c, 5, INFINITY, "(overflowed in f16: more than 65504 on the way");
}

// The reference exceeds 65504: an infinity is right there, and the largest number is not.
static void test_results_beyond_f16(void **state)
{
    (void)state;
    trial t;
    assay_contract c = rte();
    c.storage = ASSAY_STORAGE_F16;
    c.store = ASSAY_ROUNDING_RTE; // rounding towards zero would keep 65504
    begin(&t, real, c);
    t.subject.reference.value[5] = 70000;
    t.subject.reference.bound[5] = 10;
    both(&t, 5, INFINITY);
    assert_int_equal(*judged(&t).verdict, ASSAY_VERDICT_PASS);
    both(&t, 5, 65504);
    assay_result result = judged(&t);
    assert_int_equal(*result.verdict, ASSAY_VERDICT_FAIL);
    if (!strstr(result.reason, "an infinity is right"))
        fail_msg("%s", result.reason);
    end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_sanitizer_catches),
        cmocka_unit_test(test_how_far_beyond_the_contract),
        cmocka_unit_test(test_overflow_in_f16),
        cmocka_unit_test(test_results_beyond_f16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
