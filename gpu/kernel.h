// SPDX-License-Identifier: Apache-2.0
// Kernels: a manifest (YAML) and a SPIR-V module, held against each other by reflection when
// loaded. docs/manifests.md describes the language. The project's own kernels come through
// exactly this.
#ifndef ASSAY_KERNEL_H
#define ASSAY_KERNEL_H

#include "reference/operator.h"

typedef struct assay_kernel assay_kernel;

typedef enum assay_precision { ASSAY_F32, ASSAY_F16S, ASSAY_F16A } assay_precision;
typedef enum assay_layout { ASSAY_NCHW, ASSAY_NHWC, ASSAY_NC4HW4, ASSAY_IMAGE } assay_layout;

const char *assay_precision_name(assay_precision precision); // "f32"
const char *assay_layout_name(assay_layout layout);          // "nchw"

// What says how a tensor lies in memory: a layout, or expressions of the manifest.
typedef enum assay_mapping {
    ASSAY_MAPPING_LAYOUT,
    ASSAY_MAPPING_INDEX, // of a buffer
    ASSAY_MAPPING_TEXEL, // of an image
} assay_mapping;

// Arrays of one for each input, and the output at ASSAY_INPUTS_MAX.
typedef struct assay_kernel_info {
    const char *name;    // "conv2d_direct"
    const char *summary; // one line
    const char *file;    // for messages
    const assay_operator *op;
    assay_precision precision; // of this variant
    assay_layout layout;
    int own_layout[ASSAY_INPUTS_MAX + 1];  // 0 the variant's, else an assay_layout plus 1
    int own_lanes[ASSAY_INPUTS_MAX + 1];   // of a texel: 0 four, else 1, 2 or 4
    int own_storage[ASSAY_INPUTS_MAX + 1]; // 0 the precision's, else an assay_storage plus 1
    assay_mapping mapping[ASSAY_INPUTS_MAX + 1];
    int assumed[ASSAY_INPUTS_MAX]; // 1 where the kernel takes all elements of an input for
                                   // assumed_value
    float assumed_value[ASSAY_INPUTS_MAX];
    assay_form form;
    const char *when; // the condition's text, "" when it always applies
    uint64_t hash;    // of SPIR-V and manifest
} assay_kernel_info;

// What glslc is given for every .comp, beside what manifests say.
typedef struct assay_compile_options {
    const char *const *definitions; // NAME or NAME=VALUE; they win over those of manifests
    int definition_count;
    const char *const *folders; // where #include "x" is looked up, behind the shader's own folder
    int folder_count;
} assay_compile_options;

// A set of kernels, in the order they were added.
typedef struct assay_kernels {
    assay_kernel **items;
    int count, capacity;
    assay_compile_options compile; // set before shaders are loaded
} assay_kernels;

void assay_kernels_destroy(assay_kernels *kernels);

// The kernels compiled in from gpu/kernels.
ASSAY_CHECKED assay_status assay_kernels_builtin(assay_kernels *kernels, assay_error *error);

// A shader of anybody's: `X.comp` with its manifest in the head comment (compiled through glslc),
// `X.yaml` beside `X.spv` or `X.comp`, any of them named, or a folder of them. Errors carry file
// and line.
ASSAY_CHECKED assay_status assay_kernels_load(assay_kernels *kernels, const char *path,
                                              assay_error *error);

const assay_kernel_info *assay_kernel_get_info(const assay_kernel *kernel);

// What an input, or the output (ASSAY_INPUTS_MAX), is stored in: f32 or f16. Pixels are RGBA8
// whatever this says.
assay_storage assay_kernel_storage(const assay_kernel_info *info, int tensor);

// True when the kernel computes this problem; otherwise `reason` says which condition or limit
// excludes it.
bool assay_kernel_applies(const assay_kernel *kernel, const assay_problem *problem, char *reason,
                          size_t reason_size);

#endif
