// SPDX-License-Identifier: Apache-2.0
#include "gpu/gpu_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

// What a driver writes when it keeps nothing: the header alone.
#define EMPTY_CACHE_BYTES 32

typedef struct entry {
    assay__pipeline_spec spec; // words and entry are not kept
    assay__pipeline pipeline;
    char name[64]; // the entry point
} entry;

struct assay__pipelines {
    entry **items; // each stays where it is: assay__pipeline_get hands out pointers
    int count, capacity;
    VkPipelineCache cache;
    bool dirty; // something was compiled since the cache was written
    char path[512];
};

uint64_t assay__hash(const void *data, size_t bytes)
{
    return XXH3_64bits(data, bytes);
}

// The file is a hash of the rest, then what the driver gave. Drivers check their own header, but
// not the body.
static void *read_cache(const char *path, size_t *bytes)
{
    void *file = NULL;
    size_t size = 0;
    uint64_t hash;
    *bytes = 0;
    if (!assay__cache_read(path, &file, &size))
        return NULL;
    if (size > sizeof hash) {
        memcpy(&hash, file, sizeof hash);
        *bytes = size - sizeof hash;
        memmove(file, (char *)file + sizeof hash, *bytes);
        if (assay__hash(file, *bytes) == hash)
            return file;
    }
    *bytes = 0;
    free(file);
    return NULL;
}

assay_status assay__pipelines_create(assay_device *device, assay_error *error)
{
    VkPhysicalDeviceProperties properties;
    char name[80];
    assay__pipelines *p = device->pipelines = calloc(1, sizeof *p);
    if (!p)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for the pipelines");
    vkGetPhysicalDeviceProperties(device->physical, &properties);
    size_t used = (size_t)snprintf(name, sizeof name, "pipelines/");
    for (uint32_t i = 0; i < VK_UUID_SIZE; i++)
        used += (size_t)snprintf(name + used, sizeof name - used, "%02x",
                                 properties.pipelineCacheUUID[i]);
    snprintf(name + used, sizeof name - used, "-%08x.bin", properties.driverVersion);
    if (!assay__cache_path(name, p->path, sizeof p->path))
        p->path[0] = '\0';
    size_t bytes = 0;
    void *data = p->path[0] ? read_cache(p->path, &bytes) : NULL;
    VkPipelineCacheCreateInfo info = {.sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO,
                                      .initialDataSize = bytes,
                                      .pInitialData = data};
    VkResult result = vkCreatePipelineCache(device->handle, &info, NULL, &p->cache);
    free(data);
    return result == VK_SUCCESS ? ASSAY_OK : assay__vk_fail(error, result, "vkCreatePipelineCache");
}

void assay__pipelines_save(assay_device *device)
{
    assay__pipelines *p = device->pipelines;
    size_t bytes = 0;
    if (!p->dirty || !p->path[0])
        return;
    p->dirty = false;
    if (vkGetPipelineCacheData(device->handle, p->cache, &bytes, NULL) != VK_SUCCESS ||
        bytes <= EMPTY_CACHE_BYTES)
        return;
    char *data = malloc(bytes + sizeof(uint64_t));
    if (!data)
        return;
    if (vkGetPipelineCacheData(device->handle, p->cache, &bytes, data + sizeof(uint64_t)) ==
        VK_SUCCESS) {
        uint64_t hash = assay__hash(data + sizeof hash, bytes);
        memcpy(data, &hash, sizeof hash);
        assay__cache_write(p->path, data, bytes + sizeof hash);
    }
    free(data);
}

static void destroy_pipeline(assay_device *device, assay__pipeline *pipeline)
{
    vkDestroyPipeline(device->handle, pipeline->handle, NULL);
    vkDestroyPipelineLayout(device->handle, pipeline->layout, NULL);
    for (uint32_t i = 0; i < pipeline->set_count; i++)
        vkDestroyDescriptorSetLayout(device->handle, pipeline->set[i], NULL);
}

void assay__pipelines_destroy(assay_device *device)
{
    assay__pipelines *p = device->pipelines;
    if (!p)
        return;
    assay__pipelines_save(device);
    for (int i = 0; i < p->count; i++) {
        destroy_pipeline(device, &p->items[i]->pipeline);
        free(p->items[i]);
    }
    vkDestroyPipelineCache(device->handle, p->cache, NULL);
    free(p->items);
    free(p);
    device->pipelines = NULL;
}

static bool same_spec(const entry *e, const assay__pipeline_spec *spec)
{
    const assay__pipeline_spec *a = &e->spec;
    if (a->hash != spec->hash || a->binding_count != spec->binding_count ||
        a->push_bytes != spec->push_bytes || a->in_parts != spec->in_parts ||
        a->subgroup != spec->subgroup || a->full_subgroups != spec->full_subgroups ||
        a->constant_count != spec->constant_count || strcmp(e->name, spec->entry) != 0)
        return false;
    for (int i = 0; i < a->binding_count; i++)
        if (a->binding[i].set != spec->binding[i].set ||
            a->binding[i].binding != spec->binding[i].binding ||
            a->binding[i].type != spec->binding[i].type)
            return false;
    for (int i = 0; i < a->constant_count; i++)
        if (a->constant[i].id != spec->constant[i].id ||
            a->constant[i].bits != spec->constant[i].bits)
            return false;
    return true;
}

static assay_status create_layout(assay_device *device, const assay__pipeline_spec *spec,
                                  assay__pipeline *pipeline, assay_error *error)
{
    uint32_t sets = 1;
    for (int i = 0; i < spec->binding_count; i++)
        if (spec->binding[i].set >= sets)
            sets = spec->binding[i].set + 1;
    for (uint32_t set = 0; set < sets; set++) {
        VkDescriptorSetLayoutBinding bindings[ASSAY__BINDINGS_MAX];
        VkDescriptorSetLayoutCreateInfo info = {
            .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO, .pBindings = bindings};
        for (int i = 0; i < spec->binding_count; i++)
            if (spec->binding[i].set == set)
                bindings[info.bindingCount++] =
                    (VkDescriptorSetLayoutBinding){spec->binding[i].binding, spec->binding[i].type,
                                                   1, VK_SHADER_STAGE_COMPUTE_BIT, NULL};
        ASSAY__TRY_VK(
            vkCreateDescriptorSetLayout(device->handle, &info, NULL, &pipeline->set[set]));
        pipeline->set_count++;
    }
    VkPushConstantRange range = {VK_SHADER_STAGE_COMPUTE_BIT, 0, spec->push_bytes};
    VkPipelineLayoutCreateInfo layout = {.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
                                         .setLayoutCount = pipeline->set_count,
                                         .pSetLayouts = pipeline->set,
                                         .pushConstantRangeCount = spec->push_bytes ? 1 : 0,
                                         .pPushConstantRanges = &range};
    ASSAY__TRY_VK(vkCreatePipelineLayout(device->handle, &layout, NULL, &pipeline->layout));
    return ASSAY_OK;
}

// NVIDIA's driver 580 takes a pipeline for one that it made before when their SPIR-V is the same,
// and forgets that this one is dispatched with a base: the groups of the first part run again and
// again. Another version of the tool that wrote the module (word 2) makes it another module.
static assay_status create_module(assay_device *device, const assay__pipeline_spec *spec,
                                  VkShaderModule *module, assay_error *error)
{
    uint32_t *words = malloc(spec->word_count * sizeof *words);
    if (!words)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for a module");
    memcpy(words, spec->words, spec->word_count * sizeof *words);
    words[2] ^= spec->in_parts;
    VkShaderModuleCreateInfo code = {.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO,
                                     .codeSize = spec->word_count * sizeof *words,
                                     .pCode = words};
    VkResult result = vkCreateShaderModule(device->handle, &code, NULL, module);
    free(words);
    return result == VK_SUCCESS ? ASSAY_OK : assay__vk_fail(error, result, "vkCreateShaderModule");
}

static assay_status create_pipeline(assay_device *device, const assay__pipeline_spec *spec,
                                    assay__pipeline *pipeline, assay_error *error)
{
    VkSpecializationMapEntry map[ASSAY__CONSTANTS_MAX];
    uint32_t bits[ASSAY__CONSTANTS_MAX];
    VkShaderModule module;
    ASSAY_TRY(create_layout(device, spec, pipeline, error));
    for (int i = 0; i < spec->constant_count; i++) {
        map[i] = (VkSpecializationMapEntry){spec->constant[i].id, (uint32_t)i * 4, 4};
        bits[i] = spec->constant[i].bits;
    }
    VkSpecializationInfo constants = {(uint32_t)spec->constant_count, map,
                                      (size_t)spec->constant_count * 4, bits};
    ASSAY_TRY(create_module(device, spec, &module, error));
    VkPipelineShaderStageRequiredSubgroupSizeCreateInfo subgroup = {
        .sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_REQUIRED_SUBGROUP_SIZE_CREATE_INFO,
        .requiredSubgroupSize = spec->subgroup};
    VkComputePipelineCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
        .flags = spec->in_parts ? VK_PIPELINE_CREATE_DISPATCH_BASE_BIT : 0,
        .stage = {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
                  .pNext = spec->subgroup ? &subgroup : NULL,
                  .flags = spec->full_subgroups
                               ? VK_PIPELINE_SHADER_STAGE_CREATE_REQUIRE_FULL_SUBGROUPS_BIT
                               : 0,
                  .stage = VK_SHADER_STAGE_COMPUTE_BIT,
                  .module = module,
                  .pName = spec->entry,
                  .pSpecializationInfo = spec->constant_count ? &constants : NULL},
        .layout = pipeline->layout
    };
    VkResult result = vkCreateComputePipelines(device->handle, device->pipelines->cache, 1, &info,
                                               NULL, &pipeline->handle);
    vkDestroyShaderModule(device->handle, module, NULL);
    return result == VK_SUCCESS ? ASSAY_OK
                                : assay__vk_fail(error, result, "vkCreateComputePipelines");
}

assay_status assay__pipeline_get(assay_device *device, const assay__pipeline_spec *spec,
                                 const assay__pipeline **pipeline, assay_error *error)
{
    assay__pipelines *p = device->pipelines;
    for (int i = 0; i < p->count; i++) {
        if (same_spec(p->items[i], spec)) {
            *pipeline = &p->items[i]->pipeline;
            return ASSAY_OK;
        }
    }
    if (p->count == p->capacity) {
        int capacity = p->capacity ? 2 * p->capacity : 16;
        entry **grown = realloc(p->items, (size_t)capacity * sizeof *grown);
        if (!grown)
            return assay_fail(error, ASSAY_MEMORY, "out of memory for %d pipelines", capacity);
        p->items = grown;
        p->capacity = capacity;
    }
    entry *e = calloc(1, sizeof *e);
    if (!e)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for a pipeline");
    e->spec = *spec;
    e->spec.words = NULL;
    e->spec.entry = NULL;
    snprintf(e->name, sizeof e->name, "%s", spec->entry);
    assay_status status = create_pipeline(device, spec, &e->pipeline, error);
    if (status != ASSAY_OK) {
        destroy_pipeline(device, &e->pipeline);
        free(e);
        return status;
    }
    p->items[p->count++] = e;
    p->dirty = true;
    *pipeline = &e->pipeline;
    return ASSAY_OK;
}
