// SPDX-License-Identifier: Apache-2.0
#include "gpu/gpu_internal.h"

#include <stdlib.h>
#include <string.h>

#define VALIDATION_LAYER "VK_LAYER_KHRONOS_validation"

// Loads the loader, and points Mesa's shader cache to our folder: without it lavapipe compiles
// every shader again in every process. Both must happen before the first instance.
static assay_status load_loader(assay_error *error)
{
    char path[512];
    if (assay__cache_path("mesa", path, sizeof path))
        setenv("MESA_SHADER_CACHE_DIR", path, 0);
    if (volkInitialize() != VK_SUCCESS)
        return assay_fail(error, ASSAY_NO_LOADER,
                          "the Vulkan loader (libvulkan.so.1) was not found; on Debian: apt "
                          "install libvulkan1 mesa-vulkan-drivers");
    return ASSAY_OK;
}

bool assay_validation_available(void)
{
    if (volkInitialize() != VK_SUCCESS)
        return false;
    uint32_t count = 0;
    bool found = false;
    if (vkEnumerateInstanceLayerProperties(&count, NULL) != VK_SUCCESS || count == 0)
        return false;
    VkLayerProperties *layers = calloc(count, sizeof *layers);
    if (layers && vkEnumerateInstanceLayerProperties(&count, layers) >= 0)
        for (uint32_t i = 0; i < count; i++)
            found = found || strcmp(layers[i].layerName, VALIDATION_LAYER) == 0;
    free(layers);
    return found;
}

static assay_status no_driver(assay_error *error)
{
    static const char *const variables[] = {"VK_DRIVER_FILES", "VK_ICD_FILENAMES"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (value && *value)
            return assay_fail(error, ASSAY_NO_DEVICE,
                              "no Vulkan driver could be loaded: %s is \"%.600s\"; does the file "
                              "exist, and the library that it names?",
                              variables[i], value);
    }
    return assay_fail(error, ASSAY_NO_DEVICE,
                      "no Vulkan driver was found; install that of the GPU, or the one for the CPU "
                      "(on Debian: apt install mesa-vulkan-drivers)");
}

static uint32_t enabled_checks(unsigned validate, VkValidationFeatureEnableEXT *enable)
{
    uint32_t count = 0;
    if (validate & ASSAY_VALIDATE_SYNC)
        enable[count++] = VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT;
    if (validate & ASSAY_VALIDATE_GPU) {
        enable[count++] = VK_VALIDATION_FEATURE_ENABLE_GPU_ASSISTED_EXT;
        enable[count++] = VK_VALIDATION_FEATURE_ENABLE_GPU_ASSISTED_RESERVE_BINDING_SLOT_EXT;
    }
    return count;
}

static assay_status create(unsigned validate, assay__instance *instance, assay_error *error)
{
    static const char *const layers[] = {VALIDATION_LAYER};
    static const char *const extensions[] = {VK_EXT_DEBUG_UTILS_EXTENSION_NAME};
    uint32_t version = volkGetInstanceVersion();
    VkApplicationInfo application = {
        .sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
        .pApplicationName = "assay",
        .apiVersion = version < VK_API_VERSION_1_3 ? version : VK_API_VERSION_1_3,
    };
    VkDebugUtilsMessengerCreateInfoEXT messenger = {
        .sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT,
        .messageSeverity = VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT |
                           VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT,
        .messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT,
        .pfnUserCallback = assay__messages_collect,
        .pUserData = instance->messages,
    };
    VkValidationFeatureEnableEXT enable[3];
    VkValidationFeaturesEXT features = {
        .sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT,
        .enabledValidationFeatureCount = enabled_checks(validate, enable),
        .pEnabledValidationFeatures = enable,
    };
    VkInstanceCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
        .pNext = validate ? &features : NULL,
        .pApplicationInfo = &application,
        .enabledLayerCount = validate ? 1 : 0,
        .ppEnabledLayerNames = layers,
        .enabledExtensionCount = validate ? 1 : 0,
        .ppEnabledExtensionNames = extensions,
    };
    VkResult result = vkCreateInstance(&info, NULL, &instance->handle);
    if (result == VK_ERROR_INCOMPATIBLE_DRIVER)
        return no_driver(error);
    if (result != VK_SUCCESS)
        return assay__vk_fail(error, result, "vkCreateInstance");
    volkLoadInstance(instance->handle);
    if (validate)
        ASSAY__TRY_VK(vkCreateDebugUtilsMessengerEXT(instance->handle, &messenger, NULL,
                                                     &instance->messenger));
    return ASSAY_OK;
}

assay_status assay__instance_create(unsigned validate, assay__instance *instance,
                                    assay_error *error)
{
    memset(instance, 0, sizeof *instance);
    ASSAY_TRY(load_loader(error));
    if (volkGetInstanceVersion() < VK_API_VERSION_1_1)
        return assay_fail(error, ASSAY_NO_LOADER,
                          "the Vulkan loader is of version 1.0; 1.1 or later is needed");
    if (validate && !assay_validation_available())
        return assay_fail(error, ASSAY_UNSUPPORTED,
                          "validation was asked for, but the layer " VALIDATION_LAYER
                          " is not installed (on Debian: apt install vulkan-validationlayers)");
    if (validate && !(instance->messages = assay__messages_create()))
        return assay_fail(error, ASSAY_MEMORY, "out of memory for the validation messages");
    assay_status status = create(validate, instance, error);
    if (status != ASSAY_OK)
        assay__instance_destroy(instance);
    return status;
}

void assay__instance_destroy(assay__instance *instance)
{
    if (instance->messenger)
        vkDestroyDebugUtilsMessengerEXT(instance->handle, instance->messenger, NULL);
    if (instance->handle)
        vkDestroyInstance(instance->handle, NULL);
    assay__messages_destroy(instance->messages);
    memset(instance, 0, sizeof *instance);
}
