// SPDX-License-Identifier: Apache-2.0
#include "reference/norm_internal.h"

#include <inttypes.h>

static const assay_attribute attributes[] = {
    {.name = "num_groups",
     .spelling = "g",
     .variable = "groups",
     .type = ASSAY_ATTRIBUTE_INT,
     .always = true,
     .least = 1,
     .most = ASSAY_EXTENT_MAX,
     .standard = {.i = {1}},
     .summary = "groups of neighbouring channels, each with its own mean and variance"},
    ASSAY_ATTRIBUTE_EPSILON,
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    int64_t channels = problem->input[0].dim[1], groups = assay_get(problem, "num_groups")->i[0];
    if (channels % groups)
        return assay_fail(error, ASSAY_SHAPE,
                          "group_norm: %" PRId64 " groups do not divide %" PRId64 " channels",
                          groups, channels);
    return assay__norm_infer(problem, error);
}

static assay__norm_rows rows_of(const assay_problem *problem, const float *const *in)
{
    const int64_t *x = problem->input[0].dim;
    return (assay__norm_rows){
        .length = x[1] / assay_get(problem, "num_groups")->i[0] * x[2] * x[3],
        .plane = x[2] * x[3],
        .period = x[1],
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

const assay_operator assay_op_group_norm = {
    ASSAY_OPERATOR_ROW(group_norm),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__norm_inputs, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_SIGN,
    .kind = ASSAY_KIND_NORM,
    .infer = infer,
    .reference = reference,
    .bound = bound,
    .flops = assay__norm_flops,
};
