// SPDX-License-Identifier: Apache-2.0
#include "reference/move_internal.h"
#include "reference/window.h"

static const assay_attribute attributes[] = {
    ASSAY_ATTRIBUTE_KERNEL,
    ASSAY_ATTRIBUTE_STRIDES,
    ASSAY_ATTRIBUTE_PADS,
    ASSAY_ATTRIBUTE_DILATIONS,
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    const int64_t *kernel = assay_get(problem, "kernel_shape")->i;
    const int64_t *in = problem->input[0].dim;
    int64_t area, channels, out_h, out_w;
    ASSAY_TRY(assay_window_infer(problem, kernel[0], kernel[1], &out_h, &out_w, error));
    if (!assay_multiply(kernel[0], kernel[1], &area) || !assay_multiply(in[1], area, &channels))
        return assay_fail(error, ASSAY_SHAPE, "im2col: too many taps for a channel each");
    problem->output = (assay_shape){
        4, {in[0], channels, out_h, out_w}
    };
    return ASSAY_OK;
}

// Channel (c, ky, kx) of the output is what that tap reads; 0 in the padding.
static assay__source source(const assay_problem *problem, const int64_t place[ASSAY_RANK_MAX])
{
    const int64_t *kernel = assay_get(problem, "kernel_shape")->i;
    const int64_t *stride = assay_get(problem, "strides")->i;
    const int64_t *dilation = assay_get(problem, "dilations")->i;
    const assay_shape *in = &problem->input[0];
    int64_t ky = place[1] / kernel[1] % kernel[0], kx = place[1] % kernel[1];
    int64_t at[ASSAY_RANK_MAX] = {
        place[0],
        place[1] / kernel[1] / kernel[0],
        place[2] * stride[0] - problem->pad[0] + ky * dilation[0],
        place[3] * stride[1] - problem->pad[1] + kx * dilation[1],
    };
    bool inside = at[2] >= 0 && at[2] < in->dim[2] && at[3] >= 0 && at[3] < in->dim[3];
    return inside ? (assay__source){0, assay__index_of(in, at), 0} : (assay__source){-1, 0, 0};
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__move(problem, in, source, result);
}

const assay_operator assay_op_im2col = {
    ASSAY_OPERATOR_ROW(im2col),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .infer = infer,
    ASSAY_MOVE,
};
