// SPDX-License-Identifier: Apache-2.0
// Number formats: rounding a double to a storage format, and distances in units in the last place.
#ifndef ASSAY_FORMAT_H
#define ASSAY_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

typedef enum assay_direction {
    ASSAY_TO_NEAREST, // ties to even
    ASSAY_DOWN,       // toward minus infinity
    ASSAY_UP,         // toward plus infinity
} assay_direction;

// A double as the nearest f32 in a direction. Overflow: to nearest gives infinity from 2^128 - 2^103 on; a directed
// rounding gives the largest finite number on the inner side and infinity on the outer side. NaN stays NaN.
float assay_round_f32(double x, assay_direction direction);

// IEEE binary16 codes. to_f16 rounds to nearest even, overflow to infinity, NaN to a quiet NaN; from_f16 is exact.
uint16_t assay_to_f16(double x);
float assay_from_f16(uint16_t code);

// Distance of two f32 in representable numbers, -0 and +0 being one; UINT64_MAX when either is NaN.
uint64_t assay_ulp_distance_f32(float a, float b);

float assay_float_of_bits(uint32_t bits);
uint32_t assay_bits_of_float(float x);

#endif
