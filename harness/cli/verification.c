// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/verification.h"

#include "harness/cli/sanitizers.h"
#include "harness/parallel.h"
#include "reports/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct progress_line {
    bool shown, wanted;
} progress_line;

static void show_progress(void *context, size_t done, size_t total, const assay_result *result)
{
    progress_line *line = context;
    (void)result;
    if (!line->wanted || (done % 16 != 0 && done != total))
        return;
    line->shown = true;
    fprintf(stderr, "\r%zu of %zu checks", done, total);
    if (done == total)
        fprintf(stderr, "\r%32s\r", "");
}

static void compose_reproduce(const cli_verification *v, int device, assay_lab *lab)
{
    char path[256];
    if (v->shader) {
        cli_quote(path, sizeof path, v->shader);
        snprintf(lab->command, sizeof lab->command, "assay check %s", path);
        cli_append_words(lab->command, sizeof lab->command, "-D", &v->definitions);
        cli_append_words(lab->command, sizeof lab->command, "-I", &v->folders);
        size_t used = strlen(lab->command);
        snprintf(lab->command + used, sizeof lab->command - used, " --device %d", device);
    } else {
        snprintf(lab->command, sizeof lab->command, "assay verify --device %d", device);
    }
    size_t used = 0;
    if (v->fixture) {
        cli_quote(path, sizeof path, v->fixture);
        used = (size_t)snprintf(lab->trailer, sizeof lab->trailer, " --fixture %s", path);
    }
    if (v->sanitize && used < sizeof lab->trailer)
        snprintf(lab->trailer + used, sizeof lab->trailer - used, " --sanitize %.60s", v->sanitize);
}

static assay_status plan_checks(const cli_verification *v, const assay_selection *selection,
                                const assay_caselist *cases, const assay_fixture *fixture,
                                char **patterns, int count, assay_plan *plan, assay_error *error)
{
    for (size_t i = 0; i < cases->count; i++) {
        if (cases->cases[i].dataset == ASSAY_DATASET_FILE)
            return assay_fail(error, ASSAY_USAGE,
                              "%s is a stored vector: name its file with --fixture",
                              cases->cases[i].text);
        ASSAY_TRY(assay_plan_add(plan, selection, &cases->cases[i], NULL, NULL, error));
    }
    for (size_t i = 0; i < fixture->count; i++) {
        const assay_vector *vector = &fixture->vectors[i];
        bool matches = count == 0;
        for (int p = 0; p < count && !matches; p++)
            matches = assay_glob_match(patterns[p], vector->c.text);
        if (matches)
            ASSAY_TRY(assay_plan_add(plan, selection, &vector->c, vector, NULL, error));
    }
    if (v->shard) {
        int i = 0, n = 0, used = 0;
        if (sscanf(v->shard, "%d/%d%n", &i, &n, &used) != 2 || v->shard[used] || i < 1 || i > n)
            return assay_fail(error, ASSAY_USAGE, "--shard: \"%s\" is not i/n with 1 <= i <= n",
                              v->shard);
        assay_plan_shard(plan, i, n);
    }
    if (plan->count == 0)
        return assay_fail(error, ASSAY_NOTHING_SELECTED,
                          "no check is selected: no kernel of the chosen cases matches");
    return ASSAY_OK;
}

static assay_status report(const cli_verification *v, const assay_verify_outcome *outcome,
                           assay_error *error)
{
    FILE *talk = cli_talk(&v->reporting);
    ASSAY_TRY(cli_report(&v->reporting, &outcome->run, outcome->results, outcome->count, error));
    if (v->timings)
        assay_report_timings(talk, outcome->results, outcome->count, outcome->wall_s,
                             outcome->store_s);
    if (fflush(talk) != 0)
        return assay_fail(error, ASSAY_WRITE, "the report cannot be written to the terminal");
    return ASSAY_OK;
}

static assay_status list_checks(const assay_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        printf("%s%s%s\n", plan->checks[i].text, plan->checks[i].applies ? "" : "  # skipped: ",
               plan->checks[i].applies ? "" : plan->checks[i].reason);
    return ASSAY_OK;
}

assay_status cli_find_device(const char *selector, int *index, assay_device_info *info,
                             assay_error *error)
{
    assay_device_info *list = NULL;
    int count = 0;
    ASSAY_TRY(assay_device_list(&list, &count, error));
    assay_status status = assay_device_select(list, count, selector, index, error);
    if (status == ASSAY_OK)
        *info = list[*index];
    free(list);
    return status;
}

static assay_status run(cli_verification *v, char **patterns, int count, int *code,
                        assay_error *error)
{
    assay_caselist cases = {0};
    assay_fixture fixture = {0};
    assay_plan plan = {0};
    assay_verify_outcome outcome = {0};
    assay_lab *lab = calloc(1, sizeof *lab);
    char number[16];
    assay_device_info device;
    progress_line line = {.wanted = isatty(2) && !v->reporting.quiet};
    assay_status status = lab ? ASSAY_OK : assay_fail(error, ASSAY_MEMORY, "out of memory");
    assay_selection selection = {&v->kernels, v->kernel, v->precision, v->layout, 0};
    if (status == ASSAY_OK)
        status = v->fixture ? assay_fixture_read(v->fixture, &fixture, error)
                            : cli_select_cases(v->suite, patterns, count,
                                               v->seed_given ? &v->seed : NULL, &cases, error);
    if (status == ASSAY_OK && v->shader && !v->fixture && count == 0)
        status = cli_add_single_items(&v->kernels, &cases, error);
    if (status == ASSAY_OK && v->jobs_given && (v->jobs < 1 || v->jobs > ASSAY_CHILDREN_MAX))
        status = assay_fail(error, ASSAY_USAGE, "--jobs: 1 to %d", ASSAY_CHILDREN_MAX);
    if (status == ASSAY_OK)
        status = cli_validation(v->validate, &lab->device_options.validate, error);
    if (status == ASSAY_OK && !v->validate && !getenv("ASSAY_VALIDATE"))
        lab->device_options.validate = cli_validation_of(v->validation, &v->kernels);
    lab->sanitize = v->sanitizers;
    if (status == ASSAY_OK)
        status = cli_sanitizers(v->sanitize, &lab->sanitize, error);
    if (status == ASSAY_OK)
        status = cli_find_device(v->device ? v->device : getenv("ASSAY_DEVICE"), &selection.device,
                                 &device, error);
    if (status == ASSAY_OK)
        status = plan_checks(v, &selection, &cases, &fixture, patterns, count, &plan, error);
    if (status == ASSAY_OK && v->list)
        status = list_checks(&plan);
    if (status != ASSAY_OK || v->list)
        goto done;

    snprintf(number, sizeof number, "%d", selection.device);
    lab->plan = &plan;
    lab->device_options.selector = number;
    lab->run = v->run;
    snprintf(lab->run.device, sizeof lab->run.device, "%s", device.name);
    compose_reproduce(v, selection.device, lab);
    if (v->shader && !v->reporting.quiet)
        cli_tell_sanitizers(lab->sanitize, lab->device_options.validate, &device, &v->kernels);
    int children = v->jobs_given                     ? (int)v->jobs
                   : strcmp(device.type, "cpu") == 0 ? assay_processors()
                                                     : 1;
    lab->threads = (assay_processors() + children - 1) / children;
    assay_verify_options options = {
        .lab = lab,
        .children = children,
        .timeout_s = v->timeout > 0 ? v->timeout : 20,
        .path = v->out,
        .resume = v->resume,
        .progress = show_progress,
        .context = &line,
    };
    status = assay_verify(&options, &outcome, error);
    if (status == ASSAY_OK)
        status = report(v, &outcome, error);
    *code = assay_verdict_exit_code(outcome.results, outcome.count);
done:
    assay_verify_outcome_destroy(&outcome);
    assay_plan_destroy(&plan);
    assay_fixture_destroy(&fixture);
    assay_caselist_destroy(&cases);
    free(lab);
    return status;
}

int cli_verify(cli_verification *v, char **patterns, int count)
{
    assay_error error = {0};
    int code = 0;
    assay_status status = v->resume && !v->out
                              ? assay_fail(&error, ASSAY_USAGE, "--resume needs --out R.h5")
                              : run(v, patterns, count, &code, &error);
    assay_kernels_destroy(&v->kernels);
    return status == ASSAY_OK ? code : cli_fail(&error);
}
