// SPDX-License-Identifier: Apache-2.0
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "tests/unit/reports/captured_report.h"

#include <unistd.h>

static char path[256];

// xmllint's exit code against tests/cli/junit.xsd: 0 valid, 3 not valid, 1 no XML.
static int validate(const char *text)
{
    char command[1024];
    captured_save(sample_path(path, sizeof path, "junit.xml"), text);
    snprintf(command, sizeof command,
             "xmllint --noout --schema '%s/tests/cli/junit.xsd' '%s' 2>'%s.log'", ASSAY_SOURCE_DIR,
             path, path);
    int status = system(command);
    assert_true(status != -1 && status >> 8 != 127); // libxml2-utils is a test dependency
    snprintf(command, sizeof command, "%s.log", path);
    unlink(command);
    unlink(path);
    return status >> 8;
}

static char *junit(const assay_result *results, size_t count)
{
    assay_run_info run;
    sample_run(&run);
    return captured(assay_report_junit, &run, results, count);
}

static void plain_results_are_valid(void **state)
{
    (void)state;
    assay_result results[24];
    for (int i = 0; i < 24; i++)
        sample_plain(&results[i], i);
    *results[3].verdict = ASSAY_VERDICT_TIMEOUT;
    char *text = junit(results, 24);
    assert_int_equal(validate(text), 0);
    assert_non_null(strstr(text, "<testsuites name=\"assay\" tests=\"24\" failures=\"3\" "
                                 "errors=\"1\" skipped=\"4\" time=\"0.024000\" "
                                 "timestamp=\"2026-01-02T03:04:05Z\">"));
    assert_int_equal(captured_count(text, "<testsuite name="), 3);
    assert_int_equal(captured_count(text, "<testcase "), 24);
    assert_int_equal(captured_count(text, "<failure message=\"2 of 720"), 3);
    assert_int_equal(captured_count(text, "type=\"T0+poison\">2 of 720"), 3);
    assert_int_equal(captured_count(text, "<error message="), 1);
    assert_int_equal(captured_count(text, "type=\"TIMEOUT\""), 1);
    assert_int_equal(captured_count(text, "<skipped message=\"the device has no f16"), 4);
    assert_int_equal(captured_count(text, "<system-out>VACUOUS: all expected"), 4);
    assert_int_equal(captured_count(text, "\nreproduce: assay verify --device 0"), 4);
    assert_int_equal(captured_count(text, "\nexplain: assay explain '"), 3); // not of the timeout
    assert_non_null(strstr(text, "name=\"conv2d on 0 llvmpipe\""));
    assert_non_null(strstr(text, "classname=\"assay.conv2d.f32\""));
    free(text);
}

static void nothing_is_valid(void **state)
{
    (void)state;
    char *text = junit(NULL, 0);
    assert_int_equal(validate(text), 0);
    free(text);
}

static void hostile_texts_are_valid(void **state)
{
    (void)state;
    enum { N = 60 };
    assay_result *results = calloc(2 * N, sizeof *results);
    uint64_t seed = 21;
    for (int i = 0; i < N; i++) {
        sample_hostile(&results[i], i);
        sample_random(&results[N + i], &seed); // NaN seconds, any bytes
    }
    char *text = junit(results, 2 * N);
    assert_int_equal(validate(text), 0);
    assert_null(strstr(text, "]]>"));
    assert_null(strchr(text, 0x1b));
    free(text);
    free(results);
}

static void names_are_unique(void **state)
{
    (void)state;
    assay_result results[4];
    for (int i = 0; i < 4; i++)
        sample_plain(&results[i], 0);
    results[3].check[0] = '\0';
    char *text = junit(results, 4);
    assert_int_equal(validate(text), 0);
    free(text);
}

static void odd_start_is_left_out(void **state)
{
    (void)state;
    static const char *const starts[] = {"", "yesterday", "2026-01-02 03:04:05Z",
                                         "2026-01-02T03:04:05+1"};
    assay_run_info run;
    sample_run(&run);
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        snprintf(run.started, sizeof run.started, "%s", starts[i]);
        char *text = captured(assay_report_junit, &run, NULL, 0);
        assert_null(strstr(text, "timestamp"));
        assert_int_equal(validate(text), 0);
        free(text);
    }
}

// The judge itself: it must refuse what a reader would stumble over.
static void wrong_files_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        int code;
    } damages[] = {
        {"time=\"0.001000\"",                "time=\"0,001000\"",          3},
        {"time=\"0.001000\"",                "time=\"nan\"     ",          3},
        {"tests=\"24\"",                     "tests=\"-4\"",               3},
        {"i2/0\"",                           "i2/6\"",                     3}, // a name twice
        {"<system-out>VACUOUS",              "<system-xxx>VACUOUS",        1},
        {"all expected values are the same", "all expected values \x01re", 1},
        {"classname=",                       "klassname=",                 3},
        {"2026-01-02T",                      "2026-01-02 ",                3},
    };
    assay_result results[24];
    for (int i = 0; i < 24; i++)
        sample_plain(&results[i], i);
    char *text = junit(results, 24);
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        char *copy = strdup(text);
        char *at = strstr(copy, damages[i].from);
        assert_non_null(at);
        memcpy(at, damages[i].to, strlen(damages[i].to));
        assert_int_equal(validate(copy), damages[i].code);
        free(copy);
    }
    free(text);
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(sample_folder());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_results_are_valid), cmocka_unit_test(nothing_is_valid),
        cmocka_unit_test(hostile_texts_are_valid), cmocka_unit_test(names_are_unique),
        cmocka_unit_test(odd_start_is_left_out),   cmocka_unit_test(wrong_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
