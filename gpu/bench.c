// SPDX-License-Identifier: Apache-2.0
// Timing: one window holds several copies of the tensors, which take turns, so that a kernel whose
// tensors fit the cache is not flattered. A span of many runs is timed at once: a timestamp may be
// written late, and costs something itself.
#include "gpu/bench.h"
#include "gpu/job_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SPAN_S         200e-6
#define WARM_S         0.05 // of work before anything counts: a GPU that idled has low clocks
#define DISPATCHES_MAX 10000
#define COPIES_MAX     64
#define SAMPLES_MAX    100

typedef struct bench {
    assay_device *device;
    assay_job job;
    assay__window window;
    double moved;  // bytes of all tensors of one copy
    uint32_t turn; // of the copies
    assay_timing *timing;
} bench;

static int compare_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool is_cpu(const assay_device *device)
{
    return strcmp(device->info.type, "cpu") == 0;
}

// How many copies of the tensors make up `wanted` bytes, within what the device has.
static int copies_of(const assay_device *device, double moved, uint64_t wanted)
{
    double bytes = wanted ? (double)wanted : is_cpu(device) ? 0x1p26 : 0x1p28;
    double copies = ceil(bytes / moved);
    return copies < 1 ? 1 : copies > COPIES_MAX ? COPIES_MAX : (int)copies;
}

// One work: what it moves is known once its slots are sized.
static assay_status add_copy(bench *b, assay_error *error)
{
    assay__work *work = &b->window.work[b->window.count];
    b->window.count++; // whatever was made of it is released with the window
    ASSAY_TRY(assay__work_prepare(b->device, &b->job, work, error));
    b->window.end = assay__work_place(work, b->window.end);
    return ASSAY_OK;
}

static double moved_bytes(const assay__work *work)
{
    double bytes = 0;
    for (int i = 0; i < work->part_count; i++)
        if (work->part[ASSAY_RUN_EXACT][i].tensor <= ASSAY__TENSOR_OUT)
            bytes += (double)work->part[ASSAY_RUN_EXACT][i].bytes;
    return bytes;
}

// `dispatches` runs between each pair of `samples` timestamps; seconds of one run, for each sample.
static assay_status time_spans(bench *b, int samples, int dispatches, double *seconds,
                               assay_error *error)
{
    uint64_t ns[SAMPLES_MAX + 1];
    ASSAY_TRY(assay__submit_begin(b->device, error));
    assay__timestamps_reset(b->device);
    for (int s = 0; s <= samples; s++) { // the last pair is empty: what a timestamp costs itself
        assay__timestamp(b->device, (uint32_t)(2 * s));
        for (int i = 0; i < dispatches && s < samples; i++)
            assay__work_record(&b->window, &b->window.work[b->turn++ % (uint32_t)b->window.count],
                               ASSAY_RUN_EXACT, true);
        assay__timestamp(b->device, (uint32_t)(2 * s + 1));
    }
    ASSAY_TRY(assay__submit_wait(b->device, error));
    assay__timestamp_spans(b->device, (uint32_t)samples + 1, ns);
    for (int s = 0; s < samples; s++) {
        double span = (double)ns[s] - (double)ns[samples];
        seconds[s] = (span > 0 ? span : 0) * 1e-9 / dispatches;
    }
    return ASSAY_OK;
}

static assay_status measure(bench *b, const assay_bench_options *options, assay_error *error)
{
    double one = 0, seconds[SAMPLES_MAX], limit = options->seconds > 0 ? options->seconds : 2;
    int samples = options->samples > 0 ? options->samples : 25;
    samples = samples > SAMPLES_MAX ? SAMPLES_MAX : samples;
    double warm = 0, wanted_warm = is_cpu(b->device) ? WARM_S / 10 : WARM_S, now;
    ASSAY_TRY(time_spans(b, 1, 1, &now, error)); // some drivers compile at the first run
    for (int round = 0, runs = 1; (round < 4 || warm < wanted_warm) && warm < limit / 8; round++) {
        ASSAY_TRY(time_spans(b, 1, runs, &now, error));
        if (now == 0 && runs == DISPATCHES_MAX) // nothing that timestamps see
            break;
        warm += now * runs;
        one = one == 0 || now < one ? now : one; // what came between made others longer
        runs = 4 * runs < DISPATCHES_MAX ? 4 * runs : DISPATCHES_MAX;
    }
    double wanted = one > 0 ? ceil(SPAN_S / one) : DISPATCHES_MAX;
    int dispatches = wanted < 1 ? 1 : wanted > DISPATCHES_MAX ? DISPATCHES_MAX : (int)wanted;
    while (samples > 5 && one * dispatches * samples > limit)
        samples--;
    ASSAY_TRY(time_spans(b, samples, dispatches, seconds, error));
    qsort(seconds, (size_t)samples, sizeof *seconds, compare_double);
    *b->timing = (assay_timing){
        .samples = samples,
        .dispatches = dispatches,
        .copies = b->window.count,
        .median_s = seconds[samples / 2],
        .low_s = seconds[samples / 10],
        .high_s = seconds[samples - 1 - samples / 10],
        .moved_bytes = b->moved,
    };
    return ASSAY_OK;
}

static assay_status run(bench *b, const assay_bench_options *options, assay_error *error)
{
    if (!b->device->queries)
        return assay_fail(error, ASSAY_LIMIT, "%s has no timestamps", b->device->info.name);
    b->window.work = calloc(COPIES_MAX, sizeof *b->window.work);
    b->window.span =
        calloc((size_t)COPIES_MAX * ASSAY_RUNS * ASSAY__TENSORS_MAX, sizeof *b->window.span);
    if (!b->window.work || !b->window.span)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for a benchmark");
    ASSAY_TRY(add_copy(b, error));
    b->moved = moved_bytes(&b->window.work[0]);
    int copies = copies_of(b->device, b->moved, options->rotate_bytes);
    while (b->window.count < copies)
        ASSAY_TRY(add_copy(b, error));
    ASSAY_TRY(assay__window_load(&b->window, error));
    return measure(b, options, error);
}

assay_status assay_bench_run(assay_device *device, const assay_kernel *kernel,
                             const assay_problem *problem, const float *const *in,
                             const assay_bench_options *options, assay_timing *timing,
                             assay_error *error)
{
    bench b = {
        .device = device,
        .job = {.kernel = kernel, .problem = problem, .in = in},
        .window = {.device = device       },
        .timing = timing,
    };
    *timing = (assay_timing){0};
    assay_status status = run(&b, options, error);
    for (int i = 0; b.window.work && i < b.window.count; i++)
        assay__work_release(device, &b.window.work[i]);
    assay__window_unload(&b.window);
    device->arena.poisoned = 0; // the tensors still lie in the arena
    free(b.window.work);
    free(b.window.span);
    return status;
}
