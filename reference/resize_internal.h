// SPDX-License-Identifier: Apache-2.0
// Resizing: where an output row or column lies in the input, and how far off a kernel may find it.
#ifndef ASSAY_RESIZE_INTERNAL_H
#define ASSAY_RESIZE_INTERNAL_H

#include "reference/operator_internal.h"

typedef enum assay__coordinates {
    ASSAY__HALF_PIXEL,    // (i + 1/2) in / out - 1/2
    ASSAY__ALIGN_CORNERS, // i (in - 1) / (out - 1), 0 where out is 1
    ASSAY__ASYMMETRIC,    // i in / out
} assay__coordinates;

typedef enum assay__nearest {
    ASSAY__ROUND_PREFER_FLOOR,
    ASSAY__FLOOR,
    ASSAY__ROUND_PREFER_CEIL,
    ASSAY__CEIL,
} assay__nearest;

// One axis of a resize.
typedef struct assay__axis {
    int64_t in, out;
    assay__coordinates coordinates;
    assay__nearest nearest;
} assay__axis;

// Of the problem's height (0) or width (1).
assay__axis assay__axis_of(const assay_problem *problem, int axis);

// The index of the input element that output element i is a copy of: in whole numbers, without any rounding.
int64_t assay__axis_nearest(const assay__axis *axis, int64_t i);

// The index of the element before the coordinate of output element i, which was taken to [0, in - 1], and the weight of
// the next one: 0 <= *weight < 1.
int64_t assay__axis_cell(const assay__axis *axis, int64_t i, double *weight);

// Elements that a kernel may come upon.
typedef struct assay__reach {
    int64_t low, high; // first and last index
    double off;        // the error of the coordinate
} assay__reach;

// Of a kernel that computes the coordinate in f32 under the contract, with a quotient of two sizes for the scale.
// nearest: what it may copy; else: the corners of the cells that it may find.
assay__reach assay__axis_reach(const assay__axis *axis, int64_t i, bool nearest,
                               const assay_contract *contract);

#endif
