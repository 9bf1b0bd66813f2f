// SPDX-License-Identifier: Apache-2.0
// The plan: every selected case with every selected kernel of its operator, in an order that lets
// checks of the same case share inputs and reference. A check that does not apply is kept, with its
// reason: nothing is skipped silently.
#ifndef ASSAY_PLAN_H
#define ASSAY_PLAN_H

#include "fixtures/caselist.h"
#include "fixtures/fixture.h"
#include "gpu/kernel.h"
#include "reports/result.h"

typedef struct assay_check {
    const assay_kernel *kernel;
    int kernel_number; // among the kernels of the selection
    const assay_case *c;
    const assay_vector *vector; // stored inputs; NULL when the data set generates them
    bool applies;
    char reason[160];      // why not
    char text[ASSAY_TEXT]; // "conv2d_direct:f32:nchw@0 conv2d/..."
} assay_check;

typedef struct assay_plan {
    assay_check *checks;
    size_t count, capacity;
} assay_plan;

typedef struct assay_selection {
    const assay_kernels *kernels;
    const char *kernel_glob; // NULL: all
    const char *precision;   // NULL: all
    const char *layout;      // NULL: all
    int device;              // index, part of the check's identity
} assay_selection;

void assay_plan_destroy(assay_plan *plan);

// Adds the checks of one case; `vector` may be NULL. The case, the kernels and the vector must
// outlive the plan. *added counts the checks, whether they apply or not; it may be NULL.
ASSAY_CHECKED assay_status assay_plan_add(assay_plan *plan, const assay_selection *selection,
                                          const assay_case *c, const assay_vector *vector,
                                          int *added, assay_error *error);

// Keeps shard i of n (1 <= i <= n): the cases are dealt out in turn, so a case stays whole.
void assay_plan_shard(assay_plan *plan, int i, int n);

// "conv2d_direct:f32:nchw@0 conv2d/..."
void assay_check_name(const assay_kernel_info *info, int device, const assay_case *c,
                      char text[ASSAY_TEXT]);

// Fills the identity of the check's result: check, kernel, operator, precision, layout, case,
// flops, bytes.
void assay_check_describe(const assay_check *check, assay_result *result);

#endif
