// SPDX-License-Identifier: Apache-2.0
// What the files of gpu/ share about the device: handles, memory, pipelines, one-off dispatches,
// embedded shaders. Everything here is used by one thread at a time for each device.
#ifndef ASSAY_GPU_INTERNAL_H
#define ASSAY_GPU_INTERNAL_H

#include "gpu/device.h"

#include <stddef.h>
#include <volk.h>

#define ASSAY__BINDINGS_MAX  32  // of one kernel, over all its sets
#define ASSAY__SETS_MAX      4   // Vulkan promises four
#define ASSAY__CONSTANTS_MAX 32  // specialization constants of one kernel
#define ASSAY__PUSH_BYTES    256 // most push constants that a kernel may have; a device promises 128

// ---- errors

// "VK_ERROR_DEVICE_LOST"; "VkResult -1234" for a code that is not known.
const char *assay__vk_name(VkResult result);

// DEVICE_LOST, MEMORY, or VULKAN with "<call> failed: <name>". result must be an error.
assay_status assay__vk_fail(assay_error *error, VkResult result, const char *call);

// Forwards a failed Vulkan call: ASSAY__TRY_VK(vkBindBufferMemory(...)).
#define ASSAY__TRY_VK(call)                                                                        \
    do {                                                                                           \
        VkResult assay_try_result = (call);                                                        \
        if (assay_try_result < 0)                                                                  \
            return assay__vk_fail(error, assay_try_result, #call);                                 \
    } while (0)

// ---- instance and validation (instance.c, validation.c)

typedef struct assay__messages assay__messages;

typedef struct assay__instance {
    VkInstance handle;
    VkDebugUtilsMessengerEXT messenger; // VK_NULL_HANDLE without validation
    assay__messages *messages;          // NULL without validation
} assay__instance;

// Loads the loader (once a process) and makes an instance; `validate` is a set of ASSAY_VALIDATE_
// bits.
ASSAY_CHECKED assay_status assay__instance_create(unsigned validate, assay__instance *instance,
                                                  assay_error *error);
void assay__instance_destroy(assay__instance *instance);

// Physical devices that qualify (Vulkan 1.1, a queue with compute), in the loader's order;
// free(*list).
ASSAY_CHECKED assay_status assay__physical_list(VkInstance instance, VkPhysicalDevice **list,
                                                int *count, assay_error *error);

// Fills everything but `index`.
void assay__physical_describe(VkPhysicalDevice physical, assay_device_info *info);
bool assay__physical_queue_family(VkPhysicalDevice physical, uint32_t *family);

assay__messages *assay__messages_create(void);
void assay__messages_destroy(assay__messages *messages);

// A messenger's callback; user_data is the assay__messages. Known false positives are dropped
// (validation.c has the table with the reason for each).
VKAPI_ATTR VkBool32 VKAPI_CALL assay__messages_collect(
    VkDebugUtilsMessageSeverityFlagBitsEXT severity, VkDebugUtilsMessageTypeFlagsEXT types,
    const VkDebugUtilsMessengerCallbackDataEXT *data, void *user_data);

// "x.comp:21: ", or "" where the message names no line; *length is that of the part of the text
// which a person needs. Returns buffer.
const char *assay__message_place(const char *text, char *buffer, size_t size, size_t *length);

// Everything collected since the last call, a line each, or NULL when there was nothing; free() it.
char *assay__messages_take(assay__messages *messages);

// ---- device (device.c)

typedef struct assay__pipelines assay__pipelines;

// The one block of memory that all tensors of a batch live in (memory.c). At rest all of [0,
// poisoned) holds ASSAY_POISON_BITS, on the device and in `host`.
typedef struct assay__arena {
    VkDeviceMemory memory; // where the tensors' buffers are bound
    VkBuffer whole;        // over all of it, for copies and fills
    VkDeviceMemory staging_memory;
    VkBuffer staging;  // VK_NULL_HANDLE when memory itself is mapped
    uint8_t *host;     // mapped: of memory, or of staging at the same offsets
    VkDeviceSize size; // of both
    VkDeviceSize poisoned;
} assay__arena;

typedef enum assay__address {
    ASSAY__ADDRESS_EDGE,
    ASSAY__ADDRESS_BORDER, // zeros
    ASSAY__ADDRESS_REPEAT,
    ASSAY__ADDRESS_MIRROR,
    ASSAY__ADDRESSES
} assay__address;

typedef struct assay__sampling {
    bool linear, texels; // else nearest, and normalized coordinates
    assay__address address;
} assay__sampling;

// Memory of uniform buffers, mapped (job_uniform.c).
typedef struct assay__uniforms {
    VkDeviceMemory memory;
    uint8_t *host;
    VkDeviceSize size;
} assay__uniforms;

typedef struct assay__features {
    VkPhysicalDeviceFeatures core;
    VkPhysicalDeviceVulkan11Features v11; // zeros of a device without Vulkan 1.2, but for 16-bit
                                          // storage
    VkPhysicalDeviceVulkan12Features v12;
    VkPhysicalDeviceVulkan13Features v13;
} assay__features;

struct assay_device {
    assay__instance instance;
    assay_device_info info;
    assay_device_options options;
    VkPhysicalDevice physical;
    VkDevice handle;
    VkQueue queue;
    uint32_t family;
    VkPhysicalDeviceMemoryProperties memory;
    uint32_t device_type;  // memory type of tensors
    uint32_t staging_type; // memory type of staging
    bool staged;           // the host reaches tensors through staging; else they are mapped
    VkCommandPool commands;
    VkCommandBuffer command; // the one command buffer; see assay__submit_begin
    VkFence fence;
    VkQueryPool queries; // ASSAY__QUERIES timestamps; VK_NULL_HANDLE when the device has none
    assay__arena arena;
    VkDeviceMemory image_memory; // of the images of a batch (job_image.c)
    VkDeviceSize image_bytes;
    assay__pipelines *pipelines;
    VkSampler sampler[2 * 2 * ASSAY__ADDRESSES]; // those that were asked for
    assay__uniforms uniforms;
    assay__features features; // that are enabled
};

#define ASSAY__QUERIES 1024

// First memory type of `allowed` that has all of `flags` and none of `without`.
bool assay__memory_type(const assay_device *device, uint32_t allowed, VkMemoryPropertyFlags flags,
                        VkMemoryPropertyFlags without, uint32_t *type);

// ---- submission (submit.c)

// Resets and begins device->command. Then record into it, and:
ASSAY_CHECKED assay_status assay__submit_begin(assay_device *device, assay_error *error);

// ends it, submits it and waits. ASSAY_DEVICE_LOST when the driver says so, ASSAY_TIMEOUT after an
// hour.
ASSAY_CHECKED assay_status assay__submit_wait(assay_device *device, assay_error *error);

// A full memory barrier between stages; access masks follow from the stages (host, transfer,
// compute).
void assay__barrier(assay_device *device, VkPipelineStageFlags from, VkPipelineStageFlags to);

// Timestamps: reset all, write number `query` once everything recorded before is done, and read
// after the wait the nanoseconds from each even number to the odd one behind it. All do nothing, or
// give 0, on a device without timestamps.
void assay__timestamps_reset(assay_device *device);
void assay__timestamp(assay_device *device, uint32_t query);
void assay__timestamp_spans(assay_device *device, uint32_t count, uint64_t *nanoseconds);

// ---- memory (memory.c)

// Makes [0, bytes) of the arena exist and hold poison; grows the arena when it is smaller (it must
// be at rest). Fails with ASSAY_LIMIT when the device has not that much.
ASSAY_CHECKED assay_status assay__arena_require(assay_device *device, VkDeviceSize bytes,
                                                assay_error *error);
void assay__arena_destroy(assay_device *device);

// A part of the arena, in bytes; both are multiples of 4.
typedef struct assay__span {
    VkDeviceSize offset, bytes;
} assay__span;

// Between the host's writes to `host` and the dispatches: records the copies of `spans` to the
// device and the barrier.
void assay__arena_upload(assay_device *device, const assay__span *spans, int count);

// After the dispatches: records the barrier, the copy of `whole` to `host`, and then poisons
// `spans` on the device. Where tensors are mapped there is nothing to copy, and the host must
// poison `spans` itself once it has read them.
void assay__arena_download(assay_device *device, assay__span whole, const assay__span *spans,
                           int count);

// Fills with ASSAY_POISON_BITS on the host.
void assay__poison(void *at, size_t bytes);

// A storage buffer of exactly `bytes` bytes; *need gets what it takes of the arena, *alignment
// where it may start.
ASSAY_CHECKED assay_status assay__buffer_create(assay_device *device, VkDeviceSize bytes,
                                                VkBuffer *buffer, VkDeviceSize *need,
                                                VkDeviceSize *alignment, assay_error *error);
ASSAY_CHECKED assay_status assay__buffer_bind(assay_device *device, VkBuffer buffer,
                                              VkDeviceSize offset, assay_error *error);

// ---- pipelines (pipeline.c)

// What a pipeline is made from. Equal specs (all but `words` compared, SPIR-V by hash) give the
// same pipeline.
typedef struct assay__pipeline_spec {
    const uint32_t *words; // SPIR-V, alive until the device is closed or the pipeline was made
    size_t word_count;
    uint64_t hash; // assay__hash of the words
    const char *entry;
    int binding_count;
    struct {
        uint32_t set, binding;
        VkDescriptorType type;
    } binding[ASSAY__BINDINGS_MAX];
    uint32_t push_bytes;
    uint32_t subgroup;   // the size that is required; 0: the device's
    bool full_subgroups; // required
    int constant_count;
    struct {
        uint32_t id, bits; // 4-byte specialization constants
    } constant[ASSAY__CONSTANTS_MAX];
    bool in_parts; // vkCmdDispatchBase may be used
} assay__pipeline_spec;

typedef struct assay__pipeline {
    VkPipeline handle;
    VkPipelineLayout layout;
    VkDescriptorSetLayout set[ASSAY__SETS_MAX];
    uint32_t set_count;
} assay__pipeline;

// Owned by the device. The first request compiles.
ASSAY_CHECKED assay_status assay__pipeline_get(assay_device *device,
                                               const assay__pipeline_spec *spec,
                                               const assay__pipeline **pipeline,
                                               assay_error *error);
ASSAY_CHECKED assay_status assay__pipelines_create(assay_device *device, assay_error *error);
void assay__pipelines_destroy(assay_device *device);

// Writes the driver's pipeline cache to disk when anything was compiled since the last time.
void assay__pipelines_save(assay_device *device);

uint64_t assay__hash(const void *data, size_t bytes);

// ---- samplers (sampler.c)

// Owned by the device.
ASSAY_CHECKED assay_status assay__sampler_get(assay_device *device, assay__sampling sampling,
                                              VkSampler *sampler, assay_error *error);
void assay__samplers_destroy(assay_device *device);

void assay__uniforms_destroy(assay_device *device); // job_uniform.c

// ---- one-off dispatches (dispatch.c): probes and benchmarks

typedef struct assay__dispatch_buffer {
    uint32_t binding; // in set 0
    void *data;       // copied in before and, when `output`, copied back after
    size_t bytes;     // a multiple of 4, > 0
    bool output;
} assay__dispatch_buffer;

typedef struct assay__dispatch {
    const uint32_t *words;
    size_t word_count;
    const assay__dispatch_buffer *buffers;
    int buffer_count;
    const void *push;
    uint32_t push_bytes; // at most ASSAY__PUSH_BYTES
    uint32_t groups[3];
    uint32_t repeat; // so many times in a row, a barrier between them; 0: once
} assay__dispatch;

// Runs the entry point "main" on data of the host. *gpu_ns (may be NULL) is the time by
// timestamps, 0 when the device has none.
ASSAY_CHECKED assay_status assay__dispatch_run(assay_device *device,
                                               const assay__dispatch *dispatch, uint64_t *gpu_ns,
                                               assay_error *error);

// ---- shaders of gpu/probes, compiled in (generated at build time)

typedef struct assay__shader {
    const char *name; // file name without ".comp"
    const uint32_t *words;
    size_t word_count;
} assay__shader;

// NULL when gpu/probes has no such file.
const assay__shader *assay__probe_shader(const char *name);

// ---- cache on disk (cache.c)

// "$XDG_CACHE_HOME/assay/<name>" (fallback ~/.cache/assay), folders made; false when there is no
// place for one.
bool assay__cache_path(const char *name, char *path, size_t size);

// Whole file into *data (free() it); false when it is not there, empty, or larger than 64 MiB.
bool assay__cache_read(const char *path, void **data, size_t *bytes);

// Atomic: written beside, then renamed. A failure is silent: a cache may be missing.
void assay__cache_write(const char *path, const void *data, size_t bytes);

// Monotonic seconds.
double assay__seconds(void);

#endif
