// SPDX-License-Identifier: Apache-2.0
// The reports for people: console, one result, Markdown, timings.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "reports/report_internal.h"
#include "tests/unit/reports/captured_report.h"

#include <locale.h>
#include <unistd.h>

static bool verbose, color;

static void console(FILE *out, const assay_run_info *run, const assay_result *results, size_t count)
{
    assay_report_console(out, run, results, count,
                         verbose ? ASSAY_DETAIL_VERBOSE : ASSAY_DETAIL_NORMAL, color);
}

static void timings(FILE *out, const assay_run_info *run, const assay_result *results, size_t count)
{
    (void)run;
    assay_report_timings(out, results, count, 0.5, 0.0625);
}

static void one(FILE *out, const assay_run_info *run, const assay_result *results, size_t count)
{
    (void)run;
    (void)count;
    assay_report_one(out, results);
}

static char *report(captured_writer *write, const assay_result *results, size_t count)
{
    assay_run_info run;
    sample_run(&run);
    return captured(write, &run, results, count);
}

static void fill(assay_result *results, int count)
{
    for (int i = 0; i < count; i++)
        sample_plain(&results[i], i);
}

static int quiet(void **state)
{
    (void)state;
    verbose = color = false;
    return 0;
}

static void console_is_as_documented(void **state)
{
    (void)state;
    static const char expected[] =
        "FAIL conv2d_direct:f32:nchw@0 conv2d/n2c3h8w9/i2/3\n"
        "  2 of 720 elements wrong; first at n0 c1 h2 w3\n"
        "     element           actual         expected        bound\n"
        "          57                3              5.5        exact\n"
        "          58                3              5.5        0.125\n"
        "  caught by T0+poison\n"
        "  validation: VUID-1\n"
        "reproduce: assay verify --device 0 'conv2d/n2c3h8w9/i2/3'\n"
        "explain: assay explain 'conv2d_direct:f32:nchw@0 conv2d/n2c3h8w9/i2/3'\n"
        "\n"
        "operator    kernel           PASS    FAIL    SKIP  VACUOUS  bound use    max ULP       "
        "time\n"
        "conv2d      conv2d_direct       1       1       .        .       0.25          3    2.00 "
        "ms\n"
        "max_pool2d  max_pool2d          2       .       .        .       0.25          3    2.00 "
        "ms\n"
        "relu        activation          .       .       1        1       0.25          3    2.00 "
        "ms\n"
        "\n"
        "tier           2  T0\n"
        "               3  T2\n"
        "contract       5  f32 rounding=rte(probed)\n"
        "skipped        1  the device has no f16 storage\n"
        "vacuous        1  all expected values are the same\n"
        "6 checks: 3 PASS, 1 FAIL, 1 SKIP, 1 VACUOUS on llvmpipe (LLVM 15.0.6, 256 bits)\n";
    assay_result results[6];
    fill(results, 6);
    snprintf(results[3].messages, sizeof results[3].messages, "VUID-1\nVUID-2\n");
    char *text = report(console, results, 6);
    assert_string_equal(text, expected);
    free(text);
    verbose = true;
    text = report(console, results, 6);
    assert_non_null(strstr(text, "  validation: VUID-2\n"));
    assert_non_null(strstr(text, "VACUOUS activation:f32:nchw@0 relu/n2c3h8w9/i2/5\n  all exp"));
    free(text);
    text = report(console, results, 0);
    assert_string_equal(text, "0 checks on llvmpipe (LLVM 15.0.6, 256 bits)\n");
    free(text);
}

static void color_only_when_asked(void **state)
{
    (void)state;
    assay_result results[6];
    fill(results, 6);
    char *text = report(console, results, 6);
    assert_null(strchr(text, 0x1b));
    free(text);
    color = true;
    text = report(console, results, 6);
    assert_non_null(strstr(text, "\033[1;31mFAIL\033[0m conv2d"));
    assert_int_equal(captured_count(text, "\033[0m") * 2, captured_count(text, "\033["));
    free(text);
}

static void every_failure_can_be_reproduced(void **state)
{
    (void)state;
    enum { N = 600 };
    assay_result *results = calloc(N, sizeof *results);
    fill(results, N);
    char *text = report(console, results, N);
    assert_int_equal(captured_count(text, "\nreproduce: assay verify "), N / 6);
    assert_int_equal(captured_count(text, "caught by"), 20); // the others in short
    free(text);
    verbose = true;
    text = report(console, results, N);
    assert_int_equal(captured_count(text, "caught by"), N / 6);
    free(text);
    free(results);
}

static bool is_clean(const char *text)
{
    const char *start = text;
    uint32_t code;
    while ((code = assay__text_next(&text)) != 0)
        if ((code < 0x20 && code != '\n') || (code >= 0x7F && code < 0xA0) ||
            (code == ASSAY__REPLACEMENT && (uint8_t)text[-1] != 0xBD)) // invalid UTF-8 got through
            return false;
    return text > start;
}

static void nothing_hostile_reaches_a_terminal(void **state)
{
    (void)state;
    enum { N = 40 };
    captured_writer *const writers[] = {console, one, assay_report_markdown, timings};
    assay_result *results = calloc(2 * N, sizeof *results);
    uint64_t seed = 41;
    for (int i = 0; i < N; i++) {
        sample_hostile(&results[i], i);
        sample_random(&results[N + i], &seed);
    }
    verbose = true;
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        char *text = report(writers[i], results, 2 * N);
        assert_true(is_clean(text));
        free(text);
    }
    char *text = report(console, results, N);
    // A text cannot forge a line of its own.
    assert_int_equal(captured_count(text, "\nreproduce: rm"), 0);
    free(text);
    assert_false(is_clean("\x1b[31m")); // the judge itself
    assert_false(is_clean("\xff"));
    assert_false(is_clean("\xc2\x9b"));
    assert_true(is_clean("\xe2\x82\xac\xef\xbf\xbd\n"));
    free(results);
}

static void one_result_has_every_field(void **state)
{
    (void)state;
    assay_result result;
    sample_plain(&result, 3);
    result.worst_index[0] = 99;
    result.use_histogram[0] = 1;
    result.use_histogram[15] = 1000;
    char *text = report(one, &result, 1);
    for (int i = 0; i < assay_result_field_count; i++) {
        const assay_field *field = &assay_result_fields[i];
        char start[64];
        if (strncmp(field->name, "first_", 6) == 0 || strncmp(field->name, "worst_", 6) == 0)
            continue; // as tables
        snprintf(start, sizeof start, "\n  %s ", field->name);
        if (!strstr(text, start))
            fail_msg("%s is not shown", field->name);
    }
    assert_non_null(strstr(text, "\n  first wrong "));
    assert_non_null(strstr(text, " 57                3              5.5            0\n"));
    assert_non_null(strstr(text, " 99 "));
    assert_non_null(strstr(text, "  0        700 ########################################\n"));
    assert_non_null(strstr(text, "  2         20 #\n"));
    assert_non_null(strstr(text, "< 2^-14          1 #\n"));
    assert_non_null(strstr(text, ">= 1       1000 ########################################\n"));
    assert_non_null(strstr(text, "caught          T0+poison"));
    free(text);
}

static void markdown_fits_a_step_summary(void **state)
{
    (void)state;
    enum { N = 4000 };
    assay_result *results = calloc(N, sizeof *results);
    for (int i = 0; i < N; i++) {
        sample_hostile(&results[i], i);
        snprintf(results[i].kernel, sizeof results[i].kernel, "<<<<<<<<<<<<<<<<<<<<<<<<<<<%d", i);
        size_t used = strlen(results[i].reason);
        memset(results[i].reason + used, '|', sizeof results[i].reason - used - 8);
        snprintf(results[i].reason + sizeof results[i].reason - 8, 8, "%d", i);
    }
    char *text = report(assay_report_markdown, results, N);
    assert_true(strlen(text) < 1 << 20);
    assert_int_equal(captured_count(text, "no room for"), 3); // failures, kernels, reasons
    assert_non_null(strstr(text, "more failing checks that"));
    assert_non_null(strstr(text, "# assay: 2667 of 4000 checks fail\n"));
    assert_int_equal(captured_count(text, "<details>"), captured_count(text, "</details>"));
    assert_int_equal(captured_count(text, "\n  ```\n"), 2 * captured_count(text, "<details>"));
    assert_int_equal(captured_count(text, "</script>"), captured_count(text, "reproduce: <&>"));
    free(text);
    free(results);
}

static void markdown_says_what_fails_first(void **state)
{
    (void)state;
    assay_result results[12];
    fill(results, 12);
    char *text = report(assay_report_markdown, results, 12);
    const char *totals = strstr(text, "| 12 | 6 | 2 | 2 | 2 |\n");
    const char *failing = strstr(text, "## Failing checks\n");
    const char *details = strstr(text, "reproduce: assay verify --device 0 'conv2d/n2c3h8w9/i2/3'");
    const char *table = strstr(text, "| conv2d | <code>conv2d&#95;direct</code> | 2 | 2 | 0 | 0 |");
    const char *skipped = strstr(text, "- 2 SKIP: the device has no f16 storage\n");
    assert_true(totals && failing > totals && details > failing && table > details &&
                skipped > table);
    assert_null(strstr(text, "no room for"));
    assert_int_equal(captured_count(text, "\n  explain: assay explain 'conv2d_direct:"), 2);
    free(text);
    text = report(assay_report_markdown, results, 3); // PASS, PASS, SKIP
    assert_null(strstr(text, "Failing"));
    free(text);
}

static void timings_add_up(void **state)
{
    (void)state;
    assay_result results[4];
    for (int i = 0; i < 4; i++) {
        assay_result_init(&results[i]);
        *results[i].generate_s = *results[i].pipeline_s = *results[i].transfer_s = 0.0078125;
        *results[i].reference_s = *results[i].compare_s = 0.015625;
        *results[i].gpu_s = 0.03125;
    }
    char *text = report(timings, results, 4);
    assert_non_null(strstr(text, "  generate        0.031 s    6.2 %"));
    assert_non_null(strstr(text, "  reference       0.062 s   12.5 %"));
    assert_non_null(strstr(text, "  GPU             0.125 s   25.0 %"));
    assert_non_null(strstr(text, "  store           0.062 s   12.5 %"));
    assert_non_null(strstr(text, "  other           0.094 s   18.8 %"));
    assert_non_null(strstr(text, "4 checks run, 8.0 a second; harness share (all but GPU and "
                                 "reference) 62.5 %\n"));
    assert_null(strstr(text, "several threads"));
    free(text);
    *results[0].reference_s = 0.75; // more than the clock shows
    text = report(timings, results, 4);
    assert_non_null(strstr(text, "on several threads"));
    assert_non_null(strstr(text, "  other           0.000 s    0.0 %"));
    free(text);
}

// A locale with a decimal comma, made here: none need be installed.
static void make_comma_locale(void)
{
    char path[256], command[1024];
    FILE *file = fopen(sample_path(path, sizeof path, "comma.src"), "w");
    assert_non_null(file);
    fputs("LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \"\"\ngrouping -1\nEND LC_NUMERIC\n",
          file);
    fclose(file);
    file = fopen(sample_path(path, sizeof path, "charmap"), "w");
    assert_non_null(file);
    fputs("<code_set_name> \"TINY\"\n<mb_cur_max> 1\n<comment_char> %\n<escape_char> /\nCHARMAP\n",
          file);
    for (int c = 0; c < 128; c++)
        fprintf(file, "<U%04X>     /x%02x         C%d\n", (unsigned)c, (unsigned)c, c);
    fputs("END CHARMAP\n", file);
    fclose(file);
    snprintf(command, sizeof command,
             "cd '%s' && localedef -c -i ./comma.src -f ./charmap ./comma >/dev/null 2>&1; "
             "test -f comma/LC_NUMERIC",
             sample_folder());
    assert_int_equal(system(command), 0);
    setenv("LOCPATH", sample_folder(), 1);
}

static void decimals_have_points_in_any_locale(void **state)
{
    (void)state;
    captured_writer *const writers[] = {
        console, one, assay_report_json, assay_report_junit, timings, assay_report_markdown};
    assay_result results[6];
    char number[16];
    fill(results, 6);
    make_comma_locale();
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        char *plain = report(writers[i], results + 3, 1);
        assert_non_null(setlocale(LC_NUMERIC, "comma"));
        snprintf(number, sizeof number, "%.1f", 1.5);
        assert_string_equal(number, "1,5");
        char *text = report(writers[i], results + 3, 1);
        assert_string_equal(text, plain);
        snprintf(number, sizeof number, "%.1f", 1.5);
        assert_string_equal(number, "1,5"); // the program's locale is as it was
        setlocale(LC_NUMERIC, "C");
        free(text);
        free(plain);
    }
}

static int remove_folder(void **state)
{
    char command[256];
    (void)state;
    snprintf(command, sizeof command, "rm -r '%s'", sample_folder());
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(console_is_as_documented, quiet),
        cmocka_unit_test_setup(color_only_when_asked, quiet),
        cmocka_unit_test_setup(every_failure_can_be_reproduced, quiet),
        cmocka_unit_test_setup(nothing_hostile_reaches_a_terminal, quiet),
        cmocka_unit_test_setup(one_result_has_every_field, quiet),
        cmocka_unit_test_setup(markdown_fits_a_step_summary, quiet),
        cmocka_unit_test_setup(markdown_says_what_fails_first, quiet),
        cmocka_unit_test_setup(timings_add_up, quiet),
        cmocka_unit_test_setup(decimals_have_points_in_any_locale, quiet),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
