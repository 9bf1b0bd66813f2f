// SPDX-License-Identifier: Apache-2.0
// What `verify` and `check` share: the selection of cases, the run, and its reports.
#ifndef ASSAY_VERIFICATION_H
#define ASSAY_VERIFICATION_H

#include "fixtures/caselist.h"
#include "harness/cli/reporting.h"
#include "harness/verify.h"

typedef struct cli_verification {
    // options
    const char *kernel, *precision, *layout, *device, *suite, *fixture, *out;
    const char *shard, *validate, *sanitize;
    cli_reporting reporting;
    uint64_t seed, jobs;
    double timeout;
    bool seed_given, jobs_given, resume, timings, list;
    // filled by the command
    assay_kernels kernels;
    unsigned sanitizers;           // run unless --sanitize says otherwise
    unsigned validation;           // unless --validate or its environment variable do
    const char *shader;            // `check`: the path of the shader; NULL for `verify`
    cli_list definitions, folders; // `check`: -D and -I
    assay_run_info run;            // filled before the command line is taken apart
} cli_verification;

#define CLI_VERIFICATION_OPTIONS(v)                                                                \
    {"kernel", 'k', CLI_TEXT, "GLOB", "only kernels whose name matches", &(v).kernel, NULL},       \
        {"precision", 0, CLI_TEXT, "P", "only f32, f16s or f16a", &(v).precision, NULL},           \
        {"layout", 0, CLI_TEXT, "L", "only nchw, nhwc, nc4hw4 or image", &(v).layout, NULL},       \
        {"device",    'd', CLI_TEXT, "D", "number, uuid:..., type:cpu or part of the name",        \
         &(v).device, NULL},                                                                       \
        {"suite", 's', CLI_TEXT, "NAME|FILE", "cases to choose from (smoke)", &(v).suite, NULL},   \
        {"fixture",    'f', CLI_TEXT, "F.h5", "the vectors of a fixture instead of a suite",       \
         &(v).fixture, NULL},                                                                      \
        {"seed",         0, CLI_NUMBER, "N", "another seed for every generated case", &(v).seed,   \
         &(v).seed_given},                                                                         \
        {"out",    'o', CLI_TEXT, "R.h5", "keep the results, also those of a run that is killed",  \
         &(v).out, NULL},                                                                          \
        {"resume",    0,   CLI_FLAG, NULL, "go on with a run that --out has a part of",            \
         &(v).resume, NULL},                                                                       \
        {"shard", 0, CLI_TEXT, "i/n", "only the i-th of n parts of the cases", &(v).shard, NULL},  \
        {"jobs",                                                                                   \
         'j',                                                                                      \
         CLI_NUMBER,                                                                               \
         "N",                                                                                      \
         "run N checks side by side (on a CPU: one a processor; else 1)",                          \
         &(v).jobs,                                                                                \
         &(v).jobs_given},                                                                         \
        {"timeout",    0,   CLI_SECONDS, "S", "kill a batch, then a check, after this time (20)",  \
         &(v).timeout, NULL},                                                                      \
        {"validate",    0,   CLI_TEXT, "LIST", "Khronos validation: core,sync,gpu or none",        \
         &(v).validate, NULL},                                                                     \
        {"sanitize",    0,   CLI_TEXT, "LIST", "shared,repeat,order,subgroups, all or none",       \
         &(v).sanitize, NULL},                                                                     \
        {"timings", 0, CLI_FLAG, NULL, "print where the time went", &(v).timings, NULL},           \
        {"list", 'l', CLI_FLAG, NULL, "print the selected checks and run none", &(v).list, NULL},  \
        CLI_REPORTING_OPTIONS((v).reporting)

// Cases of the suite (or NULL: smoke) that match any of the patterns. A pattern without '*', '?'
// and '[' is a case of its own, in the suite or not; {a,b} multiplies out. Nothing selected is
// ASSAY_NOTHING_SELECTED.
ASSAY_CHECKED assay_status cli_select_cases(const char *suite, char **patterns, int count,
                                            const uint64_t *seed, assay_caselist *list,
                                            assay_error *error);

// The device that a selector means (NULL: the first): its number is part of each check's name, and
// is found before the child opens it.
ASSAY_CHECKED assay_status cli_find_device(const char *selector, int *index,
                                           assay_device_info *info, assay_error *error);

// Adds to the cases what a kernel takes with one item and not with more (single_items.c).
ASSAY_CHECKED assay_status cli_add_single_items(const assay_kernels *kernels, assay_caselist *cases,
                                                assay_error *error);

// Runs it and reports; returns the exit code. Releases v->kernels.
int cli_verify(cli_verification *v, char **patterns, int count);

#endif
