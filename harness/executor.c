// SPDX-License-Identifier: Apache-2.0
#include "harness/executor.h"

#include "harness/judge.h"
#include "harness/parallel.h"
#include "harness/subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

// At most so many checks, and so much arithmetic and memory, share one submission: enough to hide
// its cost, few enough that a hanging check is found soon.
#define BATCH_CHECKS 64
#define BATCH_FLOPS  2e8
#define BATCH_BYTES  4e8

// With sanitizers, which compile shaders anew for many a check.
#define BATCH_SANITIZED 8

typedef struct batch {
    assay_lab *lab;
    const int *checks;
    int count;
    assay_subject *subjects; // first subject_count of count
    int subject_count;
    int *subject_of; // by check in the batch
    int *job_of;     // by check, -1 when its subject failed
    assay_job *jobs;
    int job_count;
    assay_result *results;
    assay_error *errors; // of the judge, by check
} batch;

static const assay_check *check_at(const batch *b, int i)
{
    return &b->lab->plan->checks[b->checks[i]];
}

static assay_status lab_open(void *context, assay_run_info *run, assay_error *error)
{
    assay_lab *lab = context;
    char contract[ASSAY_TEXT];
    ASSAY_TRY(assay_device_open(&lab->device_options, &lab->device, error));
    ASSAY_TRY(assay_probe_device(lab->device, false, &lab->probe, error));
    const assay_device_info *info = assay_device_get_info(lab->device);
    assay_contract c = assay_probe_summary(&lab->probe);
    *run = lab->run;
    snprintf(run->device, sizeof run->device, "%s", info->name);
    snprintf(run->driver, sizeof run->driver, "%s", info->driver);
    snprintf(run->device_uuid, sizeof run->device_uuid, "device %s, driver %s", info->uuid,
             info->driver_uuid);
    snprintf(run->probe, sizeof run->probe, "%s",
             assay_contract_format(&c, contract, sizeof contract));
    return ASSAY_OK;
}

static bool allocate(batch *b)
{
    size_t n = (size_t)b->count;
    b->subjects = calloc(n, sizeof *b->subjects);
    b->subject_of = calloc(n, sizeof *b->subject_of);
    b->job_of = calloc(n, sizeof *b->job_of);
    b->jobs = calloc(n, sizeof *b->jobs);
    b->results = calloc(n, sizeof *b->results);
    b->errors = calloc(n, sizeof *b->errors);
    return b->subjects && b->subject_of && b->job_of && b->jobs && b->results && b->errors;
}

static void release(batch *b)
{
    for (int i = 0; b->subjects && i < b->subject_count; i++)
        assay_subject_release(&b->subjects[i]);
    for (int i = 0; b->jobs && i < b->job_count; i++) {
        free(b->jobs[i].out[0]);
        free(b->jobs[i].out[1]);
        free(b->jobs[i].messages);
    }
    free(b->subjects);
    free(b->subject_of);
    free(b->job_of);
    free(b->jobs);
    free(b->results);
    free(b->errors);
}

// The subject of this case, contract and storage of inputs in the batch. Those of one case stand
// together.
static assay_subject *subject_for(batch *b, const assay_check *check,
                                  const assay_contract *contract)
{
    assay_subject wanted = {.c = check->c, .vector = check->vector, .contract = *contract};
    assay_subject_take_inputs(&wanted, assay_kernel_get_info(check->kernel));
    for (int i = b->subject_count; i-- > 0 && b->subjects[i].c == check->c;)
        if (b->subjects[i].vector == check->vector &&
            assay_contract_equal(&b->subjects[i].contract, contract) &&
            assay_subject_same_inputs(&b->subjects[i], &wanted))
            return &b->subjects[i];
    assay_subject *subject = &b->subjects[b->subject_count++];
    *subject = wanted;
    return subject;
}

// Checks of the same case and contract share a subject; the plan keeps them side by side.
static void assign_subjects(batch *b)
{
    for (int i = 0; i < b->count; i++) {
        const assay_check *check = check_at(b, i);
        assay_contract contract =
            assay_probe_contract(&b->lab->probe, assay_kernel_get_info(check->kernel));
        b->subject_of[i] = (int)(subject_for(b, check, &contract) - b->subjects);
    }
}

static void prepare_subject(void *context, int i)
{
    batch *b = context;
    assay_subject_prepare(&b->subjects[i]);
}

static assay_status make_jobs(batch *b, assay_error *error)
{
    for (int i = 0; i < b->count; i++) {
        const assay_check *check = check_at(b, i);
        const assay_subject *subject = &b->subjects[b->subject_of[i]];
        b->job_of[i] = -1;
        if (subject->status != ASSAY_OK)
            continue;
        assay_job *job = &b->jobs[b->job_count];
        size_t bytes = (size_t)subject->reference.count * sizeof(float);
        b->job_of[i] = b->job_count++;
        job->kernel = check->kernel;
        job->problem = &check->c->problem;
        job->in = subject->in;
        job->sanitize = b->lab->sanitize;
        for (int run = 0; run < ASSAY_RUNS; run++)
            if (!(job->out[run] = malloc(bytes)))
                return assay_fail(error, ASSAY_MEMORY, "out of memory for %s", check->text);
    }
    return ASSAY_OK;
}

static void describe_check(const assay_lab *lab, const assay_check *check, assay_result *result)
{
    assay_check_describe(check, result);
    snprintf(result->device, sizeof result->device, "%.60s",
             lab->device ? assay_device_get_info(lab->device)->name : lab->run.device);
    snprintf(result->reproduce, sizeof result->reproduce,
             "%.550s --kernel %.60s --precision %.7s --layout %.7s '%.160s'%.150s", lab->command, result->kernel,
             result->precision, result->layout, result->case_text, lab->trailer);
}

static void judge_check(void *context, int i)
{
    batch *b = context;
    const assay_check *check = check_at(b, i);
    const assay_subject *subject = &b->subjects[b->subject_of[i]];
    assay_result *result = &b->results[i];
    double start = assay_now();
    assay_result_init(result);
    describe_check(b->lab, check, result);
    assay_contract_format(&subject->contract, result->contract, sizeof result->contract);
    *result->input_hash = (int64_t)subject->input_hash;
    assay_job *job = b->job_of[i] < 0 ? NULL : &b->jobs[b->job_of[i]];
    if (!job || job->status != ASSAY_OK) {
        const assay_error *why = job ? &job->error : &subject->error;
        assay_status status = job ? job->status : subject->status;
        *result->verdict = status == ASSAY_LIMIT ? ASSAY_VERDICT_SKIP : ASSAY_VERDICT_ERROR;
        snprintf(result->reason, sizeof result->reason, "%s",
                 why->message[0] ? why->message : assay_status_sentence(status));
        return;
    }
    assay_evidence evidence = {
        .c = check->c,
        .in = subject->in,
        .reference = &subject->reference,
        .contract = &subject->contract,
        .run = {job->out[0], job->out[1]},
        .guard = job->guard,
        .messages = job->messages,
        .deviation = job->deviation,
    };
    if (assay_judge(&evidence, result, &b->errors[i]) != ASSAY_OK) {
        *result->verdict = ASSAY_VERDICT_ERROR;
        snprintf(result->reason, sizeof result->reason, "%s", b->errors[i].message);
    }
    *result->output_hash = (int64_t)XXH3_64bits(job->out[ASSAY_RUN_GUARDED],
                                                (size_t)subject->reference.count * sizeof(float));
    *result->gpu_ns = (int64_t)job->gpu_ns[ASSAY_RUN_EXACT];
    *result->pipeline_s = job->pipeline_s;
    *result->transfer_s = job->transfer_s;
    *result->gpu_s = job->gpu_s;
    *result->compare_s = assay_now() - start;
}

// Phases run on several threads: each check is charged its share of the phase's wall time, so that
// sums over the checks are wall time too. A subject is charged to its first check.
static void charge_times(batch *b, double prepare_wall, double judge_wall)
{
    double prepared = 0, judged = 0;
    int charged = 0; // subjects: they are numbered in the order of their first checks
    for (int i = 0; i < b->subject_count; i++)
        prepared += b->subjects[i].generate_s + b->subjects[i].reference_s;
    for (int i = 0; i < b->count; i++)
        judged += *b->results[i].compare_s;
    for (int i = 0; i < b->count; i++) {
        assay_result *result = &b->results[i];
        if (b->subject_of[i] == charged && prepared > 0) {
            const assay_subject *subject = &b->subjects[charged++];
            *result->generate_s = subject->generate_s * prepare_wall / prepared;
            *result->reference_s = subject->reference_s * prepare_wall / prepared;
        }
        if (judged > 0)
            *result->compare_s *= judge_wall / judged;
        *result->seconds = *result->generate_s + *result->reference_s + *result->pipeline_s +
                           *result->transfer_s + *result->gpu_s + *result->compare_s;
    }
}

static assay_status lab_run(void *context, const int *checks, int count, assay_runner_sink *sink,
                            assay_error *error)
{
    assay_lab *lab = context;
    batch b = {.lab = lab, .checks = checks, .count = count};
    assay_status status = ASSAY_OK;
    if (!allocate(&b)) {
        status = assay_fail(error, ASSAY_MEMORY, "out of memory for a batch of %d checks", count);
        goto done;
    }
    assign_subjects(&b);
    double start = assay_now();
    assay_parallel_for(lab->threads, b.subject_count, prepare_subject, &b);
    double prepared = assay_now();
    if ((status = make_jobs(&b, error)) != ASSAY_OK)
        goto done;
    if (b.job_count > 0 &&
        (status = assay_jobs_run(lab->device, b.jobs, b.job_count, error)) != ASSAY_OK)
        goto done;
    double ran = assay_now();
    assay_parallel_for(lab->threads, b.count, judge_check, &b);
    charge_times(&b, prepared - start, assay_now() - ran);
    for (int i = 0; i < count && status == ASSAY_OK; i++)
        status = assay_runner_put(sink, &b.results[i], error);
done:
    release(&b);
    return status;
}

static void lab_describe(void *context, int check, assay_result *result)
{
    const assay_lab *lab = context;
    describe_check(lab, &lab->plan->checks[check], result);
}

static int lab_batch(void *context, const int *checks, int count)
{
    const assay_lab *lab = context;
    double flops = 0, bytes = 0;
    int n = 0;
    int most = lab->sanitize ? BATCH_SANITIZED : BATCH_CHECKS;
    for (; n < count && n < most; n++) {
        const assay_problem *problem = &lab->plan->checks[checks[n]].c->problem;
        flops += assay_problem_flops(problem);
        bytes += assay_problem_bytes(problem) * 8; // fp64 sums and two runs
        if (n > 0 && (flops > BATCH_FLOPS || bytes > BATCH_BYTES))
            break;
    }
    return n;
}

// Checks of one kernel have pipelines in common.
static unsigned lab_kin(void *context, int check)
{
    const assay_lab *lab = context;
    return (unsigned)lab->plan->checks[check].kernel_number;
}

assay_executor assay_lab_executor(assay_lab *lab)
{
    return (assay_executor){lab, lab_open, lab_run, lab_describe, lab_batch, lab_kin};
}
