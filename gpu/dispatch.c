// SPDX-License-Identifier: Apache-2.0
#include "gpu/gpu_internal.h"

#include <string.h>

typedef struct binding_state {
    VkBuffer buffer[ASSAY__BINDINGS_MAX];
    assay__span span[ASSAY__BINDINGS_MAX];
    VkDeviceSize end; // of the arena that is used
    VkDescriptorPool pool;
    VkDescriptorSet set;
} binding_state;

static assay_status check(const assay_device *device, const assay__dispatch *d, assay_error *error)
{
    if (d->buffer_count < 1 || d->buffer_count > ASSAY__BINDINGS_MAX)
        return assay_fail(error, ASSAY_INTERNAL, "a dispatch with %d buffers", d->buffer_count);
    if (d->push_bytes > device->info.max_push_bytes)
        return assay_fail(error, ASSAY_LIMIT, "%u bytes of push constants; %s takes %u",
                          d->push_bytes, device->info.name, device->info.max_push_bytes);
    for (int i = 0; i < 3; i++)
        if (d->groups[i] > device->info.max_group_count[i])
            return assay_fail(error, ASSAY_LIMIT, "%u work groups; %s takes %u", d->groups[i],
                              device->info.name, device->info.max_group_count[i]);
    for (int i = 0; i < d->buffer_count; i++)
        if (d->buffers[i].bytes == 0 || d->buffers[i].bytes % 4 ||
            d->buffers[i].bytes > device->info.max_buffer_range)
            return assay_fail(error, ASSAY_LIMIT, "a buffer of %zu bytes", d->buffers[i].bytes);
    return ASSAY_OK;
}

static assay_status place(assay_device *device, const assay__dispatch *d, binding_state *s,
                          assay_error *error)
{
    for (int i = 0; i < d->buffer_count; i++) {
        VkDeviceSize need, alignment, bytes = d->buffers[i].bytes;
        ASSAY_TRY(assay__buffer_create(device, bytes, &s->buffer[i], &need, &alignment, error));
        s->span[i].offset = (s->end + alignment - 1) / alignment * alignment;
        s->span[i].bytes = bytes;
        s->end = s->span[i].offset + need;
    }
    ASSAY_TRY(assay__arena_require(device, s->end, error));
    for (int i = 0; i < d->buffer_count; i++) {
        ASSAY_TRY(assay__buffer_bind(device, s->buffer[i], s->span[i].offset, error));
        memcpy(device->arena.host + s->span[i].offset, d->buffers[i].data, d->buffers[i].bytes);
    }
    return ASSAY_OK;
}

static assay_status describe(assay_device *device, const assay__dispatch *d,
                             const assay__pipeline *pipeline, binding_state *s, assay_error *error)
{
    VkDescriptorPoolSize size = {VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, ASSAY__BINDINGS_MAX};
    VkDescriptorPoolCreateInfo pool = {.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
                                       .maxSets = 1,
                                       .poolSizeCount = 1,
                                       .pPoolSizes = &size};
    ASSAY__TRY_VK(vkCreateDescriptorPool(device->handle, &pool, NULL, &s->pool));
    VkDescriptorSetAllocateInfo info = {.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
                                        .descriptorPool = s->pool,
                                        .descriptorSetCount = 1,
                                        .pSetLayouts = pipeline->set};
    ASSAY__TRY_VK(vkAllocateDescriptorSets(device->handle, &info, &s->set));
    for (int i = 0; i < d->buffer_count; i++) {
        VkDescriptorBufferInfo buffer = {s->buffer[i], 0, VK_WHOLE_SIZE};
        VkWriteDescriptorSet write = {.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
                                      .dstSet = s->set,
                                      .dstBinding = d->buffers[i].binding,
                                      .descriptorCount = 1,
                                      .descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
                                      .pBufferInfo = &buffer};
        vkUpdateDescriptorSets(device->handle, 1, &write, 0, NULL);
    }
    return ASSAY_OK;
}

static assay_status submit(assay_device *device, const assay__dispatch *d,
                           const assay__pipeline *pipeline, binding_state *s, assay_error *error)
{
    VkCommandBuffer command = device->command;
    ASSAY_TRY(assay__submit_begin(device, error));
    assay__timestamps_reset(device);
    assay__arena_upload(device, s->span, d->buffer_count);
    vkCmdBindPipeline(command, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline->handle);
    vkCmdBindDescriptorSets(command, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline->layout, 0, 1,
                            &s->set, 0, NULL);
    if (d->push_bytes)
        vkCmdPushConstants(command, pipeline->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0, d->push_bytes,
                           d->push);
    assay__timestamp(device, 0);
    for (uint32_t i = 0; i == 0 || i < d->repeat; i++) {
        if (i > 0)
            assay__barrier(device, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT,
                           VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT);
        vkCmdDispatch(command, d->groups[0], d->groups[1], d->groups[2]);
    }
    assay__timestamp(device, 1);
    assay__arena_download(device, (assay__span){0, s->end / 4 * 4}, s->span, d->buffer_count);
    return assay__submit_wait(device, error);
}

static assay_status run(assay_device *device, const assay__dispatch *d, binding_state *s,
                        assay_error *error)
{
    const assay__pipeline *pipeline;
    assay__pipeline_spec spec = {.words = d->words,
                                 .word_count = d->word_count,
                                 .hash = assay__hash(d->words, d->word_count * 4),
                                 .entry = "main",
                                 .binding_count = d->buffer_count,
                                 .push_bytes = d->push_bytes};
    for (int i = 0; i < d->buffer_count; i++) {
        spec.binding[i].binding = d->buffers[i].binding;
        spec.binding[i].type = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
    }
    ASSAY_TRY(assay__pipeline_get(device, &spec, &pipeline, error));
    ASSAY_TRY(place(device, d, s, error));
    ASSAY_TRY(describe(device, d, pipeline, s, error));
    return submit(device, d, pipeline, s, error);
}

assay_status assay__dispatch_run(assay_device *device, const assay__dispatch *dispatch,
                                 uint64_t *gpu_ns, assay_error *error)
{
    binding_state s = {0};
    ASSAY_TRY(check(device, dispatch, error));
    assay_status status = run(device, dispatch, &s, error);
    for (int i = 0; i < dispatch->buffer_count; i++) {
        const assay__dispatch_buffer *b = &dispatch->buffers[i];
        if (status == ASSAY_OK && b->output)
            memcpy(b->data, device->arena.host + s.span[i].offset, b->bytes);
        vkDestroyBuffer(device->handle, s.buffer[i], NULL);
    }
    if (device->arena.host && !device->arena.staging) // back to rest, strays in the gaps included
        assay__poison(device->arena.host, (size_t)(s.end / 4 * 4));
    if (status == ASSAY_OK && gpu_ns)
        assay__timestamp_spans(device, 1, gpu_ns);
    vkDestroyDescriptorPool(device->handle, s.pool, NULL);
    return status;
}
