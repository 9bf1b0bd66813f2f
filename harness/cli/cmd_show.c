// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/cli.h"

#include "fixtures/case.h"
#include "reports/report.h"
#include "reports/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool matches(const assay_result *result, const char *pattern)
{
    return strcmp(result->check, pattern) == 0 || strcmp(result->case_text, pattern) == 0 ||
           assay_glob_match(pattern, result->check);
}

static int show_matching(const assay_result *results, size_t count, const char *pattern)
{
    size_t shown = 0;
    for (size_t i = 0; i < count; i++) {
        if (!matches(&results[i], pattern))
            continue;
        if (shown++)
            printf("\n");
        assay_report_one(stdout, &results[i]);
    }
    if (shown)
        return 0;
    assay_error error;
    assay_fail(&error, ASSAY_NOTHING_SELECTED, "no result matches \"%s\"", pattern);
    return cli_fail(&error);
}

int cmd_show(int argc, char **argv)
{
    bool json = false;
    const cli_option options[] = {
        {"json", 0, CLI_FLAG, NULL, "all results as JSON", &json, NULL},
    };
    const cli_command command = {
        .usage = "show R.h5 [CHECK-GLOB] [options]",
        .about = "Shows stored results: all of them as a table, or those that match (by check or "
                 "by case\n"
                 "string) with every field.",
        .options = options,
        .option_count = sizeof options / sizeof *options,
        .least = 1,
        .most = 2,
    };
    assay_error error = {0};
    assay_run_info *run = calloc(1, sizeof *run);
    assay_result *results = NULL;
    size_t size = 0;
    int count, code = 0;
    if (cli_parse(&command, argc, argv, &count, &code) == CLI_EXIT)
        goto done;
    if (!run || assay_results_read(argv[0], run, &results, &size, &error) != ASSAY_OK) {
        code = cli_fail(&error);
        goto done;
    }
    if (json)
        assay_report_json(stdout, run, results, size);
    else if (count == 2)
        code = show_matching(results, size, argv[1]);
    else
        assay_report_console(stdout, run, results, size, ASSAY_DETAIL_VERBOSE,
                             cli_wants_color(stdout));
done:
    free(results);
    free(run);
    return code;
}
