// SPDX-License-Identifier: Apache-2.0
// Ways to number the elements of an output: by its dimensions, by the work group that writes an
// element, and by the element's place in what that group writes.
#ifndef ASSAY_EXPLAIN_BLOCKS_H
#define ASSAY_EXPLAIN_BLOCKS_H

#include "harness/explain/explain_internal.h"

// One numbering. "the last <noun><tail>", "<noun>s<tail> with <variable> mod 4 = 3".
typedef struct assay__axis {
    const char *noun, *tail, *variable;
    int64_t size;  // numbers are below
    bool channels; // of slices of four
    bool places;   // in what a group writes
} assay__axis;

// What a work group writes.
typedef struct assay__block {
    int64_t count, first[ASSAY_RANK_MAX], last[ASSAY_RANK_MAX];
    int64_t seen; // while elements are numbered one after the other
} assay__block;

#define ASSAY__AXES_MAX (2 * ASSAY_RANK_MAX + 4)

typedef struct assay__numbering {
    const assay_shape *shape;
    const assay_writers *writers; // NULL: nothing is known of work groups
    assay__axis axis[ASSAY__AXES_MAX];
    int count, groups, places; // axes; the first of groups, and of places
    assay__block *block;       // of each work group
    bool boxes;                // blocks are boxes, and places are numbered by dimension
    int dim[ASSAY__AXES_MAX];  // of an axis: the dimension, or x, y, z
} assay__numbering;

// `writers` may be NULL, or not observed.
ASSAY_CHECKED assay_status assay__numbering_create(const assay_problem *problem,
                                                   const assay_writers *writers,
                                                   assay__numbering *numbering, assay_error *error);
void assay__numbering_destroy(assay__numbering *numbering);

// The numbers of element i on each axis, and how many of them come behind; -1 where it has none.
// Called once for each element, in their order.
void assay__numbering_of(assay__numbering *numbering, int64_t i, int64_t *number, int64_t *behind);

#endif
