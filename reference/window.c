// SPDX-License-Identifier: Apache-2.0
#include "reference/window.h"

#include <inttypes.h>

static int64_t ceil_div(int64_t a, int64_t b)
{
    return a / b + (a % b != 0);
}

// out = ceil(in / stride); what the last window lacks is padding, its odd element at the end or the beginning.
static void resolve_same(assay_window_axis *axis, int64_t extent, bool odd_at_end)
{
    axis->out = ceil_div(axis->in, axis->stride);
    int64_t total = (axis->out - 1) * axis->stride + extent - axis->in;
    total = total > 0 ? total : 0;
    axis->pad_begin = odd_at_end ? total / 2 : total - total / 2;
    axis->pad_end = total - axis->pad_begin;
}

assay_status assay_window_resolve(assay_window_axis *axis, assay_pad_mode mode, bool ceil_mode,
                                  const char *name, assay_error *error)
{
    int64_t extent, padded;
    if (axis->in < 1 || axis->kernel < 1 || axis->stride < 1 || axis->dilation < 1)
        return assay_fail(error, ASSAY_SHAPE,
                          "%s: input, kernel, stride and dilation must be at least 1, not %" PRId64
                          ", %" PRId64 ", %" PRId64 ", %" PRId64,
                          name, axis->in, axis->kernel, axis->stride, axis->dilation);
    if (mode == ASSAY_PAD_VALID)
        axis->pad_begin = axis->pad_end = 0;
    if (!assay_multiply(axis->dilation, axis->kernel - 1, &extent) ||
        !assay_add(extent, 1, &extent) || extent > INT32_MAX || axis->in > INT32_MAX)
        return assay_fail(error, ASSAY_SHAPE,
                          "%s: a kernel of %" PRId64 " with dilation %" PRId64
                          " over an input of %" PRId64 " is too large",
                          name, axis->kernel, axis->dilation, axis->in);
    if (mode == ASSAY_PAD_SAME_UPPER || mode == ASSAY_PAD_SAME_LOWER) {
        resolve_same(axis, extent, mode == ASSAY_PAD_SAME_UPPER);
        return ASSAY_OK;
    }
    if (!assay_add(axis->in, axis->pad_begin, &padded) ||
        !assay_add(padded, axis->pad_end, &padded))
        return assay_fail(error, ASSAY_SHAPE,
                          "%s: the padding %" PRId64 " + %" PRId64 " is negative or too large",
                          name, axis->pad_begin, axis->pad_end);
    if (extent > padded)
        return assay_fail(error, ASSAY_SHAPE,
                          "%s: the output would be empty: the kernel of %" PRId64
                          " with dilation %" PRId64 " covers %" PRId64
                          ", the input with its padding has %" PRId64 " + %" PRId64 " + %" PRId64,
                          name, axis->kernel, axis->dilation, extent, axis->pad_begin, axis->in,
                          axis->pad_end);
    bool up = ceil_mode && mode == ASSAY_PAD_EXPLICIT; // VALID has only whole windows, as in ONNX
    int64_t span = padded - extent;
    axis->out = (up ? ceil_div(span, axis->stride) : span / axis->stride) + 1;
    if (up && (axis->out - 1) * axis->stride >= axis->in + axis->pad_begin)
        axis->out--; // the last window would start beyond the input and its left padding
    return ASSAY_OK;
}

// Element k of a PAIR attribute, or 1 when the operator has none of that name.
static int64_t of_pair(const assay_problem *problem, const char *name, int k)
{
    int index = assay_attribute_index(problem->op, name);
    return index < 0 ? 1 : problem->attribute[index].i[k];
}

assay_status assay_window_infer(assay_problem *problem, int64_t kernel_h, int64_t kernel_w,
                                int64_t *out_h, int64_t *out_w, assay_error *error)
{
    static const char *const names[] = {"height", "width"};
    int ceil = assay_attribute_index(problem->op, "ceil_mode");
    bool ceil_mode = ceil >= 0 && problem->attribute[ceil].i[0];
    const assay_value *pads = assay_get(problem, "pads");
    int64_t kernel[] = {kernel_h, kernel_w}, *out[] = {out_h, out_w};
    for (int k = 0; k < 2; k++) {
        assay_window_axis axis = {
            .in = problem->input[0].dim[2 + k],
            .kernel = kernel[k],
            .stride = of_pair(problem, "strides", k),
            .dilation = of_pair(problem, "dilations", k),
            .pad_begin = pads->i[k],
            .pad_end = pads->i[2 + k],
        };
        ASSAY_TRY(
            assay_window_resolve(&axis, (assay_pad_mode)pads->mode, ceil_mode, names[k], error));
        problem->pad[k] = axis.pad_begin;
        problem->pad[2 + k] = axis.pad_end;
        *out[k] = axis.out;
    }
    return ASSAY_OK;
}
