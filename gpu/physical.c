// SPDX-License-Identifier: Apache-2.0
#include "gpu/gpu_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool assay__physical_queue_family(VkPhysicalDevice physical, uint32_t *family)
{
    VkQueueFamilyProperties families[32];
    uint32_t count = 32;
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, families);
    for (uint32_t i = 0; i < count; i++) {
        if (families[i].queueFlags & VK_QUEUE_COMPUTE_BIT) {
            *family = i;
            return true;
        }
    }
    return false;
}

assay_status assay__physical_list(VkInstance instance, VkPhysicalDevice **list, int *count,
                                  assay_error *error)
{
    uint32_t found = 0;
    *list = NULL;
    *count = 0;
    ASSAY__TRY_VK(vkEnumeratePhysicalDevices(instance, &found, NULL));
    VkPhysicalDevice *devices = calloc(found ? found : 1, sizeof(VkPhysicalDevice));
    if (!devices)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for %u devices", found);
    VkResult result = vkEnumeratePhysicalDevices(instance, &found, devices);
    if (result < 0) {
        free(devices);
        return assay__vk_fail(error, result, "vkEnumeratePhysicalDevices");
    }
    for (uint32_t i = 0; i < found; i++) {
        VkPhysicalDeviceProperties properties;
        uint32_t family;
        vkGetPhysicalDeviceProperties(devices[i], &properties);
        if (properties.apiVersion >= VK_API_VERSION_1_1 &&
            assay__physical_queue_family(devices[i], &family))
            devices[(*count)++] = devices[i];
    }
    *list = devices;
    return ASSAY_OK;
}

static const char *type_name(VkPhysicalDeviceType type)
{
    switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
        return "discrete";
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
        return "integrated";
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
        return "virtual";
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
        return "cpu";
    default:
        return "other";
    }
}

static void to_hex(const uint8_t bytes[VK_UUID_SIZE], char text[33])
{
    for (uint32_t i = 0; i < VK_UUID_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

static void describe_limits(VkPhysicalDevice physical, const VkPhysicalDeviceProperties *p,
                            assay_device_info *info)
{
    const VkPhysicalDeviceLimits *limits = &p->limits;
    VkQueueFamilyProperties families[32];
    uint32_t count = 32, family = 0;
    for (int i = 0; i < 3; i++) {
        info->max_group_count[i] = limits->maxComputeWorkGroupCount[i];
        info->max_group_size[i] = limits->maxComputeWorkGroupSize[i];
    }
    info->max_group_invocations = limits->maxComputeWorkGroupInvocations;
    info->max_shared_bytes = limits->maxComputeSharedMemorySize;
    info->max_push_bytes = limits->maxPushConstantsSize;
    info->max_buffer_range = limits->maxStorageBufferRange;
    info->timestamp_period = (double)limits->timestampPeriod;
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, families);
    if (assay__physical_queue_family(physical, &family))
        info->timestamp_bits = families[family].timestampValidBits;
}

// Sizes of subgroups belong to Vulkan 1.3.
static void describe_control(const VkPhysicalDeviceSubgroupSizeControlFeatures *features,
                             const VkPhysicalDeviceSubgroupSizeControlProperties *sizes,
                             assay_device_info *info)
{
    if (info->api_version < VK_API_VERSION_1_3)
        return;
    info->full_subgroups = features->computeFullSubgroups;
    if (!features->subgroupSizeControl ||
        !(sizes->requiredSubgroupSizeStages & VK_SHADER_STAGE_COMPUTE_BIT))
        return;
    info->subgroup_min = sizes->minSubgroupSize;
    info->subgroup_max = sizes->maxSubgroupSize;
    info->subgroups_most = sizes->maxComputeWorkgroupSubgroups;
}

void assay__physical_describe(VkPhysicalDevice physical, assay_device_info *info)
{
    // A driver leaves alone what it does not know: the answer stays zero, which is "not promised".
    VkPhysicalDeviceFloatControlsProperties floats = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FLOAT_CONTROLS_PROPERTIES};
    VkPhysicalDeviceSubgroupSizeControlProperties sizes = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_PROPERTIES,
        .pNext = &floats};
    VkPhysicalDeviceDriverProperties driver = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES, .pNext = &sizes};
    VkPhysicalDeviceIDProperties id = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ID_PROPERTIES,
                                       .pNext = &driver};
    VkPhysicalDeviceSubgroupProperties subgroup = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_PROPERTIES, .pNext = &id};
    VkPhysicalDeviceProperties2 all = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2,
                                       .pNext = &subgroup};
    VkPhysicalDeviceShaderFloat16Int8Features half = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_FLOAT16_INT8_FEATURES};
    VkPhysicalDevice16BitStorageFeatures storage = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_16BIT_STORAGE_FEATURES, .pNext = &half};
    VkPhysicalDeviceSubgroupSizeControlFeatures control = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES,
        .pNext = &storage};
    VkPhysicalDeviceFeatures2 features = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2,
                                          .pNext = &control};
    vkGetPhysicalDeviceProperties2(physical, &all);
    vkGetPhysicalDeviceFeatures2(physical, &features);
    const VkPhysicalDeviceProperties *p = &all.properties;
    snprintf(info->name, sizeof info->name, "%s", p->deviceName);
    snprintf(info->type, sizeof info->type, "%s", type_name(p->deviceType));
    snprintf(info->driver, sizeof info->driver, "%.120s %.120s", driver.driverName,
             driver.driverInfo);
    to_hex(id.deviceUUID, info->uuid);
    to_hex(id.driverUUID, info->driver_uuid);
    info->vendor_id = p->vendorID;
    info->device_id = p->deviceID;
    info->driver_version = p->driverVersion;
    info->api_version = p->apiVersion;
    info->subgroup_size = subgroup.subgroupSize;
    if (subgroup.supportedStages & VK_SHADER_STAGE_COMPUTE_BIT)
        info->subgroup_operations = subgroup.supportedOperations;
    describe_control(&control, &sizes, info);
    describe_limits(physical, p, info);
    info->rte_f32 = floats.shaderRoundingModeRTEFloat32;
    info->rte_f16 = floats.shaderRoundingModeRTEFloat16;
    info->nan_f32 = floats.shaderSignedZeroInfNanPreserveFloat32;
    info->nan_f16 = floats.shaderSignedZeroInfNanPreserveFloat16;
    info->denorm_preserve_f32 = floats.shaderDenormPreserveFloat32;
    info->denorm_flush_f32 = floats.shaderDenormFlushToZeroFloat32;
    info->shader_f16 = half.shaderFloat16;
    info->storage_16 = storage.storageBuffer16BitAccess;
}
