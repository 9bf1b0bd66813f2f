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
    assay_error *error;
} assay__resolver;

// Index of text in a list of names, or -1.
int assay__index_in(const char *text, const char *const *names, int count);

// Parses an expression and checks its names. `local`: whether it may name the work group size.
// ASSAY_MANIFEST with the line of `path`.
ASSAY_CHECKED assay_status assay__resolve_expression(assay__resolver *r, const char *path,
                                                     const char *text, bool local,
                                                     assay__expression **expression);

// The same with the letters of an input or the output as names of further numbers.
ASSAY_CHECKED assay_status assay__resolve_element(assay__resolver *r, const char *path,
                                                  const char *text, int tensor,
                                                  assay__expression **expression);

// ASSAY__TENSOR_OUT, an input's index, a scratch tensor, or -1.
int assay__find_tensor(const assay__resolver *r, const char *name);

// Notes which tensors lie where expressions say: they have no `words` in any expression.
void assay__views_declare(assay__resolver *r);

// The tensors of binding i: what the manifest says of them, and the first of them in *lead
// (resolve_view.c).
ASSAY_CHECKED assay_status assay__resolve_views(assay__resolver *r, unsigned i, int *lead);

// `storage` of a tensor: f32 or f16, ASSAY_MANIFEST with the line of `path` for others.
ASSAY_CHECKED assay_status assay__resolve_storage(assay__resolver *r, const char *path,
                                                  const char *text, assay_storage *storage);

// Adds a pass to the kernel; `own` is NULL where the manifest has no passes. What a pass does not
// give, it has from the top of the manifest.
ASSAY_CHECKED assay_status assay__resolve_pass(assay__resolver *r, const assay__manifest_pass *own,
                                               unsigned index);

#endif
