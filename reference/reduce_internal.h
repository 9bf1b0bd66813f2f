// SPDX-License-Identifier: Apache-2.0
// Reductions along some of the axes: an output element stands for the row of input elements that it is made of.
#ifndef ASSAY_REDUCE_INTERNAL_H
#define ASSAY_REDUCE_INTERNAL_H

#include "reference/operator_internal.h"

#include <inttypes.h>

#define ASSAY_ATTRIBUTE_AXES                                                                       \
    {                                                                                              \
        .name = "axes", .spelling = "axes", .variable = "axes", .type = ASSAY_ATTRIBUTE_DIMS,      \
        .always = true, .most = 1, .standard = {.i = {0, 0, 1, 1}},                                \
        .summary = "1 for each of n, c, h, w that is reduced to one element"                       \
    }

typedef struct assay__rows {
    int64_t out[4];     // shape of the output
    int64_t size[4];    // extent of a row along each dimension
    int64_t step[4];    // distance of neighbours in the input
    int64_t length;     // elements of a row
} assay__rows;

// Of the axes whose flag is not 0.
assay__rows assay__rows_of(const assay_shape *in, const int64_t *axes);

// Index of the first element of an output element's row, and the distance of the row's element k from it; k counts in
// the order of the input.
int64_t assay__row_first(const assay__rows *rows, int64_t index);
int64_t assay__row_offset(const assay__rows *rows, int64_t k);

// infer of the operators with axes; reference of sums, and of means.
assay_status assay__reduce_infer(assay_problem *problem, assay_error *error);
void assay__reduce_sums(const assay_problem *problem, const float *const *in, bool mean,
                        assay_reference *result);

// One operation an input element.
double assay__reduce_flops(const assay_problem *problem);

#endif
