// SPDX-License-Identifier: Apache-2.0
// The host's side of a window: tensors into the arena, and what the kernel did to them and to
// everything between them.
#include "gpu/guard.h"
#include "gpu/job_internal.h"

#include <string.h>

static const uint32_t prefill[ASSAY_RUNS] = {ASSAY_PREFILL_BITS_0, ASSAY_PREFILL_BITS_1};

static void pack_payload(const assay__work *work, int run, const assay__slot *slot, uint8_t *at)
{
    const assay__part *part = &work->part[run][slot->first];
    if (slot->plain && slot->tensor > ASSAY__TENSOR_OUT) { // scratch: other garbage in each run
        assay__fill(at, slot->payload.bytes, prefill[run]);
        return;
    }
    assay__poison(at, slot->payload.bytes);
    if (!slot->plain) {
        assay__parts_pack(work, run, slot, at);
    } else if (slot->tensor == ASSAY__TENSOR_OUT) {
        assay__prefill(&part->packing, run, at);
    } else if (slot->parts > 0) {
        assay__pack(&part->packing, work->job->in[slot->tensor], at);
        if (run > 0)
            assay__pack_beside(&part->packing, at);
    }
}

void assay__work_pack(assay_device *device, const assay__work *work)
{
    for (int run = 0; run < ASSAY_RUNS; run++)
        for (int i = 0; i < work->slot_count; i++) {
            const assay__slot *slot = &work->slot[run][i];
            uint8_t *at = device->arena.host + slot->payload.offset;
            assay__fill(at + slot->payload.bytes, slot->fence, ASSAY__FENCE_BITS);
            if (slot->payload.bytes > 0)
                pack_payload(work, run, slot, at);
        }
}

void assay__work_pack_like(assay_device *device, const assay__work *work, const assay__work *packed)
{
    for (int run = 0; run < ASSAY_RUNS; run++)
        for (int i = 0; i < work->slot_count; i++) {
            assay__span to = work->slot[run][i].payload, from = packed->slot[run][i].payload;
            memcpy(device->arena.host + to.offset, device->arena.host + from.offset,
                   from.bytes + packed->slot[run][i].fence);
        }
}

static void verify_payload(const assay__work *work, int run, const assay__slot *slot,
                           const uint8_t *at)
{
    const assay__part *part = &work->part[run][slot->first];
    int64_t first = 0;
    if (slot->parts == 0) { // an image that stands for what is not there
        assay__add_stray(work, run, slot, assay__packing_stray(&slot->packing, false, at, &first),
                         first);
        return;
    }
    if (!slot->plain) {
        assay__parts_verify(work, run, slot, at);
        return;
    }
    if (part->tensor > ASSAY__TENSOR_OUT)
        return;
    int64_t stray =
        assay__packing_stray(&part->packing, part->tensor == ASSAY__TENSOR_OUT, at, &first);
    assay__add_stray(work, run, slot, stray, first);
    assay__part_take(work, run, part, at);
}

// Both runs are unpacked.
static void count_unwritten(assay_job *job)
{
    int64_t count = assay_shape_elements(&job->problem->output);
    if (job->problem->op->output_role == ASSAY_ROLE_PIXELS)
        assay__pixels_settle(job->out[0], job->out[1], count);
    for (int run = 0; run < ASSAY_RUNS; run++)
        job->guard[run].unwritten = assay__count_same(
            job->out[run], (size_t)count * 4, prefill[run], &job->guard[run].first_unwritten);
}

// `word` from `start` on, up to `end`: what is not, was written outside of a tensor.
static void verify_gap(assay_device *device, const assay__work *work, int run,
                       const assay__slot *slot, VkDeviceSize start, VkDeviceSize end, uint32_t word)
{
    size_t first = 0;
    uint8_t *at = device->arena.host + start;
    int64_t stray = assay__count_other(at, (size_t)(end - start), word, &first);
    if (stray == 0)
        return;
    assay__add_stray(work, run, slot, stray, (int64_t)(start + first - slot->payload.offset));
    device->arena.poisoned = 0; // everything is poisoned anew before it is used again
}

void assay__work_verify(assay_device *device, const assay__work *work, VkDeviceSize end)
{
    for (int run = 0; run < ASSAY_RUNS; run++) {
        work->job->guard[run] = (assay_guard_report){
            .first_unwritten = -1, .stray_tensor = -1, .changed_index = -1, .changed_tensor = -1};
        for (int i = 0; i < work->slot_count; i++) {
            const assay__slot *slot = &work->slot[run][i];
            const assay__span *payload = &slot->payload;
            const assay__slot *next = i + 1 < work->slot_count ? slot + 1
                                      : run + 1 < ASSAY_RUNS   ? &work->slot[run + 1][0]
                                                               : NULL;
            if (payload->bytes > 0)
                verify_payload(work, run, slot, device->arena.host + payload->offset);
            VkDeviceSize behind = payload->offset + payload->bytes;
            verify_gap(device, work, run, slot, behind, behind + slot->fence, ASSAY__FENCE_BITS);
            verify_gap(device, work, run, slot, behind + slot->fence,
                       next ? next->payload.offset : end, ASSAY_POISON_BITS);
            if (!device->arena.staging)
                assay__poison(device->arena.host + payload->offset, payload->bytes + slot->fence);
        }
    }
    count_unwritten(work->job);
}
