// SPDX-License-Identifier: Apache-2.0
// A window: the jobs of one submission and where their tensors lie in the arena.
#ifndef ASSAY_JOB_INTERNAL_H
#define ASSAY_JOB_INTERNAL_H

#include "gpu/gpu_internal.h"
#include "gpu/job.h"
#include "gpu/kernel_internal.h"
#include "gpu/layout.h"

#define ASSAY__WINDOW_JOBS (ASSAY__QUERIES / (2 * ASSAY_RUNS))

// Behind the output of the guarded run stands another NaN than the poison for so many bytes: a
// kernel without a check of its range that carries the poison behind its input to there changes
// nothing otherwise. The halves are NaN of f16 as well.
#define ASSAY__FENCE_BITS  UINT32_C(0x7FD1FDAB)
#define ASSAY__FENCE_BYTES ((VkDeviceSize)65536)

// A tensor in a slot.
typedef struct assay__part {
    int tensor;
    assay__packing packing; // of what is no scratch
    int64_t at, bytes;      // in the payload
} assay__part;

// One buffer or image of one run. In the arena: payload, fence, then poison up to the next slot's
// payload.
typedef struct assay__slot {
    int tensor; // as in assay_kernel.binding
    int first,
        parts;  // the tensors that lie in it, in the order of their places: of the work's parts
    bool plain; // one tensor that begins where the payload does, as its layout says
    VkBuffer buffer;    // starts with the payload; in the guarded run it goes on over the guard
    VkDeviceSize bytes; // of the buffer
    VkDeviceSize need, alignment;
    assay__span payload;    // bytes 0 for an absent tensor
    VkDeviceSize fence;     // bytes behind it, of an output's buffer in the guarded run, else 0
    assay__packing packing; // of an image
    VkImage image;          // instead of the buffer, or VK_NULL_HANDLE
    VkImageView view;
    VkDeviceSize image_offset; // in the memory of the images
    assay__image_kind kind;    // of the image
    assay__image_use use;
} assay__slot;

// A uniform buffer of one pass, in the memory of uniform buffers.
typedef struct assay__uniform {
    VkBuffer buffer;
    VkDeviceSize offset, need, alignment;
    uint32_t types; // of memory that it may lie in
} assay__uniform;

// How a further run differs from the first ones (sanitize.c).
typedef struct assay__variation {
    const assay__pipeline *pipeline[ASSAY_RUNS][ASSAY__PASSES_MAX];
    bool in_parts; // the work groups in another order, a part of them after the other
    bool half;     // half of the work groups alone, the other half in the other run (writers.c)
    int axis, bit; // those whose number along the axis has the bit
} assay__variation;

// A job on its way.
typedef struct assay__work {
    assay_job *job;
    assay__launch *launch; // one for each pass
    const assay__pipeline *pipeline[ASSAY__PASSES_MAX];
    assay__slot slot[ASSAY_RUNS][ASSAY__TENSORS_MAX];
    int slot_count;
    assay__part part[ASSAY_RUNS][ASSAY__TENSORS_MAX]; // slot by slot
    int part_count;
    assay__map *map[ASSAY__TENSORS_MAX]; // of the tensors that have one, in both runs; owned
    const assay__variation *variation;   // NULL: none
    assay__uniform uniform[ASSAY__PASSES_MAX][ASSAY__UNIFORMS_MAX];
    VkDescriptorSet set[ASSAY_RUNS][ASSAY__PASSES_MAX][ASSAY__SETS_MAX];
} assay__work;

typedef struct assay__window {
    assay_device *device;
    assay__work *work;
    int count;
    VkDeviceSize end; // of what is used of the arena
    VkDescriptorPool pool;
    assay__span *span; // payloads, for the copies
    int span_count;
} assay__window;

// Evaluates the job, makes its pipelines and its buffers (not yet bound). A failure is the job's
// own, unless it is ASSAY_DEVICE_LOST or ASSAY_MEMORY.
ASSAY_CHECKED assay_status assay__work_prepare(assay_device *device, assay_job *job,
                                               assay__work *work, assay_error *error);
void assay__work_release(assay_device *device, assay__work *work);

// What the pipeline of a pass is made from. The words are those of the kernel.
void assay__work_spec(const assay__work *work, int pass, assay__pipeline_spec *spec);

// One more run of a work in both placements.
typedef struct assay__again {
    const assay__window *window;
    assay__work *work;
    VkDeviceSize end; // where the tensors begin
    float *out[ASSAY_RUNS];
    size_t bytes; // of an output
} assay__again;

// `window` lends its device and its spans.
ASSAY_CHECKED assay_status assay__again_begin(const assay__window *window, assay__work *work,
                                              VkDeviceSize end, assay__again *again,
                                              assay_error *error);
void assay__again_end(assay__again *again);
ASSAY_CHECKED assay_status assay__again_run(assay__again *again, const assay__variation *variation,
                                            assay_error *error);
// The pipeline of a pass with a rewritten module, which is taken over; NULL: the pass's own.
ASSAY_CHECKED assay_status assay__again_pipeline(const assay__again *again, int pass,
                                                 uint32_t *words, size_t count, bool in_parts,
                                                 const assay__pipeline **pipeline,
                                                 assay_error *error);
// The pipelines of a variation that runs parts of the dispatch.
ASSAY_CHECKED assay_status assay__again_in_parts(const assay__again *again,
                                                 assay__variation *variation, assay_error *error);
// Whether two elements are the same to the bit, or both NaN.
bool assay__again_same(float a, float b);

// Further runs of a work that ran, each alone; what they see goes to its job. A failure is the
// job's own, as above. `window` lends its device and its spans (sanitize.c).
ASSAY_CHECKED assay_status assay__sanitize(const assay__window *window, assay__work *work,
                                           VkDeviceSize end, assay_error *error);

// Records a dispatch in parts, in an order that differs for each run.
void assay__dispatch_in_parts(assay_device *device, const uint32_t groups[3], int run);

// Fills the job's `writers` by further runs, as above (writers.c).
ASSAY_CHECKED assay_status assay__writers_find(const assay__window *window, assay__work *work,
                                               VkDeviceSize end, assay_error *error);
// Records half of a dispatch, the other half in the other run.
void assay__dispatch_half(assay_device *device, const uint32_t groups[3],
                          const assay__variation *variation, int run);

// The buffers alone: made (a buffer is bound to memory once), and destroyed.
ASSAY_CHECKED assay_status assay__work_buffers(assay_device *device, assay__work *work,
                                               assay_error *error);
void assay__work_unbind(assay_device *device, assay__work *work);

// The tensors of a slot: where each lies in its payload of *bytes bytes, 0 when the problem has
// none of them (parts.c). ASSAY_MANIFEST with file and line where tensors overlap, or a map is
// none.
ASSAY_CHECKED assay_status assay__parts_find(const assay_device *device, assay__work *work,
                                             assay__slot *slot, int64_t *bytes, assay_error *error);

// Puts the slots behind `end` of the arena; returns the new end.
VkDeviceSize assay__work_place(assay__work *work, VkDeviceSize end);

// Images of a window (job_image.c). size: width, height, layers and payload of a slot whose packing
// is an image; ASSAY_LIMIT where the device has no such image. bind: memory and views for all
// images. upload and download record the copies, between those of the arena.
ASSAY_CHECKED assay_status assay__image_size(const assay_device *device, const assay_kernel *kernel,
                                             bool guarded, assay__slot *slot, assay_error *error);
ASSAY_CHECKED assay_status assay__image_create(assay_device *device, assay__slot *slot,
                                               assay_error *error);
void assay__image_destroy(assay_device *device, assay__slot *slot);
ASSAY_CHECKED assay_status assay__images_bind(assay__window *window, assay_error *error);
void assay__images_upload(assay__window *window);
void assay__images_download(assay__window *window);

// Uniform buffers of a work: made and destroyed; and those of a window: memory for them, and what
// they hold (job_uniform.c).
ASSAY_CHECKED assay_status assay__uniforms_create(assay_device *device, assay__work *work,
                                                  assay_error *error);
void assay__uniforms_release(assay_device *device, assay__work *work);
ASSAY_CHECKED assay_status assay__uniforms_fill(assay__window *window, assay_error *error);

// ASSAY_LIMIT where the device lacks what the module declares to need (capability.c).
ASSAY_CHECKED assay_status assay__module_needs(const assay_device *device, const assay__module *m,
                                               const char *kernel, assay_error *error);

// Packs, submits, waits, verifies and unpacks all work of the window.
ASSAY_CHECKED assay_status assay__window_run(assay__window *window, assay_error *error);

// The tensors of all work to the device, ready to be used by assay__work_record between
// assay__submit_begin and _wait; and the end of that. The arena is not at rest afterwards.
ASSAY_CHECKED assay_status assay__window_load(assay__window *window, assay_error *error);
void assay__window_unload(assay__window *window);

// Records one run of one work, all its passes; `after` puts a barrier before it, so that it begins
// when what was recorded before has ended.
void assay__work_record(assay__window *window, const assay__work *work, int run, bool after);

// Host side of a window, before and after the device (verify_work.c).
void assay__work_pack(assay_device *device, const assay__work *work);
// The same as a work of the same job that was packed before.
void assay__work_pack_like(assay_device *device, const assay__work *work,
                           const assay__work *packed);
// The parts of a slot that is not plain, whose payload lies at `at` and holds poison; and what
// became of them (part_guards.c).
void assay__parts_pack(const assay__work *work, int run, const assay__slot *slot, uint8_t *at);
void assay__parts_verify(const assay__work *work, int run, const assay__slot *slot,
                         const uint8_t *at);
// The same for a part that alone is in its slot, or not: input elements that changed; the output.
void assay__part_take(const assay__work *work, int run, const assay__part *part, const uint8_t *at);
// Words written outside of a tensor, the first of them at `offset` from the payload's start.
void assay__add_stray(const assay__work *work, int run, const assay__slot *slot, int64_t words,
                      int64_t offset);
// `end`: where the next work, or nothing, begins.
void assay__work_verify(assay_device *device, const assay__work *work, VkDeviceSize end);

#endif
