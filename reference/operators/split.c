// SPDX-License-Identifier: Apache-2.0
#include "reference/move_internal.h"

#include <inttypes.h>

static const assay_attribute attributes[] = {
    ASSAY_ATTRIBUTE_AXIS,
    {.name = "split",
      .spelling = "parts",
      .variable = "parts",
      .type = ASSAY_ATTRIBUTE_DIMS,
      .always = true,
      .least = 0,
      .most = ASSAY_ELEMENTS_MAX,
      .standard = {.i = {1, 1, 0, 0}},
      .summary = "sizes of up to four parts; 0: there is none"},
    {.name = "part",
      .spelling = "part",
      .variable = "part",
      .type = ASSAY_ATTRIBUTE_INT,
      .always = true,
      .most = 3,
      .summary = "which part is the output, from 0"            },
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    const int64_t *parts = assay_get(problem, "split")->i;
    int64_t axis = assay_get(problem, "axis")->i[0], part = assay_get(problem, "part")->i[0];
    int64_t sum = 0;
    for (int k = 0; k < 4; k++) {
        if (k > 0 && parts[k] > 0 && parts[k - 1] == 0)
            return assay_fail(error, ASSAY_SHAPE, "split: part %d is empty and part %d is not",
                              k - 1, k);
        sum += parts[k]; // four numbers below 2^31
    }
    if (sum != problem->input[0].dim[axis])
        return assay_fail(error, ASSAY_SHAPE,
                          "split: the parts are %" PRId64 " together, dimension %c is %" PRId64,
                          sum, assay__input_nchw[0].letters[axis], problem->input[0].dim[axis]);
    if (parts[part] == 0)
        return assay_fail(error, ASSAY_SHAPE, "split: part %" PRId64 " is empty", part);
    problem->output = problem->input[0];
    problem->output.dim[axis] = parts[part];
    return ASSAY_OK;
}

static assay__source source(const assay_problem *problem, const int64_t place[ASSAY_RANK_MAX])
{
    const int64_t *parts = assay_get(problem, "split")->i;
    int64_t axis = assay_get(problem, "axis")->i[0], part = assay_get(problem, "part")->i[0];
    int64_t at[ASSAY_RANK_MAX] = {place[0], place[1], place[2], place[3]};
    for (int64_t k = 0; k < part; k++)
        at[axis] += parts[k];
    return (assay__source){0, assay__index_of(&problem->input[0], at), 0};
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__move(problem, in, source, result);
}

const assay_operator assay_op_split = {
    ASSAY_OPERATOR_ROW(split),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .infer = infer,
    ASSAY_MOVE,
};
