// SPDX-License-Identifier: Apache-2.0
#include "harness/verify.h"

#include "harness/parallel.h"
#include "reports/journal.h"
#include "reports/lookup.h"
#include "reports/store.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OPEN_TIMEOUT_S 120 // instance, device and a cold probe on a slow machine

typedef struct session {
    const assay_verify_options *options;
    assay_verify_outcome *outcome;
    assay_journal *journal; // NULL without a path
    size_t capacity;
    char journal_path[PATH_MAX];
} session;

static assay_status keep(session *s, const assay_result *result, assay_error *error)
{
    assay_verify_outcome *outcome = s->outcome;
    if (outcome->count == s->capacity) {
        size_t capacity = s->capacity ? s->capacity * 2 : 256;
        assay_result *results = realloc(outcome->results, capacity * sizeof *results);
        if (!results)
            return assay_fail(error, ASSAY_MEMORY, "out of memory for %zu results", capacity);
        outcome->results = results;
        s->capacity = capacity;
    }
    outcome->results[outcome->count++] = *result;
    return ASSAY_OK;
}

// A new result: on disk first, then counted.
static assay_status take(void *context, const assay_result *result, assay_error *error)
{
    session *s = context;
    double start = assay_now();
    if (s->journal)
        ASSAY_TRY(assay_journal_append(s->journal, result, error));
    s->outcome->store_s += assay_now() - start;
    ASSAY_TRY(keep(s, result, error));
    if (s->options->progress)
        s->options->progress(s->options->context, s->outcome->count, s->options->lab->plan->count,
                             result);
    return ASSAY_OK;
}

// The device is known: a resumed run must go on on the same one.
static assay_status meet_device(void *context, const assay_run_info *run, assay_error *error)
{
    session *s = context;
    assay_run_info *known = &s->outcome->run;
    if (s->outcome->resumed && known->device[0] && strcmp(known->device, run->device) != 0)
        return assay_fail(error, ASSAY_USAGE,
                          "%s holds results of \"%.200s\", this device is \"%.200s\"",
                          s->options->path, known->device, run->device);
    if (!s->outcome->resumed || !known->device[0])
        *known = *run;
    return ASSAY_OK;
}

static assay_status open_journal(session *s, assay_error *error)
{
    assay_verify_outcome *outcome = s->outcome;
    const assay_verify_options *o = s->options;
    assay_result *old = NULL;
    size_t count = 0;
    if (!o->path)
        return ASSAY_OK;
    int n = snprintf(s->journal_path, sizeof s->journal_path, "%s.journal", o->path);
    if (n < 0 || (size_t)n >= sizeof s->journal_path)
        return assay_fail(error, ASSAY_WRITE, "the path %.200s... is too long", o->path);
    bool journal_there = access(s->journal_path, F_OK) == 0;
    // The journal itself knows best whether another run is writing it.
    assay_status status = assay_journal_open(s->journal_path, &o->lab->run,
                                             o->resume && journal_there, &s->journal, error);
    if (status == ASSAY_WRITE && journal_there && !o->resume)
        return assay_fail(
            error, ASSAY_WRITE,
            "%s is left from a run that did not end: go on with --resume, or remove it",
            s->journal_path);
    if (status == ASSAY_OK && journal_there)
        status = assay_journal_read(s->journal_path, &outcome->run, &old, &count, error);
    else if (status == ASSAY_OK && o->resume && access(o->path, F_OK) == 0)
        status = assay_results_read(o->path, &outcome->run, &old, &count, error);
    for (size_t i = 0; i < count && status == ASSAY_OK; i++) {
        if (!journal_there)
            status = assay_journal_append(s->journal, &old[i], error);
        if (status == ASSAY_OK)
            status = keep(s, &old[i], error);
    }
    outcome->resumed = count;
    free(old);
    return status;
}

static assay_status index_results(const assay_verify_outcome *outcome, assay_lookup *index,
                                  assay_error *error)
{
    bool added;
    for (size_t i = 0; i < outcome->count; i++)
        ASSAY_TRY(assay_lookup_add(index, outcome->results, i, &added, error));
    return ASSAY_OK;
}

static assay_status skip_check(session *s, const assay_check *check, assay_error *error)
{
    assay_result result;
    assay_result_init(&result);
    assay_check_describe(check, &result);
    *result.verdict = ASSAY_VERDICT_SKIP;
    snprintf(result.device, sizeof result.device, "%.60s", s->options->lab->run.device);
    snprintf(result.reason, sizeof result.reason, "%s", check->reason);
    return take(s, &result, error);
}

static assay_status run_plan(session *s, assay_error *error)
{
    const assay_plan *plan = s->options->lab->plan;
    const assay_verify_outcome *outcome = s->outcome;
    int *todo = malloc((plan->count + 1) * sizeof *todo);
    assay_lookup known = {0};
    assay_status status = index_results(outcome, &known, error);
    int count = 0, skipped = 0;
    if (status == ASSAY_OK && !todo)
        status = assay_fail(error, ASSAY_MEMORY, "out of memory for %zu checks", plan->count);
    for (size_t i = 0; i < plan->count && status == ASSAY_OK; i++) {
        if (assay_lookup_find(&known, outcome->results, plan->checks[i].text) != ASSAY_LOOKUP_NONE)
            continue;
        if (plan->checks[i].applies) // the ones to run from the front, the others behind
            todo[count++] = (int)i;
        else
            todo[plan->count - 1 - (size_t)skipped++] = (int)i;
    }
    for (int i = 0; i < skipped && status == ASSAY_OK; i++)
        status = skip_check(s, &plan->checks[todo[plan->count - 1 - (size_t)i]], error);
    if (status == ASSAY_OK && count > 0) {
        assay_executor executor = assay_lab_executor(s->options->lab);
        assay_runner_options options = {
            .children = s->options->children,
            .timeout_s = s->options->timeout_s,
            .open_timeout_s = OPEN_TIMEOUT_S,
            .on_ready = meet_device,
            .on_result = take,
            .context = s,
        };
        status = assay_runner_run(&options, &executor, todo, count, error);
    }
    free(todo);
    assay_lookup_destroy(&known);
    return status;
}

// Into the order of the plan; results of a resumed file that this plan does not have stay, at the
// end.
static assay_status put_in_order(session *s, assay_error *error)
{
    assay_verify_outcome *outcome = s->outcome;
    const assay_plan *plan = s->options->lab->plan;
    assay_result *ordered = malloc((outcome->count + 1) * sizeof *ordered);
    bool *placed = calloc(outcome->count + 1, sizeof *placed);
    assay_lookup index = {0};
    assay_status status = index_results(outcome, &index, error);
    size_t at = 0;
    if (status == ASSAY_OK && (!ordered || !placed))
        status = assay_fail(error, ASSAY_MEMORY, "out of memory for %zu results", outcome->count);
    if (status != ASSAY_OK) {
        free(ordered);
        goto done;
    }
    for (size_t i = 0; i < plan->count; i++) {
        size_t found = assay_lookup_find(&index, outcome->results, plan->checks[i].text);
        if (found != ASSAY_LOOKUP_NONE && !placed[found]) {
            placed[found] = true;
            ordered[at++] = outcome->results[found];
        }
    }
    for (size_t i = 0; i < outcome->count; i++)
        if (!placed[i])
            ordered[at++] = outcome->results[i];
    free(outcome->results);
    outcome->results = ordered;
done:
    assay_lookup_destroy(&index);
    free(placed);
    return status;
}

static assay_status fold(session *s, assay_error *error)
{
    double start = assay_now();
    assay_verify_outcome *outcome = s->outcome;
    if (!s->options->path)
        return ASSAY_OK;
    ASSAY_TRY(assay_results_write(s->options->path, &outcome->run, outcome->results, outcome->count,
                                  error));
    unlink(s->journal_path);
    outcome->store_s += assay_now() - start;
    return ASSAY_OK;
}

assay_status assay_verify(const assay_verify_options *options, assay_verify_outcome *outcome,
                          assay_error *error)
{
    session s = {.options = options, .outcome = outcome};
    double start = assay_now();
    memset(outcome, 0, sizeof *outcome);
    outcome->run = options->lab->run;
    assay_status status = open_journal(&s, error);
    if (status == ASSAY_OK)
        status = run_plan(&s, error);
    if (status == ASSAY_OK)
        status = put_in_order(&s, error);
    if (status == ASSAY_OK)
        status = fold(&s, error);
    assay_journal_close(s.journal);
    outcome->wall_s = assay_now() - start;
    return status;
}

void assay_verify_outcome_destroy(assay_verify_outcome *outcome)
{
    if (!outcome)
        return;
    free(outcome->results);
    memset(outcome, 0, sizeof *outcome);
}

int assay_verdict_exit_code(const assay_result *results, size_t count)
{
    size_t passed = 0, timed_out = 0;
    for (size_t i = 0; i < count; i++) {
        assay_verdict verdict = (assay_verdict)*results[i].verdict;
        if (assay_verdict_fails(verdict) && verdict != ASSAY_VERDICT_TIMEOUT)
            return 1;
        timed_out += verdict == ASSAY_VERDICT_TIMEOUT;
        passed += verdict == ASSAY_VERDICT_PASS;
    }
    if (timed_out)
        return assay_status_exit_code(ASSAY_TIMEOUT);
    return passed ? 0 : assay_status_exit_code(ASSAY_NOTHING_SELECTED);
}
