// SPDX-License-Identifier: Apache-2.0
// The numbers of a convolution that its plain and its fast reference share.
#ifndef ASSAY_CONVOLUTION_INTERNAL_H
#define ASSAY_CONVOLUTION_INTERNAL_H

#include "reference/operator_internal.h"

typedef struct assay__convolution {
    int64_t n, c, h, w;                   // input
    int64_t o, out_h, out_w;              // output
    int64_t kernel_h, kernel_w;           // taps
    int64_t stride_h, stride_w;           //
    int64_t dilation_h, dilation_w;       //
    int64_t pad_top, pad_left;            //
    int64_t groups, in_group, out_group;  // channels of each group
    const float *data, *weights, *biases; // biases: NULL when absent
} assay__convolution;

assay__convolution assay__convolution_of(const assay_problem *problem, const float *const *in);

// A fully connected layer is a convolution of a 1 x 1 image with 1 x 1 kernels.
assay__convolution assay__convolution_of_linear(const assay_problem *problem,
                                                const float *const *in);

// Whether the fast reference can do it: finite operands (a matrix product would multiply the padding with an infinity, the
// definition does not) and fewer products an element than f32 can count.
bool assay__convolution_is_fast(const assay__convolution *c, const assay__operands *operands);

// im2col and dgemm. Fills value, and where reference->magnitude is not NULL the sums: magnitude from above, square to a few
// digits (docs/tolerances.md, "The fast reference").
assay_status assay__convolution_fast(const assay__convolution *c, const assay__operands *operands,
                                     assay_reference *reference, assay_error *error);

#endif
