// SPDX-License-Identifier: Apache-2.0
// The command buffer of a batch. Jobs are independent, so nothing stands between them; passes of
// one job wait for each other.
#include "gpu/job_internal.h"

#include <stdlib.h>

static void record_run(assay_device *device, const assay__entry *entry, int run, uint32_t query)
{
    const assay__launch *launch = &entry->launch;
    VkCommandBuffer command = device->command;
    assay__timestamp(device, query);
    for (int p = 0; p < launch->pass_count; p++) {
        const assay__pass *pass = &launch->pass[p];
        const assay__pipeline *pipeline = entry->pipeline[p];
        if (p > 0)
            assay__barrier(device, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT,
                           VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT);
        vkCmdBindPipeline(command, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline->handle);
        if (pipeline->set_count)
            vkCmdBindDescriptorSets(command, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline->layout, 0,
                                    pipeline->set_count, entry->set[run][p], 0, NULL);
        if (pass->spec.push_bytes)
            vkCmdPushConstants(command, pipeline->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0,
                               pass->spec.push_bytes, pass->push);
        vkCmdDispatch(command, pass->groups[0], pass->groups[1], pass->groups[2]);
    }
    assay__timestamp(device, query + 1);
}

// The tensors' own bytes: what goes up, and what becomes poison again after it came down.
static int list_spans(const assay__batch *batch, assay__span *spans)
{
    int count = 0;
    for (int i = 0; i < batch->count; i++)
        for (int run = 0; run < ASSAY_RUNS; run++)
            for (int t = 0; t < ASSAY__TENSORS_MAX; t++)
                if (batch->entries[i].slot[run][t].span.bytes)
                    spans[count++] = batch->entries[i].slot[run][t].span;
    return count;
}

assay_status assay__batch_submit(assay__batch *batch, assay_error *error)
{
    assay_device *device = batch->device;
    size_t most = (size_t)batch->count * ASSAY_RUNS * ASSAY__TENSORS_MAX;
    assay__span *spans = malloc(most * sizeof *spans);
    if (!spans)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for a batch of %d jobs",
                          batch->count);
    int count = list_spans(batch, spans);
    assay_status status = assay__submit_begin(device, error);
    if (status == ASSAY_OK) {
        assay__timestamps_reset(device);
        assay__arena_upload(device, spans, count);
        for (int i = 0; i < batch->count; i++) {
            for (int run = 0; run < ASSAY_RUNS; run++)
                record_run(device, &batch->entries[i], run, (uint32_t)(2 * (i * ASSAY_RUNS + run)));
            assay__job_blame(device, batch->entries[i].job);
        }
        assay__arena_download(device, (assay__span){0, batch->end}, spans, count);
        status = assay__submit_wait(device, error);
    }
    free(spans);
    for (int i = 0; status == ASSAY_OK && i < batch->count; i++)
        for (int run = 0; run < ASSAY_RUNS; run++) {
            uint32_t query = (uint32_t)(2 * (i * ASSAY_RUNS + run));
            batch->entries[i].job->gpu_ns[run] = assay__timestamp_span(device, query, query + 1);
        }
    return status;
}
