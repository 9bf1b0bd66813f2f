// SPDX-License-Identifier: Apache-2.0
#include "gpu/gpu_internal.h"

#include <stdlib.h>
#include <string.h>

static assay_status describe_all(const VkPhysicalDevice *physical, int count,
                                 assay_device_info **list, assay_error *error)
{
    if (count == 0)
        return assay_fail(error, ASSAY_NO_DEVICE,
                          "no Vulkan 1.1 device with a compute queue was found; the CPU can stand "
                          "in (on Debian: apt install mesa-vulkan-drivers)");
    *list = calloc((size_t)count, sizeof **list);
    if (!*list)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for %d devices", count);
    for (int i = 0; i < count; i++) {
        (*list)[i].index = i;
        assay__physical_describe(physical[i], &(*list)[i]);
    }
    return ASSAY_OK;
}

assay_status assay_device_list(assay_device_info **list, int *count, assay_error *error)
{
    assay__instance instance;
    VkPhysicalDevice *physical = NULL;
    *list = NULL;
    *count = 0;
    ASSAY_TRY(assay__instance_create(0, &instance, error));
    assay_status status = assay__physical_list(instance.handle, &physical, count, error);
    if (status == ASSAY_OK)
        status = describe_all(physical, *count, list, error);
    free(physical);
    assay__instance_destroy(&instance);
    return status;
}

static assay_status choose(assay_device *device, assay_error *error)
{
    VkPhysicalDevice *physical = NULL;
    assay_device_info *list = NULL;
    int count = 0, index = 0;
    assay_status status = assay__physical_list(device->instance.handle, &physical, &count, error);
    if (status == ASSAY_OK)
        status = describe_all(physical, count, &list, error);
    if (status == ASSAY_OK)
        status = assay_device_select(list, count, device->options.selector, &index, error);
    if (status == ASSAY_OK) {
        device->physical = physical[index];
        device->info = list[index];
        vkGetPhysicalDeviceMemoryProperties(device->physical, &device->memory);
        if (!assay__physical_queue_family(device->physical, &device->family))
            status = assay_fail(error, ASSAY_INTERNAL, "a device without compute was selected");
    }
    free(physical);
    free(list);
    return status;
}

// Everything of the core that the device has is switched on, less what would hide defects or cost
// speed.
static VkResult create_logical(assay_device *device)
{
    const float priority = 1.0f;
    bool has_1_2 = device->info.api_version >= VK_API_VERSION_1_2;
    bool has_1_3 = device->info.api_version >= VK_API_VERSION_1_3;
    VkPhysicalDeviceVulkan13Features f13 = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES};
    VkPhysicalDeviceVulkan12Features f12 = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES,
        .pNext = has_1_3 ? &f13 : NULL};
    VkPhysicalDeviceVulkan11Features f11 = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES, .pNext = &f12};
    VkPhysicalDevice16BitStorageFeatures storage = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_16BIT_STORAGE_FEATURES};
    VkPhysicalDeviceFeatures2 features = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2,
                                          .pNext = has_1_2 ? (void *)&f11 : (void *)&storage};
    vkGetPhysicalDeviceFeatures2(device->physical, &features);
    features.features.robustBufferAccess = VK_FALSE; // an access out of bounds shall be seen
    f11.protectedMemory = VK_FALSE;
    f12.bufferDeviceAddressCaptureReplay = VK_FALSE;
    f12.bufferDeviceAddressMultiDevice = VK_FALSE;
    f13.robustImageAccess = VK_FALSE;
    device->features = (assay__features){features.features, f11, f12, f13};
    if (!has_1_2) { // float16 of an extension has always been taken for given there
        device->features.v11.storageBuffer16BitAccess = storage.storageBuffer16BitAccess;
        device->features.v11.uniformAndStorageBuffer16BitAccess =
            storage.uniformAndStorageBuffer16BitAccess;
        device->features.v11.storagePushConstant16 = storage.storagePushConstant16;
        device->features.v12.shaderFloat16 = device->info.shader_f16;
    }
    VkDeviceQueueCreateInfo queue = {.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
                                     .queueFamilyIndex = device->family,
                                     .queueCount = 1,
                                     .pQueuePriorities = &priority};
    VkDeviceCreateInfo info = {.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
                               .pNext = &features,
                               .queueCreateInfoCount = 1,
                               .pQueueCreateInfos = &queue};
    return vkCreateDevice(device->physical, &info, NULL, &device->handle);
}

static assay_status create_queries(assay_device *device, assay_error *error)
{
    VkQueryPoolCreateInfo info = {.sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO,
                                  .queryType = VK_QUERY_TYPE_TIMESTAMP,
                                  .queryCount = ASSAY__QUERIES};
    if (device->info.timestamp_bits == 0)
        return ASSAY_OK;
    ASSAY__TRY_VK(vkCreateQueryPool(device->handle, &info, NULL, &device->queries));
    return ASSAY_OK;
}

bool assay__memory_type(const assay_device *device, uint32_t allowed, VkMemoryPropertyFlags flags,
                        VkMemoryPropertyFlags without, uint32_t *type)
{
    for (uint32_t i = 0; i < device->memory.memoryTypeCount; i++) {
        VkMemoryPropertyFlags has = device->memory.memoryTypes[i].propertyFlags;
        if ((allowed >> i & 1) && (has & flags) == flags && !(has & without)) {
            *type = i;
            return true;
        }
    }
    return false;
}

// Where the device's memory is also cached by the host (CPUs, integrated GPUs), tensors are mapped.
// Elsewhere reading it from the host is very slow, though it may be visible, and tensors go through
// staging memory.
static assay_status choose_memory(assay_device *device, assay_error *error)
{
    const VkMemoryPropertyFlags local = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;
    const VkMemoryPropertyFlags host =
        VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
    const VkMemoryPropertyFlags cached = host | VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
    VkBuffer buffer;
    VkMemoryRequirements need;
    VkDeviceSize size, alignment;
    ASSAY_TRY(assay__buffer_create(device, 4096, &buffer, &size, &alignment, error));
    vkGetBufferMemoryRequirements(device->handle, buffer, &need);
    vkDestroyBuffer(device->handle, buffer, NULL);
    uint32_t allowed = need.memoryTypeBits;
    if (assay__memory_type(device, allowed, local | cached, 0, &device->device_type)) {
        device->staging_type = device->device_type;
        return ASSAY_OK;
    }
    device->staged = true;
    if (!assay__memory_type(device, allowed, local, host, &device->device_type) &&
        !assay__memory_type(device, allowed, local, 0, &device->device_type))
        return assay_fail(error, ASSAY_VULKAN, "%s has no memory for storage buffers",
                          device->info.name);
    if (!assay__memory_type(device, allowed, cached, local, &device->staging_type) &&
        !assay__memory_type(device, allowed, host, local, &device->staging_type) &&
        !assay__memory_type(device, allowed, host, 0, &device->staging_type))
        return assay_fail(error, ASSAY_VULKAN, "%s has no memory that the host can see",
                          device->info.name);
    return ASSAY_OK;
}

static assay_status open_device(assay_device *device, assay_error *error)
{
    ASSAY_TRY(assay__instance_create(device->options.validate, &device->instance, error));
    ASSAY_TRY(choose(device, error));
    VkResult result = create_logical(device);
    if (result != VK_SUCCESS)
        return assay__vk_fail(error, result, "vkCreateDevice");
    vkGetDeviceQueue(device->handle, device->family, 0, &device->queue);
    ASSAY_TRY(choose_memory(device, error));
    ASSAY_TRY(create_queries(device, error));
    VkCommandPoolCreateInfo pool = {.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
                                    .queueFamilyIndex = device->family};
    ASSAY__TRY_VK(vkCreateCommandPool(device->handle, &pool, NULL, &device->commands));
    VkCommandBufferAllocateInfo command = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
                                           .commandPool = device->commands,
                                           .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
                                           .commandBufferCount = 1};
    ASSAY__TRY_VK(vkAllocateCommandBuffers(device->handle, &command, &device->command));
    VkFenceCreateInfo fence = {.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
    ASSAY__TRY_VK(vkCreateFence(device->handle, &fence, NULL, &device->fence));
    return assay__pipelines_create(device, error);
}

assay_status assay_device_open(const assay_device_options *options, assay_device **device,
                               assay_error *error)
{
    *device = calloc(1, sizeof **device);
    if (!*device)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for a device");
    (*device)->options = *options;
    assay_status status = open_device(*device, error);
    (*device)->options.selector = NULL; // the caller's
    if (status != ASSAY_OK) {
        assay_device_close(*device);
        *device = NULL;
    }
    return status;
}

void assay_device_close(assay_device *device)
{
    if (!device)
        return;
    if (device->handle) {
        assay__pipelines_destroy(device);
        assay__arena_destroy(device);
        assay__samplers_destroy(device);
        assay__uniforms_destroy(device);
        vkFreeMemory(device->handle, device->image_memory, NULL);
        vkDestroyQueryPool(device->handle, device->queries, NULL);
        vkDestroyFence(device->handle, device->fence, NULL);
        vkDestroyCommandPool(device->handle, device->commands, NULL);
        vkDestroyDevice(device->handle, NULL);
    }
    assay__instance_destroy(&device->instance);
    free(device);
}

const assay_device_info *assay_device_get_info(const assay_device *device)
{
    return &device->info;
}
