// SPDX-License-Identifier: Apache-2.0
#include "reference/tensor.h"

#include <inttypes.h>

bool assay_multiply(int64_t a, int64_t b, int64_t *product)
{
    return a >= 0 && b >= 0 && !__builtin_mul_overflow(a, b, product);
}

bool assay_add(int64_t a, int64_t b, int64_t *sum)
{
    return a >= 0 && b >= 0 && !__builtin_add_overflow(a, b, sum);
}

assay_status assay_shape_count(const assay_shape *shape, const char *name, int64_t *count,
                               assay_error *error)
{
    int64_t product = 1;
    for (int d = 0; d < shape->rank; d++) {
        if (shape->dim[d] < 1)
            return assay_fail(error, ASSAY_SHAPE,
                              "tensor \"%s\" would be empty: dimension %d is %" PRId64, name, d,
                              shape->dim[d]);
        if (!assay_multiply(product, shape->dim[d], &product) || product > ASSAY_ELEMENTS_MAX)
            return assay_fail(error, ASSAY_SHAPE,
                              "tensor \"%s\" has more than %" PRId64 " elements", name,
                              ASSAY_ELEMENTS_MAX);
    }
    *count = shape->rank ? product : 0;
    return ASSAY_OK;
}

int64_t assay_shape_elements(const assay_shape *shape)
{
    int64_t product = 1;
    for (int d = 0; d < shape->rank; d++)
        product *= shape->dim[d];
    return shape->rank ? product : 0;
}

bool assay_shape_equal(const assay_shape *a, const assay_shape *b)
{
    if (a->rank != b->rank)
        return false;
    for (int d = 0; d < a->rank; d++)
        if (a->dim[d] != b->dim[d])
            return false;
    return true;
}
