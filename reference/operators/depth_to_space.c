// SPDX-License-Identifier: Apache-2.0
#include "reference/move_internal.h"

#include <inttypes.h>

enum { DCR, CRD };
static const char *const modes[] = {"dcr", "crd", NULL};

static const assay_attribute attributes[] = {
    ASSAY_ATTRIBUTE_BLOCKSIZE,
    {.name = "mode",
      .spelling = "mode",
      .variable = "mode",
      .type = ASSAY_ATTRIBUTE_WORD,
      .words = modes,
      .summary = "what changes fastest in the input's channels: crd the place in the block (pixel "
                "shuffle)"},
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    const int64_t *in = problem->input[0].dim;
    int64_t block = assay_get(problem, "blocksize")->i[0];
    if (in[1] % (block * block))
        return assay_fail(error, ASSAY_SHAPE,
                          "depth_to_space: %" PRId64 " channels are no multiple of %" PRId64, in[1],
                          block * block);
    problem->output = (assay_shape){
        4, {in[0], in[1] / (block * block), in[2] * block, in[3] * block}
    };
    return ASSAY_OK;
}

static assay__source source(const assay_problem *problem, const int64_t place[ASSAY_RANK_MAX])
{
    int64_t block = assay_get(problem, "blocksize")->i[0], channels = problem->output.dim[1];
    int64_t inner = place[2] % block * block + place[3] % block;
    bool crd = assay_get(problem, "mode")->i[0] == CRD;
    const int64_t at[ASSAY_RANK_MAX] = {
        place[0], crd ? place[1] * block * block + inner : inner * channels + place[1],
        place[2] / block, place[3] / block};
    return (assay__source){0, assay__index_of(&problem->input[0], at), 0};
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__move(problem, in, source, result);
}

const assay_operator assay_op_depth_to_space = {
    ASSAY_OPERATOR_ROW(depth_to_space),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .infer = infer,
    ASSAY_MOVE,
};
