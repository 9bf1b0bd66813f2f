// SPDX-License-Identifier: Apache-2.0
// Between the files that resolve a manifest.
#ifndef ASSAY_RESOLVE_INTERNAL_H
#define ASSAY_RESOLVE_INTERNAL_H

#include "gpu/kernel_internal.h"

// Where a kernel is resolved: the problem gives names, not values.
typedef struct assay__resolver {
    assay_kernel *kernel;
    const assay__manifest *manifest;
    assay_problem problem;
    const assay__pass *top; // the first pass with the bindings of the manifest's top, or NULL
    assay_error *error;
} assay__resolver;

// Index of text in a list of names, or -1.
int assay__index_in(const char *text, const char *const *names, int count);

// What an expression may name besides shapes, attributes and lets.
#define ASSAY__NAMES_PLAIN    0u
#define ASSAY__NAMES_SUBGROUP 1u // constants
#define ASSAY__NAMES_LAUNCH   2u // blocks and dispatches: the work group size as well

// Parses an expression and checks its names. ASSAY_MANIFEST with the line of `path`.
ASSAY_CHECKED assay_status assay__resolve_expression(assay__resolver *r, const char *path,
                                                     const char *text, unsigned names,
                                                     assay__expression **expression);

// The same with the letters of an input or the output as names of further numbers.
ASSAY_CHECKED assay_status assay__resolve_element(assay__resolver *r, const char *path,
                                                  const char *text, int tensor,
                                                  assay__expression **expression);
// The same for a real number.
ASSAY_CHECKED assay_status assay__resolve_real(assay__resolver *r, const char *path,
                                               const char *text, unsigned names,
                                               assay__expression **expression);

// What the manifest names for the expressions that follow (let.c).
ASSAY_CHECKED assay_status assay__resolve_lets(assay__resolver *r);

// A block of the shader, and how messages call its members.
typedef struct assay__target {
    const assay__module *module;
    const assay__module_block *declared;
    const char *what;
    bool std140;
} assay__target;

// The members of a block, in the shader's order; `path` is that of the list (resolve_block.c).
ASSAY_CHECKED assay_status assay__resolve_block(assay__resolver *r, const char *path,
                                                const assay__manifest_member *list, unsigned count,
                                                const assay__target *target, assay__block *block);

// What is bound in a pass, `prefix` being "" or "passes[1]." (resolve_binding.c); and that every
// tensor is bound somewhere.
ASSAY_CHECKED assay_status assay__resolve_bindings(assay__resolver *r, const char *prefix,
                                                   const assay__manifest_binding *list,
                                                   unsigned count, assay__pass *pass);
ASSAY_CHECKED assay_status assay__resolve_all_bound(assay__resolver *r);

// What the kernel assumes of inputs that nothing binds, once all bindings are known.
ASSAY_CHECKED assay_status assay__resolve_assumptions(assay__resolver *r);

// ASSAY__TENSOR_OUT, an input's index, a scratch tensor, or -1.
int assay__find_tensor(const assay__resolver *r, const char *name);

// Notes which tensors lie where expressions say: they have no `words` in any expression.
void assay__views_declare(assay__resolver *r);

// The tensors of a binding at `place`: what the manifest says of them, and the first of them in
// *lead; -1 of a sampler alone (resolve_view.c).
ASSAY_CHECKED assay_status assay__resolve_views(assay__resolver *r, const char *place,
                                                const assay__manifest_binding *b, int *lead);

// `storage` of a tensor: f32 or f16, ASSAY_MANIFEST with the line of `path` for others.
ASSAY_CHECKED assay_status assay__resolve_storage(assay__resolver *r, const char *path,
                                                  const char *text, assay_storage *storage);

// Adds a pass to the kernel: what is bound in it; the rest of it follows.
ASSAY_CHECKED assay_status assay__resolve_pass_bindings(assay__resolver *r,
                                                        const assay__manifest_pass *own,
                                                        unsigned index);

// The rest of a pass; `own` is NULL where the manifest has no passes. What a pass does not
// give, it has from the top of the manifest.
ASSAY_CHECKED assay_status assay__resolve_pass(assay__resolver *r, const assay__manifest_pass *own,
                                               unsigned index);

#endif
