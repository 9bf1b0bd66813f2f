// SPDX-License-Identifier: Apache-2.0
// Finding a result by its check, in constant time.
#ifndef ASSAY_LOOKUP_H
#define ASSAY_LOOKUP_H

#include "reports/result.h"

// A hash table of places in an array of results that the caller keeps. Zeroed it is empty and
// whole.
typedef struct assay_lookup {
    size_t *slots; // 1 + place, 0 is free
    size_t capacity;
    size_t count;
} assay_lookup;

#define ASSAY_LOOKUP_NONE SIZE_MAX

// Adds results[place] unless its check is already there; *added says which. `results` may have
// moved since the last call, but must hold the same results. Fails only with ASSAY_MEMORY.
ASSAY_CHECKED assay_status assay_lookup_add(assay_lookup *lookup, const assay_result *results,
                                            size_t place, bool *added, assay_error *error);

// The place of the first result of that check, or ASSAY_LOOKUP_NONE.
size_t assay_lookup_find(const assay_lookup *lookup, const assay_result *results,
                         const char *check);

void assay_lookup_destroy(assay_lookup *lookup);

#endif
