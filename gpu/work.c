// SPDX-License-Identifier: Apache-2.0
#include "gpu/job_internal.h"

#include <inttypes.h>
#include <spirv_cross_c.h>
#include <stdlib.h>
#include <string.h>

// Poison between the buffers of the exact run.
#define EXACT_GAP 1024

// The buffer that stands for a tensor that is not there. In the guarded run an access to a bias of
// so many bytes still lies in the bound range.
#define ABSENT_BYTES         16
#define ABSENT_BYTES_GUARDED 65536

// What a module may need of the device, beyond what every device of Vulkan 1.1 has and validation
// does not see.
static assay_status check_capabilities(const assay_device *device, const assay_kernel *kernel,
                                       assay_error *error)
{
    VkPhysicalDeviceFeatures features;
    vkGetPhysicalDeviceFeatures(device->physical, &features);
    const struct {
        uint32_t capability;
        const char *name;
        bool present;
    } table[] = {
        {SpvCapabilityFloat64,                  "64-bit floats",   features.shaderFloat64 },
        {SpvCapabilityInt64,                    "64-bit integers", features.shaderInt64   },
        {SpvCapabilityInt16,                    "16-bit integers", features.shaderInt16   },
        {SpvCapabilityFloat16,                  "16-bit floats",   device->info.shader_f16},
        {SpvCapabilityStorageBuffer16BitAccess, "16-bit storage",  device->info.storage_16},
    };
    for (int i = 0; i < kernel->module.capability_count; i++)
        for (size_t k = 0; k < sizeof table / sizeof *table; k++)
            if (kernel->module.capability[i] == table[k].capability && !table[k].present)
                return assay_fail(error, ASSAY_LIMIT, "%s needs %s, which %s has not",
                                  kernel->info.name, table[k].name, device->info.name);
    uint32_t version = kernel->module.version, api = device->info.api_version;
    if ((version > 0x10300 && api < VK_API_VERSION_1_2) ||
        (version > 0x10500 && api < VK_API_VERSION_1_3))
        return assay_fail(error, ASSAY_LIMIT, "%s is SPIR-V 1.%u, which Vulkan 1.%u does not know",
                          kernel->info.name, version >> 8 & 255, VK_API_VERSION_MINOR(api));
    return ASSAY_OK;
}

static assay_status check_limits(const assay_device *device, const assay_kernel *kernel,
                                 const assay__launch *launch, assay_error *error)
{
    const assay_device_info *info = &device->info;
    uint64_t invocations = 1;
    for (int axis = 0; axis < 3; axis++) {
        invocations *= launch->local[axis];
        if (launch->groups[axis] > info->max_group_count[axis])
            return assay_fail(error, ASSAY_LIMIT, "%s: %u work groups along %c; %s takes %u",
                              kernel->info.name, launch->groups[axis], "xyz"[axis], info -> name,
                              info -> max_group_count[axis]);
        if (launch->local[axis] > info->max_group_size[axis] ||
            invocations > info->max_group_invocations)
            return assay_fail(error, ASSAY_LIMIT, "%s: work groups of %u x %u x %u; %s takes %u",
                              kernel->info.name, launch->local[0], launch->local[1],
                              launch->local[2], info->name, info->max_group_invocations);
    }
    if (kernel->module.push_bytes > info->max_push_bytes)
        return assay_fail(error, ASSAY_LIMIT, "%s: %u bytes of push constants; %s takes %u",
                          kernel->info.name, kernel->module.push_bytes, info->name,
                          info->max_push_bytes);
    return ASSAY_OK;
}

static assay_status prepare_pass(assay_device *device, assay__work *work, int pass,
                                 assay_error *error)
{
    const assay_kernel *kernel = work->job->kernel;
    const assay__module *m = &kernel->module;
    assay__launch *launch = &work->launch[pass];
    ASSAY_TRY(assay__kernel_launch(kernel, work->job->problem, pass, launch, error));
    ASSAY_TRY(check_limits(device, kernel, launch, error));
    assay__pipeline_spec spec = {.words = m->words,
                                 .word_count = m->word_count,
                                 .hash = m->hash,
                                 .entry = m->entry,
                                 .binding_count = kernel->binding_count,
                                 .push_bytes = m->push_bytes,
                                 .constant_count = m->constant_count};
    for (int i = 0; i < kernel->binding_count; i++) {
        spec.binding[i].set = kernel->binding[i].set;
        spec.binding[i].binding = kernel->binding[i].binding;
        spec.binding[i].image = kernel->image[kernel->binding[i].tensor] != ASSAY__IMAGE_NONE;
    }
    for (int i = 0; i < m->constant_count; i++) {
        spec.constant[i].id = m->constant[i].id;
        spec.constant[i].bits = launch->constant[i];
    }
    return assay__pipeline_get(device, &spec, &work->pipeline[pass], error);
}

static assay_status size_slot(const assay_device *device, const assay__work *work, int64_t bytes,
                              bool guarded, assay__slot *slot, assay_error *error)
{
    slot->payload.bytes = (VkDeviceSize)bytes;
    if (bytes == 0)
        slot->bytes = guarded ? ABSENT_BYTES_GUARDED : ABSENT_BYTES;
    else
        slot->bytes = (VkDeviceSize)bytes + (guarded ? ASSAY_GUARD_BYTES : 0);
    if (guarded && assay__kernel_shares(work->job->kernel, slot->tensor, ASSAY__TENSOR_OUT))
        slot->fence = ASSAY__FENCE_BYTES;
    if (slot->bytes > device->info.max_buffer_range)
        return assay_fail(error, ASSAY_LIMIT,
                          "%s: a tensor and its guard take %" PRIu64 " bytes; %s binds %" PRIu64,
                          work->job->kernel->info.name, (uint64_t)slot->bytes, device->info.name,
                          device->info.max_buffer_range);
    return ASSAY_OK;
}

// A guarded image is larger, and its tensors lie in it accordingly.
static assay_status size_image(const assay_device *device, assay__work *work, int run,
                               assay__slot *slot, assay_error *error)
{
    assay__part *part = &work->part[run][slot->first];
    slot->packing = slot->parts ? part->packing
                                : assay__packing_nothing(&work->job->kernel->info, slot->tensor);
    ASSAY_TRY(assay__image_size(device, work->job->kernel, run == ASSAY_RUN_GUARDED, slot, error));
    for (int i = 0; i < slot->parts; i++) {
        assay__packing_enlarge(&part[i].packing, slot->packing.width, slot->packing.height,
                               slot->packing.layers);
        part[i].bytes = slot->packing.bytes;
    }
    return ASSAY_OK;
}

static assay_status size_slots(const assay_device *device, assay__work *work, assay_error *error)
{
    const assay_kernel *kernel = work->job->kernel;
    for (int tensor = 0; tensor < ASSAY__TENSORS_MAX; tensor++) {
        int64_t bytes;
        if (!assay__kernel_shares(kernel, tensor, tensor))
            continue;
        assay__slot found = {.tensor = tensor, .flat = kernel->image[tensor] == ASSAY__IMAGE_FLAT};
        ASSAY_TRY(assay__parts_find(device, work, &found, &bytes, error));
        int at = work->slot_count++;
        for (int run = 0; run < ASSAY_RUNS; run++) {
            assay__slot *slot = &work->slot[run][at];
            *slot = found;
            bool guarded = run == ASSAY_RUN_GUARDED;
            ASSAY_TRY(kernel->image[tensor] ? size_image(device, work, run, slot, error)
                                            : size_slot(device, work, bytes, guarded, slot, error));
        }
    }
    return ASSAY_OK;
}

assay_status assay__work_buffers(assay_device *device, assay__work *work, assay_error *error)
{
    for (int run = 0; run < ASSAY_RUNS; run++)
        for (int i = 0; i < work->slot_count; i++) {
            assay__slot *slot = &work->slot[run][i];
            ASSAY_TRY(slot->packing.image
                          ? assay__image_create(device, slot, error)
                          : assay__buffer_create(device, slot->bytes, &slot->buffer, &slot->need,
                                                 &slot->alignment, error));
        }
    return ASSAY_OK;
}

void assay__work_unbind(assay_device *device, assay__work *work)
{
    for (int run = 0; run < ASSAY_RUNS; run++)
        for (int i = 0; i < work->slot_count; i++) {
            vkDestroyBuffer(device->handle, work->slot[run][i].buffer, NULL);
            work->slot[run][i].buffer = VK_NULL_HANDLE;
            assay__image_destroy(device, &work->slot[run][i]);
        }
}

assay_status assay__work_prepare(assay_device *device, assay_job *job, assay__work *work,
                                 assay_error *error)
{
    const assay_kernel *kernel = job->kernel;
    char reason[sizeof error->message];
    memset(work, 0, sizeof *work);
    work->job = job;
    if (!assay_kernel_applies(kernel, job->problem, reason, sizeof reason))
        return assay_fail(error, ASSAY_LIMIT, "%s %.900s", kernel->info.name, reason);
    ASSAY_TRY(check_capabilities(device, kernel, error));
    work->launch = calloc((size_t)kernel->pass_count, sizeof *work->launch);
    if (!work->launch)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for a job");
    for (int pass = 0; pass < kernel->pass_count; pass++)
        ASSAY_TRY(prepare_pass(device, work, pass, error));
    ASSAY_TRY(size_slots(device, work, error));
    return assay__work_buffers(device, work, error);
}

void assay__work_release(assay_device *device, assay__work *work)
{
    assay__work_unbind(device, work);
    for (int tensor = 0; tensor < ASSAY__TENSORS_MAX; tensor++)
        assay__map_destroy(work->map[tensor]);
    free(work->launch);
    memset(work, 0, sizeof *work);
}

VkDeviceSize assay__work_place(assay__work *work, VkDeviceSize end)
{
    for (int run = 0; run < ASSAY_RUNS; run++)
        for (int i = 0; i < work->slot_count; i++) {
            assay__slot *slot = &work->slot[run][i];
            VkDeviceSize start = end + (run == ASSAY_RUN_EXACT ? EXACT_GAP : 0);
            start = (start + slot->alignment - 1) / slot->alignment * slot->alignment;
            slot->payload.offset = start;
            end = start + (slot->need > slot->bytes ? slot->need : slot->bytes);
            end = (end + 3) / 4 * 4;
        }
    return end;
}
