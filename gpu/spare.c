// SPDX-License-Identifier: Apache-2.0
// What stands in a tensor's memory where none of its elements lies.
#include "gpu/job.h"
#include "gpu/pack_internal.h"

#include <string.h>

typedef enum place { ELEMENT, SPARE, OUTSIDE } place;

static place place_of(const assay__packing *p, int64_t at)
{
    const assay__map *m = p->map;
    if (!m)
        return assay__is_element(p, at, false)  ? ELEMENT
               : assay__is_element(p, at, true) ? SPARE
                                                : OUTSIDE;
    if (m->width > 0) {
        int64_t texel = at / p->texel, x = texel % p->width, y = texel / p->width % p->height,
                z = texel / p->width / p->height;
        if (x >= m->width || y >= m->height || z >= m->layers)
            return OUTSIDE;
        at = ((z * m->height + y) * m->width + x) * p->texel + at % p->texel;
    }
    return assay__map_uses(m, at) ? ELEMENT : SPARE;
}

// Memory that is all elements from `at` on is passed over, a word of the map at once.
static int64_t next_place(const assay__packing *p, int64_t at)
{
    while (p->map && p->map->width == 0 && at % 64 == 0 && at + 64 <= p->elements &&
           p->map->used[at / 64] == UINT64_MAX)
        at += 64;
    return at;
}

static uint32_t poison_at(assay_storage storage, int phase, int64_t at)
{
    const uint32_t poison = ASSAY_POISON_BITS;
    int64_t bytes = assay__stored_bytes(storage), start = (phase + at * bytes) % 4;
    uint32_t bits = 0;
    memcpy(&bits, (const uint8_t *)&poison + start, (size_t)bytes);
    return bits;
}

static bool has_pattern(int run, assay__spare what)
{
    return what == ASSAY__SPARE_PREFILL || what == ASSAY__SPARE_ZERO ||
           (what == ASSAY__SPARE_HOSTILE && run > 0);
}

static uint32_t pattern(const assay__packing *p, int run, assay__spare what, int64_t at)
{
    return what == ASSAY__SPARE_ZERO      ? 0
           : what == ASSAY__SPARE_PREFILL ? assay__prefill_of(p->storage, run)
                                          : assay__beside(p->storage, at);
}

static bool all_elements(const assay__packing *p)
{
    return p->map ? p->map->count == p->elements : p->lanes == 1;
}

void assay__spare_fill(const assay__packing *p, int run, assay__spare what, void *packed)
{
    if (!has_pattern(run, what) || all_elements(p))
        return;
    for (int64_t at = next_place(p, 0); at < p->elements; at = next_place(p, at + 1))
        if (place_of(p, at) == SPARE)
            assay__store(p->storage, packed, at, pattern(p, run, what, at));
}

static void note(int64_t *count, int64_t *first, int64_t *last_word, int64_t byte)
{
    if (*count == 0)
        *first = byte;
    *count += byte / 4 != *last_word;
    *last_word = byte / 4;
}

assay__spare_report assay__spare_check(const assay__packing *p, const assay__packing *below,
                                       int run, assay__spare what, int phase, const void *packed)
{
    assay__spare_report report = {0};
    int64_t stray_word = -1, nonzero_word = -1, bytes = assay__stored_bytes(p->storage);
    uint32_t sign = p->storage == ASSAY_STORAGE_F16   ? 0x8000
                    : p->storage == ASSAY_STORAGE_F32 ? 0x80000000
                                                      : 0;
    if (all_elements(p))
        return report;
    for (int64_t at = next_place(p, 0); at < p->elements; at = next_place(p, at + 1)) {
        place where = place_of(p, at);
        if (where == ELEMENT || (where == SPARE && what == ASSAY__SPARE_ANY))
            continue;
        uint32_t bits = assay__load(p->storage, packed, at);
        if (where == SPARE && what == ASSAY__SPARE_ZERO) {
            if (bits & ~sign)
                note(&report.nonzero, &report.nonzero_offset, &nonzero_word, at * bytes);
            continue;
        }
        if (below && place_of(below, at) == ELEMENT)
            continue;
        uint32_t expected = where == SPARE && has_pattern(run, what)
                                ? pattern(p, run, what, at)
                                : poison_at(p->storage, phase, at);
        if (bits != expected)
            note(&report.stray, &report.stray_offset, &stray_word, at * bytes);
    }
    return report;
}
