// SPDX-License-Identifier: Apache-2.0
#include "reference/move_internal.h"

static const assay_attribute attributes[] = {
    {.name = "perm",
     .spelling = "perm",
     .variable = "perm",
     .type = ASSAY_ATTRIBUTE_DIMS,
     .always = true,
     .least = 0,
     .most = 3,
     .standard = {.i = {0, 1, 2, 3}},
     .summary = "which dimension of the input each one of the output is"},
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    const int64_t *perm = assay_get(problem, "perm")->i;
    unsigned seen = 0;
    problem->output = problem->input[0];
    for (int d = 0; d < ASSAY_RANK_MAX; d++) {
        seen |= 1U << perm[d];
        problem->output.dim[d] = problem->input[0].dim[perm[d]];
    }
    if (seen != 0xF)
        return assay_fail(error, ASSAY_SHAPE, "permute: perm is no order of the dimensions 0 to 3");
    return ASSAY_OK;
}

static assay__source source(const assay_problem *problem, const int64_t place[ASSAY_RANK_MAX])
{
    const int64_t *perm = assay_get(problem, "perm")->i;
    int64_t at[ASSAY_RANK_MAX];
    for (int d = 0; d < ASSAY_RANK_MAX; d++)
        at[perm[d]] = place[d];
    return (assay__source){0, assay__index_of(&problem->input[0], at), 0};
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__move(problem, in, source, result);
}

const assay_operator assay_op_permute = {
    ASSAY_OPERATOR_ROW(permute),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .infer = infer,
    ASSAY_MOVE,
};
