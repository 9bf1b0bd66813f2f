// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/verification.h"

#include "gpu/draft.h"
#include "harness/cli/watch.h"
#include "harness/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct check_options {
    cli_verification v;
    const char *op;
    bool init, watch;
} check_options;

// Never over a file that is there.
static assay_status write_new(const char *path, const char *text, assay_error *error)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (file < 0)
        return assay_fail(error, ASSAY_WRITE, "%s cannot be written: %s", path, strerror(errno));
    size_t size = strlen(text);
    ssize_t done = write(file, text, size);
    int failed = errno;
    if (close(file) == 0 && done == (ssize_t)size)
        return ASSAY_OK;
    unlink(path);
    return assay_fail(error, ASSAY_WRITE, "%s cannot be written: %s", path,
                      done < 0 ? strerror(failed) : "the disk is full");
}

static assay_status draft(const check_options *o, assay_error *error)
{
    const assay_operator *op = o->op ? assay_operator_find(o->op) : NULL;
    char *text = NULL;
    if (!op)
        return assay_fail(error, ASSAY_USAGE,
                          o->op ? "there is no operator \"%.80s\"; see: assay list ops"
                                : "--init needs --op: an operator of `assay list ops`%s",
                          o->op ? o->op : "");
    ASSAY_TRY(assay_manifest_draft(o->v.shader, op, &o->v.kernels.compile, &text, error));
    assay_status status = ASSAY_OK;
    if (o->v.out)
        status = write_new(o->v.out, text, error);
    else
        fputs(text, stdout);
    free(text);
    return status;
}

static int run(check_options *o, char **all, char **patterns, int count)
{
    cli_verification *v = &o->v;
    assay_error error = {0};
    v->kernels.compile = (assay_compile_options){v->definitions.item, v->definitions.count,
                                                 v->folders.item, v->folders.count};
    if (o->init)
        return draft(o, &error) == ASSAY_OK ? 0 : cli_fail(&error);
    if (o->watch) {
        if (cli_watch(all, v->shader, &v->folders, &error) != ASSAY_OK)
            return cli_fail(&error);
        return 0;
    }
    v->sanitizers = ASSAY_SANITIZE_ALL;
    if (assay_validation_available())
        v->validation = ASSAY_VALIDATE_CORE | ASSAY_VALIDATE_SYNC | ASSAY_VALIDATE_GPU;
    if (assay_kernels_load(&v->kernels, v->shader, &error) != ASSAY_OK) {
        assay_kernels_destroy(&v->kernels);
        return cli_fail(&error);
    }
    return cli_verify(v, patterns, count);
}

// The arguments as they were given, behind the program's name: cli_parse moves them.
static char **keep_arguments(int argc, char **argv)
{
    static char program[] = "assay";
    char **all = calloc((size_t)argc + 2, sizeof *all);
    if (!all)
        return NULL;
    all[0] = program;
    memcpy(all + 1, argv, (size_t)argc * sizeof *all);
    return all;
}

int cmd_check(int argc, char **argv)
{
    check_options o = {0};
    const cli_option options[] = {
        {"init",    0,   CLI_FLAG, NULL,
         "write a first manifest for X.spv or X.comp (stdout, or -o M.yaml)",                               &o.init,      NULL},
        {"op",      0,   CLI_TEXT, "OP",           "for --init: the operator that it computes",             &o.op,        NULL},
        {"define",  'D', CLI_LIST, "NAME[=VALUE]", "define a macro for every .comp",
         &o.v.definitions,                                                                                                NULL},
        {"include", 'I', CLI_LIST, "DIR",          "look up #include there, too",                           &o.v.folders, NULL},
        {"watch",   0,   CLI_FLAG, NULL,           "again whenever the shader or what it includes changes",
         &o.watch,                                                                                                        NULL},
        CLI_VERIFICATION_OPTIONS(o.v)
    };
    const cli_command command = {
        .usage = "check SHADER|MANIFEST|DIR [CASE-GLOB...] [options]",
        .about =
            "Verifies a shader that is not part of assay: X.comp with its manifest in the head\n"
            "comment or in X.yaml (compiled with glslc), X.spv with X.yaml, or a folder of them.\n"
            "Cases and options are those of `assay verify`; docs/checking-a-shader.md walks "
            "through\n"
            "it, docs/manifests.md tells about manifests.",
        .options = options,
        .option_count = sizeof options / sizeof *options,
        .least = 1,
        .most = -1,
    };
    int count, code;
    char **all = keep_arguments(argc, argv);
    assay_run_info_fill(&o.v.run, argc, argv);
    if (cli_parse(&command, argc, argv, &count, &code) == CLI_RUN) {
        o.v.shader = argv[0];
        code = all ? run(&o, all, argv + 1, count - 1) : cli_fail_usage("out of memory");
    }
    free(all);
    return code;
}
