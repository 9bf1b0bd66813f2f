// SPDX-License-Identifier: Apache-2.0
#include "gpu/bench.h"
#include "gpu/gpu_internal.h"

#include <stdlib.h>
#include <string.h>

#define COPY_BYTES     ((size_t)256 << 20) // of each buffer: larger than any cache
#define COPY_BYTES_CPU ((size_t)32 << 20)
#define FMA_OPERATIONS 65536.0 // an invocation (bench_fma_*.comp)
#define TRIES          7

// The fastest of several tries: a ceiling is what the device can do, not what it does on average.
static assay_status fastest(assay_device *device, assay__dispatch *dispatch, const char *shader,
                            double *seconds, assay_error *error)
{
    const assay__shader *s = assay__probe_shader(shader);
    if (!s)
        return assay_fail(error, ASSAY_INTERNAL, "there is no probe shader %s", shader);
    dispatch->words = s->words;
    dispatch->word_count = s->word_count;
    *seconds = 0;
    for (int i = 0; i < TRIES; i++) {
        uint64_t ns = 0;
        ASSAY_TRY(assay__dispatch_run(device, dispatch, &ns, error));
        double one = (double)ns * 1e-9 / dispatch->repeat;
        if (i > 0 && one > 0 && (*seconds == 0 || one < *seconds)) // the first one warms up
            *seconds = one;
    }
    return ASSAY_OK;
}

static bool is_cpu(const assay_device *device)
{
    return strcmp(device->info.type, "cpu") == 0;
}

static assay_status measure_copy(assay_device *device, double *bytes_s, assay_error *error)
{
    size_t bytes = is_cpu(device) ? COPY_BYTES_CPU : COPY_BYTES;
    while (bytes > device->info.max_buffer_range)
        bytes /= 2;
    float *from = calloc(bytes, 1), *to = calloc(bytes, 1);
    uint32_t count = (uint32_t)(bytes / 16), groups = count / 256;
    const assay__dispatch_buffer buffers[] = {
        {0, from, bytes, false},
        {1, to,   bytes, true }
    };
    assay__dispatch dispatch = {
        .buffers = buffers,
        .buffer_count = 2,
        .push = &count,
        .push_bytes = sizeof count,
        .groups = {groups > 32768 ? 32768 : groups, (groups + 32767) / 32768, 1},
        .repeat = is_cpu(device) ? 2 : 10,
    };
    double seconds = 0;
    for (size_t i = 0; from && i < bytes / sizeof *from; i++)
        from[i] = (float)(i % 8191); // zeros move faster than numbers on some devices
    assay_status status = from && to
                              ? fastest(device, &dispatch, "bench_copy", &seconds, error)
                              : assay_fail(error, ASSAY_MEMORY, "out of memory for a benchmark");
    *bytes_s = seconds > 0 ? 2 * (double)bytes / seconds : 0;
    free(from);
    free(to);
    return status;
}

static assay_status measure_fma(assay_device *device, const char *shader, double *flops_s,
                                assay_error *error)
{
    uint32_t groups = is_cpu(device) ? 16 : 8192;
    size_t bytes = (size_t)groups * 256 * sizeof(float);
    float *result = calloc(bytes, 1);
    const float push[2] = {0.5F, 0.25F};
    const assay__dispatch_buffer buffer = {0, result, bytes, true};
    assay__dispatch dispatch = {
        .buffers = &buffer,
        .buffer_count = 1,
        .push = push,
        .push_bytes = sizeof push,
        .groups = {groups, 1, 1},
        .repeat = 4,
    };
    double seconds = 0;
    assay_status status = result ? fastest(device, &dispatch, shader, &seconds, error)
                                 : assay_fail(error, ASSAY_MEMORY, "out of memory for a benchmark");
    *flops_s = seconds > 0 ? FMA_OPERATIONS * 256 * groups / seconds : 0;
    free(result);
    return status;
}

assay_status assay_bench_ceiling(assay_device *device, assay_ceiling *ceiling, assay_error *error)
{
    *ceiling = (assay_ceiling){0};
    ASSAY_TRY(measure_copy(device, &ceiling->copy_bytes_s, error));
    ASSAY_TRY(measure_fma(device, "bench_fma_f32", &ceiling->f32_flops_s, error));
    if (device->info.shader_f16)
        ASSAY_TRY(measure_fma(device, "bench_fma_f16", &ceiling->f16_flops_s, error));
    return ASSAY_OK;
}
