// SPDX-License-Identifier: Apache-2.0
// Shapes and sizes, and logical tensors: dense, row-major, last dimension fastest (N,C,H,W).
#ifndef ASSAY_TENSOR_H
#define ASSAY_TENSOR_H

#include "reference/status.h"

#include <stdbool.h>
#include <stdint.h>

#define ASSAY_RANK_MAX 4

// The most elements that one tensor may have: 2^31 - 1, so that an index fits the int of a shader.
#define ASSAY_ELEMENTS_MAX INT64_C(2147483647)

typedef struct assay_shape {
    int rank;                    // 1 .. ASSAY_RANK_MAX; 0 marks an absent tensor
    int64_t dim[ASSAY_RANK_MAX]; // each >= 1; entries from rank on are 1
} assay_shape;

// The product of all dimensions. Fails with ASSAY_SHAPE when a dimension is below 1 or the product
// passes ASSAY_ELEMENTS_MAX; sizes are checked before they multiply. `name` is used in the message.
ASSAY_CHECKED assay_status assay_shape_count(const assay_shape *shape, const char *name,
                                             int64_t *count, assay_error *error);

// The product of the dimensions of a shape that assay_shape_count has accepted; 0 for an absent one.
int64_t assay_shape_elements(const assay_shape *shape);

bool assay_shape_equal(const assay_shape *a, const assay_shape *b);

// a * b, and a + b, of non-negative sizes; false when the result does not fit.
bool assay_multiply(int64_t a, int64_t b, int64_t *product);
bool assay_add(int64_t a, int64_t b, int64_t *sum);

#endif
