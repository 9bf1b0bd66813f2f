// SPDX-License-Identifier: Apache-2.0
// A SPIR-V module that spirv-val has accepted, and what reflection says of its compute entry point.
#ifndef ASSAY_MODULE_H
#define ASSAY_MODULE_H

#include "gpu/gpu_internal.h"

#define ASSAY__MODULE_BYTES_MAX ((size_t)64 << 20)
#define ASSAY__MEMBERS_MAX      256 // of all blocks of a module
#define ASSAY__UNIFORMS_MAX     16
#define ASSAY__UNIFORM_BYTES    1024 // of one block
#define ASSAY__DECLARED_MAX     64   // what takes a descriptor; several may take the same
#define ASSAY__CAPABILITIES_MAX 64
#define ASSAY__LABEL_MAX        64 // of a name in the module; display only, "" when stripped

typedef enum assay__scalar {
    ASSAY__INT,
    ASSAY__UINT,
    ASSAY__FLOAT,
    ASSAY__BOOL, // specialization constants alone; in a block it is a uint
    ASSAY__HALF, // from here on: in blocks alone
    ASSAY__SHORT,
    ASSAY__USHORT,
    ASSAY__BYTE,
    ASSAY__UBYTE,
    ASSAY__LONG,
    ASSAY__ULONG,
    ASSAY__OTHER // double, arrays of arrays or of matrices, structures that nest deeper
} assay__scalar;

#define ASSAY__NUMBERS_MAX 64 // of one member

typedef struct assay__type {
    assay__scalar scalar;
    uint32_t lanes;  // 1 to 4
    uint32_t count;  // of an array; 0: none
    uint32_t stride; // bytes from one of its elements to the next
} assay__type;

// "int", "float16_t", "another type"
const char *assay__scalar_name(assay__scalar type);

// "ivec4", "float[3]"
typedef struct assay__type_text {
    char text[48];
} assay__type_text;
assay__type_text assay__type_name(assay__type type);

// Of a scalar; 0 for ASSAY__OTHER.
uint32_t assay__scalar_bytes(assay__scalar type);

typedef enum assay__image_kind {
    ASSAY__IMAGE_NONE,
    ASSAY__IMAGE_ARRAY,  // of two dimensions
    ASSAY__IMAGE_FLAT,   // one layer
    ASSAY__IMAGE_VOLUME, // three dimensions: its depth are the layers
    ASSAY__IMAGE_ROW     // one dimension
} assay__image_kind;

typedef enum assay__declared {
    ASSAY__STORAGE_BUFFER,
    ASSAY__STORAGE_IMAGE,
    ASSAY__SAMPLED_IMAGE, // with its sampler: sampler2D
    ASSAY__TEXTURE,       // without: texture2D
    ASSAY__SAMPLER,
    ASSAY__UNIFORM,
    ASSAY__UNBOUND // what cannot be bound
} assay__declared;

typedef struct assay__module_binding {
    uint32_t set, binding;
    assay__declared kind;
    assay__image_kind image; // NONE also of an image that cannot be bound
    uint32_t format;         // of a storage image: a SpvImageFormat
    bool array;              // of descriptors
    assay__type
        element; // of a storage buffer: of its last member; ASSAY__OTHER where that is a structure
    bool read_only;  // NonWritable, or sampled
    bool write_only; // NonReadable
    char name[ASSAY__LABEL_MAX];
} assay__module_binding;

typedef struct assay__module_member { // of a block
    uint32_t offset;
    assay__type type;
    bool nested;                 // in a structure in the block
    char name[ASSAY__LABEL_MAX]; // "a.w", "b[1].w" where it is nested
} assay__module_member;

typedef struct assay__module_block {
    uint32_t set, binding; // of a uniform block
    uint32_t bytes;        // 0: there is none
    int first, count;      // of its members
} assay__module_block;

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
    assay__module_binding binding[ASSAY__DECLARED_MAX];
    int binding_count;
    assay__module_member member[ASSAY__MEMBERS_MAX];
    int member_count;
    assay__module_block push;
    assay__module_block uniform[ASSAY__UNIFORMS_MAX];
    int uniform_count;
    assay__module_constant constant[ASSAY__CONSTANTS_MAX];
    int constant_count;
    uint32_t local[3];     // work group size with every constant at its default
    int local_constant[3]; // index in `constant` that sets it, or -1
    uint32_t capability[ASSAY__CAPABILITIES_MAX];
    int capability_count;
    bool relaxed_precision;             // something carries RelaxedPrecision (mediump)
    uint32_t relaxed_id, relaxed_block; // the first result, and the first struct, that carry it; 0
    bool asks_size; // texels are looked up by coordinates that depend on an image's size, or it is
                    // asked
} assay__module;

// Takes a copy of `bytes` bytes. Checks size, magic number and byte order, runs spirv-val,
// reflects. `file` is for the message. ASSAY_SPIRV for what is no valid module or has no compute
// entry point `entry` ("": the first one is taken), ASSAY_LIMIT for one with more bindings, members
// or constants than assay holds.
ASSAY_CHECKED assay_status assay__module_create(const void *data, size_t bytes, const char *file,
                                                const char *entry, assay__module *module,
                                                assay_error *error);
void assay__module_destroy(assay__module *module);

// Word offset of the instruction whose result an id is; 0 when there is none.
size_t assay__module_result(const assay__module *module, uint32_t id);

// Instruction at a word offset, or NULL behind the last. The first one stands at
// ASSAY__SPIRV_FIRST.
#define ASSAY__SPIRV_FIRST 5
const uint32_t *assay__spirv_at(const assay__module *module, size_t offset);

// Second half of assay__module_create: module->words are valid, module->entry is set (reflect.c).
ASSAY_CHECKED assay_status assay__module_reflect(assay__module *module, const char *file,
                                                 assay_error *error);

#endif
