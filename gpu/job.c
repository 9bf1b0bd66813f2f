// SPDX-License-Identifier: Apache-2.0
#include "gpu/job.h"
#include "gpu/job_internal.h"

#include <stdlib.h>
#include <string.h>

// Jobs share a submission while they fit into so much memory. Guards dominate: the host writes and
// reads all of it once for each submission, several times faster while it stays in the processor's
// cache.
#define WINDOW_BYTES ((VkDeviceSize)16 << 20)

// Poison before the first tensor.
#define FRONT_GAP 4096

static bool is_fatal(assay_status status)
{
    return status == ASSAY_DEVICE_LOST || status == ASSAY_MEMORY || status == ASSAY_TIMEOUT;
}

static void take_messages(assay_device *device, assay_job *job)
{
    char *more = assay__messages_take(device->instance.messages);
    if (!more || !job->messages) {
        job->messages = more ? more : job->messages;
        return;
    }
    size_t have = strlen(job->messages), size = strlen(more) + 1;
    char *joined = realloc(job->messages, have + size);
    if (joined) {
        memcpy(joined + have, more, size);
        job->messages = joined;
    }
    free(more);
}

static void set_status(assay__window *window, assay_status status, const assay_error *why)
{
    for (int i = 0; i < window->count; i++) {
        window->work[i].job->status = status;
        window->work[i].job->error = *why;
    }
}

// Messages that came with a submission tell no job: each of its jobs runs once more, alone, to find
// out.
static assay_status attribute(assay__window *window, assay_error *error)
{
    char *said = assay__messages_take(window->device->instance.messages);
    assay_status status = ASSAY_OK;
    free(said);
    for (int i = 0; said && i < window->count && status == ASSAY_OK; i++) {
        assay__window alone = {
            .device = window->device, .work = &window->work[i], .count = 1, .span = window->span};
        assay__work_unbind(window->device, alone.work);
        status = assay__work_buffers(window->device, alone.work, error);
        alone.end = assay__work_place(alone.work, FRONT_GAP);
        if (status == ASSAY_OK)
            status = assay__window_run(&alone, error);
        take_messages(window->device, alone.work->job);
    }
    return status;
}

// The further runs that the jobs ask for, a job after the other.
static assay_status run_further(assay__window *window, assay_error *error)
{
    for (int i = 0; i < window->count; i++) {
        assay__work *work = &window->work[i];
        assay_job *job = work->job;
        if (!job->sanitize && !job->writers)
            continue;
        if (job->sanitize)
            job->status = assay__sanitize(window, work, FRONT_GAP, &job->error);
        if (job->writers && job->status == ASSAY_OK)
            job->status = assay__writers_find(window, work, FRONT_GAP, &job->error);
        char *said = assay__messages_take(window->device->instance.messages);
        if (!job->messages)
            job->messages = said; // else it says the same again
        else
            free(said);
        if (is_fatal(job->status)) {
            *error = job->error;
            return job->status;
        }
    }
    return ASSAY_OK;
}

// Runs what the window holds, and empties it. Fails when the device or the memory did; else the
// jobs know.
static assay_status flush(assay__window *window, assay_error *error)
{
    assay_error own = {0};
    assay_status status = window->count ? assay__window_run(window, &own) : ASSAY_OK;
    if (window->count == 1)
        take_messages(window->device, window->work[0].job);
    else if (status == ASSAY_OK)
        status = attribute(window, &own);
    set_status(window, status, &own);
    if (status == ASSAY_OK)
        status = run_further(window, &own);
    for (int i = 0; i < window->count; i++)
        assay__work_release(window->device, &window->work[i]);
    window->count = 0;
    window->end = FRONT_GAP;
    if (is_fatal(status) && error)
        *error = own;
    return is_fatal(status) ? status : ASSAY_OK;
}

static void reset(assay_job *job)
{
    job->status = ASSAY_OK;
    memset(&job->error, 0, sizeof job->error);
    memset(job->guard, 0, sizeof job->guard);
    memset(job->deviation, 0, sizeof job->deviation);
    memset(job->gpu_ns, 0, sizeof job->gpu_ns);
    job->pipeline_s = job->transfer_s = job->gpu_s = 0;
    job->messages = NULL;
}

static assay_status add_job(assay__window *window, assay_job *job, assay_error *error)
{
    assay_device *device = window->device;
    assay__work *work = &window->work[window->count];
    double start = assay__seconds();
    assay_status status = assay__work_prepare(device, job, work, &job->error);
    job->pipeline_s = assay__seconds() - start;
    job->status = status;
    take_messages(device, job);
    if (status != ASSAY_OK) {
        assay__work_release(device, work);
        if (is_fatal(status) && error)
            *error = job->error;
        return is_fatal(status) ? status : ASSAY_OK;
    }
    VkDeviceSize end = assay__work_place(work, window->end);
    if (window->count > 0 && end > WINDOW_BYTES) {
        assay__work own = *work; // flush empties the window, this work becomes its first
        ASSAY_TRY(flush(window, error));
        window->work[0] = own;
        work = &window->work[0];
        end = assay__work_place(work, window->end);
    }
    window->end = end;
    window->count++;
    // What GPU-assisted validation finds comes with the submission: each job has its own.
    if (window->count == ASSAY__WINDOW_JOBS || device->options.validate & ASSAY_VALIDATE_GPU)
        return flush(window, error);
    return ASSAY_OK;
}

assay_status assay_jobs_run(assay_device *device, assay_job *jobs, int count, assay_error *error)
{
    assay__window window = {.device = device, .end = FRONT_GAP};
    assay_status status = ASSAY_OK;
    for (int i = 0; i < count; i++)
        reset(&jobs[i]);
    window.work = calloc(ASSAY__WINDOW_JOBS, sizeof *window.work);
    window.span = calloc(ASSAY__WINDOW_JOBS * ASSAY_RUNS * ASSAY__TENSORS_MAX, sizeof *window.span);
    if (!window.work || !window.span)
        status = assay_fail(error, ASSAY_MEMORY, "out of memory for %d jobs", count);
    for (int i = 0; i < count && status == ASSAY_OK; i++)
        status = add_job(&window, &jobs[i], error);
    if (status == ASSAY_OK)
        status = flush(&window, error);
    for (int i = 0; i < window.count; i++) // after a fatal failure
        assay__work_release(device, &window.work[i]);
    if (status == ASSAY_OK)
        assay__pipelines_save(device);
    free(window.work);
    free(window.span);
    return status;
}
