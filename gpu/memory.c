// SPDX-License-Identifier: Apache-2.0
#include "gpu/gpu_internal.h"
#include "gpu/guard.h"
#include "gpu/job.h"

#include <inttypes.h>
#include <string.h>

#define ARENA_BYTES_DEFAULT ((VkDeviceSize)256 << 20)

static VkResult make_buffer(assay_device *device, VkDeviceSize bytes, VkBufferUsageFlags usage,
                            VkBuffer *buffer)
{
    VkBufferCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO, .size = bytes, .usage = usage};
    return vkCreateBuffer(device->handle, &info, NULL, buffer);
}

assay_status assay__buffer_create(assay_device *device, VkDeviceSize bytes, VkBuffer *buffer,
                                  VkDeviceSize *need, VkDeviceSize *alignment, assay_error *error)
{
    VkMemoryRequirements requirements;
    ASSAY__TRY_VK(make_buffer(device, bytes, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, buffer));
    vkGetBufferMemoryRequirements(device->handle, *buffer, &requirements);
    *need = requirements.size;
    *alignment = requirements.alignment;
    return ASSAY_OK;
}

assay_status assay__buffer_bind(assay_device *device, VkBuffer buffer, VkDeviceSize offset,
                                assay_error *error)
{
    ASSAY__TRY_VK(vkBindBufferMemory(device->handle, buffer, device->arena.memory, offset));
    return ASSAY_OK;
}

void assay__arena_destroy(assay_device *device)
{
    assay__arena *arena = &device->arena;
    vkDestroyBuffer(device->handle, arena->whole, NULL);
    vkDestroyBuffer(device->handle, arena->staging, NULL);
    vkFreeMemory(device->handle, arena->memory, NULL);
    vkFreeMemory(device->handle, arena->staging_memory, NULL);
    memset(arena, 0, sizeof *arena);
}

// A buffer over the whole of a new allocation; VkResult, since running out of memory here is a
// limit, not a failure.
static VkResult allocate(assay_device *device, VkDeviceSize size, uint32_t type, VkBuffer *buffer,
                         VkDeviceMemory *memory)
{
    VkMemoryRequirements need;
    VkResult result = make_buffer(
        device, size, VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT, buffer);
    if (result != VK_SUCCESS)
        return result;
    vkGetBufferMemoryRequirements(device->handle, *buffer, &need);
    VkMemoryAllocateInfo info = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                 .allocationSize = need.size,
                                 .memoryTypeIndex = type};
    if ((result = vkAllocateMemory(device->handle, &info, NULL, memory)) != VK_SUCCESS)
        return result;
    return vkBindBufferMemory(device->handle, *buffer, *memory, 0);
}

static VkResult create_arena(assay_device *device, VkDeviceSize size)
{
    assay__arena *arena = &device->arena;
    void *host = NULL;
    VkResult result = allocate(device, size, device->device_type, &arena->whole, &arena->memory);
    bool staged = device->staged;
    if (result == VK_SUCCESS && staged)
        result =
            allocate(device, size, device->staging_type, &arena->staging, &arena->staging_memory);
    if (result == VK_SUCCESS)
        result = vkMapMemory(device->handle, staged ? arena->staging_memory : arena->memory, 0,
                             VK_WHOLE_SIZE, 0, &host);
    arena->host = host;
    arena->size = size;
    return result;
}

static assay_status make_poison(assay_device *device, VkDeviceSize bytes, assay_error *error)
{
    assay__arena *arena = &device->arena;
    VkDeviceSize from = arena->poisoned;
    if (bytes <= from)
        return ASSAY_OK;
    if (!arena->staging) {
        assay__poison(arena->host + from, (size_t)(bytes - from));
    } else {
        ASSAY_TRY(assay__submit_begin(device, error));
        vkCmdFillBuffer(device->command, arena->whole, from, bytes - from, ASSAY_POISON_BITS);
        ASSAY_TRY(assay__submit_wait(device, error));
    }
    arena->poisoned = bytes;
    return ASSAY_OK;
}

assay_status assay__arena_require(assay_device *device, VkDeviceSize bytes, assay_error *error)
{
    assay__arena *arena = &device->arena;
    VkDeviceSize size = device->options.arena_bytes;
    size = size ? size : ARENA_BYTES_DEFAULT;
    size = size > bytes ? size : bytes;
    size = (size + 65535) / 65536 * 65536;
    if (arena->size < bytes) {
        assay__arena_destroy(device);
        VkResult result = create_arena(device, size);
        if (result != VK_SUCCESS) {
            assay__arena_destroy(device);
            if (result == VK_ERROR_DEVICE_LOST)
                return assay__vk_fail(error, result, "vkAllocateMemory");
            return assay_fail(error, ASSAY_LIMIT,
                              "%s has no %" PRIu64 " MiB of memory for the tensors: %s",
                              device->info.name, (uint64_t)(size >> 20), assay__vk_name(result));
        }
    }
    return make_poison(device, (bytes + 3) / 4 * 4, error);
}

void assay__arena_upload(assay_device *device, const assay__span *spans, int count)
{
    assay__arena *arena = &device->arena;
    if (!arena->staging)
        return; // submitting makes the host's writes visible
    assay__barrier(device, VK_PIPELINE_STAGE_TRANSFER_BIT,
                   VK_PIPELINE_STAGE_TRANSFER_BIT); // poison
    for (int i = 0; i < count; i++) {
        VkBufferCopy copy = {spans[i].offset, spans[i].offset, spans[i].bytes};
        if (copy.size > 0)
            vkCmdCopyBuffer(device->command, arena->staging, arena->whole, 1, &copy);
    }
    assay__barrier(device, VK_PIPELINE_STAGE_TRANSFER_BIT, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT);
}

void assay__arena_download(assay_device *device, assay__span whole, const assay__span *spans,
                           int count)
{
    assay__arena *arena = &device->arena;
    if (!arena->staging) {
        assay__barrier(device, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, VK_PIPELINE_STAGE_HOST_BIT);
        return;
    }
    VkBufferCopy copy = {whole.offset, whole.offset, whole.bytes};
    assay__barrier(device, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, VK_PIPELINE_STAGE_TRANSFER_BIT);
    vkCmdCopyBuffer(device->command, arena->whole, arena->staging, 1, &copy);
    assay__barrier(device, VK_PIPELINE_STAGE_TRANSFER_BIT,
                   VK_PIPELINE_STAGE_TRANSFER_BIT | VK_PIPELINE_STAGE_HOST_BIT);
    for (int i = 0; i < count; i++)
        if (spans[i].bytes > 0)
            vkCmdFillBuffer(device->command, arena->whole, spans[i].offset, spans[i].bytes,
                            ASSAY_POISON_BITS);
}

void assay__poison(void *at, size_t bytes)
{
    assay__fill(at, bytes, ASSAY_POISON_BITS);
}
