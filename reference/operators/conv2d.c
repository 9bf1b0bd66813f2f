// SPDX-License-Identifier: Apache-2.0
#include "reference/convolution_internal.h"
#include "reference/epilogue.h"
#include "reference/operator_internal.h"
#include "reference/window.h"

#include <float.h>
#include <inttypes.h>

static const assay_attribute attributes[] = {
    {.name = "out_channels",
     .spelling = "o",
     .variable = "out_channels",
     .type = ASSAY_ATTRIBUTE_INT,
     .always = true,
     .least = 1,
     .most = ASSAY_EXTENT_MAX,
     .standard = {.i = {1}},
     .summary = "output channels, a multiple of the groups"},
    ASSAY_ATTRIBUTE_KERNEL,
    ASSAY_ATTRIBUTE_STRIDES,
    ASSAY_ATTRIBUTE_PADS,
    ASSAY_ATTRIBUTE_DILATIONS,
    {.name = "group",
     .spelling = "g",
     .variable = "groups",
     .type = ASSAY_ATTRIBUTE_INT,
     .least = 1,
     .most = ASSAY_EXTENT_MAX,
     .standard = {.i = {1}},
     .summary = "groups of channels that do not mix; as many as channels: depthwise"},
    ASSAY_ATTRIBUTE_BIAS,
    ASSAY_ATTRIBUTES_EPILOGUE,
};

static const assay_tensor_info inputs[] = {
    {"in",      "nchw", ASSAY_ROLE_DATA,    "data",                                 false},
    {"weights", "oihw", ASSAY_ROLE_WEIGHTS, "weights, i counting within the group", false},
    {"bias",    "o",    ASSAY_ROLE_BIAS,    "one number an output channel",         true },
    ASSAY_INPUT_RESIDUAL,
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    const assay_shape *in = &problem->input[0];
    int64_t channels = in->dim[1], out_channels = assay_get(problem, "out_channels")->i[0];
    int64_t groups = assay_get(problem, "group")->i[0], out_h, out_w;
    const int64_t *kernel = assay_get(problem, "kernel_shape")->i;
    if (channels % groups || out_channels % groups)
        return assay_fail(error, ASSAY_SHAPE,
                          "conv2d: %" PRId64 " groups do not divide %" PRId64 " input and %" PRId64
                          " output channels",
                          groups, channels, out_channels);
    ASSAY_TRY(assay_window_infer(problem, kernel[0], kernel[1], &out_h, &out_w, error));
    problem->input[1] = (assay_shape){
        4, {out_channels, channels / groups, kernel[0], kernel[1]}
    };
    if (assay_get(problem, "bias")->i[0])
        problem->input[2] = (assay_shape){
            1, {out_channels, 1, 1, 1}
        };
    problem->output = (assay_shape){
        4, {in->dim[0], out_channels, out_h, out_w}
    };
    return assay__epilogue_infer(problem, error);
}

assay__convolution assay__convolution_of(const assay_problem *problem, const float *const *in)
{
    const int64_t *x = problem->input[0].dim, *w = problem->input[1].dim, *y = problem->output.dim;
    const assay_value *stride = assay_get(problem, "strides");
    const assay_value *dilation = assay_get(problem, "dilations");
    int64_t groups = assay_get(problem, "group")->i[0];
    return (assay__convolution){
        .n = x[0],
        .c = x[1],
        .h = x[2],
        .w = x[3],
        .o = y[1],
        .out_h = y[2],
        .out_w = y[3],
        .kernel_h = w[2],
        .kernel_w = w[3],
        .stride_h = stride->i[0],
        .stride_w = stride->i[1],
        .dilation_h = dilation->i[0],
        .dilation_w = dilation->i[1],
        .pad_top = problem->pad[0],
        .pad_left = problem->pad[1],
        .groups = groups,
        .in_group = x[1] / groups,
        .out_group = y[1] / groups,
        .data = in[0],
        .weights = in[1],
        .biases = in[2],
    };
}

// One output element: the three inner loops of the definition. A tap in the padding is absent; a
// kernel may as well multiply a zero there, which makes NaN legal beside a weight that is not
// finite.
static assay__sum element(const assay__convolution *c, int64_t n, int64_t o, int64_t y, int64_t x,
                          uint8_t *nan_allowed)
{
    assay__sum sum = {0};
    int64_t group = o / c->out_group;
    for (int64_t i = 0; i < c->in_group; i++)
        for (int64_t ky = 0; ky < c->kernel_h; ky++)
            for (int64_t kx = 0; kx < c->kernel_w; kx++) {
                int64_t in_y = y * c->stride_h - c->pad_top + ky * c->dilation_h;
                int64_t in_x = x * c->stride_w - c->pad_left + kx * c->dilation_w;
                int64_t channel = group * c->in_group + i;
                double weight =
                    (double)
                        c->weights[((o * c->in_group + i) * c->kernel_h + ky) * c->kernel_w + kx];
                if (in_y >= 0 && in_y < c->h && in_x >= 0 && in_x < c->w)
                    assay__sum_add(
                        &sum,
                        weight *
                            (double)c->data[((n * c->c + channel) * c->h + in_y) * c->w + in_x]);
                else if (!isfinite(weight))
                    *nan_allowed = 1;
            }
    if (c->biases)
        assay__sum_add(&sum, (double)c->biases[o]);
    return sum;
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__convolution c = assay__convolution_of(problem, in);
    assay__epilogue epilogue = assay__epilogue_of(problem, in);
    int64_t index = 0;
    for (int64_t n = 0; n < c.n; n++)
        for (int64_t o = 0; o < c.o; o++)
            for (int64_t y = 0; y < c.out_h; y++)
                for (int64_t x = 0; x < c.out_w; x++, index++) {
                    assay__sum sum = element(&c, n, o, y, x, &result->nan_allowed[index]);
                    assay__epilogue_add(&epilogue, &sum, index);
                    assay__sum_store(&sum, result, index);
                }
    assay__operands operands = assay__scan_operands(problem, in, (double)FLT_MIN);
    result->quantum = assay__quantum_of(&operands);
    assay__epilogue_activate(&epilogue, result);
}

static assay_status fast(const assay_problem *problem, const float *const *in,
                         assay_reference *result, assay_error *error)
{
    assay__convolution c = assay__convolution_of(problem, in);
    assay__operands operands = assay__scan_operands(problem, in, (double)FLT_MIN);
    if (!assay__convolution_is_fast(&c, &operands)) {
        reference(problem, in, result);
        return ASSAY_OK;
    }
    result->quantum = assay__quantum_of(&operands);
    ASSAY_TRY(assay__convolution_fast(&c, &operands, result, error));
    assay__epilogue epilogue = assay__epilogue_of(problem, in);
    assay__epilogue_add_all(&epilogue, result);
    assay__epilogue_activate(&epilogue, result);
    return ASSAY_OK;
}

static double flops(const assay_problem *problem)
{
    const int64_t *w = problem->input[1].dim;
    return 2 * (double)assay_shape_elements(&problem->output) * (double)w[1] * (double)w[2] *
               (double)w[3] +
           assay__epilogue_flops(problem);
}

const assay_operator assay_op_conv2d = {
    ASSAY_OPERATOR_ROW(conv2d),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(inputs, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .reduction = true,
    .infer = infer,
    .reference = reference,
    .fast = fast,
    .bound = assay__epilogue_bound,
    .flops = flops,
};
