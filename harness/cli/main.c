// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/cli.h"

#include "harness/doctor.h"
#include "harness/version.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv);
} commands[] = {
#define COMMAND(name, summary) {#name, summary, cmd_##name},
#include "harness/cli/commands.def"
#undef COMMAND
};

#define COMMANDS (sizeof commands / sizeof *commands)

static int usage(FILE *out)
{
    fprintf(out, "usage: assay COMMAND [options] [arguments]\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-8s  %s\n", commands[i].name, commands[i].summary);
    fprintf(
        out,
        "\n`assay help COMMAND` or `assay COMMAND --help` tells more; `assay --version` names all "
        "parts.\n"
        "Exit codes: 0 all right, 1 wrong numbers, 2 usage or manifest, 3 a file, 4 no usable "
        "device,\n5 nothing selected, 70 a defect of assay, 124 timed out, 128+N signal.\n");
    return out == stdout ? 0 : 2;
}

static int run(const char *name, int argc, char **argv)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run(argc, argv);
    for (size_t i = 0; i < COMMANDS; i++)
        if (strncmp(commands[i].name, name, 2) == 0)
            return cli_fail_usage("there is no command \"%s\"; did you mean \"%s\"?", name,
                                  commands[i].name);
    return cli_fail_usage("there is no command \"%s\"; `assay help` lists them", name);
}

// What was printed must have arrived, or the exit code would tell a lie.
static int finish(int code)
{
    assay_error error = {0};
    cli_output out = {.file = stdout};
    if (cli_close(&out, &error) != ASSAY_OK && code == 0)
        return cli_fail(&error);
    return code;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); // a closed pipe is an error of a write, reported as one
    signal(SIGXFSZ, SIG_IGN); // and so is a file that may not grow
    if (argc < 2)
        return usage(stderr);
    if (strcmp(argv[1], "--version") == 0) {
        char libraries[1024];
        printf("assay %s\n%s\n", ASSAY_VERSION, assay_libraries(libraries, sizeof libraries));
        return finish(0);
    }
    bool help = strcmp(argv[1], "help") == 0;
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || (help && argc < 3))
        return finish(usage(stdout));
    if (help) {
        char *arguments[] = {argv[2], (char[]){"--help"}, NULL};
        return finish(run(argv[2], 2, arguments));
    }
    return finish(run(argv[1], argc - 1, argv + 1));
}
