// SPDX-License-Identifier: Apache-2.0
// Rows along an axis, and their sums of powers of e: what softmax and log_softmax share.
#ifndef ASSAY_AXIS_ROWS_INTERNAL_H
#define ASSAY_AXIS_ROWS_INTERNAL_H

#include "reference/ball.h"
#include "reference/operator_internal.h"

// The attribute `axis` of both.
#define ASSAY_ATTRIBUTE_ROW_AXIS                                                                       \
    {                                                                                              \
        .name = "axis", .spelling = "axis", .variable = "axis", .type = ASSAY_ATTRIBUTE_INT,       \
        .always = true, .least = 0, .most = 3, .standard = {.i = {1}},                             \
        .summary = "dimension of the rows: 0 n, 1 c, 2 h, 3 w"                                     \
    }

// Element k of the row at (outer, inner) is [outer * length + k] * step + inner.
typedef struct assay__axis_rows {
    int64_t outer, length, step;
} assay__axis_rows;

assay__axis_rows assay__axis_rows_of(const assay_problem *problem);

// Where row 0 .. outer * step - 1 starts.
int64_t assay__axis_row_start(const assay__axis_rows *rows, int64_t row);

double assay__axis_row_most(const float *row, const assay__axis_rows *rows);
bool assay__axis_row_finite(const float *row, const assay__axis_rows *rows);

// x - most, and exp of that; minus infinity stays what it is and gives exactly 0.
assay_ball assay__axis_row_shifted(double x, double most, const assay_arithmetic *m);
assay_ball assay__axis_row_power(double x, double most, const assay_arithmetic *m);

// The sum of a row's powers in any order: every term passes at most n - 1 additions.
assay_ball assay__axis_row_sum(const float *row, double most, const assay__axis_rows *rows,
                          const assay_arithmetic *m);

// The same in fp64.
double assay__axis_row_total(const float *row, double most, const assay__axis_rows *rows);

#endif
