// SPDX-License-Identifier: Apache-2.0
#include "reference/norm_internal.h"

static const assay_attribute attributes[] = {ASSAY_ATTRIBUTE_EPSILON};

static assay__norm_rows rows_of(const assay_problem *problem, const float *const *in)
{
    const int64_t *x = problem->input[0].dim;
    return (assay__norm_rows){
        .length = x[2] * x[3],
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

const assay_operator assay_op_instance_norm = {
    ASSAY_OPERATOR_ROW(instance_norm),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__norm_inputs, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_SIGN,
    .kind = ASSAY_KIND_NORM,
    .infer = assay__norm_infer,
    .reference = reference,
    .bound = bound,
    .flops = assay__norm_flops,
};
