// SPDX-License-Identifier: Apache-2.0
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "reports/journal.h"
#include "reports/lookup.h"
#include "tests/unit/reports/sample_results.h"

#define ROOM 8192

static void random_results_come_back(void **state)
{
    (void)state;
    uint8_t bytes[ROOM];
    uint64_t seed = 1;
    for (int i = 0; i < 2000; i++) {
        assay_result in, out;
        assay_status status;
        sample_random(&in, &seed);
        size_t size = assay_record_encode(&in, bytes, sizeof bytes);
        assert_true(size <= sizeof bytes);
        assert_int_equal(assay_record_decode(bytes, sizeof bytes, &out, &status), size);
        assert_int_equal(status, ASSAY_OK);
        assert_memory_equal(&in, &out, sizeof in);
    }
}

static void size_is_asked_for_first(void **state)
{
    (void)state;
    uint8_t bytes[ROOM];
    assay_result result;
    sample_plain(&result, 3);
    size_t size = assay_record_encode(&result, NULL, 0);
    assert_true(size > 0 && size < 2000); // unused bytes of texts are not stored
    memset(bytes, 0xA5, sizeof bytes);
    assert_int_equal(assay_record_encode(&result, bytes, size - 1), size);
    for (size_t i = 0; i < sizeof bytes; i++)
        assert_int_equal(bytes[i], 0xA5); // nothing written where it does not fit
    assert_int_equal(assay_record_encode(&result, bytes, size), size);
    assert_int_equal(bytes[size], 0xA5);
}

static void text_without_end_is_cut(void **state)
{
    (void)state;
    uint8_t bytes[ROOM];
    assay_result in, out;
    assay_status status;
    sample_plain(&in, 0);
    memset(in.layout, 'x', sizeof in.layout);
    assert_true(assay_record_encode(&in, bytes, sizeof bytes) <= sizeof bytes);
    assert_true(assay_record_decode(bytes, sizeof bytes, &out, &status) > 0);
    assert_string_equal(out.layout, "xxxxxxx");
}

static void every_truncation_waits(void **state)
{
    (void)state;
    uint8_t bytes[ROOM];
    uint64_t seed = 2;
    for (int i = 0; i < 8; i++) {
        assay_result in, out;
        assay_status status;
        sample_random(&in, &seed);
        size_t size = assay_record_encode(&in, bytes, sizeof bytes);
        for (size_t cut = 0; cut < size; cut++) {
            uint8_t *part = malloc(cut + 1); // so that a sanitizer sees a read too far
            assert_non_null(part);
            memcpy(part, bytes, cut);
            assert_int_equal(assay_record_decode(part, cut, &out, &status), 0);
            assert_int_equal(status, ASSAY_OK);
            free(part);
        }
    }
}

static void corruption_is_never_accepted(void **state)
{
    (void)state;
    uint8_t bytes[ROOM];
    uint64_t seed = 3;
    assay_result in, out;
    size_t size = 0;
    int refused = 0, waiting = 0;
    for (int i = 0; i < 200000; i++) {
        if (i % 1000 == 0) {
            sample_random(&in, &seed);
            size = assay_record_encode(&in, bytes, sizeof bytes);
        }
        uint8_t damaged[ROOM];
        assay_status status;
        memcpy(damaged, bytes, size);
        int flips = 1 + (int)(sample_next(&seed) % 4);
        for (int k = 0; k < flips; k++)
            damaged[sample_next(&seed) % (i % 4 ? size : 16)] ^=
                (uint8_t)(1u << (sample_next(&seed) % 8));
        if (memcmp(damaged, bytes, size) == 0)
            continue; // flipped back
        assert_int_equal(assay_record_decode(damaged, size, &out, &status), 0);
        refused += status == ASSAY_FORMAT;
        waiting += status == ASSAY_OK; // a longer record, as far as its length tells
    }
    assert_true(refused > 180000 && waiting > 0);
}

static void unknown_verdict_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[ROOM];
    assay_result in, out;
    assay_status status;
    sample_plain(&in, 0);
    *in.verdict = ASSAY_VERDICT_COUNT;
    size_t size = assay_record_encode(&in, bytes, sizeof bytes);
    assert_int_equal(assay_record_decode(bytes, size, &out, &status), 0);
    assert_int_equal(status, ASSAY_FORMAT);
    sample_plain(&in, 0);
    *in.caught = ASSAY_CAUGHT_ALL + 1;
    size = assay_record_encode(&in, bytes, sizeof bytes);
    assert_int_equal(assay_record_decode(bytes, size, &out, &status), 0);
    assert_int_equal(status, ASSAY_FORMAT);
}

static void lookup_finds_the_first(void **state)
{
    (void)state;
    enum { N = 3000 };
    assay_result *results = calloc(N, sizeof *results);
    assay_lookup lookup = {0};
    assert_non_null(results);
    assert_int_equal(assay_lookup_find(&lookup, results, "x"), ASSAY_LOOKUP_NONE);
    for (size_t i = 0; i < N; i++) {
        bool added = false;
        snprintf(results[i].check, sizeof results[i].check, "check %d", (int)(i % 1000));
        assert_int_equal(assay_lookup_add(&lookup, results, i, &added, NULL), ASSAY_OK);
        assert_int_equal(added, i < 1000);
    }
    for (size_t i = 0; i < N; i++)
        assert_int_equal(assay_lookup_find(&lookup, results, results[i].check), i % 1000);
    assert_int_equal(assay_lookup_find(&lookup, results, "check 1000"), ASSAY_LOOKUP_NONE);
    assay_lookup_destroy(&lookup);
    assay_lookup_destroy(&lookup);
    assay_lookup_destroy(NULL);
    free(results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_results_come_back),
        cmocka_unit_test(size_is_asked_for_first),
        cmocka_unit_test(text_without_end_is_cut),
        cmocka_unit_test(every_truncation_waits),
        cmocka_unit_test(corruption_is_never_accepted),
        cmocka_unit_test(unknown_verdict_is_refused),
        cmocka_unit_test(lookup_finds_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
