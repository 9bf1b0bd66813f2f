// SPDX-License-Identifier: Apache-2.0
// Data that sums of products meet.
#ifndef ASSAY_TESTS_DATA_KINDS_H
#define ASSAY_TESTS_DATA_KINDS_H

#include "tests/unit/reference/reference_problems.h"

typedef enum data_kind {
    NORMAL,
    POSITIVE,
    HE,
    SPARSE,
    WIDE,
    EQUAL,
    TINY,
    WHOLE,
    DATA_KINDS
} data_kind;

// `half`: products of tiny numbers are subnormal in f16 instead of f32.
static inline float draw(data_kind kind, bool weights, bool half)
{
    switch (kind) {
    case POSITIVE:
        return (float)random_uniform();
    case HE:
        return weights ? random_float() : fmaxf(random_float(), 0);
    case SPARSE:
        return !weights && random_integer(0, 9) ? 0 : random_float();
    case WIDE:
        return (float)ldexp((double)random_float(), (int)random_integer(-10, 10));
    case EQUAL:
        return weights ? 1.0F / 3 : 1;
    case TINY:
        return (float)ldexp((double)random_float(),
                            half ? (int)random_integer(-13, -3)
                                 : (int)random_integer(-100, weights ? -10 : -40));
    case WHOLE:
        return (float)random_integer(-4, 4);
    case NORMAL:
    case DATA_KINDS:
        break;
    }
    return random_float();
}

#endif
