// SPDX-License-Identifier: Apache-2.0
// How a logical tensor lies in a buffer: the one place that packs and unpacks. A row of the table
// for each precision and layout.
#ifndef ASSAY_LAYOUT_H
#define ASSAY_LAYOUT_H

#include "gpu/kernel.h"

typedef struct assay__layout {
    assay_precision precision;
    assay_layout layout;

    // Bytes that `elements` logical elements of this shape take, a multiple of 4.
    int64_t (*bytes)(const assay_shape *shape);

    // From and to dense, row-major f32. pack leaves what is no logical element untouched.
    void (*pack)(const assay_shape *shape, const float *logical, void *packed);
    void (*unpack)(const assay_shape *shape, const void *packed, float *logical);

    // How many logical elements of `packed` have other bits than pack gave them; the first in
    // *first, else -1.
    int64_t (*changed)(const assay_shape *shape, const float *logical, const void *packed,
                       int64_t *first);
} assay__layout;

// NULL when there is no such row.
const assay__layout *assay__layout_find(assay_precision precision, assay_layout layout);

#endif
