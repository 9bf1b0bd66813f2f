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
#define ASSAY__LETS_MAX    64

// What a binding is bound to: the index of an input, the output, or a scratch tensor.
#define ASSAY__TENSOR_OUT     ASSAY_INPUTS_MAX
#define ASSAY__TENSOR_SCRATCH (ASSAY_INPUTS_MAX + 1)
#define ASSAY__TENSORS_MAX    (ASSAY__TENSOR_SCRATCH + ASSAY__SCRATCH_MAX)

// How a tensor's image is used, in any pass.
typedef struct assay__image_use {
    bool storage, sampled, linear;
    bool exact; // its size is seen by a shader: it is never larger than it must be
} assay__image_use;

// A specialization constant, or a member of a block.
typedef struct assay__parameter {
    assay__type type;
    uint32_t at;               // byte offset, or constant id
    assay__expression **value; // one for each number, element by element; NULL of what is
    int tensor;                // the shape of an input or the output (-1: none), or
    int attribute;             // an attribute of type DIMS
} assay__parameter;

// Push constants, or what a uniform buffer holds: a parameter for each member of the module's
// block.
typedef struct assay__block {
    uint32_t set, binding; // of a uniform buffer
    uint32_t bytes;        // 0: none
    assay__parameter *member;
    int count;
} assay__block;

// What a descriptor is bound to.
typedef struct assay__binding {
    uint32_t set, binding;
    int tensor; // -1: a sampler alone
    VkDescriptorType type;
    assay__sampling sampling; // of a type that has a sampler
} assay__binding;

typedef struct assay__pass {
    const assay__module *module; // of the kernel
    assay__binding binding[ASSAY__BINDINGS_MAX];
    int binding_count;
    assay__block uniform[ASSAY__UNIFORMS_MAX];
    int uniform_count; // together with binding_count at most ASSAY__BINDINGS_MAX
    assay__block push;
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
    assay__module *module[ASSAY__PASSES_MAX]; // each once; those of the passes
    int module_count;
    struct {
        const char *name;
        assay__expression *expression;
    } let[ASSAY__LETS_MAX]; // each may name those before it
    int let_count;
    assay__expression *when;     // NULL: always
    assay__expression *subgroup; // the size that is asked for; NULL: the device's
    bool full_subgroups;
    bool out_written;               // something that the output is bound to may be written
    bool bound[ASSAY__TENSORS_MAX]; // the tensor has a binding in some pass
    int lead[ASSAY__TENSORS_MAX];   // of a bound one: the first tensor of its buffer or image
    assay__view view[ASSAY__TENSORS_MAX];
    assay__image_kind image[ASSAY__TENSORS_MAX]; // as the shaders declare it (agree.c)
    assay__image_use use[ASSAY__TENSORS_MAX];
    assay__expression *scratch[ASSAY__SCRATCH_MAX];
    assay_storage scratch_storage[ASSAY__SCRATCH_MAX];
    int scratch_count;
    assay__pass pass[ASSAY__PASSES_MAX]; // at least one
    int pass_count;
};

// Everything that vkCmdDispatch needs of one pass.
typedef struct assay__launch {
    uint32_t push[ASSAY__PUSH_BYTES / 4];
    uint32_t uniform[ASSAY__UNIFORMS_MAX][ASSAY__UNIFORM_BYTES / 4];
    uint32_t subgroup;                       // the size that is asked for, or 0
    uint32_t constant[ASSAY__CONSTANTS_MAX]; // bits, in the order of the module's constants
    uint32_t local[3];
    uint32_t groups[3];
} assay__launch;

// The modules of a variant: which of them a pass runs (the first without passes).
typedef struct assay__modules {
    assay__module *item[ASSAY__PASSES_MAX];
    int count;
    int of_pass[ASSAY__PASSES_MAX];
} assay__modules;

void assay__modules_destroy(assay__modules *modules);

// Takes over manifest and modules (both are zeroed, also after a failure). `precision` and `layout`
// are of this variant. Fails with ASSAY_MANIFEST and a line where manifest, operator and modules do
// not fit together.
ASSAY_CHECKED assay_status assay__kernel_create(assay__manifest *manifest, assay__modules *modules,
                                                assay_precision precision, assay_layout layout,
                                                assay_kernel **kernel, assay_error *error);
void assay__kernel_destroy(assay_kernel *kernel);

// The modules that a manifest names: `words` are those of its own shader, NULL where that is to be
// compiled, from `path` (variant.c).
ASSAY_CHECKED assay_status assay__modules_load(const assay__manifest *manifest, const char *path,
                                               const assay_compile_options *extra,
                                               assay_precision precision, assay_layout layout,
                                               const void *words, size_t bytes,
                                               assay__modules *modules, assay_error *error);

#define ASSAY__DEFINITIONS_MAX 64 // of the command line

// The shader that a manifest X.yaml stands beside: X.spv, or where there is none X.comp; false:
// neither.
bool assay__manifest_source(const char *path, char *file, size_t size);

// Whether a name ends so, and is longer (load.c).
bool assay__has_ending(const char *name, const char *ending);

// A whole file; free(*data) (load.c).
ASSAY_CHECKED assay_status assay__file_read(const char *path, char **data, size_t *size,
                                            assay_error *error);

// Whether a pass runs the shader that the manifest belongs to.
bool assay__manifest_runs_own(const assay__manifest *manifest);

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

// Fills everything but manifest, modules, precision, layout and hash from the manifest (resolve.c).
ASSAY_CHECKED assay_status assay__kernel_resolve(assay_kernel *kernel, assay_error *error);

// What is bound in a pass against what its shader declares; `prefix` is where the manifest says so,
// "" or "passes[1]." (agree.c).
ASSAY_CHECKED assay_status assay__agree_bindings(assay_kernel *kernel, assay__pass *pass,
                                                 const char *prefix, assay_error *error);

// The rest of manifest against modules, after the manifest was resolved.
ASSAY_CHECKED assay_status assay__kernel_agree(assay_kernel *kernel, assay_error *error);

// Evaluates one pass for a problem, or a scratch tensor's elements (launch.c). `subgroup` is the
// device's size of subgroups.
ASSAY_CHECKED assay_status assay__kernel_launch(const assay_kernel *kernel,
                                                const assay_problem *problem, int pass,
                                                uint32_t subgroup, assay__launch *launch,
                                                assay_error *error);
ASSAY_CHECKED assay_status assay__kernel_scratch(const assay_kernel *kernel,
                                                 const assay_problem *problem, int scratch,
                                                 int64_t *elements, assay_error *error);

// What expressions may name: the problem's variables; how a tensor lies in memory (in.s, in.texels,
// in.words); a flag for each layout; what the manifest itself named; `subgroup` and local.x,
// local.y, local.z where they are known.
typedef struct assay__scope {
    const assay_kernel_info *info;
    const assay_problem *problem;
    const uint32_t *local;      // NULL: unknown
    uint32_t subgroup;          // 0: unknown
    const assay_kernel *kernel; // whose names `let` holds
    int let_count;
    int64_t let[ASSAY__LETS_MAX];
} assay__scope;
bool assay__scope_lookup(const void *scope, const char *name, int64_t *value);

// Names of real numbers: the operator's FLOAT attributes.
bool assay__scope_lookup_real(const void *scope, const char *name, double *value);

// A scope with the values of everything that the manifest names; fails where one has none (let.c).
ASSAY_CHECKED assay_status assay__scope_open(const assay_kernel *kernel,
                                             const assay_problem *problem, assay__scope *scope,
                                             assay_error *error);

void assay__parameter_clear(assay__parameter *p);
void assay__block_clear(assay__block *block);

// The bytes of a parameter, from where a member stands on, with gaps between array elements left
// alone (parameter.c).
ASSAY_CHECKED assay_status assay__parameter_bytes(const assay__parameter *p,
                                                  const assay__scope *scope, uint8_t *bytes,
                                                  assay_error *error);
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
