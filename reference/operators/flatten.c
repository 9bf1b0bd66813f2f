// SPDX-License-Identifier: Apache-2.0
#include "reference/move_internal.h"

static const assay_attribute attributes[] = {
    {.name = "axis",
     .spelling = "axis",
     .variable = "axis",
     .type = ASSAY_ATTRIBUTE_INT,
     .always = true,
     .least = 0,
     .most = 4,
     .standard = {.i = {1}},
     .summary = "how many dimensions become the first one"},
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    const assay_shape *in = &problem->input[0];
    int64_t axis = assay_get(problem, "axis")->i[0];
    problem->output = (assay_shape){
        2, {1, 1, 1, 1}
    };
    for (int d = 0; d < in->rank; d++) // the product was checked when it was one
        problem->output.dim[d < axis ? 0 : 1] *= in->dim[d];
    (void)error;
    return ASSAY_OK;
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__move(problem, in, assay__source_same, result);
}

const assay_operator assay_op_flatten = {
    ASSAY_OPERATOR_ROW(flatten),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nc",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .infer = infer,
    ASSAY_MOVE,
};
