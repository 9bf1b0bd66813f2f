// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/explanation.h"
#include "harness/cli/verification.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct request {
    const char *shader, *suite, *fixture, *device;
    double timeout;
    bool json;
    cli_list definitions, folders;                        // for .comp, as with `check`
    char kernel[64], precision[8], layout[8], number[16]; // taken from the CHECK, "" where absent
    char case_text[ASSAY_CASE_MAX];
} request;

// "kernel:precision:layout@device case", or a case alone.
static assay_status take_apart(const char *check, request *r, assay_error *error)
{
    const char *space = strchr(check, ' ');
    const char *text = space ? space + 1 : check;
    if (strlen(text) >= sizeof r->case_text)
        return assay_fail(error, ASSAY_CASE, "the case \"%.60s...\" is too long", text);
    snprintf(r->case_text, sizeof r->case_text, "%s", text);
    if (!space)
        return ASSAY_OK;
    int used = 0;
    if (sscanf(check, "%63[a-z0-9_]:%7[a-z0-9]:%7[a-z0-9]@%15[0-9]%n", r->kernel, r->precision,
               r->layout, r->number, &used) != 4 ||
        check + used != space)
        return assay_fail(error, ASSAY_USAGE,
                          "\"%.*s\" is not KERNEL:PRECISION:LAYOUT@DEVICE, as a check begins",
                          (int)(space - check > 200 ? 200 : space - check), check);
    return ASSAY_OK;
}

// The stored cases that the pattern means; all where there is none.
static assay_status select_vectors(const assay_fixture *fixture, const char *pattern,
                                   assay_caselist *cases, assay_error *error)
{
    for (size_t i = 0; i < fixture->count; i++)
        if (!pattern || assay_glob_match(pattern, fixture->vectors[i].c.text))
            ASSAY_TRY(assay_caselist_add(cases, &fixture->vectors[i].c, error));
    return cases->count ? ASSAY_OK : assay_fail(error, ASSAY_NOTHING_SELECTED, "no vector matches");
}

static assay_status select_cases(request *r, bool given, assay_fixture *fixture,
                                 assay_caselist *cases, assay_error *error)
{
    char *pattern = r->case_text;
    if (!r->fixture)
        return cli_select_cases(r->suite, &pattern, given, NULL, cases, error);
    ASSAY_TRY(assay_fixture_read(r->fixture, fixture, error));
    return select_vectors(fixture, given ? pattern : NULL, cases, error);
}

static const char *or_null(const char *text)
{
    return *text ? text : NULL;
}

static assay_status run(request *r, char **arguments, int count, assay_explanation *explanation,
                        assay_error *error)
{
    assay_kernels kernels = {0};
    assay_caselist cases = {0};
    char number[16];
    assay_device_info info;
    int device = 0;
    kernels.compile = (assay_compile_options){r->definitions.item, r->definitions.count,
                                              r->folders.item, r->folders.count};
    assay_fixture fixture = {0};
    assay_status status = ASSAY_OK;
    if (count > 0)
        status = take_apart(arguments[0], r, error);
    else if (!r->shader && !r->fixture)
        status = assay_fail(error, ASSAY_USAGE, "explain needs a CHECK, or --shader");
    if (status == ASSAY_OK)
        status = r->shader ? assay_kernels_load(&kernels, r->shader, error)
                           : assay_kernels_builtin(&kernels, error);
    if (status == ASSAY_OK)
        status = select_cases(r, count > 0, &fixture, &cases, error);
    if (status == ASSAY_OK)
        status = cli_find_device(r->device      ? r->device
                                 : r->number[0] ? r->number
                                                : getenv("ASSAY_DEVICE"),
                                 &device, &info, error);
    snprintf(number, sizeof number, "%d", device);
    assay_explain_options options = {
        .kernels = &kernels,
        .cases = cases.cases,
        .case_count = cases.count,
        .fixture = &fixture,
        .kernel = or_null(r->kernel),
        .precision = or_null(r->precision),
        .layout = or_null(r->layout),
        .device = number,
        .device_number = device,
        .timeout_s = r->timeout > 0 ? r->timeout : 120,
    };
    if (status == ASSAY_OK)
        status = assay_explain(&options, explanation, error);
    assay_caselist_destroy(&cases);
    assay_fixture_destroy(&fixture);
    assay_kernels_destroy(&kernels);
    return status;
}

// How the same explanation is asked for, but for the check: what is shrunk needs no stored numbers.
static const char *compose_command(const request *r, const assay_explanation *e, char *text,
                                   size_t size)
{
    snprintf(text, size, "assay explain");
    if (r->shader)
        cli_append_words(text, size, "--shader", &(cli_list){{r->shader}, 1});
    cli_append_words(text, size, "-D", &r->definitions);
    cli_append_words(text, size, "-I", &r->folders);
    if (r->fixture && !e->shrunk[0])
        cli_append_words(text, size, "--fixture", &(cli_list){{r->fixture}, 1});
    return text;
}

int cmd_explain(int argc, char **argv)
{
    request r = {0};
    const cli_option options[] = {
        {"shader",  0,   CLI_TEXT,    "X.comp|DIR",   "a shader that is not part of assay",             &r.shader,
         NULL                                                                                                               },
        {"suite",   's', CLI_TEXT,    "NAME|FILE",    "where a failing case is looked for (smoke)",
         &r.suite,                                                                                                      NULL},
        {"fixture", 0,   CLI_TEXT,    "F.h5",         "stored vectors: CHECK is one of them",           &r.fixture,     NULL},
        {"device",  'd', CLI_TEXT,    "D",            "number, uuid:..., type:cpu or part of the name", &r.device,
         NULL                                                                                                               },
        {"timeout", 0,   CLI_SECONDS, "S",            "end the explanation after this time (120)",      &r.timeout,
         NULL                                                                                                               },
        {"define",  'D', CLI_LIST,    "NAME[=VALUE]", "define a macro for every .comp",                 &r.definitions,
         NULL                                                                                                               },
        {"include", 'I', CLI_LIST,    "DIR",          "look up #include there, too",                    &r.folders,     NULL},
        {"json",    0,   CLI_FLAG,    NULL,           "one JSON object",                                &r.json,        NULL},
    };
    const cli_command command = {
        .usage = "explain [CHECK] [options]",
        .about =
            "Says where a failing check is wrong, and why: probes the kernel with impulses, tests\n"
            "hypotheses against what it wrote, looks for patterns, and shrinks the case. CHECK is\n"
            "a check as it is printed, a case, or a glob of cases, of which the first that fails\n"
            "is explained; it may be left out with --shader or --fixture. Ends with 1 when the\n"
            "check fails, 0 when there is nothing to explain. docs/explain.md tells more.",
        .options = options,
        .option_count = sizeof options / sizeof *options,
        .least = 0,
        .most = 1,
    };
    assay_error error = {0};
    char again[1024];
    int count, code;
    if (cli_parse(&command, argc, argv, &count, &code) == CLI_EXIT)
        return code;
    assay_explanation *explanation = calloc(1, sizeof *explanation);
    assay_status status = explanation ? run(&r, argv, count, explanation, &error)
                                      : assay_fail(&error, ASSAY_MEMORY, "out of memory");
    if (status == ASSAY_OK && r.json)
        cli_explanation_json(stdout, explanation, r.shader);
    else if (status == ASSAY_OK)
        cli_explanation_text(stdout, explanation,
                             compose_command(&r, explanation, again, sizeof again));
    code = status != ASSAY_OK ? cli_fail(&error) : explanation->fails ? 1 : 0;
    free(explanation);
    return code;
}
