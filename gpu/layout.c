// SPDX-License-Identifier: Apache-2.0
#include "gpu/layout.h"

#include <string.h>

typedef struct row {
    size_t (*bytes)(const assay_shape *shape);
    void (*pack)(const assay_shape *shape, const float *logical, void *packed);
    void (*unpack)(const assay_shape *shape, const void *packed, float *logical);
} row;

static size_t dense_bytes(const assay_shape *shape)
{
    return (size_t)assay_shape_elements(shape) * sizeof(float);
}

static void dense_pack(const assay_shape *shape, const float *logical, void *packed)
{
    memcpy(packed, logical, dense_bytes(shape));
}

static void dense_unpack(const assay_shape *shape, const void *packed, float *logical)
{
    memcpy(logical, packed, dense_bytes(shape));
}

// By layout and precision. Manifests that ask for a cell without functions are refused when they
// are loaded.
static const row rows[ASSAY_LAYOUTS][ASSAY_PRECISIONS] = {
    [ASSAY_NCHW][ASSAY_F32] = {dense_bytes, dense_pack, dense_unpack},
};

bool assay__layout_exists(assay_layout layout, assay_precision precision)
{
    return rows[layout][precision].bytes != NULL;
}

size_t assay__layout_bytes(assay_layout layout, assay_precision precision, const assay_shape *shape)
{
    return rows[layout][precision].bytes(shape);
}

void assay__layout_pack(assay_layout layout, assay_precision precision, const assay_shape *shape,
                        const float *logical, void *packed)
{
    rows[layout][precision].pack(shape, logical, packed);
}

void assay__layout_unpack(assay_layout layout, assay_precision precision, const assay_shape *shape,
                          const void *packed, float *logical)
{
    rows[layout][precision].unpack(shape, packed, logical);
}
