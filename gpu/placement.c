// SPDX-License-Identifier: Apache-2.0
// Where the tensors of a batch lie: every one in a buffer of its own, with poison all around.
#include "gpu/job_internal.h"
#include "gpu/layout.h"

#include <string.h>

// Poison between two buffers, at least; also the most alignment that is counted on when batches are
// cut.
#define GAP_BYTES    256
#define ABSENT_BYTES 16 // what is bound for a tensor that the problem does not have

static VkDeviceSize buffer_bytes(const assay__launch *launch, int tensor, int run)
{
    VkDeviceSize bytes = launch->bytes[tensor] ? launch->bytes[tensor] : ABSENT_BYTES;
    return run == ASSAY_RUN_GUARDED ? bytes + ASSAY_GUARD_BYTES : bytes;
}

static bool is_bound(const assay__launch *launch, int tensor)
{
    for (int b = 0; b < launch->binding_count; b++)
        if (launch->tensor_of[b] == tensor)
            return true;
    return false;
}

VkDeviceSize assay__launch_footprint(const assay__launch *launch)
{
    VkDeviceSize bytes = 0;
    for (int t = 0; t < ASSAY__TENSORS_MAX; t++)
        for (int run = 0; run < ASSAY_RUNS && is_bound(launch, t); run++)
            bytes += buffer_bytes(launch, t, run) + 4 * GAP_BYTES;
    return bytes;
}

static assay_status create_slot(assay__batch *batch, assay__entry *entry, int run, int tensor,
                                assay_error *error)
{
    assay__slot *slot = &entry->slot[run][tensor];
    VkDeviceSize need, alignment;
    ASSAY_TRY(assay__buffer_create(batch->device, buffer_bytes(&entry->launch, tensor, run),
                                   &slot->buffer, &need, &alignment, error));
    VkDeviceSize start = batch->end + GAP_BYTES;
    slot->span.offset = (start + alignment - 1) / alignment * alignment;
    slot->span.bytes = entry->launch.bytes[tensor];
    slot->occupied = need;
    batch->end = (slot->span.offset + need + 3) / 4 * 4;
    return ASSAY_OK;
}

static void fill_words(void *at, size_t bytes, uint32_t pattern)
{
    uint32_t *words = at;
    for (size_t i = 0; i < bytes / 4; i++)
        words[i] = pattern;
}

static void fill_slot(const assay__batch *batch, const assay__entry *entry, int run, int tensor)
{
    const assay_job *job = entry->job;
    const assay_kernel_info *info = assay_kernel_get_info(job->kernel);
    const assay__span *span = &entry->slot[run][tensor].span;
    uint8_t *at = batch->device->arena.host + span->offset;
    if (span->bytes == 0)
        return;
    if (tensor < ASSAY__TENSOR_OUT)
        assay__layout_pack(info->layout, info->precision, &job->problem->input[tensor],
                           job->in[tensor], at);
    else // scratch starts with garbage as well
        fill_words(at, span->bytes, run ? ASSAY_PREFILL_BITS_1 : ASSAY_PREFILL_BITS_0);
}

static assay_status describe_pass(assay__batch *batch, assay__entry *entry, int run, int p,
                                  assay_error *error)
{
    const assay__pass *pass = &entry->launch.pass[p];
    const assay__pipeline *pipeline = entry->pipeline[p];
    VkDescriptorSetAllocateInfo info = {.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
                                        .descriptorPool = batch->pool,
                                        .descriptorSetCount = pipeline->set_count,
                                        .pSetLayouts = pipeline->set};
    VkDescriptorBufferInfo buffers[ASSAY__BINDINGS_MAX];
    VkWriteDescriptorSet writes[ASSAY__BINDINGS_MAX];
    ASSAY__TRY_VK(vkAllocateDescriptorSets(batch->device->handle, &info, entry->set[run][p]));
    for (int b = 0; b < pass->spec.binding_count; b++) {
        int tensor = entry->launch.tensor_of[b];
        buffers[b] = (VkDescriptorBufferInfo){entry->slot[run][tensor].buffer, 0, VK_WHOLE_SIZE};
        writes[b] = (VkWriteDescriptorSet){.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
                                           .dstSet = entry->set[run][p][pass->spec.binding[b].set],
                                           .dstBinding = pass->spec.binding[b].binding,
                                           .descriptorCount = 1,
                                           .descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
                                           .pBufferInfo = &buffers[b]};
    }
    vkUpdateDescriptorSets(batch->device->handle, (uint32_t)pass->spec.binding_count, writes, 0,
                           NULL);
    return ASSAY_OK;
}

static assay_status create_pool(assay__batch *batch, assay_error *error)
{
    uint32_t passes = 0;
    for (int i = 0; i < batch->count; i++)
        passes += (uint32_t)batch->entries[i].launch.pass_count * ASSAY_RUNS;
    VkDescriptorPoolSize size = {VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, passes * ASSAY__BINDINGS_MAX};
    VkDescriptorPoolCreateInfo info = {.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
                                       .maxSets = passes * ASSAY__SETS_MAX,
                                       .poolSizeCount = 1,
                                       .pPoolSizes = &size};
    ASSAY__TRY_VK(vkCreateDescriptorPool(batch->device->handle, &info, NULL, &batch->pool));
    return ASSAY_OK;
}

assay_status assay__batch_place(assay__batch *batch, assay_error *error)
{
    assay_device *device = batch->device;
    batch->end = 0;
    for (int i = 0; i < batch->count; i++)
        for (int run = 0; run < ASSAY_RUNS; run++)
            for (int t = 0; t < ASSAY__TENSORS_MAX; t++)
                if (is_bound(&batch->entries[i].launch, t))
                    ASSAY_TRY(create_slot(batch, &batch->entries[i], run, t, error));
    batch->end += GAP_BYTES;
    ASSAY_TRY(assay__arena_require(device, batch->end, error));
    ASSAY_TRY(create_pool(batch, error));
    for (int i = 0; i < batch->count; i++) {
        assay__entry *entry = &batch->entries[i];
        for (int run = 0; run < ASSAY_RUNS; run++) {
            for (int t = 0; t < ASSAY__TENSORS_MAX; t++) {
                assay__slot *slot = &entry->slot[run][t];
                if (!slot->buffer)
                    continue;
                ASSAY_TRY(assay__buffer_bind(device, slot->buffer, slot->span.offset, error));
                fill_slot(batch, entry, run, t);
            }
            for (int p = 0; p < entry->launch.pass_count; p++)
                ASSAY_TRY(describe_pass(batch, entry, run, p, error));
        }
    }
    return ASSAY_OK;
}

void assay__batch_release(assay__batch *batch)
{
    VkDevice device = batch->device->handle;
    for (int i = 0; i < batch->count; i++)
        for (int run = 0; run < ASSAY_RUNS; run++)
            for (int t = 0; t < ASSAY__TENSORS_MAX; t++) {
                vkDestroyBuffer(device, batch->entries[i].slot[run][t].buffer, NULL);
                batch->entries[i].slot[run][t].buffer = VK_NULL_HANDLE;
            }
    vkDestroyDescriptorPool(device, batch->pool, NULL);
    batch->pool = VK_NULL_HANDLE;
}
