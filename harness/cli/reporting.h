// SPDX-License-Identifier: Apache-2.0
// What every command that has results does with them.
#ifndef ASSAY_REPORTING_H
#define ASSAY_REPORTING_H

#include "harness/cli/cli.h"
#include "reports/result.h"

#include <stdio.h>

typedef struct cli_reporting {
    const char *junit, *json, *markdown; // files, "-" for stdout, NULL
    bool verbose, quiet;
} cli_reporting;

#define CLI_REPORTING_OPTIONS(r)                                                                   \
    {"junit", 0, CLI_TEXT, "F", "write JUnit XML ('-': stdout)", &(r).junit, NULL},                \
        {"json", 0, CLI_TEXT, "F", "write JSON ('-': stdout)", &(r).json, NULL},                   \
        {"markdown", 0, CLI_TEXT, "F", "write Markdown ('-': stdout)", &(r).markdown, NULL},       \
        {"verbose", 'v', CLI_FLAG, NULL, "one line for every check", &(r).verbose, NULL},          \
        {"quiet", 'q', CLI_FLAG, NULL, "failures and the summary line only", &(r).quiet, NULL},

// Where the report for people goes: stdout, or stderr where stdout belongs to a program.
FILE *cli_talk(const cli_reporting *reporting);

// Writes the files that were asked for, and the report for people.
ASSAY_CHECKED assay_status cli_report(const cli_reporting *reporting, const assay_run_info *run,
                                      const assay_result *results, size_t count,
                                      assay_error *error);

// 'text' as one word of a shell.
void cli_quote(char *out, size_t size, const char *text);

// Appends to a command what a list option was given: " -D 'A=1' -D 'B'".
void cli_append_words(char *command, size_t size, const char *option, const cli_list *list);

#endif
