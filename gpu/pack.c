// SPDX-License-Identifier: Apache-2.0
// Elements between the logical tensor and memory.
#include "gpu/guard.h"
#include "gpu/job.h"
#include "gpu/pack_internal.h"

#include <math.h>
#include <string.h>

// A row along w, as both sides have it; or what has equal steps in a map.
typedef struct row {
    int64_t from, from_step; // in the logical tensor
    int64_t to, to_step;     // in memory
    int64_t count;
} row;

typedef struct rows {
    const assay__packing *p;
    int64_t n, c, h, channels;
    int64_t number; // of the next element, of a map
} rows;

// Of an element of a tensor that has a map. A guarded image is larger than the map's.
static int64_t mapped(const assay__packing *p, int64_t number)
{
    const assay__map *m = p->map;
    int64_t at = m->at[number], texel = at / p->texel;
    if (m->width == p->width && m->height == p->height)
        return at;
    int64_t x = texel % m->width, y = texel / m->width % m->height,
            z = texel / m->width / m->height;
    return ((z * p->height + y) * p->width + x) * p->texel + at % p->texel;
}

static bool next_steps(rows *i, row *r)
{
    const assay__packing *p = i->p;
    int64_t first = i->number, left = p->map->count - first;
    if (left == 0)
        return false;
    *r = (row){first, 1, mapped(p, first), 0, 1};
    if (left > 1)
        r->to_step = mapped(p, first + 1) - r->to;
    while (r->count < left && mapped(p, first + r->count) == r->to + r->count * r->to_step)
        r->count++;
    i->number += r->count;
    return true;
}

// Rows of all channels, or of all lanes.
static rows rows_of(const assay__packing *p, bool lanes)
{
    int64_t channels = lanes && p->lanes == 4 ? 4 * assay__packing_slices(p) : p->size[1];
    return (rows){p, 0, 0, 0, channels, 0};
}

static bool next_row(rows *i, row *r)
{
    const assay__packing *p = i->p;
    if (p->map)
        return next_steps(i, r);
    if (i->n == p->size[0])
        return false;
    int64_t at = p->lanes == 4 ? i->c / 4 * p->to[1] + i->c % 4 : i->c * p->to[1];
    *r = (row){i->n * p->from[0] + i->c * p->from[1] + i->h * p->from[2], p->from[3],
               i->n * p->to[0] + at + i->h * p->to[2], p->to[3], p->size[3]};
    if (++i->h == p->size[2]) {
        i->h = 0;
        if (++i->c == i->channels) {
            i->c = 0;
            i->n++;
        }
    }
    return true;
}

// Memory is the logical order, in f32.
static bool is_plain(const assay__packing *p)
{
    return !p->map && p->storage == ASSAY_STORAGE_F32 && p->lanes == 1 &&
           memcmp(p->from, p->to, sizeof p->from) == 0;
}

static uint8_t to_byte(float x)
{
    return x >= 255 ? 255 : x > 0 ? (uint8_t)lrintf(x) : 0;
}

static uint32_t to_bits(assay_storage storage, float x)
{
    return storage == ASSAY_STORAGE_F32   ? assay_bits_of_float(x)
           : storage == ASSAY_STORAGE_F16 ? assay_to_f16((double)x)
                                          : to_byte(x);
}

uint32_t assay__prefill_of(assay_storage storage, int run)
{
    static const uint32_t patterns[3][ASSAY_RUNS] = {
        [ASSAY_STORAGE_F32] = {ASSAY_PREFILL_BITS_0,   ASSAY_PREFILL_BITS_1  },
        [ASSAY_STORAGE_F16] = {ASSAY__PREFILL_HALF_0,  ASSAY__PREFILL_HALF_1 },
        [ASSAY_STORAGE_RGBA8] = {ASSAY__PREFILL_PIXEL_0, ASSAY__PREFILL_PIXEL_1},
    };
    return patterns[storage][run];
}

void assay__pack(const assay__packing *p, const float *logical, void *packed)
{
    row r;
    if (is_plain(p)) {
        memcpy(packed, logical, (size_t)p->bytes);
        return;
    }
    for (rows i = rows_of(p, false); next_row(&i, &r);)
        for (int64_t k = 0; k < r.count; k++)
            assay__store(p->storage, packed, r.to + k * r.to_step,
                         to_bits(p->storage, logical[r.from + k * r.from_step]));
}

void assay__pack_beside(const assay__packing *p, void *packed)
{
    row r;
    if (p->lanes == 1 || p->size[1] % 4 == 0)
        return;
    rows i = rows_of(p, true);
    for (bool spare = false; next_row(&i, &r); spare = i.c >= p->size[1])
        for (int64_t k = 0; spare && k < r.count; k++)
            assay__store(p->storage, packed, r.to + k * r.to_step,
                         assay__beside(p->storage, r.to + k * r.to_step));
}

static uint32_t from_half(uint32_t bits)
{
    const uint32_t poison = ASSAY_POISON_BITS;
    if (bits == (poison & 0xFFFF) || bits == poison >> 16)
        return poison;
    return assay_bits_of_float(assay_from_f16((uint16_t)bits));
}

void assay__unpack(const assay__packing *p, int run, const void *packed, float *logical)
{
    uint32_t unwritten = assay__prefill_of(p->storage, run),
             prefill = assay__prefill_of(ASSAY_STORAGE_F32, run);
    row r;
    if (is_plain(p)) {
        memcpy(logical, packed, (size_t)p->bytes);
        return;
    }
    for (rows i = rows_of(p, false); next_row(&i, &r);)
        for (int64_t k = 0; k < r.count; k++) {
            uint32_t bits = assay__load(p->storage, packed, r.to + k * r.to_step);
            if (bits == unwritten)
                bits = prefill;
            else if (p->storage == ASSAY_STORAGE_F16)
                bits = from_half(bits);
            else if (p->storage == ASSAY_STORAGE_RGBA8)
                bits = assay_bits_of_float((float)bits);
            memcpy(&logical[r.from + k * r.from_step], &bits, sizeof bits);
        }
}

void assay__pixels_settle(float *run0, float *run1, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        bool kept0 = assay_bits_of_float(run0[i]) == ASSAY_PREFILL_BITS_0;
        bool kept1 = assay_bits_of_float(run1[i]) == ASSAY_PREFILL_BITS_1;
        if (kept0 && !kept1)
            run0[i] = (float)ASSAY__PREFILL_PIXEL_0;
        if (kept1 && !kept0)
            run1[i] = (float)ASSAY__PREFILL_PIXEL_1;
    }
}

void assay__prefill(const assay__packing *p, int run, void *packed)
{
    uint32_t bits = assay__prefill_of(p->storage, run);
    row r;
    if (is_plain(p)) {
        assay__fill(packed, (size_t)p->bytes, bits);
        return;
    }
    for (rows i = rows_of(p, true); next_row(&i, &r);)
        for (int64_t k = 0; k < r.count; k++)
            assay__store(p->storage, packed, r.to + k * r.to_step, bits);
}

int64_t assay__packing_changed(const assay__packing *p, const float *logical, const void *packed,
                               int64_t *first)
{
    int64_t count = 0;
    row r;
    *first = -1;
    if (is_plain(p) && memcmp(logical, packed, (size_t)p->bytes) == 0)
        return 0;
    for (rows i = rows_of(p, false); next_row(&i, &r);)
        for (int64_t k = 0; k < r.count; k++) {
            int64_t at = r.from + k * r.from_step;
            if (assay__load(p->storage, packed, r.to + k * r.to_step) ==
                to_bits(p->storage, logical[at]))
                continue;
            if (count++ == 0 || at < *first)
                *first = at;
        }
    return count;
}

// Whether element `at` of memory is one of the tensor's, or with `lanes` a lane beside one.
bool assay__is_element(const assay__packing *p, int64_t at, bool lanes)
{
    int64_t slices = assay__packing_slices(p), slice;
    if (at >= p->elements)
        return false;
    if (p->lanes == 1)
        return true;
    if (p->inner) {
        slice = at / 4 % slices;
    } else {
        int64_t x = at / 4 % p->width, y = at / 4 / p->width % p->height;
        int64_t layer = at / 4 / p->width / p->height;
        if (x >= p->size[3] || y >= p->size[2] || layer >= p->size[0] * slices)
            return false;
        slice = layer % slices;
    }
    return lanes || 4 * slice + at % 4 < p->size[1];
}

// Whether element `at` may hold something else than poison. A lane that is no channel may hold what
// pack_beside wrote.
static bool may_differ(const assay__packing *p, int64_t at, bool lanes, const void *packed)
{
    if (assay__is_element(p, at, lanes))
        return true;
    return p->lanes == 4 && assay__is_element(p, at, true) &&
           assay__load(p->storage, packed, at) == assay__beside(p->storage, at);
}

int64_t assay__packing_stray(const assay__packing *p, bool lanes, const void *packed,
                             int64_t *first)
{
    const uint32_t poison = ASSAY_POISON_BITS;
    const uint8_t *at = packed;
    int64_t size = p->storage == ASSAY_STORAGE_F32 ? 4 : p->storage == ASSAY_STORAGE_F16 ? 2 : 1;
    int64_t count = 0, own = p->size[0] * p->size[2] * p->size[3];
    own *= lanes && p->lanes == 4 ? 4 * assay__packing_slices(p) : p->size[1];
    if (own * size == p->bytes)
        return 0;
    for (int64_t word = 0; word < p->bytes; word += 4) {
        bool stray = false;
        for (int64_t byte = 0; byte < 4 && memcmp(at + word, &poison, 4) != 0; byte += size)
            stray = stray ||
                    (memcmp(at + word + byte, (const uint8_t *)&poison + byte, (size_t)size) != 0 &&
                     !may_differ(p, (word + byte) / size, lanes, packed));
        if (stray && count++ == 0)
            *first = word;
    }
    return count;
}
