// SPDX-License-Identifier: Apache-2.0
// A SPIR-V module that spirv-val has accepted, and what reflection says of its compute entry point.
#ifndef ASSAY_MODULE_H
#define ASSAY_MODULE_H

#include "gpu/gpu_internal.h"

#define ASSAY__MODULE_BYTES_MAX ((size_t)64 << 20)
#define ASSAY__MEMBERS_MAX      64
#define ASSAY__CAPABILITIES_MAX 64
#define ASSAY__LABEL_MAX        64 // of a name in the module; display only, "" when stripped

typedef enum assay__scalar {
    ASSAY__INT,
    ASSAY__UINT,
    ASSAY__FLOAT,
    ASSAY__BOOL,
    ASSAY__IVEC4, // four int; push constants alone
    ASSAY__OTHER
} assay__scalar;

// "int", "uint", "float", "bool", "ivec4", "another type"
const char *assay__scalar_name(assay__scalar type);

typedef struct assay__module_binding {
    uint32_t set, binding;
    bool storage_buffer; // else a storage image, or what cannot be bound
    bool storage_image;  // of two dimensions
    bool layers;         // of the image: it is an array of them
    uint32_t format;     // of the image: a SpvImageFormat
    bool array;          // of descriptors
    bool read_only;      // NonWritable
    char name[ASSAY__LABEL_MAX];
} assay__module_binding;

typedef struct assay__module_member { // of the push constant block
    uint32_t offset;
    assay__scalar type; // ASSAY__OTHER for what is no 32-bit scalar and no ivec4
    char name[ASSAY__LABEL_MAX];
} assay__module_member;

typedef struct assay__module_constant { // a specialization constant
    uint32_t id;
    assay__scalar type;
    uint32_t bits; // the default
    char name[ASSAY__LABEL_MAX];
} assay__module_constant;

typedef struct assay__module {
    uint32_t *words; // owned
    size_t word_count;
    uint64_t hash;
    uint32_t version; // 0x00010300 for SPIR-V 1.3
    char entry[ASSAY__LABEL_MAX];
    assay__module_binding binding[ASSAY__BINDINGS_MAX];
    int binding_count;
    assay__module_member member[ASSAY__MEMBERS_MAX];
    int member_count;
    uint32_t push_bytes; // 0 without a push constant block
    assay__module_constant constant[ASSAY__CONSTANTS_MAX];
    int constant_count;
    uint32_t local[3];     // work group size with every constant at its default
    int local_constant[3]; // index in `constant` that sets it, or -1
    uint32_t capability[ASSAY__CAPABILITIES_MAX];
    int capability_count;
    bool relaxed_precision; // something carries RelaxedPrecision (mediump)
} assay__module;

// Takes a copy of `bytes` bytes. Checks size, magic number and byte order, runs spirv-val,
// reflects. `file` is for the message. ASSAY_SPIRV for what is no valid module or has no compute
// entry point `entry`, ASSAY_LIMIT for one with more bindings, members or constants than assay
// holds.
ASSAY_CHECKED assay_status assay__module_create(const void *data, size_t bytes, const char *file,
                                                const char *entry, assay__module *module,
                                                assay_error *error);
void assay__module_destroy(assay__module *module);

// Second half of assay__module_create: module->words are valid, module->entry is set (reflect.c).
ASSAY_CHECKED assay_status assay__module_reflect(assay__module *module, const char *file,
                                                 assay_error *error);

#endif
