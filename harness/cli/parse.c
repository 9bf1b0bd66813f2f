// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/cli.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_MAX 32
#define LONG_ONLY   256 // getopt_long's codes for options without a letter start here

static void print_help(const cli_command *command)
{
    printf("usage: assay %s\n\n%s\n", command->usage, command->about);
    if (command->option_count)
        printf("\n");
    for (int i = 0; i < command->option_count; i++) {
        const cli_option *o = &command->options[i];
        char left[64];
        char letter[8] = "    ";
        if (o->letter)
            snprintf(letter, sizeof letter, "-%c, ", o->letter);
        snprintf(left, sizeof left, "%s--%s%s%s", letter, o->name, o->value ? " " : "",
                 o->value ? o->value : "");
        printf("  %-26s %s\n", left, o->help);
    }
}

static bool store(const cli_option *o, const char *text)
{
    char *end = NULL;
    if (o->given)
        *o->given = true;
    switch (o->kind) {
    case CLI_FLAG:
        *(bool *)o->into = true;
        return true;
    case CLI_TEXT:
        *(const char **)o->into = text;
        return true;
    case CLI_NUMBER:
        errno = 0;
        *(uint64_t *)o->into = strtoull(text, &end, 10);
        return errno == 0 && end != text && *end == '\0' && *text != '-';
    case CLI_LIST: {
        cli_list *list = o->into;
        if (list->count == CLI_LIST_MAX)
            return false;
        list->item[list->count++] = text;
        return true;
    }
    case CLI_SECONDS:
        *(double *)o->into = strtod(text, &end);
        return end != text && *end == '\0' && *(double *)o->into > 0 &&
               isfinite(*(double *)o->into);
    }
    return false;
}

static void build_getopt(const cli_command *command, struct option *longs, char *shorts)
{
    *shorts++ = '-'; // hands positional arguments over in place, so they may stand anywhere
    *shorts++ = ':';
    for (int i = 0; i < command->option_count; i++) {
        const cli_option *o = &command->options[i];
        int argument = o->kind == CLI_FLAG ? no_argument : required_argument;
        longs[i] = (struct option){o->name, argument, NULL, LONG_ONLY + i};
        if (o->letter) {
            *shorts++ = o->letter;
            if (argument == required_argument)
                *shorts++ = ':';
        }
    }
    longs[command->option_count] = (struct option){"help", no_argument, NULL, 'h'};
    *shorts++ = 'h';
    *shorts = '\0';
}

static const cli_option *option_of(const cli_command *command, int code)
{
    if (code >= LONG_ONLY)
        return &command->options[code - LONG_ONLY];
    for (int i = 0; i < command->option_count; i++)
        if (command->options[i].letter == code)
            return &command->options[i];
    return NULL;
}

cli_next cli_parse(const cli_command *command, int argc, char **argv, int *count, int *code)
{
    struct option longs[OPTIONS_MAX + 1] = {0};
    char shorts[3 * OPTIONS_MAX];
    int positional = 0, c;
    build_getopt(command, longs, shorts);
    opterr = 0;
    optind = 1;
    while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        const cli_option *o;
        if (c == 'h') {
            print_help(command);
            *code = 0;
            return CLI_EXIT;
        }
        if (c == 1) {
            argv[positional++] = optarg;
        } else if (c == ':' || c == '?') {
            const char *what = c == ':' ? "needs a value" : "is not an option of this command";
            *code = cli_fail_usage("%s %s; see `assay %.*s --help`", argv[optind - 1], what,
                                   (int)strcspn(command->usage, " "), command->usage);
            return CLI_EXIT;
        } else if ((o = option_of(command, c)) != NULL && !store(o, optarg)) {
            *code = cli_fail_usage("--%s: \"%s\" is not %s", o->name, optarg,
                                   o->kind == CLI_NUMBER ? "a whole number"
                                   : o->kind == CLI_LIST ? "taken: there are too many of them"
                                                         : "a positive number of seconds");
            return CLI_EXIT;
        }
    }
    while (optind < argc)
        argv[positional++] = argv[optind++];
    *count = positional;
    if (positional < command->least || (command->most >= 0 && positional > command->most)) {
        *code = cli_fail_usage("too %s arguments: assay %s",
                               positional < command->least ? "few" : "many", command->usage);
        return CLI_EXIT;
    }
    return CLI_RUN;
}

int cli_fail(const assay_error *error)
{
    fprintf(stderr, "assay: %s\n",
            error->message[0] ? error->message : assay_status_sentence(error->status));
    return assay_status_exit_code(error->status);
}

int cli_fail_usage(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("assay: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return assay_status_exit_code(ASSAY_USAGE);
}
