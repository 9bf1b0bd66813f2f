// SPDX-License-Identifier: Apache-2.0
#include "harness/compare.h"

#include "harness/cli/reporting.h"
#include "harness/doctor.h"
#include "harness/verify.h"
#include "reports/store.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct compare_options {
    const char *precision, *contract, *engine, *device, *out;
    cli_reporting reporting;
    assay_run_info run;
} compare_options;

// The name stands where a kernel's does.
static assay_status check_engine(const char *name, assay_error *error)
{
    for (const char *c = name; *c; c++)
        if ((!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_') ||
            c - name >= 60)
            return assay_fail(error, ASSAY_USAGE,
                              "--engine: \"%.80s\" is no name: at most 60 of a-z, 0-9 and _", name);
    return *name ? ASSAY_OK : assay_fail(error, ASSAY_USAGE, "--engine: the name is empty");
}

static assay_status take_contract(const compare_options *o, assay_contract *contract,
                                  assay_error *error)
{
    *contract = assay_contract_default();
    ASSAY_TRY(assay_compare_precision(o->precision, contract, error));
    return o->contract ? assay_contract_parse(o->contract, contract, error) : ASSAY_OK;
}

// The command that shows the same again, but for the case.
static void compose_command(const compare_options *o, char **argv, char *command, size_t size)
{
    const struct {
        const char *option, *value;
    } parts[] = {
        {"",            argv[0]     },
        {"",            argv[1]     },
        {"--precision", o->precision},
        {"--contract",  o->contract },
        {"--engine",    o->engine   },
    };
    size_t used = (size_t)snprintf(command, size, "assay compare");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char word[300];
        if (!parts[i].value || used >= size)
            continue;
        cli_quote(word, sizeof word, parts[i].value);
        used += (size_t)snprintf(command + used, size - used, "%s%s %s",
                                 *parts[i].option ? " " : "", parts[i].option, word);
    }
}

static assay_status run(compare_options *o, char **argv, int count, int *code, assay_error *error)
{
    assay_fixture fixture = {0};
    assay_result *results = NULL;
    size_t result_count = 0;
    char foreign[64] = "", command[700];
    int foreign_count = 0;
    assay_compare_options options = {.fixture = &fixture,
                                     .outputs = argv[1],
                                     .patterns = (const char *const *)(argv + 2),
                                     .pattern_count = count - 2,
                                     .engine = o->engine,
                                     .device_name = o->device,
                                     .precision = o->precision,
                                     .reproduce = command};
    compose_command(o, argv, command, sizeof command);
    snprintf(o->run.device, sizeof o->run.device, "%s", o->device);
    assay_status status = check_engine(o->engine, error);
    if (status == ASSAY_OK)
        status = take_contract(o, &options.contract, error);
    if (status == ASSAY_OK)
        status = assay_fixture_read(argv[0], &fixture, error);
    if (status == ASSAY_OK)
        status = assay_compare(&options, &results, &result_count, foreign, &foreign_count, error);
    if (status == ASSAY_OK && foreign_count > 0)
        fprintf(stderr,
                "assay: %s: %d arrays are no output of a vector of %s; the first is \"%s\"\n",
                argv[1], foreign_count, argv[0], foreign);
    if (status == ASSAY_OK && o->out)
        status = assay_results_write(o->out, &o->run, results, result_count, error);
    if (status == ASSAY_OK)
        status = cli_report(&o->reporting, &o->run, results, result_count, error);
    *code = assay_verdict_exit_code(results, result_count);
    free(results);
    assay_fixture_destroy(&fixture);
    return status;
}

int cmd_compare(int argc, char **argv)
{
    compare_options o = {.precision = "f32", .engine = "engine", .device = "another device"};
    const cli_option options[] = {
        {"precision",   0,   CLI_TEXT, "P",
         "f32, f16s (f16 memory, f32 arithmetic) or f16a (f16) (f32)",                             &o.precision, NULL},
        {"contract",    0,   CLI_TEXT, "WORDS",
         "what its arithmetic promises: \"rounding=rte store=rte flush=no nan=kept form=native\"", &o.contract,  NULL},
        {"engine",      0,   CLI_TEXT, "NAME",  "what computed the outputs (engine)",              &o.engine,    NULL},
        {"device-name", 0,   CLI_TEXT, "TEXT",  "where it ran, for the reports",                   &o.device,    NULL},
        {"out",         'o', CLI_TEXT, "R.h5",  "keep the results",                                &o.out,       NULL},
        CLI_REPORTING_OPTIONS(o.reporting)
    };
    const cli_command command = {
        .usage = "compare F.h5 OUTPUTS.npz|OUTPUTS.h5 [CASE-GLOB...] [options]",
        .about =
            "Verifies outputs that another engine computed from the inputs of a fixture, without "
            "a\nVulkan device. `assay fixture make` gives it the inputs; the output of vector 12 "
            "is the\narray \"000012/out\". docs/compare.md walks through it.",
        .options = options,
        .option_count = sizeof options / sizeof *options,
        .least = 2,
        .most = -1,
    };
    assay_error error = {0};
    int count, code = 0;
    assay_run_info_fill(&o.run, argc, argv);
    if (cli_parse(&command, argc, argv, &count, &code) == CLI_EXIT)
        return code;
    assay_status status = run(&o, argv, count, &code, &error);
    return status == ASSAY_OK ? code : cli_fail(&error);
}
