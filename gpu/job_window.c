// SPDX-License-Identifier: Apache-2.0
#include "gpu/job_internal.h"

static assay_status create_pool(assay__window *w, assay_error *error)
{
    static const VkDescriptorType types[] = {VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
                                             VK_DESCRIPTOR_TYPE_STORAGE_IMAGE,
                                             VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER,
                                             VK_DESCRIPTOR_TYPE_SAMPLED_IMAGE,
                                             VK_DESCRIPTOR_TYPE_SAMPLER,
                                             VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER};
    VkDescriptorPoolSize size[6];
    uint32_t sets = 0, count = 0;
    for (int t = 0; t < 6; t++) {
        uint32_t descriptors = 0;
        for (int i = 0; i < w->count; i++) {
            const assay_kernel *kernel = w->work[i].job->kernel;
            for (int pass = 0; pass < kernel->pass_count; pass++) {
                const assay__pass *p = &kernel->pass[pass];
                for (int k = 0; k < p->binding_count; k++)
                    descriptors += p->binding[k].type == types[t] ? ASSAY_RUNS : 0;
                if (types[t] == VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER)
                    descriptors += (uint32_t)p->uniform_count * ASSAY_RUNS;
                sets += t == 0 ? w->work[i].pipeline[pass]->set_count * ASSAY_RUNS : 0;
            }
        }
        if (descriptors > 0)
            size[count++] = (VkDescriptorPoolSize){types[t], descriptors};
    }
    VkDescriptorPoolCreateInfo info = {.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
                                       .maxSets = sets,
                                       .poolSizeCount = count,
                                       .pPoolSizes = size};
    ASSAY__TRY_VK(vkCreateDescriptorPool(w->device->handle, &info, NULL, &w->pool));
    return ASSAY_OK;
}

static const assay__slot *slot_of(const assay__work *work, int run, int tensor)
{
    const assay__slot *slot = work->slot[run];
    while (slot->tensor != tensor) // each bound tensor has one
        slot++;
    return slot;
}

// What the descriptors of one set of writes point to.
typedef struct writes {
    VkDescriptorBufferInfo buffer[ASSAY__BINDINGS_MAX];
    VkDescriptorImageInfo image[ASSAY__BINDINGS_MAX];
    VkWriteDescriptorSet write[ASSAY__BINDINGS_MAX];
    uint32_t count;
} writes;

static void add_write(writes *s, VkDescriptorSet set, uint32_t binding, VkDescriptorType type)
{
    s->write[s->count] = (VkWriteDescriptorSet){.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
                                                .dstSet = set,
                                                .dstBinding = binding,
                                                .descriptorCount = 1,
                                                .descriptorType = type,
                                                .pImageInfo = &s->image[s->count],
                                                .pBufferInfo = &s->buffer[s->count]};
    s->count++;
}

static assay_status write_sets(assay__window *w, assay__work *work, int run, int pass,
                               assay_error *error)
{
    const assay__pass *p = &work->job->kernel->pass[pass];
    const assay__pipeline *pipeline = work->pipeline[pass];
    VkDescriptorSet *set = work->set[run][pass];
    writes s = {.count = 0};
    VkDescriptorSetAllocateInfo info = {.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
                                        .descriptorPool = w->pool,
                                        .descriptorSetCount = pipeline->set_count,
                                        .pSetLayouts = pipeline->set};
    ASSAY__TRY_VK(vkAllocateDescriptorSets(w->device->handle, &info, set));
    for (int i = 0; i < p->binding_count; i++) {
        const assay__binding *b = &p->binding[i];
        const assay__slot *slot = b->tensor >= 0 ? slot_of(work, run, b->tensor) : NULL;
        VkDescriptorImageInfo *image = &s.image[s.count];
        *image = (VkDescriptorImageInfo){VK_NULL_HANDLE, slot ? slot->view : VK_NULL_HANDLE,
                                         VK_IMAGE_LAYOUT_GENERAL};
        if (slot)
            s.buffer[s.count] = (VkDescriptorBufferInfo){slot->buffer, 0, slot->bytes};
        if (b->type == VK_DESCRIPTOR_TYPE_SAMPLER ||
            b->type == VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER)
            ASSAY_TRY(assay__sampler_get(w->device, b->sampling, &image->sampler, error));
        add_write(&s, set[b->set], b->binding, b->type);
    }
    for (int i = 0; i < p->uniform_count; i++) {
        s.buffer[s.count] =
            (VkDescriptorBufferInfo){work->uniform[pass][i].buffer, 0, p->uniform[i].bytes};
        add_write(&s, set[p->uniform[i].set], p->uniform[i].binding,
                  VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER);
    }
    vkUpdateDescriptorSets(w->device->handle, s.count, s.write, 0, NULL);
    return ASSAY_OK;
}

static assay_status prepare(assay__window *w, assay_error *error)
{
    ASSAY_TRY(assay__arena_require(w->device, w->end, error));
    ASSAY_TRY(create_pool(w, error));
    ASSAY_TRY(assay__images_bind(w, error));
    ASSAY_TRY(assay__uniforms_fill(w, error));
    w->span_count = 0;
    for (int i = 0; i < w->count; i++) {
        assay__work *work = &w->work[i];
        for (int run = 0; run < ASSAY_RUNS; run++) {
            for (int k = 0; k < work->slot_count; k++) {
                const assay__slot *slot = &work->slot[run][k];
                if (!slot->image)
                    ASSAY_TRY(
                        assay__buffer_bind(w->device, slot->buffer, slot->payload.offset, error));
                w->span[w->span_count++] =
                    (assay__span){slot->payload.offset, slot->payload.bytes + slot->fence};
            }
            for (int pass = 0; pass < work->job->kernel->pass_count; pass++)
                ASSAY_TRY(write_sets(w, work, run, pass, error));
        }
        if (i > 0 && work->job == w->work[0].job)
            assay__work_pack_like(w->device, work, &w->work[0]);
        else
            assay__work_pack(w->device, work);
    }
    return ASSAY_OK;
}

void assay__work_record(assay__window *w, const assay__work *work, int run, bool after)
{
    const assay_kernel *kernel = work->job->kernel;
    VkCommandBuffer command = w->device->command;
    for (int pass = 0; pass < kernel->pass_count; pass++) {
        const assay__pipeline *pipeline =
            work->variation ? work->variation->pipeline[run][pass] : work->pipeline[pass];
        const assay__launch *launch = &work->launch[pass];
        if (pass > 0 || after) // a pass reads what the one before wrote
            assay__barrier(w->device, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT,
                           VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT);
        vkCmdBindPipeline(command, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline->handle);
        vkCmdBindDescriptorSets(command, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline->layout, 0,
                                pipeline->set_count, work->set[run][pass], 0, NULL);
        if (kernel->pass[pass].push.bytes)
            vkCmdPushConstants(command, pipeline->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0,
                               kernel->pass[pass].push.bytes, launch->push);
        if (work->variation && work->variation->half)
            assay__dispatch_half(w->device, launch->groups, work->variation, run);
        else if (work->variation && work->variation->in_parts)
            assay__dispatch_in_parts(w->device, launch->groups, run);
        else
            vkCmdDispatch(command, launch->groups[0], launch->groups[1], launch->groups[2]);
    }
}

static assay_status submit(assay__window *w, assay_error *error)
{
    ASSAY_TRY(assay__submit_begin(w->device, error));
    assay__timestamps_reset(w->device);
    assay__arena_upload(w->device, w->span, w->span_count);
    assay__images_upload(w);
    for (int i = 0; i < w->count; i++)
        for (int run = 0; run < ASSAY_RUNS; run++) {
            uint32_t query = (uint32_t)(2 * (i * ASSAY_RUNS + run));
            assay__timestamp(w->device, query);
            assay__work_record(w, &w->work[i], run, false);
            assay__timestamp(w->device, query + 1);
        }
    assay__images_download(w);
    assay__arena_download(w->device, (assay__span){0, w->end}, w->span, w->span_count);
    return assay__submit_wait(w->device, error);
}

// The window's times are shared out: transfers by the bytes of the arena, the device by its
// timestamps.
static void charge(assay__window *w, double transfer, double gpu)
{
    uint64_t ns[ASSAY__WINDOW_JOBS * ASSAY_RUNS];
    double device_ns = 0;
    assay__timestamp_spans(w->device, (uint32_t)(w->count * ASSAY_RUNS), ns);
    for (int i = 0; i < w->count; i++)
        for (int run = 0; run < ASSAY_RUNS; run++) {
            w->work[i].job->gpu_ns[run] = ns[i * ASSAY_RUNS + run];
            device_ns += (double)ns[i * ASSAY_RUNS + run];
        }
    VkDeviceSize start = 0;
    for (int i = 0; i < w->count; i++) {
        assay_job *job = w->work[i].job;
        VkDeviceSize end = i + 1 < w->count ? w->work[i + 1].slot[0][0].payload.offset : w->end;
        job->transfer_s = transfer * (double)(end - start) / (double)w->end;
        double device_one = (double)job->gpu_ns[0] + (double)job->gpu_ns[1];
        job->gpu_s = device_ns > 0 ? gpu * device_one / device_ns : gpu / w->count;
        start = end;
    }
}

static assay_status run(assay__window *w, assay_error *error)
{
    double start = assay__seconds();
    ASSAY_TRY(prepare(w, error));
    double packed = assay__seconds();
    ASSAY_TRY(submit(w, error));
    double ran = assay__seconds();
    for (int i = 0; i < w->count; i++)
        assay__work_verify(w->device, &w->work[i],
                           i + 1 < w->count ? w->work[i + 1].slot[0][0].payload.offset : w->end);
    charge(w, packed - start + assay__seconds() - ran, ran - packed);
    return ASSAY_OK;
}

assay_status assay__window_load(assay__window *window, assay_error *error)
{
    ASSAY_TRY(prepare(window, error));
    ASSAY_TRY(assay__submit_begin(window->device, error));
    assay__arena_upload(window->device, window->span, window->span_count);
    assay__images_upload(window);
    return assay__submit_wait(window->device, error);
}

void assay__window_unload(assay__window *window)
{
    vkDestroyDescriptorPool(window->device->handle, window->pool, NULL);
    window->pool = VK_NULL_HANDLE;
}

assay_status assay__window_run(assay__window *window, assay_error *error)
{
    assay_status status = run(window, error);
    assay__window_unload(window);
    if (status != ASSAY_OK) // tensors may still lie in the arena
        window->device->arena.poisoned = 0;
    return status;
}
