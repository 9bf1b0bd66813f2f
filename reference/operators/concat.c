// SPDX-License-Identifier: Apache-2.0
#include "reference/move_internal.h"

#include <inttypes.h>

static const assay_attribute attributes[] = {ASSAY_ATTRIBUTE_AXIS};

static const assay_tensor_info inputs[] = {
    {"a", "nchw", ASSAY_ROLE_DATA, "first",  false},
    {"b", "nchw", ASSAY_ROLE_DATA, "second", false},
    {"c", "nchw", ASSAY_ROLE_DATA, "third",  true },
    {"d", "nchw", ASSAY_ROLE_DATA, "fourth", true },
};

enum { INPUTS = 4 };

// An input may be left out only behind all others.
static assay_status infer(assay_problem *problem, assay_error *error)
{
    int64_t axis = assay_get(problem, "axis")->i[0];
    problem->output = problem->input[0];
    for (int i = 1; i < INPUTS; i++) {
        const assay_shape *shape = &problem->input[i];
        if (shape->rank == 0)
            continue;
        if (problem->input[i - 1].rank == 0)
            return assay_fail(error, ASSAY_SHAPE, "concat: there is a tensor \"%s\" but no \"%s\"",
                              inputs[i].name, inputs[i - 1].name);
        for (int d = 0; d < shape->rank; d++)
            if (d != axis && shape->dim[d] != problem->input[0].dim[d])
                return assay_fail(error, ASSAY_SHAPE,
                                  "concat: dimension %c is %" PRId64 " in a and %" PRId64
                                  " in %s, which differ only along the axis",
                                  inputs[i].letters[d], problem->input[0].dim[d], shape->dim[d],
                                  inputs[i].name);
        if (!assay_add(problem->output.dim[axis], shape->dim[axis], &problem->output.dim[axis]))
            return assay_fail(error, ASSAY_SHAPE, "concat: the output would be too large");
    }
    return ASSAY_OK;
}

static assay__source source(const assay_problem *problem, const int64_t place[ASSAY_RANK_MAX])
{
    int64_t axis = assay_get(problem, "axis")->i[0];
    int64_t at[ASSAY_RANK_MAX] = {place[0], place[1], place[2], place[3]};
    int input = 0;
    while (at[axis] >= problem->input[input].dim[axis])
        at[axis] -= problem->input[input++].dim[axis];
    return (assay__source){input, assay__index_of(&problem->input[input], at), 0};
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__move(problem, in, source, result);
}

const assay_operator assay_op_concat = {
    ASSAY_OPERATOR_ROW(concat),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(inputs, INPUTS),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .infer = infer,
    ASSAY_MOVE,
};
