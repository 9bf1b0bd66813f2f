// SPDX-License-Identifier: Apache-2.0
// The judge against right outputs, and against outputs that are wrong in one way each.
#include "tests/unit/harness/judge_trial.h"

#define EXACT_CASE "conv2d/n2c3h9w7/o4k3x2s1p1/i2/7"
#define REAL_CASE  "conv2d/n2c3h9w7/o4k3x2s1p1/he/7"
#define TWIN_CASE  "conv2d/n3c3h9w7/o6k3x2s1p1/twins/7"

static void test_right_outputs_pass(void **state)
{
    (void)state;
    static const struct {
        const char *text, *tier;
    } rows[] = {
        {EXACT_CASE,                             "T0"},
        {REAL_CASE,                              "T2"},
        {"conv2d/n2c3h9w7/o4k3x2s1p1/impulse/7", "T1"},
        {"relu/n2c3h9w7/-/he/7",                 "T0"},
        {"softmax/n2c5h3w4/axis1/he/7",          "T2"},
        {TWIN_CASE,                              "T4"},
        {"abs/n3c3h5w7/-/twins/1",               "T4"},
        {"argmax/n3c3h5w7/axis1/twins/1",        "T4"},
        {"mul/n3c3h5w7+n1c3h1w1/-/twins/1",      "T4"},
        {"lrn/n2c5h3w4/-/twins/1",               "T4"},
        {"softmax/n2c5h3w4/axis1/twins/1",       "T4"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        trial t;
        begin(&t, rows[i].text, rte());
        assay_result r = judged(&t);
        assert_int_equal(*r.verdict, ASSAY_VERDICT_PASS);
        assert_string_equal(r.tier, rows[i].tier);
        assert_int_equal(*r.caught, 0);
        assert_int_equal(*r.elements, t.subject.reference.count);
        assert_true(*r.abs_max <= 1e-3 && *r.ulp_max == 0);
        assert_int_equal(r.ulp_histogram[0], *r.elements);
        assert_int_equal(r.first_index[0], -1);
        end(&t);
    }
}

// Spoils a right output in one way; the verdict must be FAIL, caught by exactly `bits`.
static void must_catch(const char *text, void (*spoil)(trial *t), int64_t bits, const char *says)
{
    trial t;
    begin(&t, text, rte());
    spoil(&t);
    assay_result r = judged(&t);
    char caught[128];
    if (*r.caught != bits)
        fail_msg("%s: caught by %s (%s)", text,
                 assay_caught_format((unsigned)*r.caught, caught, sizeof caught), r.reason);
    assert_int_equal(*r.verdict, ASSAY_VERDICT_FAIL);
    if (!strstr(r.reason, says))
        fail_msg("\"%s\" is not in \"%s\"", says, r.reason);
    end(&t);
}

static void one_bit(trial *t)
{
    both(t, 11, nextafterf(t->run[0][11], 1e30f));
}

static void two_percent(trial *t)
{
    for (int64_t i = 0; i < t->subject.reference.count; i++)
        both(t, i, t->run[0][i] * 1.02f);
}

static void not_written(trial *t)
{
    t->run[0][5] = assay_float_of_bits(ASSAY_PREFILL_BITS_0);
    t->run[1][5] = assay_float_of_bits(ASSAY_PREFILL_BITS_1);
}

static void poisoned(trial *t)
{
    both(t, 3, assay_float_of_bits(ASSAY_POISON_BITS));
}

static void canonical_nan(trial *t)
{
    both(t, 3, NAN);
}

static void second_run_differs(trial *t)
{
    // Inside of the bound, or it would be caught by T2 as well.
    int64_t i = 0;
    while (t->subject.reference.bound[i] < fabs((double)t->run[1][i]) * 0x1p-22)
        i++;
    t->run[1][i] = nextafterf(t->run[1][i], 0);
}

static void stray(trial *t)
{
    t->guard[1] =
        (assay_guard_report){.stray = 8, .stray_offset = 1234, .stray_tensor = ASSAY_INPUTS_MAX};
}

static void changed(trial *t)
{
    t->guard[0] = (assay_guard_report){.changed = 1, .changed_index = 22, .changed_tensor = 0};
}

static void validated(trial *t)
{
    static char said[] = "SYNC-HAZARD-WRITE-AFTER-WRITE\nmore";
    t->messages = said;
}

static void test_each_fault_is_caught_by_its_tier(void **state)
{
    (void)state;
    must_catch(EXACT_CASE, one_bit, ASSAY_CAUGHT_T0,
               "1 of 576 elements wrong; first at n0 c0 h1 w3");
    must_catch("conv2d/n2c3h9w7/o4k3x2s1p1/impulse/7", one_bit, ASSAY_CAUGHT_T1, "exactly");
    must_catch(REAL_CASE, two_percent, ASSAY_CAUGHT_T2, "+-");
    must_catch(EXACT_CASE, not_written, ASSAY_CAUGHT_UNWRITTEN, "never written");
    must_catch(REAL_CASE, poisoned, ASSAY_CAUGHT_POISON, "read from outside");
    must_catch(REAL_CASE, canonical_nan, ASSAY_CAUGHT_POISON, "read from outside");
    must_catch("sigmoid/n2c3h9w7/-/he/7", canonical_nan, ASSAY_CAUGHT_T2, "got nan");
    must_catch(REAL_CASE, second_run_differs, ASSAY_CAUGHT_T4, "two runs of the same data differ");
    must_catch(REAL_CASE, stray, ASSAY_CAUGHT_STRAY, "outside of \"out\"");
    must_catch(REAL_CASE, changed, ASSAY_CAUGHT_INPUT, "\"in\" were changed, first at n0 c0 h3 w1");
    must_catch(REAL_CASE, validated, ASSAY_CAUGHT_VALIDATION, "SYNC-HAZARD-WRITE-AFTER-WRITE");
}

// A number beside a right one: by one unit in the last place, inside of the bound.
static void one_ulp_at(trial *t, int64_t i)
{
    const assay_reference *ref = &t->subject.reference;
    float x = nextafterf(t->run[0][i], 0);
    assert_true(fabs((double)x - ref->value[i]) < ref->bound[i]);
    both(t, i, x);
}

// Outputs of the case are [3, 6, 9, 8]: an item of 432, a channel of 72.
static void in_a_twin(trial *t)
{
    one_ulp_at(t, 432 + 77);
}

static void in_a_copy(trial *t)
{
    one_ulp_at(t, 2 * 432 + 3 * 72 + 5);
}

static void in_a_pair(trial *t)
{
    for (int item = 0; item < 3; item++) // the same in every item
        one_ulp_at(t, item * 432 + 5 * 72 + 9);
}

static void test_twins_refuse_one_unit(void **state)
{
    (void)state;
    must_catch(TWIN_CASE, in_a_twin, ASSAY_CAUGHT_T4,
               "T4: 2 elements break the relation of twins; first n1 c1 h0 w5: got ");
    must_catch(TWIN_CASE, in_a_twin, ASSAY_CAUGHT_T4, "times n0 c1 h0 w5 (another item), ");
    must_catch(TWIN_CASE, in_a_copy, ASSAY_CAUGHT_T4, "expected 1 times n0 c3 h0 w5");
    must_catch(TWIN_CASE, in_a_pair, ASSAY_CAUGHT_T4, "first n0 c5 h1 w1: got ");
    must_catch(TWIN_CASE, in_a_pair, ASSAY_CAUGHT_T4, "times n0 c1 h1 w1 (its channel), ");
}

// What rounds either way has no symmetry: copies alone are held then, and a batch of two has none.
static void test_unknown_rounding_holds_copies_alone(void **state)
{
    (void)state;
    trial t;
    begin(&t, TWIN_CASE, assay_contract_default());
    in_a_twin(&t);
    in_a_pair(&t);
    assay_result r = judged(&t);
    assert_int_equal(*r.verdict, ASSAY_VERDICT_PASS);
    assert_string_equal(r.tier, "T4");
    in_a_copy(&t);
    assert_int_equal(*judged(&t).caught, ASSAY_CAUGHT_T4);
    end(&t);
    begin(&t, "conv2d/n2c3h9w7/o4k3x2s1p1/twins/7", assay_contract_default());
    assert_string_equal(judged(&t).tier, "T2");
    end(&t);
}

// A kernel that writes zeros keeps every relation: that is no evidence.
static void test_zeros_are_no_twins(void **state)
{
    (void)state;
    trial t;
    assay_contract half = rte();
    half.storage = ASSAY_STORAGE_F16;
    half.accumulator = ASSAY_ACCUMULATOR_F16;
    begin(&t, "conv2d/n3c65h3w4/o4k3x3s1p1/twins/1", half);
    assay_result r = judged(&t);
    assert_int_equal(*r.verdict, ASSAY_VERDICT_PASS);
    assert_string_equal(r.tier, "T4");
    assert_true(*r.blind_median > ASSAY_BLIND_LIMIT);
    for (int64_t i = 0; i < t.subject.reference.count; i++)
        both(&t, i, 0);
    r = judged(&t);
    assert_int_equal(*r.verdict, ASSAY_VERDICT_VACUOUS);
    assert_string_equal(r.tier, "T2");
    end(&t);
}

static void must_be_vacuous(const char *text, const char *says)
{
    trial t;
    begin(&t, text, assay_contract_default());
    assay_result r = judged(&t);
    assert_int_equal(*r.verdict, ASSAY_VERDICT_VACUOUS);
    if (!strstr(r.reason, says))
        fail_msg("\"%s\" is not in \"%s\"", says, r.reason);
    end(&t);
}

static void test_weak_checks_are_vacuous(void **state)
{
    (void)state;
    must_be_vacuous("linear/n2c4096/o3/uniform/7", "blind taps");
    must_be_vacuous("relu/n2c3h9w7/-/negative/7", "a constant would pass");
}

static void test_metrics(void **state)
{
    (void)state;
    trial t;
    begin(&t, "linear/n2c5/o3/he/7", rte());
    double largest = 0, error2 = 0, reference2 = 0;
    for (int64_t i = 0; i < 6; i++) {
        both(&t, i, nextafterf(t.run[0][i], 1e30f));
        double d = (double)t.run[0][i] - t.subject.reference.value[i];
        largest = fabs(d) > largest ? fabs(d) : largest;
        error2 += d * d;
        reference2 += t.subject.reference.value[i] * t.subject.reference.value[i];
    }
    assay_result r = judged(&t);
    assert_true(*r.abs_max == largest);
    assert_true(fabs(*r.nmse - error2 / reference2) <= 1e-12 * *r.nmse);
    assert_true(fabs(*r.snr_db + 10 * log10(error2 / reference2)) < 1e-9);
    assert_true(*r.ulp_max == 1);
    assert_int_equal(r.ulp_histogram[1], 6);
    assert_true(*r.use_max > 0 && *r.use_max == *r.use_p999);
    assert_true(r.worst_index[0] >= 0 && r.worst_index[3] >= 0);
    assert_true(*r.rms_ratio > 0);
    end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_outputs_pass),
        cmocka_unit_test(test_each_fault_is_caught_by_its_tier),
        cmocka_unit_test(test_twins_refuse_one_unit),
        cmocka_unit_test(test_unknown_rounding_holds_copies_alone),
        cmocka_unit_test(test_zeros_are_no_twins),
        cmocka_unit_test(test_weak_checks_are_vacuous),
        cmocka_unit_test(test_metrics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
