// SPDX-License-Identifier: Apache-2.0
// Which loops a kernel goes through its terms in, and what those of a partial sum have in common.
#ifndef ASSAY_EXPLAIN_LOOPS_H
#define ASSAY_EXPLAIN_LOOPS_H

#include "harness/explain/terms.h"

#define ASSAY__DIGITS_MAX (ASSAY_RANK_MAX + 1)

// Where a term takes its data: one number for each dimension in which the terms differ.
typedef struct assay__digits {
    int count;
    const char *name[ASSAY__DIGITS_MAX];
    int64_t of[ASSAY__TERMS_MAX][ASSAY__DIGITS_MAX];
} assay__digits;

typedef struct assay__chain {
    int count;
    int term[ASSAY__TERMS_MAX]; // in the order in which they are added
} assay__chain;

typedef struct assay__chains {
    int count;
    assay__chain part[ASSAY__TERMS_MAX];
} assay__chains;

// Appends to a text.
void assay__say(char *text, size_t size, const char *format, ...) ASSAY_PRINTF(3, 4);

// The nest of loops that all chains follow: ", in order: columns innermost, then rows".
void assay__say_loops(const assay__terms *terms, const assay__chains *all, char *text, size_t size);

// What tells the chains apart: ", one for each lane", ", of every 4th term"; or nothing.
void assay__say_members(const assay__terms *terms, const assay__chains *all, char *text,
                        size_t size);

#endif
