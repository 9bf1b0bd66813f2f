// SPDX-License-Identifier: Apache-2.0
// The terms of one element of an output that is a sum: which element of the data each of them
// takes, and which factor it meets. With them a probe says what is added up, and nothing else is.
#ifndef ASSAY_EXPLAIN_TERMS_H
#define ASSAY_EXPLAIN_TERMS_H

#include "harness/explain/explain_internal.h"

#define ASSAY__TERMS_MAX 64 // of a longer sum the first ones: the others are zero in every probe

typedef struct assay__terms {
    assay_problem problem; // without an activation
    int64_t out;           // the element
    int factors;           // the input that the data meet, -1: the sum of the data, perhaps divided
    int count;
    int64_t all;                                              // terms of the whole sum
    int64_t data[ASSAY__TERMS_MAX], factor[ASSAY__TERMS_MAX]; // elements of the inputs
    double weight; // what the element is where one term is 1 (times 1)
} assay__terms;

// True for sums of products and for means.
bool assay__is_sum(const assay_problem *problem);

// The terms of the first element that has most of them, or of the last such. Found in the reference
// alone. count is 0 where the operator is no sum, or too large to ask.
ASSAY_CHECKED assay_status assay__terms_find(const assay__workbench *bench,
                                             const assay_problem *problem, bool last,
                                             assay__terms *terms, assay_error *error);

// Runs `count` sums, a row of terms->count numbers of data and of factors each (NULL: ones):
// result[k] is what the kernel wrote, over weight; NaN where it did not run. *steady becomes false
// where the two runs of one differ.
ASSAY_CHECKED assay_status assay__terms_run(assay__workbench *bench, const assay__terms *terms,
                                            const double *data, const double *factor, int count,
                                            double *result, bool *steady, assay_error *error);

#endif
