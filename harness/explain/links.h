// SPDX-License-Identifier: Apache-2.0
// Which element of an input reaches which element of the output, in the kernel and in the
// reference: found with impulses, one an element. Works for every operator, since only whether and
// how much an output moves is looked at.
#ifndef ASSAY_EXPLAIN_LINKS_H
#define ASSAY_EXPLAIN_LINKS_H

#include "harness/explain/explain_internal.h"

typedef enum assay__link { ASSAY__NEITHER, ASSAY__BOTH, ASSAY__EXTRA, ASSAY__MISSING } assay__link;

typedef struct assay__links {
    const assay_problem *problem;
    int tensor; // the input with the impulses
    int names;  // the input whose elements are named by the responses, -1: none
    int64_t in_count, out_count;
    int64_t step;                    // only every step-th element got an impulse
    uint8_t *link;                   // [in][out], an assay__link
    float *kernel, *right;           // [in][out]: what was added to the output
    int64_t extra, missing, changed; // links, and links of both whose responses differ
} assay__links;

// The name of element k of a named input, 1 .. 2047: a number of every format.
static inline float assay__name_of(int64_t k)
{
    return (float)(k % 2047 + 1);
}

ASSAY_CHECKED assay_status assay__links_create(assay__workbench *bench,
                                               const assay_problem *problem, int tensor,
                                               assay__links *map, assay_error *error);
void assay__links_destroy(assay__links *map);

static inline int64_t assay__links_at(const assay__links *map, int64_t in, int64_t out)
{
    return in * map->out_count + out;
}

// What the differences of a map say; each a file.
void assay__read_named(assay__workbench *bench, const assay__links *map);
void assay__read_windows(assay__workbench *bench, const assay__links *map);
void assay__read_rows(assay__workbench *bench, const assay__links *map);
void assay__read_points(assay__workbench *bench, const assay__links *map);
void assay__read_missing(assay__workbench *bench, const assay__links *map);

#endif
