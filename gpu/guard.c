// SPDX-License-Identifier: Apache-2.0
// After the dispatches: what was written, what was not, and what should not have been.
#include "gpu/job_internal.h"
#include "gpu/layout.h"

#include <string.h>

// Words of [0, bytes) that are no poison any more; *first gets the offset of the first one.
static int64_t count_stray(const uint8_t *at, size_t bytes, size_t *first)
{
    const uint32_t *words = (const uint32_t *)(const void *)at;
    size_t count = bytes / 4;
    uint32_t changed = 0;
    for (size_t i = 0; i < count; i++)
        changed |= words[i] ^ ASSAY_POISON_BITS;
    if (!changed)
        return 0;
    int64_t stray = 0;
    for (size_t i = count; i-- > 0;)
        if (words[i] != ASSAY_POISON_BITS) {
            stray++;
            *first = i * 4;
        }
    return stray;
}

static void count_unwritten(const assay__entry *entry, int run)
{
    assay_job *job = entry->job;
    uint32_t prefill = run ? ASSAY_PREFILL_BITS_1 : ASSAY_PREFILL_BITS_0;
    int64_t count = assay_shape_elements(&job->problem->output);
    for (int64_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &job->out[run][i], sizeof bits);
        if (bits == prefill && job->guard[run].unwritten++ == 0)
            job->guard[run].first_unwritten = i;
    }
}

// An input must hold the bits that were packed into it.
static void compare_input(const assay__batch *batch, const assay__entry *entry, int run, int tensor)
{
    assay_job *job = entry->job;
    const assay__span *span = &entry->slot[run][tensor].span;
    const uint8_t *now = batch->device->arena.host + span->offset;
    const uint8_t *then = (const uint8_t *)(const void *)job->in[tensor];
    if (memcmp(now, then, span->bytes) == 0)
        return;
    for (size_t i = 0; i < span->bytes / 4; i++)
        if (memcmp(now + 4 * i, then + 4 * i, 4) != 0 && job->guard[run].changed++ == 0) {
            job->guard[run].changed_index = (int64_t)i;
            job->guard[run].changed_tensor = tensor;
        }
}

static void collect_tensor(const assay__batch *batch, const assay__entry *entry, int run,
                           int tensor)
{
    assay_job *job = entry->job;
    const assay_kernel_info *info = assay_kernel_get_info(job->kernel);
    const assay__span *span = &entry->slot[run][tensor].span;
    if (span->bytes == 0)
        return;
    if (tensor < ASSAY__TENSOR_OUT)
        compare_input(batch, entry, run, tensor);
    if (tensor != ASSAY__TENSOR_OUT)
        return;
    assay__layout_unpack(info->layout, info->precision, &job->problem->output,
                         batch->device->arena.host + span->offset, job->out[run]);
    count_unwritten(entry, run);
}

// The poison from the end of a tensor to the start of the next one is that tensor's to keep.
static bool check_poison(const assay__batch *batch, const assay__entry *entry, int run, int tensor,
                         VkDeviceSize until)
{
    const assay__span *span = &entry->slot[run][tensor].span;
    assay_guard_report *guard = &entry->job->guard[run];
    VkDeviceSize start = span->offset + span->bytes;
    size_t first = 0;
    int64_t stray = count_stray(batch->device->arena.host + start, (size_t)(until - start), &first);
    if (stray && guard->stray == 0) {
        guard->stray_offset = (int64_t)(span->bytes + first);
        guard->stray_tensor = tensor;
    }
    guard->stray += stray;
    return stray == 0;
}

void assay__batch_collect(assay__batch *batch)
{
    assay_device *device = batch->device;
    assay__entry *last_entry = NULL;
    int last_run = 0, last_tensor = 0;
    bool intact = true;
    for (int i = 0; i < batch->count; i++)
        for (int run = 0; run < ASSAY_RUNS; run++)
            for (int t = 0; t < ASSAY__TENSORS_MAX; t++) { // in the order they were placed
                assay__entry *entry = &batch->entries[i];
                if (!entry->slot[run][t].buffer)
                    continue;
                collect_tensor(batch, entry, run, t);
                if (last_entry)
                    intact = check_poison(batch, last_entry, last_run, last_tensor,
                                          entry->slot[run][t].span.offset) &&
                             intact;
                last_entry = entry;
                last_run = run;
                last_tensor = t;
            }
    if (last_entry)
        intact = check_poison(batch, last_entry, last_run, last_tensor, batch->end) && intact;
    if (!intact)
        device->arena.poisoned = 0; // all of it is made anew
    for (int i = 0; intact && !device->arena.staging && i < batch->count; i++)
        for (int run = 0; run < ASSAY_RUNS; run++)
            for (int t = 0; t < ASSAY__TENSORS_MAX; t++) {
                const assay__slot *slot = &batch->entries[i].slot[run][t];
                if (slot->buffer)
                    assay__poison(device->arena.host + slot->span.offset, slot->span.bytes);
            }
}
