// SPDX-License-Identifier: Apache-2.0
#include "reference/move_internal.h"

#include <inttypes.h>

static const assay_attribute attributes[] = {
    {.name = "shape",
     .spelling = "shape",
     .variable = "shape",
     .type = ASSAY_ATTRIBUTE_DIMS,
     .always = true,
     .least = -1,
     .most = ASSAY_ELEMENTS_MAX,
     .summary = "the new shape; 0: as in the input; one -1: whatever is left"},
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    const int64_t *shape = assay_get(problem, "shape")->i;
    int64_t known = 1, count = assay_shape_elements(&problem->input[0]);
    int open = -1;
    problem->output = problem->input[0];
    for (int d = 0; d < ASSAY_RANK_MAX; d++) {
        if (shape[d] < 0 && open >= 0)
            return assay_fail(error, ASSAY_SHAPE, "reshape: more than one -1");
        if (shape[d] < 0)
            open = d;
        else if (shape[d] > 0)
            problem->output.dim[d] = shape[d];
        if (shape[d] >= 0 && !assay_multiply(known, problem->output.dim[d], &known))
            return assay_fail(error, ASSAY_SHAPE, "reshape: the output would be too large");
    }
    if (open >= 0 && count % known == 0) {
        problem->output.dim[open] = count / known;
        known = count;
    }
    if (known != count)
        return assay_fail(error, ASSAY_SHAPE,
                          "reshape: %" PRId64 " elements do not become %s%" PRId64, count,
                          open >= 0 ? "a multiple of " : "", known);
    return ASSAY_OK;
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__move(problem, in, assay__source_same, result);
}

const assay_operator assay_op_reshape = {
    ASSAY_OPERATOR_ROW(reshape),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .infer = infer,
    ASSAY_MOVE,
};
