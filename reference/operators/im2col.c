// SPDX-License-Identifier: Apache-2.0
#include "reference/operator_internal.h"
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
static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    const int64_t *x = problem->input[0].dim, *y = problem->output.dim;
    const int64_t *kernel = assay_get(problem, "kernel_shape")->i;
    const int64_t *stride = assay_get(problem, "strides")->i;
    const int64_t *dilation = assay_get(problem, "dilations")->i;
    for (int64_t i = 0; i < result->count; i++) {
        int64_t channel = i / y[3] / y[2] % y[1], n = i / y[3] / y[2] / y[1];
        int64_t ky = channel / kernel[1] % kernel[0], kx = channel % kernel[1];
        int64_t in_y = i / y[3] % y[2] * stride[0] - problem->pad[0] + ky * dilation[0];
        int64_t in_x = i % y[3] * stride[1] - problem->pad[1] + kx * dilation[1];
        int64_t plane = n * x[1] + channel / kernel[1] / kernel[0];
        bool inside = in_y >= 0 && in_y < x[2] && in_x >= 0 && in_x < x[3];
        result->value[i] = inside ? (double)in[0][(plane * x[2] + in_y) * x[3] + in_x] : 0;
    }
}

// Loads and stores change no bit; a conversion between f16 and f32 is arithmetic and may flush what
// is subnormal.
static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    double least = assay_contract_arithmetic(contract).operand;
    bool converted = contract->storage != ASSAY_STORAGE_F32;
    (void)problem;
    (void)in;
    for (int64_t i = 0; i < result->count; i++) {
        double x = result->value[i];
        result->bound[i] = !converted ? 0
                           : isfinite(x)
                               ? assay__bound_selection(x, x != 0 && fabs(x) < least, contract)
                               : assay__bound_special(contract);
    }
}

static double flops(const assay_problem *problem)
{
    (void)problem;
    return 0;
}

const assay_operator assay_op_im2col = {
    ASSAY_OPERATOR_ROW(im2col),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .kind = ASSAY_KIND_MOVE,
    .infer = infer,
    .reference = reference,
    .bound = bound,
    .flops = flops,
};
