// SPDX-License-Identifier: Apache-2.0
// The ends of an image pipeline: pixels to a tensor and back, a factor and an offset for each colour.
#ifndef ASSAY_IMAGE_INTERNAL_H
#define ASSAY_IMAGE_INTERNAL_H

#include "reference/ball.h"
#include "reference/operator_internal.h"

// infer of operators whose first input and output have so many channels; the other inputs have 3 elements.
assay_status assay__image_infer(assay_problem *problem, int64_t in_channels, int64_t out_channels,
                                assay_error *error);

// What an output element is made of; in channel 3, which has no factor, all 0.
typedef struct assay__colour {
    int64_t channel;
    double x, scale, bias;
} assay__colour;

assay__colour assay__colour_at(const assay_problem *problem, const float *const *in, int64_t index);

// x scale + bias as a kernel computes it.
assay_ball assay__colour_ball(const assay__colour *c, const assay_arithmetic *m);

// The bound of an element with an operand that is not finite; below 0 for others.
double assay__colour_special(const assay__colour *c, const assay_arithmetic *m,
                             const assay_contract *contract);

#endif
