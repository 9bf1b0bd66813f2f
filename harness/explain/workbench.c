// SPDX-License-Identifier: Apache-2.0
// Runs the kernel on data of our own, and on cases.
#include "harness/explain/explain_internal.h"

#include "harness/accept.h"
#include "harness/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

assay_status assay__trial_create(const assay_problem *problem, assay__trial *trial,
                                 assay_error *error)
{
    memset(trial, 0, sizeof *trial);
    trial->problem = problem;
    trial->count = assay_shape_elements(&problem->output);
    bool ok = true;
    for (int i = 0; i < problem->op->input_count; i++) {
        size_t n = (size_t)assay_shape_elements(&problem->input[i]);
        ok = ok && (!n || (trial->in[i] = calloc(n, sizeof(float))) != NULL);
    }
    for (int run = 0; run < ASSAY_RUNS; run++)
        ok = ok && (trial->out[run] = calloc((size_t)trial->count, sizeof(float))) != NULL;
    if (ok)
        return ASSAY_OK;
    assay__trial_destroy(trial);
    return assay_fail(error, ASSAY_MEMORY, "out of memory for a probe");
}

void assay__trial_destroy(assay__trial *trial)
{
    if (!trial)
        return;
    for (int i = 0; i < ASSAY_INPUTS_MAX; i++)
        free(trial->in[i]);
    for (int run = 0; run < ASSAY_RUNS; run++)
        free(trial->out[run]);
    memset(trial, 0, sizeof *trial);
}

assay_status assay__workbench_run(assay__workbench *bench, assay__trial *trials, int count,
                                  assay_error *error)
{
    const int portion = 64;
    assay_job *jobs = calloc((size_t)(count < portion ? count + 1 : portion), sizeof *jobs);
    if (!jobs)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for %d probes", count);
    assay_status status = ASSAY_OK;
    for (int first = 0; first < count && status == ASSAY_OK; first += portion) {
        int n = count - first < portion ? count - first : portion;
        for (int i = 0; i < n; i++) {
            assay__trial *trial = &trials[first + i];
            jobs[i] = (assay_job){
                .kernel = bench->kernel,
                .problem = trial->problem,
                .in = (const float *const *)trial->in,
                .out = {trial->out[0], trial->out[1]},
                .sanitize = trial->sanitize,
            };
        }
        status = assay_jobs_run(bench->device, jobs, n, error);
        bench->out->runs += ASSAY_RUNS * n;
        for (int i = 0; i < n; i++) {
            assay__trial *trial = &trials[first + i];
            trial->status = jobs[i].status;
            trial->error = jobs[i].error;
            memcpy(trial->guard, jobs[i].guard, sizeof trial->guard);
            memcpy(trial->deviation, jobs[i].deviation, sizeof trial->deviation);
            free(jobs[i].messages);
        }
    }
    free(jobs);
    return status;
}

assay_status assay__workbench_observe(assay__workbench *bench, const assay_problem *problem,
                                      const float *const *in, assay_writers *writers,
                                      assay_error *error)
{
    assay__trial trial;
    memset(writers, 0, sizeof *writers);
    writers->group = calloc((size_t)assay_shape_elements(&problem->output), sizeof *writers->group);
    if (!writers->group)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for work groups");
    ASSAY_TRY(assay__trial_create(problem, &trial, error));
    assay_job job = {
        .kernel = bench->kernel,
        .problem = problem,
        .in = in,
        .out = {trial.out[0], trial.out[1]},
        .writers = writers,
    };
    assay_status status = assay_jobs_run(bench->device, &job, 1, error);
    writers->observed = writers->observed && job.status == ASSAY_OK;
    bench->out->runs += ASSAY_RUNS;
    for (int axis = 0; axis < 3 && writers->observed; axis++)
        for (uint32_t most = 1; most < writers->groups[axis]; most *= 2)
            bench->out->runs += ASSAY_RUNS;
    free(job.messages);
    assay__trial_destroy(&trial);
    return status;
}

static void judge(const assay__workbench *bench, assay__specimen *s, const assay__trial *trial)
{
    assay_evidence evidence = {
        .c = &s->c,
        .in = s->subject.in,
        .reference = &s->subject.reference,
        .contract = &bench->contract,
        .run = {s->out[0], s->out[1]},
        .guard = s->guard,
    };
    assay_error error;
    assay_result_init(&s->result);
    s->ran = trial->status == ASSAY_OK && assay_judge(&evidence, &s->result, &error) == ASSAY_OK;
}

static bool prepare(const assay__workbench *bench, assay__specimen *s, assay__trial *trial)
{
    char reason[160];
    assay_error error;
    if (!assay_kernel_applies(bench->kernel, &s->c.problem, reason, sizeof reason))
        return false;
    if (s->c.dataset == ASSAY_DATASET_FILE && !s->vector)
        return false; // another problem than that of the vector
    s->subject.c = &s->c;
    s->subject.vector = s->vector;
    s->subject.contract = bench->contract;
    assay_subject_take_inputs(&s->subject, bench->info);
    assay_subject_prepare(&s->subject);
    if (s->subject.status != ASSAY_OK ||
        assay__trial_create(&s->c.problem, trial, &error) != ASSAY_OK)
        return false;
    for (int i = 0; i < s->c.problem.op->input_count; i++)
        if (trial->in[i])
            memcpy(trial->in[i], s->subject.in[i],
                   (size_t)assay_shape_elements(&s->c.problem.input[i]) * sizeof(float));
    return true;
}

assay_status assay__specimens_run(assay__workbench *bench, assay__specimen *specimens, int count,
                                  assay_error *error)
{
    assay__trial *trials = calloc((size_t)count + 1, sizeof *trials);
    int *of = calloc((size_t)count + 1, sizeof *of);
    int n = 0;
    assay_status status = ASSAY_OK;
    if (!trials || !of) {
        status = assay_fail(error, ASSAY_MEMORY, "out of memory for %d cases", count);
        goto done;
    }
    for (int i = 0; i < count; i++)
        if (prepare(bench, &specimens[i], &trials[n]))
            of[n++] = i;
    status = assay__workbench_run(bench, trials, n, error);
    for (int i = 0; i < n && status == ASSAY_OK; i++) {
        assay__specimen *s = &specimens[of[i]];
        for (int run = 0; run < ASSAY_RUNS; run++) {
            s->out[run] = trials[i].out[run];
            trials[i].out[run] = NULL;
        }
        memcpy(s->guard, trials[i].guard, sizeof s->guard);
        judge(bench, s, &trials[i]);
    }
done:
    for (int i = 0; trials && i < n; i++)
        assay__trial_destroy(&trials[i]);
    free(trials);
    free(of);
    return status;
}

void assay__specimen_release(assay__specimen *s)
{
    assay_subject_release(&s->subject);
    free(s->out[0]);
    free(s->out[1]);
    s->out[0] = s->out[1] = NULL;
    s->ran = false;
}

bool assay__specimen_fails(const assay__specimen *s)
{
    return s->ran && *s->result.verdict == ASSAY_VERDICT_FAIL;
}

// Pixels are stored as RGBA8 whatever the inputs are stored in.
assay_contract assay__output_contract(const assay_problem *problem, const assay_contract *contract)
{
    assay_contract own = *contract;
    if (problem->op->output_role == ASSAY_ROLE_PIXELS)
        own.storage = ASSAY_STORAGE_RGBA8;
    return own;
}

bool assay__accepts(const assay_problem *problem, const assay_contract *contract,
                    const assay_reference *ref, int64_t i, float y)
{
    assay_contract own = assay__output_contract(problem, contract);
    return assay_accept(y, ref->value[i], ref->bound[i], ref->nan_allowed[i] != 0, &own);
}

bool assay__specimen_wrong(const assay__specimen *s, int64_t i)
{
    for (int run = 0; run < ASSAY_RUNS; run++)
        if (!assay__accepts(&s->c.problem, &s->subject.contract, &s->subject.reference, i,
                            s->out[run][i]))
            return true;
    return false;
}

void assay__coordinates(const assay_shape *shape, int64_t index, int64_t at[ASSAY_RANK_MAX])
{
    for (int d = 0; d < ASSAY_RANK_MAX; d++)
        at[d] = 0;
    for (int d = shape->rank - 1; d >= 0; d--) {
        at[d] = index % shape->dim[d];
        index /= shape->dim[d];
    }
}
