// SPDX-License-Identifier: Apache-2.0
// Pooling over windows; the global operators are one window as large as the plane.
#ifndef ASSAY_POOL_INTERNAL_H
#define ASSAY_POOL_INTERNAL_H

#include "reference/operator_internal.h"

typedef struct assay__pool {
    int64_t planes, h, w; // n * c planes of the input
    int64_t out_h, out_w;
    int64_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w;
    int64_t pad[4]; // top, left, bottom, right
    bool include_pad;
} assay__pool;

// Of an operator with kernel_shape, or of a global one.
assay__pool assay__pool_of(const assay_problem *problem);

// infer of an operator with a window, and of a global one.
assay_status assay__pool_infer(assay_problem *problem, assay_error *error);
assay_status assay__pool_infer_global(assay_problem *problem, assay_error *error);

void assay__max_pool(const assay_problem *problem, const float *const *in,
                     assay_reference *reference);
void assay__max_pool_bound(const assay_problem *problem, const float *const *in,
                           const assay_contract *contract, assay_reference *reference);
void assay__avg_pool(const assay_problem *problem, const float *const *in,
                     assay_reference *reference);
void assay__avg_pool_bound(const assay_problem *problem, const float *const *in,
                           const assay_contract *contract, assay_reference *reference);

// Mean number i: a sum and what it is divided by.
void assay__mean_store(const assay__sum *sum, double divisor, assay_reference *reference,
                       int64_t i);

// Fills reference->bound for means of elements of input 0; `divisor` tells what element i is divided by.
typedef double assay__divisor_function(const void *context, int64_t i);
void assay__means_bound(const assay_problem *problem, const float *const *in,
                        const assay_contract *contract, assay__divisor_function *divisor,
                        const void *context, assay_reference *reference);

// Taps that count of a window's axis (0: y, 1: x) at output coordinate `at`; the mean divides by the product of both.
int64_t assay__pool_taps(const assay__pool *pool, int axis, int64_t at);

// The bound of element i, a sum of reference->terms[i] numbers that is divided by `divisor`; value and magnitude are
// those of the mean. `quantum` is that of the numbers, `flushed` the largest of them that may be flushed.
double assay__mean_bound(const assay_reference *reference, int64_t i, double divisor,
                         const assay_arithmetic *a, double quantum, double flushed);

// One operation a tap.
double assay__pool_flops(const assay_problem *problem);

#endif
