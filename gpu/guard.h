// SPDX-License-Identifier: Apache-2.0
// Patterns in memory: filling with a word, and finding the words that are not it.
#ifndef ASSAY_GUARD_H
#define ASSAY_GUARD_H

#include <stddef.h>
#include <stdint.h>

// Fills bytes (a multiple of 4, aligned to 4) with a word.
void assay__fill(void *at, size_t bytes, uint32_t word);

// How many words are not `word`; the byte offset of the first in *first (untouched when none). At
// the speed of memcmp where all are.
int64_t assay__count_other(const void *at, size_t bytes, uint32_t word, size_t *first);

// How many words are `word`; the index of the first in *first, -1 when none.
int64_t assay__count_same(const void *at, size_t bytes, uint32_t word, int64_t *first);

#endif
