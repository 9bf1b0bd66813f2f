// SPDX-License-Identifier: Apache-2.0
#include "gpu/gpu_internal.h"

#include <stdio.h>

static const struct {
    VkResult result;
    const char *name;
} names[] = {
#define ROW(name)                                                                                  \
    {                                                                                              \
        name, #name                                                                                \
    }
    ROW(VK_ERROR_OUT_OF_HOST_MEMORY),    ROW(VK_ERROR_OUT_OF_DEVICE_MEMORY),
    ROW(VK_ERROR_INITIALIZATION_FAILED), ROW(VK_ERROR_DEVICE_LOST),
    ROW(VK_ERROR_MEMORY_MAP_FAILED),     ROW(VK_ERROR_LAYER_NOT_PRESENT),
    ROW(VK_ERROR_EXTENSION_NOT_PRESENT), ROW(VK_ERROR_FEATURE_NOT_PRESENT),
    ROW(VK_ERROR_INCOMPATIBLE_DRIVER),   ROW(VK_ERROR_TOO_MANY_OBJECTS),
    ROW(VK_ERROR_FRAGMENTED_POOL),       ROW(VK_ERROR_OUT_OF_POOL_MEMORY),
    ROW(VK_ERROR_INVALID_SHADER_NV),     ROW(VK_ERROR_UNKNOWN),
#undef ROW
};

const char *assay__vk_name(VkResult result)
{
    static _Thread_local char unknown[32];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].result == result)
            return names[i].name;
    snprintf(unknown, sizeof unknown, "VkResult %d", (int)result);
    return unknown;
}

assay_status assay__vk_fail(assay_error *error, VkResult result, const char *call)
{
    assay_status status = ASSAY_VULKAN;
    if (result == VK_ERROR_DEVICE_LOST)
        status = ASSAY_DEVICE_LOST;
    if (result == VK_ERROR_OUT_OF_HOST_MEMORY || result == VK_ERROR_OUT_OF_DEVICE_MEMORY)
        status = ASSAY_MEMORY;
    const char *end = call;
    while (*end && *end != '(') // the call's name without its arguments
        end++;
    return assay_fail(error, status, "%.*s failed: %s", (int)(end - call), call,
                      assay__vk_name(result));
}
