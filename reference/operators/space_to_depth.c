// SPDX-License-Identifier: Apache-2.0
#include "reference/move_internal.h"

#include <inttypes.h>

static const assay_attribute attributes[] = {ASSAY_ATTRIBUTE_BLOCKSIZE};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    const int64_t *in = problem->input[0].dim;
    int64_t block = assay_get(problem, "blocksize")->i[0];
    if (in[2] % block || in[3] % block)
        return assay_fail(error, ASSAY_SHAPE,
                          "space_to_depth: blocks of %" PRId64 " do not divide %" PRId64
                          " x %" PRId64,
                          block, in[2], in[3]);
    problem->output = (assay_shape){
        4, {in[0], in[1] * block * block, in[2] / block, in[3] / block}
    };
    return ASSAY_OK;
}

// The output's channels count first the place in the block, then the input's channels.
static assay__source source(const assay_problem *problem, const int64_t place[ASSAY_RANK_MAX])
{
    int64_t block = assay_get(problem, "blocksize")->i[0], channels = problem->input[0].dim[1];
    int64_t inner = place[1] / channels;
    const int64_t at[ASSAY_RANK_MAX] = {place[0], place[1] % channels,
                                        place[2] * block + inner / block,
                                        place[3] * block + inner % block};
    return (assay__source){0, assay__index_of(&problem->input[0], at), 0};
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__move(problem, in, source, result);
}

const assay_operator assay_op_space_to_depth = {
    ASSAY_OPERATOR_ROW(space_to_depth),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .infer = infer,
    ASSAY_MOVE,
};
