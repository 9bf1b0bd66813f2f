// SPDX-License-Identifier: Apache-2.0
#include "gpu/guard.h"

#include <string.h>

void assay__fill(void *at, size_t bytes, uint32_t word)
{
    const size_t chunk = 4096; // stays in the first cache while it is copied on
    char *to = at;
    size_t done = bytes < 4 ? 0 : 4;
    memcpy(to, &word, done);
    while (done < bytes) {
        size_t n = done < chunk ? done : chunk;
        n = n < bytes - done ? n : bytes - done;
        memcpy(to + done, to, n);
        done += n;
    }
}

static uint32_t load(const char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

int64_t assay__count_other(const void *at, size_t bytes, uint32_t word, size_t *first)
{
    const char *from = at;
    int64_t count = 0;
    if (bytes < 4)
        return 0;
    // All words equal the first one when the memory equals itself moved by a word.
    if (load(from) == word && memcmp(from, from + 4, bytes - 4) == 0)
        return 0;
    for (size_t i = 0; i < bytes; i += 4)
        if (load(from + i) != word && count++ == 0)
            *first = i;
    return count;
}

int64_t assay__count_same(const void *at, size_t bytes, uint32_t word, int64_t *first)
{
    const char *from = at;
    int64_t count = 0;
    *first = -1;
    for (size_t i = 0; i < bytes; i += 4)
        if (load(from + i) == word && count++ == 0)
            *first = (int64_t)(i / 4);
    return count;
}
