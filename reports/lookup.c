// SPDX-License-Identifier: Apache-2.0
#include "reports/lookup.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

// The slot that holds the check, or the free one where it belongs. Linear probing; the table is at
// most half full.
static size_t slot_of(const assay_lookup *lookup, const assay_result *results, const char *check)
{
    size_t mask = lookup->capacity - 1;
    size_t slot = (size_t)XXH3_64bits(check, strnlen(check, ASSAY_TEXT)) & mask;
    while (lookup->slots[slot] &&
           strncmp(results[lookup->slots[slot] - 1].check, check, ASSAY_TEXT) != 0)
        slot = (slot + 1) & mask;
    return slot;
}

static assay_status grow(assay_lookup *lookup, const assay_result *results, assay_error *error)
{
    assay_lookup larger = {.capacity = lookup->capacity ? lookup->capacity * 2 : 64};
    larger.slots = calloc(larger.capacity, sizeof *larger.slots);
    if (!larger.slots)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for a table of %zu results",
                          larger.capacity);
    for (size_t i = 0; i < lookup->capacity; i++)
        if (lookup->slots[i])
            larger.slots[slot_of(&larger, results, results[lookup->slots[i] - 1].check)] =
                lookup->slots[i];
    larger.count = lookup->count;
    free(lookup->slots);
    *lookup = larger;
    return ASSAY_OK;
}

assay_status assay_lookup_add(assay_lookup *lookup, const assay_result *results, size_t place,
                              bool *added, assay_error *error)
{
    if (lookup->count * 2 >= lookup->capacity)
        ASSAY_TRY(grow(lookup, results, error));
    size_t slot = slot_of(lookup, results, results[place].check);
    *added = lookup->slots[slot] == 0;
    if (*added) {
        lookup->slots[slot] = place + 1;
        lookup->count++;
    }
    return ASSAY_OK;
}

size_t assay_lookup_find(const assay_lookup *lookup, const assay_result *results, const char *check)
{
    if (!lookup->capacity)
        return ASSAY_LOOKUP_NONE;
    size_t found = lookup->slots[slot_of(lookup, results, check)];
    return found ? found - 1 : ASSAY_LOOKUP_NONE;
}

void assay_lookup_destroy(assay_lookup *lookup)
{
    if (!lookup)
        return;
    free(lookup->slots);
    memset(lookup, 0, sizeof *lookup);
}
