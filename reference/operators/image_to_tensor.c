// SPDX-License-Identifier: Apache-2.0
#include "reference/image_internal.h"

static const assay_tensor_info inputs[] = {
    {"pixels", "nchw", ASSAY_ROLE_PIXELS, "red, green, blue and alpha of each pixel", false},
    {"scale",  "c",    ASSAY_ROLE_SCALE,  "factor of each colour",                    false},
    {"bias",   "c",    ASSAY_ROLE_BIAS,   "offset of each colour",                    false},
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    return assay__image_infer(problem, 4, 3, error);
}

static double value_of(double x, double scale, double bias)
{
    return x * scale + bias;
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    for (int64_t i = 0; i < result->count; i++) {
        assay__colour c = assay__colour_at(problem, in, i);
        result->value[i] = value_of(c.x, c.scale, c.bias);
    }
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    for (int64_t i = 0; i < result->count; i++) {
        assay__colour c = assay__colour_at(problem, in, i);
        result->bound[i] = assay__colour_special(&c, &m, contract);
        if (result->bound[i] < 0) {
            assay_ball ball = assay__colour_ball(&c, &m);
            result->bound[i] = ball.error == 0 && ball.value == result->value[i]
                                   ? 0
                                   : assay_ball_bound(ball, result->value[i]);
        }
    }
}

const assay_operator assay_op_image_to_tensor = {
    ASSAY_OPERATOR_ROW(image_to_tensor),
    ASSAY_INPUTS(inputs, 1),
    .output = "nchw",
    .kind = ASSAY_KIND_SELECT,
    .infer = infer,
    .reference = reference,
    .bound = bound,
    .flops = assay__flops_2,
};
