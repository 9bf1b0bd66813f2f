// SPDX-License-Identifier: Apache-2.0
#include "reference/move_internal.h"

#include <inttypes.h>

static const assay_attribute attributes[] = {
    {.name = "starts",
     .spelling = "starts",
     .variable = "starts",
     .type = ASSAY_ATTRIBUTE_DIMS,
     .least = -ASSAY_ELEMENTS_MAX,
     .most = ASSAY_ELEMENTS_MAX,
     .summary = "first element of each dimension; below 0: from the end"        },
    { .name = "ends",
     .spelling = "ends",
     .variable = "ends",
     .type = ASSAY_ATTRIBUTE_DIMS,
     .least = -ASSAY_ELEMENTS_MAX,
     .most = ASSAY_ELEMENTS_MAX,
     .standard = {.i = {ASSAY_ELEMENTS_MAX, ASSAY_ELEMENTS_MAX, ASSAY_ELEMENTS_MAX,
                        ASSAY_ELEMENTS_MAX}},
     .summary = "where each dimension ends, not included; below 0: from the end"},
    { .name = "steps",
     .spelling = "steps",
     .variable = "steps",
     .type = ASSAY_ATTRIBUTE_DIMS,
     .least = -ASSAY_ELEMENTS_MAX,
     .most = ASSAY_ELEMENTS_MAX,
     .standard = {.i = {1, 1, 1, 1}},
     .summary = "distance of neighbours; below 0: backwards"},
};

static int64_t clamp(int64_t x, int64_t least, int64_t most)
{
    return x < least ? least : x > most ? most : x;
}

// ONNX: what is negative counts from the end, then everything is brought into the dimension.
static int64_t start_of(const assay_problem *problem, int d)
{
    int64_t extent = problem->input[0].dim[d], start = assay_get(problem, "starts")->i[d];
    start += start < 0 ? extent : 0;
    return clamp(start, 0, assay_get(problem, "steps")->i[d] > 0 ? extent : extent - 1);
}

static int64_t end_of(const assay_problem *problem, int d)
{
    int64_t extent = problem->input[0].dim[d], end = assay_get(problem, "ends")->i[d];
    end += end < 0 ? extent : 0;
    return assay_get(problem, "steps")->i[d] > 0 ? clamp(end, 0, extent)
                                                 : clamp(end, -1, extent - 1);
}

static assay_status infer(assay_problem *problem, assay_error *error)
{
    problem->output = problem->input[0];
    for (int d = 0; d < problem->input[0].rank; d++) {
        int64_t step = assay_get(problem, "steps")->i[d];
        int64_t start = start_of(problem, d), end = end_of(problem, d);
        if (step == 0)
            return assay_fail(error, ASSAY_SHAPE, "slice: the step of dimension %c is 0",
                              assay__input_nchw[0].letters[d]);
        int64_t length = step > 0 ? end - start : start - end, size = step > 0 ? step : -step;
        if (length <= 0)
            return assay_fail(error, ASSAY_SHAPE,
                              "slice: nothing lies between %" PRId64 " and %" PRId64
                              " of dimension %c with step %" PRId64,
                              start, end, assay__input_nchw[0].letters[d], step);
        problem->output.dim[d] = (length + size - 1) / size;
    }
    return ASSAY_OK;
}

static assay__source source(const assay_problem *problem, const int64_t place[ASSAY_RANK_MAX])
{
    int64_t at[ASSAY_RANK_MAX];
    for (int d = 0; d < ASSAY_RANK_MAX; d++)
        at[d] = start_of(problem, d) + place[d] * assay_get(problem, "steps")->i[d];
    return (assay__source){0, assay__index_of(&problem->input[0], at), 0};
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__move(problem, in, source, result);
}

const assay_operator assay_op_slice = {
    ASSAY_OPERATOR_ROW(slice),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .infer = infer,
    ASSAY_MOVE,
};
