// SPDX-License-Identifier: Apache-2.0
// Where the taps of windows lie.
#ifndef ASSAY_EXPLAIN_GEOMETRY_H
#define ASSAY_EXPLAIN_GEOMETRY_H

#include "harness/explain/explain_internal.h"

// One axis of a window: in = out * stride - pad + tap * dilation, or of a transposed convolution
// (out + pad - tap * dilation) / stride.
typedef struct assay__window_axis {
    int64_t in, out, kernel, stride, dilation, pad;
    bool transposed;
} assay__window_axis;

// 0: y, 1: x. False for operators without windows.
bool assay__window_axis_of(const assay_problem *problem, int which, assay__window_axis *axis);

// The element that a tap meets, also outside of the input; false where the tap meets none.
static inline bool assay__window_axis_place(const assay__window_axis *a, int64_t out, int64_t tap,
                                            int64_t *in)
{
    int64_t at = a->transposed ? out + a->pad - tap * a->dilation
                               : out * a->stride - a->pad + tap * a->dilation;
    if (a->transposed && at % a->stride != 0)
        return false;
    *in = a->transposed ? at / a->stride : at;
    return true;
}

// The tap that has an output and an input element meet, or -1.
static inline int64_t assay__window_axis_tap(const assay__window_axis *a, int64_t out, int64_t in)
{
    int64_t at = a->transposed ? out + a->pad - in * a->stride : in + a->pad - out * a->stride;
    return at >= 0 && at % a->dilation == 0 && at / a->dilation < a->kernel ? at / a->dilation : -1;
}

// An attribute's integer, `otherwise` where the operator has none of that name.
int64_t assay__integer_of(const assay_problem *problem, const char *name, int k, int64_t otherwise);

#endif
