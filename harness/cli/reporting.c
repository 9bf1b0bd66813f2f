// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/reporting.h"

#include "reports/report.h"

#include <string.h>

static assay_status
write_report(const char *path, const assay_run_info *run, const assay_result *results, size_t count,
             void (*write)(FILE *, const assay_run_info *, const assay_result *, size_t),
             assay_error *error)
{
    cli_output output;
    if (!path)
        return ASSAY_OK;
    ASSAY_TRY(cli_open(&output, path, error));
    write(output.file, run, results, count);
    return cli_close(&output, error);
}

FILE *cli_talk(const cli_reporting *r)
{
    const char *machine[] = {r->junit, r->json, r->markdown};
    for (size_t i = 0; i < sizeof machine / sizeof *machine; i++)
        if (machine[i] && strcmp(machine[i], "-") == 0)
            return stderr;
    return stdout;
}

assay_status cli_report(const cli_reporting *r, const assay_run_info *run,
                        const assay_result *results, size_t count, assay_error *error)
{
    FILE *talk = cli_talk(r);
    ASSAY_TRY(write_report(r->junit, run, results, count, assay_report_junit, error));
    ASSAY_TRY(write_report(r->json, run, results, count, assay_report_json, error));
    ASSAY_TRY(write_report(r->markdown, run, results, count, assay_report_markdown, error));
    assay_report_console(talk, run, results, count,
                         r->verbose ? ASSAY_DETAIL_VERBOSE
                         : r->quiet ? ASSAY_DETAIL_QUIET
                                    : ASSAY_DETAIL_NORMAL,
                         cli_wants_color(talk));
    if (fflush(talk) != 0)
        return assay_fail(error, ASSAY_WRITE, "the report cannot be written to the terminal");
    return ASSAY_OK;
}

void cli_quote(char *out, size_t size, const char *text)
{
    size_t used = 0;
    if (size > 2)
        out[used++] = '\'';
    for (; *text && used + 6 < size; text++) {
        if (*text == '\'') {
            memcpy(out + used, "'\\''", 4);
            used += 4;
        } else {
            out[used++] = *text;
        }
    }
    out[used++] = '\'';
    out[used] = '\0';
}

void cli_append_words(char *command, size_t size, const char *option, const cli_list *list)
{
    for (int i = 0; i < list->count; i++) {
        char word[300];
        size_t used = strlen(command);
        cli_quote(word, sizeof word, list->item[i]);
        snprintf(command + used, size - used, " %s %s", option, word);
    }
}
