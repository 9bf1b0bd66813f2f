// SPDX-License-Identifier: Apache-2.0
// Number formats: rounding a double to a storage format, and distances in units in the last place.
#ifndef ASSAY_FORMAT_H
#define ASSAY_FORMAT_H

#include "reference/contract.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum assay_direction {
    ASSAY_TO_NEAREST, // ties to even
    ASSAY_DOWN,       // toward minus infinity
    ASSAY_UP,         // toward plus infinity
} assay_direction;

// A double as the nearest f32 in a direction. Overflow: to nearest gives infinity from 2^128 -
// 2^103 on; a directed rounding gives the largest finite number on the inner side and infinity on
// the outer side. NaN stays NaN.
float assay_round_f32(double x, assay_direction direction);

// The same for f16; overflow to nearest from 65520 on.
float assay_round_f16(double x, assay_direction direction);

// IEEE binary16 codes. to_f16 rounds to nearest even, overflow to infinity, NaN to a quiet NaN;
// from_f16 is exact.
uint16_t assay_to_f16(double x);
float assay_from_f16(uint16_t code);

// Distance of two f32 in representable numbers, -0 and +0 being one; UINT64_MAX when either is NaN.
uint64_t assay_ulp_distance_f32(float a, float b);

// The same of two numbers of f16.
uint64_t assay_ulp_distance_f16(float a, float b);

// A storage format. RGBA8 has the whole numbers 0 .. 255 and takes everything beyond them to the
// nearer end.
typedef struct assay_format {
    float (*round)(double x, assay_direction direction);
    uint64_t (*ulp_distance)(float a, float b); // of two numbers of the format
    double u;       // half the distance of neighbours in [1, 2): 2^-p; of RGBA8 everywhere 0.5
    double least;   // smallest normal number; 0 where nothing is ever flushed
    double spacing; // distance of the smallest numbers
    double most;    // largest finite number
} assay_format;

const assay_format *assay_format_of(assay_storage storage);

// Distance of the numbers of the format around x (that below a power of two is half of it); 0 when
// x is not finite.
double assay_format_ulp(const assay_format *format, double x);

float assay_float_of_bits(uint32_t bits);
uint32_t assay_bits_of_float(float x);

#endif
