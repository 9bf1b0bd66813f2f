// SPDX-License-Identifier: Apache-2.0
#include "gpu/job.h"

#include "gpu/job_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Two timestamps a run: more jobs would not fit the query pool.
#define BATCH_JOBS (ASSAY__QUERIES / (2 * ASSAY_RUNS))

void assay__job_blame(assay_device *device, assay_job *job)
{
    char *said = device->instance.messages ? assay__messages_take(device->instance.messages) : NULL;
    if (!said)
        return;
    if (!job->messages) {
        job->messages = said;
        return;
    }
    size_t size = strlen(job->messages) + strlen(said) + 2;
    char *both = malloc(size);
    if (both) {
        snprintf(both, size, "%s\n%s", job->messages, said);
        free(job->messages);
        job->messages = both;
    }
    free(said);
}

// Launch and pipelines of one job; its own trouble stays in its status.
static void prepare(assay_device *device, assay_job *job, assay__entry *entry)
{
    double start = assay__seconds();
    memset(entry, 0, sizeof *entry);
    entry->job = job;
    for (int run = 0; run < ASSAY_RUNS; run++) {
        job->guard[run] = (assay_guard_report){
            .first_unwritten = -1, .stray_tensor = -1, .changed_index = -1, .changed_tensor = -1};
        job->gpu_ns[run] = 0;
    }
    job->status =
        assay__kernel_launch(job->kernel, job->problem, &device->info, &entry->launch, &job->error);
    for (int p = 0; job->status == ASSAY_OK && p < entry->launch.pass_count; p++)
        job->status = assay__pipeline_get(device, &entry->launch.pass[p].spec, &entry->pipeline[p],
                                          &job->error);
    assay__job_blame(device, job);
    job->pipeline_s = assay__seconds() - start;
}

// What a device-wide failure looks like in a job.
static bool is_fatal(assay_status status)
{
    return status == ASSAY_DEVICE_LOST || status == ASSAY_MEMORY || status == ASSAY_TIMEOUT;
}

static void charge(assay__batch *batch, double transfer_s, double gpu_s)
{
    double ticks = 0, shares = (double)batch->count;
    for (int i = 0; i < batch->count; i++)
        for (int run = 0; run < ASSAY_RUNS; run++)
            ticks += (double)batch->entries[i].job->gpu_ns[run];
    for (int i = 0; i < batch->count; i++) {
        assay_job *job = batch->entries[i].job;
        double own = (double)job->gpu_ns[0] + (double)job->gpu_ns[1];
        job->transfer_s = transfer_s / shares;
        job->gpu_s = ticks > 0 ? gpu_s * own / ticks : gpu_s / shares;
    }
}

static assay_status run_batch(assay__batch *batch, assay_error *error)
{
    double start = assay__seconds();
    assay_status status = assay__batch_place(batch, error);
    double placed = assay__seconds(), ran = placed;
    if (status == ASSAY_OK) {
        status = assay__batch_submit(batch, error);
        ran = assay__seconds();
    }
    if (status == ASSAY_OK)
        assay__batch_collect(batch);
    else if (!is_fatal(status)) // the arena may be anything now
        batch->device->arena.poisoned = 0;
    assay__batch_release(batch);
    if (status == ASSAY_OK)
        charge(batch, assay__seconds() - ran + placed - start, ran - placed);
    return status;
}

// Messages that came with the submission belong to one of its jobs: each runs once more, alone, to
// find out which.
static assay_status attribute(assay__batch *batch, assay_error *error)
{
    assay_device *device = batch->device;
    if (!device->instance.messages)
        return ASSAY_OK;
    char *said = assay__messages_take(device->instance.messages);
    if (!said)
        return ASSAY_OK;
    if (batch->count == 1) {
        if (batch->entries[0].job->messages)
            free(said);
        else
            batch->entries[0].job->messages = said;
        return ASSAY_OK;
    }
    free(said);
    for (int i = 0; i < batch->count; i++) {
        assay__batch alone = {.device = device, .entries = &batch->entries[i], .count = 1};
        ASSAY_TRY(run_batch(&alone, error));
        assay__job_blame(device, batch->entries[i].job);
    }
    return ASSAY_OK;
}

static assay_status flush(assay__batch *batch, assay_error *error)
{
    if (batch->count == 0)
        return ASSAY_OK;
    assay_error own = {0};
    assay_status status = run_batch(batch, &own);
    if (status == ASSAY_OK)
        status = attribute(batch, &own);
    if (status != ASSAY_OK && is_fatal(status))
        return assay_fail(error, status, "%s", own.message);
    for (int i = 0; status != ASSAY_OK && i < batch->count; i++) {
        batch->entries[i].job->status = status;
        batch->entries[i].job->error = own;
    }
    batch->count = 0;
    return ASSAY_OK;
}

assay_status assay_jobs_run(assay_device *device, assay_job *jobs, int count, assay_error *error)
{
    int most = device->options.validate & ASSAY_VALIDATE_GPU ? 1 : BATCH_JOBS;
    VkDeviceSize room = device->options.arena_bytes ? device->options.arena_bytes : 256u << 20;
    VkDeviceSize used = 0;
    assay_status status = ASSAY_OK;
    assay__batch batch = {.device = device,
                          .entries =
                              calloc((size_t)(count < most ? count : most), sizeof *batch.entries)};
    if (!batch.entries)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for %d jobs", count);
    for (int i = 0; i < count && status == ASSAY_OK; i++) {
        assay__entry entry;
        prepare(device, &jobs[i], &entry);
        if (jobs[i].status != ASSAY_OK) {
            if (is_fatal(jobs[i].status))
                status = assay_fail(error, jobs[i].status, "%s", jobs[i].error.message);
            continue;
        }
        VkDeviceSize footprint = assay__launch_footprint(&entry.launch);
        if (batch.count == most || (batch.count > 0 && used + footprint > room)) {
            status = flush(&batch, error);
            used = 0;
        }
        batch.entries[batch.count++] = entry;
        used += footprint;
    }
    if (status == ASSAY_OK)
        status = flush(&batch, error);
    assay__pipelines_save(device);
    free(batch.entries);
    return status;
}
