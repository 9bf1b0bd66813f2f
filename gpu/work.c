// SPDX-License-Identifier: Apache-2.0
#include "gpu/job_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

// Poison between the buffers of the exact run.
#define EXACT_GAP 1024

// The buffer that stands for a tensor that is not there. In the guarded run an access to a bias of
// so many bytes still lies in the bound range.
#define ABSENT_BYTES         16
#define ABSENT_BYTES_GUARDED 65536

static assay_status check_limits(const assay_device *device, const assay_kernel *kernel,
                                 const assay__pass *pass, const assay__launch *launch,
                                 assay_error *error)
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
    if (pass->push.bytes > info->max_push_bytes)
        return assay_fail(error, ASSAY_LIMIT, "%s: %u bytes of push constants; %s takes %u",
                          kernel->info.name, pass->push.bytes, info->name, info->max_push_bytes);
    return ASSAY_OK;
}

// How many descriptors of one type a pass has.
static uint32_t descriptors_of(const assay__pass *pass, VkDescriptorType type)
{
    uint32_t count = type == VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER ? (uint32_t)pass->uniform_count : 0;
    for (int i = 0; i < pass->binding_count; i++)
        count += pass->binding[i].type == type;
    return count;
}

// Vulkan promises four storage buffers and as many images, and twelve uniform buffers, at a time.
static assay_status check_descriptors(const assay_device *device, const assay_kernel *kernel,
                                      const assay__pass *pass, assay_error *error)
{
    VkPhysicalDeviceProperties properties;
    vkGetPhysicalDeviceProperties(device->physical, &properties);
    const VkPhysicalDeviceLimits *most = &properties.limits;
    uint32_t both = descriptors_of(pass, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER);
    const struct {
        const char *what;
        uint32_t count, most;
    } table[] = {
        {"storage buffers", descriptors_of(pass,        VK_DESCRIPTOR_TYPE_STORAGE_BUFFER),
         most->maxPerStageDescriptorStorageBuffers},
        {"storage images",  descriptors_of(pass,        VK_DESCRIPTOR_TYPE_STORAGE_IMAGE),
         most->maxPerStageDescriptorStorageImages },
        {"sampled images",  both + descriptors_of(pass, VK_DESCRIPTOR_TYPE_SAMPLED_IMAGE),
         most->maxPerStageDescriptorSampledImages },
        {"samplers",        both + descriptors_of(pass, VK_DESCRIPTOR_TYPE_SAMPLER),
         most->maxPerStageDescriptorSamplers      },
        {"uniform blocks",  descriptors_of(pass,        VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER),
         most->maxPerStageDescriptorUniformBuffers},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].count > table[i].most)
            return assay_fail(error, ASSAY_LIMIT, "%s: %u %s; %s binds %u", kernel->info.name,
                              table[i].count, table[i].what, device->info.name, table[i].most);
    return ASSAY_OK;
}

// A size of subgroups that was asked for, and whole ones.
static assay_status check_subgroups(const assay_device *device, const assay_kernel *kernel,
                                    const assay__launch *launch, assay_error *error)
{
    const assay_device_info *info = &device->info;
    uint32_t size = launch->subgroup ? launch->subgroup : info->subgroup_size;
    if (launch->subgroup &&
        (launch->subgroup < info->subgroup_min || launch->subgroup > info->subgroup_max))
        return assay_fail(error, ASSAY_LIMIT,
                          "%s asks for subgroups of %u; %s has %u, and may be asked for %u to %u",
                          kernel->info.name, launch->subgroup, info->name, info->subgroup_size,
                          info->subgroup_min, info->subgroup_max);
    if (kernel->full_subgroups && !info->full_subgroups)
        return assay_fail(error, ASSAY_LIMIT,
                          "%s asks for full subgroups, which %s does not promise",
                          kernel->info.name, info->name);
    if (kernel->full_subgroups && launch->local[0] % size != 0)
        return assay_fail(
            error, ASSAY_LIMIT,
            "%s asks for full subgroups, but a work group of %u along x is no multiple "
            "of %u",
            kernel->info.name, launch->local[0], size);
    return ASSAY_OK;
}

void assay__work_spec(const assay__work *work, int pass, assay__pipeline_spec *spec)
{
    const assay_kernel *kernel = work->job->kernel;
    const assay__pass *p = &kernel->pass[pass];
    const assay__module *m = p->module;
    const assay__launch *launch = &work->launch[pass];
    *spec = (assay__pipeline_spec){.words = m->words,
                                   .word_count = m->word_count,
                                   .hash = m->hash,
                                   .entry = m->entry,
                                   .push_bytes = m->push.bytes,
                                   .subgroup = launch->subgroup,
                                   .full_subgroups = kernel->full_subgroups,
                                   .constant_count = m->constant_count};
    for (int i = 0; i < p->binding_count; i++, spec->binding_count++) {
        spec->binding[i].set = p->binding[i].set;
        spec->binding[i].binding = p->binding[i].binding;
        spec->binding[i].type = p->binding[i].type;
    }
    for (int i = 0; i < p->uniform_count; i++, spec->binding_count++) {
        spec->binding[spec->binding_count].set = p->uniform[i].set;
        spec->binding[spec->binding_count].binding = p->uniform[i].binding;
        spec->binding[spec->binding_count].type = VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER;
    }
    for (int i = 0; i < m->constant_count; i++) {
        spec->constant[i].id = m->constant[i].id;
        spec->constant[i].bits = launch->constant[i];
    }
}

static assay_status prepare_pass(assay_device *device, assay__work *work, int pass,
                                 assay_error *error)
{
    const assay_kernel *kernel = work->job->kernel;
    const assay__pass *p = &kernel->pass[pass];
    assay__launch *launch = &work->launch[pass];
    assay__pipeline_spec spec;
    ASSAY_TRY(assay__kernel_launch(kernel, work->job->problem, pass, device->info.subgroup_size,
                                   launch, error));
    ASSAY_TRY(check_limits(device, kernel, p, launch, error));
    ASSAY_TRY(check_descriptors(device, kernel, p, error));
    ASSAY_TRY(check_subgroups(device, kernel, launch, error));
    assay__work_spec(work, pass, &spec);
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
        assay__slot found = {
            .tensor = tensor, .kind = kernel->image[tensor], .use = kernel->use[tensor]};
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
    return assay__uniforms_create(device, work, error);
}

void assay__work_unbind(assay_device *device, assay__work *work)
{
    for (int run = 0; run < ASSAY_RUNS; run++)
        for (int i = 0; i < work->slot_count; i++) {
            vkDestroyBuffer(device->handle, work->slot[run][i].buffer, NULL);
            work->slot[run][i].buffer = VK_NULL_HANDLE;
            assay__image_destroy(device, &work->slot[run][i]);
        }
    assay__uniforms_release(device, work);
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
    for (int i = 0; i < kernel->module_count; i++)
        ASSAY_TRY(assay__module_needs(device, kernel->module[i], kernel->info.name, error));
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
