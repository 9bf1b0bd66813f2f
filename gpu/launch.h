// SPDX-License-Identifier: Apache-2.0
// A launch: everything that a kernel asks of the device for one problem, with all expressions evaluated.
#ifndef ASSAY_LAUNCH_H
#define ASSAY_LAUNCH_H

#include "gpu/gpu_internal.h"
#include "gpu/kernel.h"

#define ASSAY__PASSES_MAX  8
#define ASSAY__SCRATCH_MAX 8

// Tensors of a launch are numbered: inputs first, then the output, then scratch.
#define ASSAY__TENSOR_OUT     ASSAY_INPUTS_MAX
#define ASSAY__TENSOR_SCRATCH (ASSAY_INPUTS_MAX + 1)
#define ASSAY__TENSORS_MAX    (ASSAY__TENSOR_SCRATCH + ASSAY__SCRATCH_MAX)

typedef struct assay__pass {
    assay__pipeline_spec spec; // bindings in the order of tensor_of
    uint8_t push[ASSAY__PUSH_BYTES];
    uint32_t groups[3];
} assay__pass;

typedef struct assay__launch {
    int tensor_of[ASSAY__BINDINGS_MAX]; // by binding of the specs
    int binding_count;
    VkDeviceSize bytes[ASSAY__TENSORS_MAX]; // in the kernel's layout and precision; 0: absent
    assay__pass pass[ASSAY__PASSES_MAX];
    int pass_count;
} assay__launch;

// ASSAY_LIMIT when the device cannot run it; ASSAY_MANIFEST when an expression fails.
ASSAY_CHECKED assay_status assay__kernel_launch(const assay_kernel *kernel,
                                                const assay_problem *problem,
                                                const assay_device_info *device,
                                                assay__launch *launch, assay_error *error);

#endif
