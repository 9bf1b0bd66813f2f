// SPDX-License-Identifier: Apache-2.0
// A batch of jobs on its way through the device: placed, recorded, verified.
#ifndef ASSAY_JOB_INTERNAL_H
#define ASSAY_JOB_INTERNAL_H

#include "gpu/job.h"
#include "gpu/launch.h"

// One tensor of one run of one job.
typedef struct assay__slot {
    VkBuffer buffer;
    assay__span span;      // of the tensor itself, in the arena
    VkDeviceSize occupied; // bytes that the buffer takes from span.offset on
} assay__slot;

typedef struct assay__entry {
    assay_job *job;
    assay__launch launch;
    const assay__pipeline *pipeline[ASSAY__PASSES_MAX];
    assay__slot slot[ASSAY_RUNS][ASSAY__TENSORS_MAX];
    VkDescriptorSet set[ASSAY_RUNS][ASSAY__PASSES_MAX][ASSAY__SETS_MAX];
} assay__entry;

typedef struct assay__batch {
    assay_device *device;
    assay__entry *entries;
    int count;
    VkDeviceSize end; // of the arena that the batch uses
    VkDescriptorPool pool;
} assay__batch;

// Bytes of the arena that a launch takes, alignment included, from above.
VkDeviceSize assay__launch_footprint(const assay__launch *launch);

// Creates and binds the buffers, packs the inputs, prefills the outputs, makes the descriptor sets.
ASSAY_CHECKED assay_status assay__batch_place(assay__batch *batch, assay_error *error);

// Records everything, submits and waits.
ASSAY_CHECKED assay_status assay__batch_submit(assay__batch *batch, assay_error *error);

// After the wait: outputs to the jobs, guards verified, the arena back to rest.
void assay__batch_collect(assay__batch *batch);

void assay__batch_release(assay__batch *batch);

// Validation messages since the last call go to this job.
void assay__job_blame(assay_device *device, assay_job *job);

#endif
