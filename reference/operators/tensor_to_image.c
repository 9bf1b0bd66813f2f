// SPDX-License-Identifier: Apache-2.0
#include "reference/image_internal.h"

static const assay_tensor_info inputs[] = {
    {"in",    "nchw", ASSAY_ROLE_DATA,  "red, green and blue of each pixel", false},
    {"scale", "c",    ASSAY_ROLE_SCALE, "factor of each colour",             false},
    {"bias",  "c",    ASSAY_ROLE_BIAS,  "offset of each colour",             false},
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    return assay__image_infer(problem, 3, 4, error);
}

static double clamped(double x)
{
    return x > 0 ? x < 255 ? x : 255 : 0;
}

// Before it is rounded to a whole number. The fourth channel is opaque.
static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    for (int64_t i = 0; i < result->count; i++) {
        assay__colour c = assay__colour_at(problem, in, i);
        double x = c.x * c.scale + c.bias;
        result->value[i] = c.channel == 3 ? 255 : clamped(x);
    }
}

// A limit is no further from what a kernel holds than the number itself. A NaN may become any
// colour.
static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    for (int64_t i = 0; i < result->count; i++) {
        assay__colour c = assay__colour_at(problem, in, i);
        double x = c.x * c.scale + c.bias, special = assay__colour_special(&c, &m, contract);
        result->bound[i] = 0;
        if (c.channel == 3)
            continue;
        if (isnan(x))
            special = (double)INFINITY;
        assay_ball ball = special < 0 ? assay__colour_ball(&c, &m) : (assay_ball){0, special};
        if (special == 0)
            continue;
        if (isinf(ball.value) ||
            isinf(ball.error)) { // a number that overflowed has a sign at least
            result->bound[i] = isinf(ball.value) ? 0 : (double)INFINITY;
            continue;
        }
        double low = clamped(ball.value - ball.error), high = clamped(ball.value + ball.error);
        result->bound[i] = fmax(result->value[i] - low, high - result->value[i]);
    }
}

const assay_operator assay_op_tensor_to_image = {
    ASSAY_OPERATOR_ROW(tensor_to_image),
    ASSAY_INPUTS(inputs, 1),
    .output = "nchw",
    .output_role = ASSAY_ROLE_PIXELS,
    .kind = ASSAY_KIND_SELECT,
    .infer = infer,
    .reference = reference,
    .bound = bound,
    .flops = assay__flops_2,
};
