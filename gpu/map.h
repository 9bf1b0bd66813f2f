// SPDX-License-Identifier: Apache-2.0
// Where the elements of a tensor lie when expressions of a manifest say it: evaluated once into a
// table, and proven to be a place of its own for each.
#ifndef ASSAY_MAP_H
#define ASSAY_MAP_H

#include "gpu/kernel_internal.h"

typedef struct assay__map {
    int64_t count;    // logical elements
    int64_t elements; // of memory, what lies between them included
    int64_t width, height,
        layers;     // of an image, whose texels lie row by row, layer by layer; else 0
    uint32_t *at;   // of each logical element in row-major order, below `elements`
    uint64_t *used; // a bit for each element of memory: a logical element lies there
} assay__map;

// `tensor` is an input or ASSAY__TENSOR_OUT, present, and the kernel has an index or a texel for
// it. Fails with ASSAY_MANIFEST, file and line where an element lies outside of the tensor, or two
// lie at one place; with ASSAY_LIMIT where it takes more than `most` elements.
ASSAY_CHECKED assay_status assay__map_create(const assay_kernel *kernel,
                                             const assay_problem *problem, int tensor, int64_t most,
                                             assay__map **map, assay_error *error);
void assay__map_destroy(assay__map *map);

static inline bool assay__map_uses(const assay__map *map, int64_t at)
{
    return map->used[at / 64] >> (at % 64) & 1;
}

#endif
