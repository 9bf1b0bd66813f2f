// SPDX-License-Identifier: Apache-2.0
#include "gpu/gpu_internal.h"

#define WAIT_NS UINT64_C(3600000000000)

assay_status assay__submit_begin(assay_device *device, assay_error *error)
{
    VkCommandBufferBeginInfo begin = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
                                      .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT};
    ASSAY__TRY_VK(vkResetCommandPool(device->handle, device->commands, 0));
    ASSAY__TRY_VK(vkBeginCommandBuffer(device->command, &begin));
    return ASSAY_OK;
}

assay_status assay__submit_wait(assay_device *device, assay_error *error)
{
    VkSubmitInfo submit = {.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
                           .commandBufferCount = 1,
                           .pCommandBuffers = &device->command};
    ASSAY__TRY_VK(vkEndCommandBuffer(device->command));
    ASSAY__TRY_VK(vkResetFences(device->handle, 1, &device->fence));
    ASSAY__TRY_VK(vkQueueSubmit(device->queue, 1, &submit, device->fence));
    VkResult result = vkWaitForFences(device->handle, 1, &device->fence, VK_TRUE, WAIT_NS);
    if (result == VK_TIMEOUT)
        return assay_fail(error, ASSAY_TIMEOUT, "%s did not finish within an hour",
                          device->info.name);
    if (result != VK_SUCCESS)
        return assay__vk_fail(error, result, "vkWaitForFences");
    return ASSAY_OK;
}

static VkAccessFlags access_of(VkPipelineStageFlags stages)
{
    VkAccessFlags access = 0;
    if (stages & VK_PIPELINE_STAGE_HOST_BIT)
        access |= VK_ACCESS_HOST_READ_BIT | VK_ACCESS_HOST_WRITE_BIT;
    if (stages & VK_PIPELINE_STAGE_TRANSFER_BIT)
        access |= VK_ACCESS_TRANSFER_READ_BIT | VK_ACCESS_TRANSFER_WRITE_BIT;
    if (stages & VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT)
        access |= VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT;
    return access;
}

void assay__barrier(assay_device *device, VkPipelineStageFlags from, VkPipelineStageFlags to)
{
    VkMemoryBarrier barrier = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                               .srcAccessMask = access_of(from),
                               .dstAccessMask = access_of(to)};
    vkCmdPipelineBarrier(device->command, from, to, 0, 1, &barrier, 0, NULL, 0, NULL);
}

void assay__timestamps_reset(assay_device *device)
{
    if (device->queries)
        vkCmdResetQueryPool(device->command, device->queries, 0, ASSAY__QUERIES);
}

void assay__timestamp(assay_device *device, uint32_t query)
{
    if (device->queries)
        vkCmdWriteTimestamp(device->command, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, device->queries,
                            query);
}

void assay__timestamp_spans(assay_device *device, uint32_t count, uint64_t *nanoseconds)
{
    uint64_t ticks[ASSAY__QUERIES];
    uint32_t bits = device->info.timestamp_bits;
    uint64_t mask = bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
    bool have = device->queries &&
                vkGetQueryPoolResults(
                    device->handle, device->queries, 0, 2 * count, 2 * count * sizeof *ticks, ticks,
                    sizeof *ticks, VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WAIT_BIT) == VK_SUCCESS;
    for (uint32_t i = 0; i < count; i++) // a counter may wrap once
        nanoseconds[i] = have ? (uint64_t)((double)((ticks[2 * i + 1] - ticks[2 * i]) & mask) *
                                           device->info.timestamp_period)
                              : 0;
}
