// SPDX-License-Identifier: Apache-2.0
// A kernel: what its manifest means for its operator and its module.
#ifndef ASSAY_KERNEL_INTERNAL_H
#define ASSAY_KERNEL_INTERNAL_H

#include "gpu/expression.h"
#include "gpu/kernel.h"
#include "gpu/manifest.h"
#include "gpu/module.h"

#define ASSAY__PASSES_MAX  8
#define ASSAY__SCRATCH_MAX 8

// What a binding is bound to: the index of an input, the output, or a scratch tensor.
#define ASSAY__TENSOR_OUT     ASSAY_INPUTS_MAX
#define ASSAY__TENSOR_SCRATCH (ASSAY_INPUTS_MAX + 1)
#define ASSAY__TENSORS_MAX    (ASSAY__TENSOR_SCRATCH + ASSAY__SCRATCH_MAX)

// A push constant or a specialization constant.
typedef struct assay__parameter {
    assay__scalar type;
    uint32_t at;                   // byte offset, or constant id
    assay__expression *expression; // NULL of an ivec4, which is
    int tensor;                    // the shape of an input or the output (-1: none), or
    int attribute;                 // an attribute of type DIMS
} assay__parameter;

typedef struct assay__pass {
    assay__parameter *push; // one for each member of the module's block
    int push_count;
    assay__parameter *constant; // one for each constant of the module, in its order
    int constant_count;
    enum {
        ASSAY__DISPATCH_GROUPS,
        ASSAY__DISPATCH_THREADS, // to be divided by the work group size
        ASSAY__DISPATCH_FLAT,    // threads of one dimension, whose groups are folded into x and y
    } unit;
    assay__expression *dispatch[3]; // NULL: 1
} assay__pass;

// How a tensor lies in what it is bound to, where the manifest says more than a layout.
typedef struct assay__view {
    char place[48];                        // of it in the manifest: "bindings[1].tensors[0]"
    assay__expression *index;              // of a buffer; NULL: a layout
    assay__expression *texel[3], *size[3]; // of an image: z may be missing
    assay__expression *lane;
    assay__expression *elements; // NULL: up to the last one
    assay__expression *offset;   // in elements, from the buffer's start; NULL: 0
    bool zero;                   // fill: zero
    bool open;                   // gaps: free
    bool in_place;               // an input whose memory the output takes
} assay__view;

struct assay_kernel {
    assay_kernel_info info; // its texts belong to the manifest
    assay__manifest manifest;
    assay__module module;
    assay__expression *when; // NULL: always
    struct {
        uint32_t set, binding;
        int tensor; // the first of those in its buffer or image
    } binding[ASSAY__BINDINGS_MAX];
    int binding_count;
    bool bound[ASSAY__TENSORS_MAX]; // the tensor has a binding
    int lead[ASSAY__TENSORS_MAX];   // of a bound one: the first tensor of its buffer or image
    assay__view view[ASSAY__TENSORS_MAX];
    enum {
        ASSAY__IMAGE_NONE, // a buffer
        ASSAY__IMAGE_ARRAY,
        ASSAY__IMAGE_FLAT,       // image2D: one layer
    } image[ASSAY__TENSORS_MAX]; // as the shader declares it (agree.c)
    assay__expression *scratch[ASSAY__SCRATCH_MAX];
    assay_storage scratch_storage[ASSAY__SCRATCH_MAX];
    int scratch_count;
    assay__pass pass[ASSAY__PASSES_MAX]; // at least one
    int pass_count;
};

// Everything that vkCmdDispatch needs of one pass.
typedef struct assay__launch {
    uint32_t push[ASSAY__PUSH_BYTES / 4];
    uint32_t constant[ASSAY__CONSTANTS_MAX]; // bits, in the order of the module's constants
    uint32_t local[3];
    uint32_t groups[3];
} assay__launch;

// Takes over manifest and module (both are zeroed, also after a failure). `precision` and `layout`
// are of this variant. Fails with ASSAY_MANIFEST and a line where manifest, operator and module do
// not fit together.
ASSAY_CHECKED assay_status assay__kernel_create(assay__manifest *manifest, assay__module *module,
                                                assay_precision precision, assay_layout layout,
                                                assay_kernel **kernel, assay_error *error);
void assay__kernel_destroy(assay_kernel *kernel);

// Takes over the kernel, also after a failure. A second kernel of the same name, precision and
// layout is ASSAY_MANIFEST.
ASSAY_CHECKED assay_status assay__kernels_add(assay_kernels *kernels, assay_kernel *kernel,
                                              assay_error *error);

// All variants of a manifest; `module` is NULL for a .comp, which is compiled for each.
ASSAY_CHECKED assay_status assay__kernels_add_variants(assay_kernels *kernels, const char *path,
                                                       const char *text, size_t length,
                                                       int first_line, const char *module,
                                                       size_t module_bytes, assay_error *error);

// The precision or layout that a manifest names; ASSAY_MANIFEST with file and line when it is not
// one that can be run.
ASSAY_CHECKED assay_status assay__precision_parse(const assay__manifest *manifest, unsigned index,
                                                  assay_precision *precision, assay_error *error);
ASSAY_CHECKED assay_status assay__layout_parse(const assay__manifest *manifest, unsigned index,
                                               assay_layout *layout, assay_error *error);

// Fills everything but manifest, module, precision, layout and hash from the manifest (resolve.c).
ASSAY_CHECKED assay_status assay__kernel_resolve(assay_kernel *kernel, assay_error *error);

// Manifest against module, after the manifest was resolved (agree.c).
ASSAY_CHECKED assay_status assay__kernel_agree(assay_kernel *kernel, assay_error *error);

// Evaluates one pass for a problem, or a scratch tensor's elements (launch.c).
ASSAY_CHECKED assay_status assay__kernel_launch(const assay_kernel *kernel,
                                                const assay_problem *problem, int pass,
                                                assay__launch *launch, assay_error *error);
ASSAY_CHECKED assay_status assay__kernel_scratch(const assay_kernel *kernel,
                                                 const assay_problem *problem, int scratch,
                                                 int64_t *elements, assay_error *error);

// What expressions may name: the problem's variables; how a tensor lies in memory (in.s, in.texels,
// in.words); a flag for each layout; and local.x, local.y, local.z where the work group size is
// known.
typedef struct assay__scope {
    const assay_kernel_info *info;
    const assay_problem *problem;
    const uint32_t *local; // NULL: unknown
} assay__scope;
bool assay__scope_lookup(const void *scope, const char *name, int64_t *value);

// The same at one element of a tensor, whose letters are names as well.
typedef struct assay__element_scope {
    const assay__scope *scope;
    const char *letters;
    const int64_t *at; // one a letter
} assay__element_scope;
bool assay__element_lookup(const void *element_scope, const char *name, int64_t *value);

// "nchw", "oihw", "o": of an input or ASSAY__TENSOR_OUT.
const char *assay__tensor_letters(const assay_operator *op, int tensor);

// What the memory of a bound tensor's binding holds: `tensor` as well.
bool assay__kernel_shares(const assay_kernel *kernel, int lead, int tensor);

// "in", "out", or the name of a scratch tensor.
const char *assay__tensor_name(const assay_kernel *kernel, int tensor);

// The index of an input, ASSAY__TENSOR_OUT, or -1.
int assay__tensor_index(const assay_operator *op, const char *name, size_t length);

// Kernels compiled in (generated at build time).
typedef struct assay__builtin {
    const char *file; // "gpu/kernels/relu.comp"
    int precision, layout;
    const char *text; // the file's lines up to the end of its manifest
    size_t text_length;
    const uint32_t *words;
    size_t word_count;
} assay__builtin;

extern const assay__builtin assay__builtins[];
extern const int assay__builtin_count;

#endif
