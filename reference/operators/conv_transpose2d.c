// SPDX-License-Identifier: Apache-2.0
#include "reference/epilogue.h"
#include "reference/operator_internal.h"

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
    {.name = "output_padding",
     .spelling = "op",
     .variable = "output_padding",
     .type = ASSAY_ATTRIBUTE_PAIR,
     .most = ASSAY_EXTENT_MAX,
     .summary = "further rows and columns at the end of the output"                                                                            },
    ASSAY_ATTRIBUTE_DILATIONS,
    {.name = "group",
     .spelling = "g",
     .variable = "groups",
     .type = ASSAY_ATTRIBUTE_INT,
     .least = 1,
     .most = ASSAY_EXTENT_MAX,
     .standard = {.i = {1}},
     .summary = "groups of channels that do not mix; as many as channels: depthwise"},
    {.name = "output_shape",
     .spelling = "os",
     .variable = "output_shape",
     .type = ASSAY_ATTRIBUTE_PAIR,
     .most = ASSAY_EXTENT_MAX,
     .summary = "height and width that the padding is made for; 0: as the padding says"},
    ASSAY_ATTRIBUTE_BIAS,
    ASSAY_ATTRIBUTES_EPILOGUE,
};

static const assay_tensor_info inputs[] = {
    {"in",      "nchw", ASSAY_ROLE_DATA,    "data",                                 false},
    {"weights", "iohw", ASSAY_ROLE_WEIGHTS, "weights, o counting within the group", false},
    {"bias",    "o",    ASSAY_ROLE_BIAS,    "one number an output channel",         true },
    ASSAY_INPUT_RESIDUAL,
};

// One axis, k = 0 for the height: ONNX's equation, solved for the output or for the padding.
static assay_status infer_axis(assay_problem *problem, int k, int64_t *out, assay_error *error)
{
    const assay_value *pads = assay_get(problem, "pads");
    int64_t in = problem->input[0].dim[2 + k], stride = assay_get(problem, "strides")->i[k];
    int64_t dilation = assay_get(problem, "dilations")->i[k];
    int64_t taps = assay_get(problem, "kernel_shape")->i[k];
    int64_t extra = assay_get(problem, "output_padding")->i[k];
    bool same = pads->mode == ASSAY_PAD_SAME_UPPER || pads->mode == ASSAY_PAD_SAME_LOWER;
    const char *axis = k ? "width" : "height";
    if (extra > 0 && extra >= stride && extra >= dilation)
        return assay_fail(error, ASSAY_SHAPE,
                          "%s: the output padding %" PRId64 " is neither below the stride %" PRId64
                          " nor below the dilation %" PRId64,
                          axis, extra, stride, dilation);
    if (in > INT32_MAX)
        return assay_fail(error, ASSAY_SHAPE, "%s: an input of %" PRId64 " is too large", axis, in);
    int64_t whole = stride * (in - 1) + extra + dilation * (taps - 1) + 1;
    if (whole > INT32_MAX)
        return assay_fail(error, ASSAY_SHAPE,
                          "%s: the output without padding, %" PRId64 ", is too large", axis, whole);
    int64_t begin = pads->mode == ASSAY_PAD_EXPLICIT ? pads->i[k] : 0;
    int64_t end = pads->mode == ASSAY_PAD_EXPLICIT ? pads->i[2 + k] : 0;
    *out = assay_get(problem, "output_shape")->i[k];
    if (*out == 0)
        *out = same ? stride * in : whole - begin - end;
    if (same || assay_get(problem, "output_shape")->i[k]) {
        // What is missing to the output stands at its end, without any tap: no padding is negative.
        int64_t total = whole > *out ? whole - *out : 0;
        begin = pads->mode == ASSAY_PAD_SAME_UPPER ? total / 2 : total - total / 2;
        end = total - begin;
    }
    problem->pad[k] = begin;
    problem->pad[2 + k] = end;
    if (*out < 1)
        return assay_fail(error, ASSAY_SHAPE,
                          "%s: the output would be empty: the padding %" PRId64 " + %" PRId64
                          " takes all of %" PRId64,
                          axis, begin, end, whole);
    return ASSAY_OK;
}

static assay_status infer(assay_problem *problem, assay_error *error)
{
    const assay_shape *in = &problem->input[0];
    int64_t channels = in->dim[1], out_channels = assay_get(problem, "out_channels")->i[0];
    int64_t groups = assay_get(problem, "group")->i[0], out_h, out_w;
    const int64_t *kernel = assay_get(problem, "kernel_shape")->i;
    if (channels % groups || out_channels % groups)
        return assay_fail(error, ASSAY_SHAPE,
                          "conv_transpose2d: %" PRId64 " groups do not divide %" PRId64
                          " input and %" PRId64 " output channels",
                          groups, channels, out_channels);
    ASSAY_TRY(infer_axis(problem, 0, &out_h, error));
    ASSAY_TRY(infer_axis(problem, 1, &out_w, error));
    problem->input[1] = (assay_shape){
        4, {channels, out_channels / groups, kernel[0], kernel[1]}
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

// Where a tap of one axis finds its input: in = (out + pad - tap * dilation) / stride, where that
// is whole and inside.
typedef struct taps {
    int64_t in, stride, dilation, pad;
} taps;

static taps taps_of(const assay_problem *problem, int k)
{
    return (taps){
        .in = problem->input[0].dim[2 + k],
        .stride = assay_get(problem, "strides")->i[k],
        .dilation = assay_get(problem, "dilations")->i[k],
        .pad = problem->pad[k],
    };
}

// The input's place, or -1 where the tap does not hit this output.
static int64_t hit(const taps *t, int64_t out, int64_t tap)
{
    int64_t at = out + t->pad - tap * t->dilation;
    return at >= 0 && at % t->stride == 0 && at / t->stride < t->in ? at / t->stride : -1;
}

// One output element: the taps that hit it, over the channels of its group. A kernel that stuffs
// the input with zeros multiplies them with the other taps, which makes NaN legal beside a weight
// that is not finite.
static assay__sum element(const assay_problem *problem, const float *const *in, const int64_t *at,
                          bool finite, uint8_t *nan_allowed)
{
    const int64_t *x = problem->input[0].dim, *w = problem->input[1].dim;
    taps rows = taps_of(problem, 0), columns = taps_of(problem, 1);
    int64_t channels = x[1] / assay_get(problem, "group")->i[0], first = at[1] / w[1] * channels;
    assay__sum sum = {0};
    for (int64_t ky = 0; ky < w[2]; ky++)
        for (int64_t kx = 0; kx < w[3]; kx++) {
            int64_t in_y = hit(&rows, at[2], ky), in_x = hit(&columns, at[3], kx);
            bool hits = in_y >= 0 && in_x >= 0;
            for (int64_t i = first; (hits || !finite) && i < first + channels; i++) {
                double weight = (double)in[1][((i * w[1] + at[1] % w[1]) * w[2] + ky) * w[3] + kx];
                if (hits)
                    assay__sum_add(
                        &sum,
                        weight * (double)in[0][((at[0] * x[1] + i) * x[2] + in_y) * x[3] + in_x]);
                else if (!isfinite(weight))
                    *nan_allowed = 1;
            }
        }
    if (in[2])
        assay__sum_add(&sum, (double)in[2][at[1]]);
    return sum;
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    const int64_t *y = problem->output.dim;
    assay__operands operands = assay__scan_operands(problem, in, (double)FLT_MIN);
    assay__epilogue epilogue = assay__epilogue_of(problem, in);
    result->quantum = assay__quantum_of(&operands);
    for (int64_t i = 0; i < result->count; i++) {
        int64_t at[] = {i / y[3] / y[2] / y[1], i / y[3] / y[2] % y[1], i / y[3] % y[2], i % y[3]};
        assay__sum sum = element(problem, in, at, operands.w.finite, &result->nan_allowed[i]);
        assay__epilogue_add(&epilogue, &sum, i);
        assay__sum_store(&sum, result, i);
    }
    assay__epilogue_activate(&epilogue, result);
}

// Each input element meets each tap once; what the padding cuts off is counted, as conv2d counts
// what it adds.
static double flops(const assay_problem *problem)
{
    const int64_t *w = problem->input[1].dim;
    return 2 * (double)assay_shape_elements(&problem->input[0]) * (double)w[1] * (double)w[2] *
               (double)w[3] +
           assay__epilogue_flops(problem);
}

const assay_operator assay_op_conv_transpose2d = {
    ASSAY_OPERATOR_ROW(conv_transpose2d),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(inputs, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .reduction = true,
    .infer = infer,
    .reference = reference,
    .bound = assay__epilogue_bound,
    .flops = flops,
};
