// SPDX-License-Identifier: Apache-2.0
// Sanitizers: further runs of a job, each with one thing varied that a right kernel does not depend
// on. What they write is held to what the first runs wrote, bit by bit.
#ifndef ASSAY_SANITIZE_H
#define ASSAY_SANITIZE_H

#include "gpu/device.h"
#include "gpu/kernel.h"

// XX(id, name, what is varied). In the order of the runs; what the first one sees would show in the
// others too.
#define ASSAY_SANITIZE_MAP(XX)                                                                     \
    XX(SHARED, "shared", "what lies in shared memory before the kernel writes there")              \
    XX(REPEAT, "repeat", "nothing: the same twice more")                                           \
    XX(ORDER, "order", "the order of the work groups")                                             \
    XX(SUBGROUPS, "subgroups", "the subgroup size")

typedef enum assay_sanitizer {
#define XX(id, name, what) ASSAY_SANITIZE_##id,
    ASSAY_SANITIZE_MAP(XX)
#undef XX
        ASSAY_SANITIZERS
} assay_sanitizer;

#define ASSAY_SANITIZE_ALL ((1u << ASSAY_SANITIZERS) - 1)

const char *assay_sanitizer_name(assay_sanitizer sanitizer);

// What one sanitizer saw.
typedef struct assay_deviation {
    int64_t elements; // output elements that came out otherwise; 0: none, and nothing below counts
    int64_t first;    // linear index
    float was, became;
    uint32_t subgroup_size; // of SUBGROUPS
    char where[200];        // of SHARED: the variable and its first read; "" where not known
} assay_deviation;

// Whether a sanitizer can say anything about this kernel on this device; else `reason` says why
// not.
bool assay_sanitizer_applies(assay_sanitizer sanitizer, const assay_device_info *device,
                             const assay_kernel *kernel, char *reason, size_t size);

// False where the shader binds samplers or uniform blocks: the pipelines that GPU-assisted
// validation makes of such shaders are refused by some drivers, though the shaders are right.
bool assay_validation_suits(const assay_kernel *kernel);

#endif
