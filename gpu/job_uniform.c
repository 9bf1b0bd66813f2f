// SPDX-License-Identifier: Apache-2.0
// Uniform buffers: each has the size of its block to the byte and lies between poison, in memory of
// its own that the host writes before every submission. Shaders cannot write there, so both runs of
// a job take the same one.
#include "gpu/job_internal.h"

#include <inttypes.h>
#include <string.h>

// Poison before each buffer and behind the last one.
#define GAP 1024

assay_status assay__uniforms_create(assay_device *device, assay__work *work, assay_error *error)
{
    const assay_kernel *kernel = work->job->kernel;
    for (int pass = 0; pass < kernel->pass_count; pass++)
        for (int i = 0; i < kernel->pass[pass].uniform_count; i++) {
            assay__uniform *u = &work->uniform[pass][i];
            VkMemoryRequirements need;
            VkBufferCreateInfo info = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                                       .size = kernel->pass[pass].uniform[i].bytes,
                                       .usage = VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT};
            ASSAY__TRY_VK(vkCreateBuffer(device->handle, &info, NULL, &u->buffer));
            vkGetBufferMemoryRequirements(device->handle, u->buffer, &need);
            u->need = need.size;
            u->alignment = need.alignment;
            u->types = need.memoryTypeBits;
        }
    return ASSAY_OK;
}

void assay__uniforms_release(assay_device *device, assay__work *work)
{
    for (int pass = 0; pass < ASSAY__PASSES_MAX; pass++)
        for (int i = 0; i < ASSAY__UNIFORMS_MAX; i++) {
            vkDestroyBuffer(device->handle, work->uniform[pass][i].buffer, NULL);
            work->uniform[pass][i].buffer = VK_NULL_HANDLE;
        }
}

void assay__uniforms_destroy(assay_device *device)
{
    vkFreeMemory(device->handle, device->uniforms.memory, NULL);
    memset(&device->uniforms, 0, sizeof device->uniforms);
}

// Grows between submissions; no buffer is bound to it then.
static assay_status require(assay_device *device, VkDeviceSize bytes, uint32_t types,
                            assay_error *error)
{
    const VkMemoryPropertyFlags host =
        VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
    assay__uniforms *u = &device->uniforms;
    uint32_t type;
    void *mapped;
    if (u->size >= bytes)
        return ASSAY_OK;
    assay__uniforms_destroy(device);
    if (!assay__memory_type(device, types, host, 0, &type))
        return assay_fail(error, ASSAY_VULKAN, "%s has no memory for uniform buffers",
                          device->info.name);
    VkMemoryAllocateInfo info = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                 .allocationSize = (bytes + 0xFFFF) / 0x10000 * 0x10000,
                                 .memoryTypeIndex = type};
    ASSAY__TRY_VK(vkAllocateMemory(device->handle, &info, NULL, &u->memory));
    ASSAY__TRY_VK(vkMapMemory(device->handle, u->memory, 0, VK_WHOLE_SIZE, 0, &mapped));
    u->host = mapped;
    u->size = info.allocationSize;
    return ASSAY_OK;
}

// Where each lies; the end of all of them, 0 without any.
static VkDeviceSize place(assay__window *window, uint32_t *types)
{
    VkDeviceSize end = 0;
    for (int i = 0; i < window->count; i++) {
        const assay_kernel *kernel = window->work[i].job->kernel;
        for (int pass = 0; pass < kernel->pass_count; pass++)
            for (int k = 0; k < kernel->pass[pass].uniform_count; k++) {
                assay__uniform *u = &window->work[i].uniform[pass][k];
                u->offset = (end + GAP + u->alignment - 1) / u->alignment * u->alignment;
                end = u->offset + u->need;
                *types &= u->types;
            }
    }
    return end;
}

assay_status assay__uniforms_fill(assay__window *window, assay_error *error)
{
    assay_device *device = window->device;
    uint32_t types = UINT32_MAX;
    VkDeviceSize end = place(window, &types);
    if (end == 0)
        return ASSAY_OK;
    end = (end + GAP + 3) / 4 * 4;
    ASSAY_TRY(require(device, end, types, error));
    assay__poison(device->uniforms.host, (size_t)end);
    for (int i = 0; i < window->count; i++) {
        const assay__work *work = &window->work[i];
        const assay_kernel *kernel = work->job->kernel;
        for (int pass = 0; pass < kernel->pass_count; pass++)
            for (int k = 0; k < kernel->pass[pass].uniform_count; k++) {
                const assay__uniform *u = &work->uniform[pass][k];
                memcpy(device->uniforms.host + u->offset, work->launch[pass].uniform[k],
                       kernel->pass[pass].uniform[k].bytes);
                ASSAY__TRY_VK(vkBindBufferMemory(device->handle, u->buffer, device->uniforms.memory,
                                                 u->offset));
            }
    }
    return ASSAY_OK;
}
