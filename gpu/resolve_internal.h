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

// Adds a pass to the kernel; `own` is NULL where the manifest has no passes. What a pass does not
// give, it has from the top of the manifest.
ASSAY_CHECKED assay_status assay__resolve_pass(assay__resolver *r, const assay__manifest_pass *own,
                                               unsigned index);

#endif
