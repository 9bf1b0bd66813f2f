// SPDX-License-Identifier: Apache-2.0
// One element of an output as a function of one or two numbers of ours, with the rest of the data
// out of the way: what happens to the bits of a number between an input and the output.
#ifndef ASSAY_EXPLAIN_LINE_H
#define ASSAY_EXPLAIN_LINE_H

#include "harness/explain/explain_internal.h"

// Where a number stands: the element of an input, and that of the factor that it meets.
typedef struct assay__place {
    int input;
    int64_t at, factor_at;
} assay__place;

typedef struct assay__line {
    assay_problem problem; // without an activation
    int64_t out;           // the element
    int count;             // numbers that are added in it: 1, 2, or 0 where none can be told apart
    int factors;           // the input with their factors, -1: none
    assay__place place[2];
    double weight[2]; // what the element is where the number is 1, its factor 1 and all else zero
} assay__line;

// Finds one in the reference: of sums of products, means, sums of two, and what passes a number on.
ASSAY_CHECKED assay_status assay__line_find(const assay__workbench *bench,
                                            const assay_problem *problem, assay__line *line,
                                            assay_error *error);

// What the numbers of a run are; a factor counts where the line has factors.
typedef struct assay__point {
    double number[2], factor[2];
    double written, right; // filled by the run: by the kernel, NaN where it is not steady; and the
                           // reference before the final store
} assay__point;

ASSAY_CHECKED assay_status assay__line_run(assay__workbench *bench, const assay__line *line,
                                           assay__point *points, int count, assay_error *error);

#endif
