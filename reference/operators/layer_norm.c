// SPDX-License-Identifier: Apache-2.0
#include "reference/norm_internal.h"

static const assay_attribute attributes[] = {
    {.name = "axis",
     .spelling = "axis",
     .variable = "axis",
     .type = ASSAY_ATTRIBUTE_INT,
     .always = true,
     .least = 1,
     .most = 3,
     .standard = {.i = {1}},
     .summary = "first dimension that is normalised over: 1 c, 2 h, 3 w"},
    ASSAY_ATTRIBUTE_EPSILON,
};

static const assay_tensor_info inputs[] = {
    {"in",    "nchw", ASSAY_ROLE_DATA,  "data",                                       false},
    {"scale", "chw",  ASSAY_ROLE_SCALE, "one number an element of a row",             false},
    {"bias",  "chw",  ASSAY_ROLE_BIAS,  "one number an element of a row, added last", false},
};

// Scale and bias have the shape of a row; dimensions before the axis are 1.
static assay_status infer(assay_problem *problem, assay_error *error)
{
    const int64_t *x = problem->input[0].dim, axis = assay_get(problem, "axis")->i[0];
    for (int i = 1; i < 3; i++)
        problem->input[i] = (assay_shape){
            3, {axis > 1 ? 1 : x[1], axis > 2 ? 1 : x[2], x[3], 1}
        };
    return assay__infer_same(problem, error);
}

static assay__norm_rows rows_of(const assay_problem *problem, const float *const *in)
{
    int64_t length = assay_shape_elements(&problem->input[1]);
    return (assay__norm_rows){
        .length = length,
        .plane = 1,
        .period = length,
        .scale = in[1],
        .bias = in[2],
        .epsilon = assay_get(problem, "epsilon")->f,
    };
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__norm_rows rows = rows_of(problem, in);
    assay__norm_reference(&rows, in[0], result);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay__norm_rows rows = rows_of(problem, in);
    assay__norm_bound(&rows, in[0], contract, result);
}

const assay_operator assay_op_layer_norm = {
    ASSAY_OPERATOR_ROW(layer_norm),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(inputs, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_SIGN,
    .kind = ASSAY_KIND_NORM,
    .infer = infer,
    .reference = reference,
    .bound = bound,
    .flops = assay__norm_flops,
};
