// SPDX-License-Identifier: Apache-2.0
#include "reference/move_internal.h"

#include <inttypes.h>

enum { CONSTANT, REFLECT, EDGE };
static const char *const modes[] = {"constant", "reflect", "edge", NULL};

static const assay_attribute attributes[] = {
    {.name = "mode",
     .spelling = "mode",
     .variable = "mode",
     .type = ASSAY_ATTRIBUTE_WORD,
     .words = modes,
     .summary = "what stands around the data"},
    {.name = "before",
     .spelling = "before",
     .variable = "before",
     .type = ASSAY_ATTRIBUTE_DIMS,
     .always = true,
     .least = 0,
     .most = ASSAY_EXTENT_MAX,
     .summary = "elements in front of each dimension"},
    {.name = "after",
     .spelling = "after",
     .variable = "after",
     .type = ASSAY_ATTRIBUTE_DIMS,
     .always = true,
     .least = 0,
     .most = ASSAY_EXTENT_MAX,
     .summary = "elements behind each dimension"},
    {.name = "value",
     .spelling = "value",
     .variable = "value",
     .type = ASSAY_ATTRIBUTE_FLOAT,
     .summary = "the constant; only of mode constant"                                          },
};

// The mirror does not repeat the edge, and there is but one of it.
static assay_status infer(assay_problem *problem, assay_error *error)
{
    const assay_shape *in = &problem->input[0];
    const int64_t *before = assay_get(problem, "before")->i,
                  *after = assay_get(problem, "after")->i;
    int64_t mode = assay_get(problem, "mode")->i[0];
    if (mode != CONSTANT && assay_get(problem, "value")->f != 0)
        return assay_fail(error, ASSAY_SHAPE, "pad: mode %s has no value", modes[mode]);
    problem->output = *in;
    for (int d = 0; d < in->rank; d++) {
        int64_t most = before[d] > after[d] ? before[d] : after[d];
        if (mode == REFLECT && most >= in->dim[d])
            return assay_fail(error, ASSAY_SHAPE,
                              "pad: %" PRId64 " elements cannot be mirrored along dimension %c, "
                              "which is %" PRId64,
                              most, assay__input_nchw[0].letters[d], in->dim[d]);
        problem->output.dim[d] += before[d] + after[d];
    }
    return ASSAY_OK;
}

static assay__source source(const assay_problem *problem, const int64_t place[ASSAY_RANK_MAX])
{
    const assay_shape *in = &problem->input[0];
    const int64_t *before = assay_get(problem, "before")->i;
    int64_t mode = assay_get(problem, "mode")->i[0], at[ASSAY_RANK_MAX];
    for (int d = 0; d < ASSAY_RANK_MAX; d++) {
        int64_t last = in->dim[d] - 1, x = place[d] - before[d];
        if (mode == CONSTANT && (x < 0 || x > last))
            return (assay__source){-1, 0, assay_get(problem, "value")->f};
        if (mode == REFLECT)
            x = x < 0 ? -x : x > last ? 2 * last - x : x;
        at[d] = x < 0 ? 0 : x > last ? last : x;
    }
    return (assay__source){0, assay__index_of(in, at), 0};
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__move(problem, in, source, result);
}

const assay_operator assay_op_pad = {
    ASSAY_OPERATOR_ROW(pad),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .infer = infer,
    ASSAY_MOVE,
};
