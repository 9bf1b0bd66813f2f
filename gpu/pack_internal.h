// SPDX-License-Identifier: Apache-2.0
// Between the files that write and read packed tensors: one element of memory.
#ifndef ASSAY_PACK_INTERNAL_H
#define ASSAY_PACK_INTERNAL_H

#include "gpu/layout.h"
#include "reference/format.h"

#include <math.h>

static inline int64_t assay__stored_bytes(assay_storage storage)
{
    return storage == ASSAY_STORAGE_F32 ? 4 : storage == ASSAY_STORAGE_F16 ? 2 : 1;
}

static inline uint32_t assay__load(assay_storage storage, const void *packed, int64_t at)
{
    if (storage == ASSAY_STORAGE_RGBA8)
        return ((const uint8_t *)packed)[at];
    if (storage == ASSAY_STORAGE_F16)
        return ((const uint16_t *)packed)[at];
    return ((const uint32_t *)packed)[at];
}

static inline void assay__store(assay_storage storage, void *packed, int64_t at, uint32_t bits)
{
    if (storage == ASSAY_STORAGE_RGBA8)
        ((uint8_t *)packed)[at] = (uint8_t)bits;
    else if (storage == ASSAY_STORAGE_F16)
        ((uint16_t *)packed)[at] = (uint16_t)bits;
    else
        ((uint32_t *)packed)[at] = bits;
}

// What stands in the second run where no element of an input lies: infinities of either sign by
// turns.
static inline uint32_t assay__beside(assay_storage storage, int64_t at)
{
    bool negative = at / 4 % 2;
    if (storage == ASSAY_STORAGE_RGBA8) // which has no infinity
        return 0xFF;
    return storage == ASSAY_STORAGE_F16 ? (negative ? 0xFC00 : 0x7C00)
                                        : assay_bits_of_float(negative ? -INFINITY : INFINITY);
}

uint32_t assay__prefill_of(assay_storage storage, int run);

// Whether element `at` of memory of a layout is one of the tensor's, or with `lanes` a lane beside
// one.
bool assay__is_element(const assay__packing *packing, int64_t at, bool lanes);

#endif
