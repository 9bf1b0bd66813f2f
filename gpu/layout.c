// SPDX-License-Identifier: Apache-2.0
#include "gpu/layout.h"

#include <string.h>

// ---- f32, nchw: memory is the logical order

static int64_t dense_bytes(const assay_shape *shape)
{
    return assay_shape_elements(shape) * 4;
}

static void dense_pack(const assay_shape *shape, const float *logical, void *packed)
{
    memcpy(packed, logical, (size_t)dense_bytes(shape));
}

static void dense_unpack(const assay_shape *shape, const void *packed, float *logical)
{
    memcpy(logical, packed, (size_t)dense_bytes(shape));
}

static int64_t dense_changed(const assay_shape *shape, const float *logical, const void *packed,
                             int64_t *first)
{
    const char *a = (const char *)logical, *b = packed;
    int64_t count = 0;
    *first = -1;
    if (memcmp(a, b, (size_t)dense_bytes(shape)) == 0)
        return 0;
    for (int64_t i = 0; i < assay_shape_elements(shape); i++) {
        if (memcmp(a + 4 * i, b + 4 * i, 4) == 0)
            continue;
        if (count++ == 0)
            *first = i;
    }
    return count;
}

static const assay__layout rows[] = {
    {ASSAY_F32, ASSAY_NCHW, dense_bytes, dense_pack, dense_unpack, dense_changed},
};

const assay__layout *assay__layout_find(assay_precision precision, assay_layout layout)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].precision == precision && rows[i].layout == layout)
            return &rows[i];
    return NULL;
}
