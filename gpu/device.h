// SPDX-License-Identifier: Apache-2.0
// A Vulkan device: selection, properties, queue, memory arenas, validation messages.
#ifndef ASSAY_DEVICE_H
#define ASSAY_DEVICE_H

#include "reference/contract.h"
#include "reference/status.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct assay_device assay_device;

// Khronos validation, a set of bits.
enum {
    ASSAY_VALIDATE_CORE = 1,
    ASSAY_VALIDATE_SYNC = 2,
    ASSAY_VALIDATE_GPU = 4, // GPU-assisted: sees one element too far
};

typedef struct assay_device_info {
    int index;            // in assay_device_list order
    char name[256];       // VkPhysicalDeviceProperties.deviceName
    char type[16];        // "discrete", "integrated", "virtual", "cpu", "other"
    char driver[256];     // driver name and info text
    char uuid[33];        // deviceUUID in hex
    char driver_uuid[33]; // driverUUID in hex
    uint32_t vendor_id, device_id, driver_version;
    uint32_t api_version; // packed as Vulkan packs it
    uint32_t subgroup_size;
    uint32_t subgroups_most; // in a work group, where a pipeline asks for their size
    uint32_t max_group_count[3];
    uint32_t max_group_size[3];
    uint32_t max_group_invocations;
    uint32_t max_shared_bytes;
    uint32_t max_push_bytes;
    uint64_t max_buffer_range;
    uint32_t timestamp_bits; // 0: no timestamps
    double timestamp_period; // ns a tick
    bool rte_f32, rte_f16;   // shaderRoundingModeRTEFloat32 / 16
    bool nan_f32, nan_f16;   // shaderSignedZeroInfNanPreserveFloat32 / 16
    bool denorm_preserve_f32, denorm_flush_f32;
    bool shader_f16, storage_16;
    uint32_t subgroup_operations;        // VkSubgroupFeatureFlags of compute shaders
    uint32_t subgroup_min, subgroup_max; // sizes that a pipeline may ask for; 0: none
    bool full_subgroups;                 // a pipeline may ask for them
} assay_device_info;

// All Vulkan 1.1+ devices with a compute queue. No loader: ASSAY_NO_LOADER; none found:
// ASSAY_NO_DEVICE; both with a sentence that says what to install. *list is released with free().
ASSAY_CHECKED assay_status assay_device_list(assay_device_info **list, int *count,
                                             assay_error *error);

// `selector`: NULL or "" for the first; a number; "uuid:<hex>"; "type:cpu"; else a part of the
// name, case ignored. More than one match is ASSAY_AMBIGUOUS_DEVICE and lists them.
ASSAY_CHECKED assay_status assay_device_select(const assay_device_info *list, int count,
                                               const char *selector, int *index,
                                               assay_error *error);

typedef struct assay_device_options {
    const char *selector;
    unsigned
        validate; // ASSAY_VALIDATE_ bits; asking for a layer that is missing is ASSAY_UNSUPPORTED
    uint64_t arena_bytes; // 0: 256 MiB
} assay_device_options;

ASSAY_CHECKED assay_status assay_device_open(const assay_device_options *options,
                                             assay_device **device, assay_error *error);
void assay_device_close(assay_device *device);
const assay_device_info *assay_device_get_info(const assay_device *device);

// True when the Khronos validation layer can be loaded here.
bool assay_validation_available(void);

#endif
