// SPDX-License-Identifier: Apache-2.0
// Sliding windows: output sizes and padding, shared by convolution and pooling.
#ifndef ASSAY_WINDOW_H
#define ASSAY_WINDOW_H

#include "reference/operator.h"

typedef struct assay_window_axis {
    int64_t in, kernel, stride, dilation;
    int64_t pad_begin, pad_end; // in: explicit padding; out: resolved
    int64_t out;                // out
} assay_window_axis;

// Resolves one axis. Explicit: out = floor((in - F + pad_begin + pad_end) / stride) + 1 with F = dilation (kernel - 1)
// + 1; ceil instead of floor in ceil mode, less the windows that would start beyond in + pad_begin (as PyTorch and
// ONNX from opset 19 on). SAME: out = ceil(in / stride). VALID: no padding. Fails with ASSAY_SHAPE when F exceeds the
// padded input, saying so with numbers.
ASSAY_CHECKED assay_status assay_window_resolve(assay_window_axis *axis, assay_pad_mode mode,
                                                bool ceil_mode, const char *name,
                                                assay_error *error);

// The attributes kernel_shape, strides, dilations, pads and ceil_mode (those that the operator has) of both axes: fills
// problem->pad and gives the output's height and width.
ASSAY_CHECKED assay_status assay_window_infer(assay_problem *problem, int64_t kernel_h,
                                              int64_t kernel_w, int64_t *out_h, int64_t *out_w,
                                              assay_error *error);

#endif
