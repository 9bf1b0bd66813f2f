// SPDX-License-Identifier: Apache-2.0
// The command line: a table of commands, and a table of options in each. Results go to stdout, talk
// to stderr.
#ifndef ASSAY_CLI_H
#define ASSAY_CLI_H

#include "reference/status.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum cli_kind {
    CLI_FLAG,    // bool
    CLI_TEXT,    // const char *
    CLI_NUMBER,  // uint64_t; `given` tells whether it was there
    CLI_SECONDS, // double, > 0
    CLI_LIST,    // cli_list: may be given many times
} cli_kind;

#define CLI_LIST_MAX 64
typedef struct cli_list {
    const char *item[CLI_LIST_MAX];
    int count;
} cli_list;

typedef struct cli_option {
    const char *name; // without dashes
    char letter;      // 0: no short form
    cli_kind kind;
    const char *value; // what stands for the value in help
    const char *help;
    void *into;
    bool *given; // may be NULL
} cli_option;

typedef struct cli_command {
    const char *usage; // "verify [CASE-GLOB...] [options]"
    const char *about; // a few sentences for help
    const cli_option *options;
    int option_count;
    int least, most; // positional arguments; most < 0: any number
} cli_command;

typedef enum cli_next { CLI_RUN, CLI_EXIT } cli_next;

// Reads the options into place and moves the positional arguments to argv[0 .. *count-1]. CLI_EXIT:
// help was printed or an error; *code is the exit code.
cli_next cli_parse(const cli_command *command, int argc, char **argv, int *count, int *code);

// Prints "assay: <message>" to stderr; returns the exit code of the status.
int cli_fail(const assay_error *error);
int cli_fail_usage(const char *format, ...) ASSAY_PRINTF(1, 2);

// An output file, or stdout for "-"; written beside its target and renamed by cli_close, so that
// what is there is whole.
typedef struct cli_output {
    void *file; // FILE *
    char path[4096];
    char partial[4096 + 16];
} cli_output;
ASSAY_CHECKED assay_status cli_open(cli_output *output, const char *path, assay_error *error);
ASSAY_CHECKED assay_status cli_close(cli_output *output, assay_error *error);

// True when `file` is a terminal that wants colour (NO_COLOR, CLICOLOR_FORCE, TERM).
bool cli_wants_color(void *file);

// "core,sync,gpu", "none" -> bits; NULL takes $ASSAY_VALIDATE, else none.
ASSAY_CHECKED assay_status cli_validation(const char *text, unsigned *bits, assay_error *error);

#define COMMAND(name, summary) int cmd_##name(int argc, char **argv);
#include "harness/cli/commands.def"
#undef COMMAND

#endif
