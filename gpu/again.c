// SPDX-License-Identifier: Apache-2.0
// A work that ran, once more: its buffers anew, and its pipelines where they differ.
#include "gpu/job_internal.h"
#include "gpu/spirv_edit.h"
#include "reference/format.h"

#include <math.h>
#include <stdlib.h>

bool assay__again_same(float a, float b)
{
    return assay_bits_of_float(a) == assay_bits_of_float(b) || (isnan(a) && isnan(b));
}

assay_status assay__again_begin(const assay__window *window, assay__work *work, VkDeviceSize end,
                                assay__again *again, assay_error *error)
{
    *again = (assay__again){.window = window, .work = work, .end = end};
    again->bytes = (size_t)assay_shape_elements(&work->job->problem->output) * sizeof(float);
    for (int run = 0; run < ASSAY_RUNS; run++)
        again->out[run] = malloc(again->bytes);
    if (again->out[0] && again->out[1])
        return ASSAY_OK;
    assay__again_end(again);
    return assay_fail(error, ASSAY_MEMORY, "out of memory for further runs");
}

void assay__again_end(assay__again *again)
{
    for (int run = 0; run < ASSAY_RUNS; run++)
        free(again->out[run]);
}

assay_status assay__again_run(assay__again *a, const assay__variation *variation,
                              assay_error *error)
{
    assay_device *device = a->window->device;
    assay_job *job = a->work->job, again = *job;
    assay__window alone = {.device = device, .work = a->work, .count = 1, .span = a->window->span};
    for (int run = 0; run < ASSAY_RUNS; run++)
        again.out[run] = a->out[run];
    assay__work_unbind(device, a->work); // a buffer is bound to memory once
    ASSAY_TRY(assay__work_buffers(device, a->work, error));
    alone.end = assay__work_place(a->work, a->end);
    a->work->job = &again;
    a->work->variation = variation;
    assay_status status = assay__window_run(&alone, error);
    a->work->variation = NULL;
    a->work->job = job;
    job->transfer_s += again.transfer_s;
    job->gpu_s += again.gpu_s;
    return status;
}

assay_status assay__again_pipeline(const assay__again *a, int pass, uint32_t *words, size_t count,
                                   bool in_parts, const assay__pipeline **pipeline,
                                   assay_error *error)
{
    assay__pipeline_spec spec;
    assay__work_spec(a->work, pass, &spec);
    if (words) {
        spec.words = words;
        spec.word_count = count;
        spec.hash = assay__hash(words, count * sizeof *words);
    }
    spec.in_parts = in_parts;
    assay_status status = assay__pipeline_get(a->window->device, &spec, pipeline, error);
    free(words);
    return status;
}

assay_status assay__again_in_parts(const assay__again *a, assay__variation *v, assay_error *error)
{
    const assay_kernel *kernel = a->work->job->kernel;
    for (int pass = 0; pass < kernel->pass_count; pass++) {
        const uint32_t *groups = a->work->launch[pass].groups;
        uint32_t *words = NULL;
        size_t count = 0;
        if (assay__reads_group_count(kernel->pass[pass].module))
            ASSAY_TRY(
                assay__fix_group_count(kernel->pass[pass].module, groups, &words, &count, error));
        ASSAY_TRY(assay__again_pipeline(a, pass, words, count, true, &v->pipeline[0][pass], error));
        v->pipeline[1][pass] = v->pipeline[0][pass];
    }
    return ASSAY_OK;
}
