// SPDX-License-Identifier: Apache-2.0
// JSON against its schema and against results.h5, both read by Python: neither side is our own
// reader.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "reports/store.h"
#include "tests/unit/reports/captured_report.h"

#include <unistd.h>

static char json_path[256], h5_path[256], log_path[256];

// Whether Python finds nothing wrong; what it says stays in `said`.
static bool python(const char *schema, char said[4096])
{
    char command[2048];
    snprintf(command, sizeof command,
             "/usr/bin/python3 '%s/tests/unit/reports/check_results.py' '%s' '%s' '%s' >'%s' 2>&1",
             ASSAY_SOURCE_DIR, schema, json_path, h5_path, log_path);
    int status = system(command);
    FILE *log = fopen(log_path, "r");
    size_t size = log ? fread(said, 1, 4095, log) : 0;
    said[size] = '\0';
    if (log)
        fclose(log);
    assert_null(strstr(said, "Traceback"));
    assert_null(strstr(said, "h5py is missing"));
    assert_true(status == 0 || size > 0);
    return status == 0;
}

static const char *schema(void)
{
    return ASSAY_SOURCE_DIR "/docs/results.schema.json";
}

static char *write_both(const assay_result *results, size_t count)
{
    assay_run_info run;
    assay_error error = {0};
    sample_run(&run);
    memcpy(run.probe, "a\xff\xe2\x82z\"\\\x01", 8);
    char *text = captured(assay_report_json, &run, results, count);
    captured_save(json_path, text);
    if (assay_results_write(h5_path, &run, results, count, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    return text;
}

static void json_holds_what_the_store_holds(void **state)
{
    (void)state;
    enum { N = 150 };
    assay_result *results = calloc(3 * N, sizeof *results);
    char said[4096];
    uint64_t seed = 31;
    for (int i = 0; i < N; i++) {
        sample_random(&results[i], &seed);
        sample_plain(&results[N + i], i);
        sample_hostile(&results[2 * N + i], i);
    }
    free(write_both(results, 3 * N));
    if (!python(schema(), said))
        fail_msg("%s", said);
    free(write_both(results, 0));
    if (!python(schema(), said))
        fail_msg("%s", said);
    free(results);
}

// The judge itself: each of these must be seen.
static void wrong_json_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
    } damages[] = {
        {"\"ulp_max\": 3",         "\"ulp_max\": 4"       },
        {"\"rms_ratio\": \"NaN",   "\"rms_ratio\": \"Nan" },
        {"\"rms_ratio\": \"NaN\"", "\"rms_ratio\": NaN  " },
        {"\"caught\": [\"T0\", ",  "\"caught\": [\"T1\", "},
        {"\"verdict\": \"FAIL\"",  "\"verdict\": \"PASS\""},
        {"\"first_index\": [57",   "\"first_index\": [56" },
        {"\"first_index\": [",     "\"first_indax\": ["   },
        {"\"input_hash\": \"0",    "\"input_hash\": \"O"  },
        {"\"driver\": \"l",        "\"driver\": \"L"      },
        {"\"check\": \"conv2d",    "\"check\": \"conv3d"  },
        {"\"exact\": 0,",          "\"exact\": 0\n"       },
    };
    assay_result results[6];
    char said[4096];
    for (int i = 0; i < 6; i++)
        sample_plain(&results[i], i);
    char *text = write_both(results, 6);
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        char *copy = strdup(text);
        char *at = strstr(copy, damages[i].from);
        if (!at)
            fail_msg("no %s", damages[i].from);
        memcpy(at, damages[i].to, strlen(damages[i].to));
        captured_save(json_path, copy);
        // "Traceback" for what is no JSON at all is a refusal too
        char command[1024];
        snprintf(command, sizeof command,
                 "/usr/bin/python3 '%s/tests/unit/reports/check_results.py' '%s' '%s' '%s' "
                 ">/dev/null 2>&1",
                 ASSAY_SOURCE_DIR, schema(), json_path, h5_path);
        if (system(command) == 0)
            fail_msg("%s is accepted", damages[i].to);
        free(copy);
    }
    captured_save(json_path, text);
    if (!python(schema(), said))
        fail_msg("%s", said);
    free(text);
}

// The snippet of docs/file-formats.md runs as it stands there.
static void documented_snippet_runs(void **state)
{
    (void)state;
    assay_result results[12];
    char command[2048], said[4096];
    for (int i = 0; i < 12; i++)
        sample_plain(&results[i], i);
    free(write_both(results, 12));
    snprintf(command, sizeof command,
             "cd '%s' && awk '/^```python$/ {block = \"\"; inside = 1; next}"
             " /^```$/ {if (inside && block ~ /results[.]h5/) printf \"%%s\", block; inside = 0}"
             " inside {block = block $0 \"\\n\"}' '%s/docs/file-formats.md' >snippet.py && "
             "grep -q h5py.File snippet.py && /usr/bin/python3 snippet.py >'%s' 2>&1",
             sample_folder(), ASSAY_SOURCE_DIR, log_path);
    int status = system(command);
    FILE *log = fopen(log_path, "r");
    size_t size = log ? fread(said, 1, sizeof said - 1, log) : 0;
    said[size] = '\0';
    if (log)
        fclose(log);
    if (status != 0 || !strstr(said, "conv2d_direct:f32:nchw@0 conv2d/n2c3h8w9/i2/3"))
        fail_msg("%s", said);
}

static int make_paths(void **state)
{
    (void)state;
    sample_path(json_path, sizeof json_path, "results.json");
    sample_path(h5_path, sizeof h5_path, "results.h5");
    sample_path(log_path, sizeof log_path, "log");
    return 0;
}

static int remove_folder(void **state)
{
    char snippet[256];
    (void)state;
    unlink(json_path);
    unlink(h5_path);
    unlink(log_path);
    unlink(sample_path(snippet, sizeof snippet, "snippet.py"));
    return rmdir(sample_folder());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_holds_what_the_store_holds),
        cmocka_unit_test(wrong_json_is_refused),
        cmocka_unit_test(documented_snippet_runs),
    };
    return cmocka_run_group_tests(tests, make_paths, remove_folder);
}
