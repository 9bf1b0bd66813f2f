// SPDX-License-Identifier: Apache-2.0
#include "reference/ball_internal.h"
#include "reference/binary_internal.h"

static double value_of(double a, double b)
{
    return a + b;
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__binary_reference(problem, in, value_of, result);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay__binary_bound(problem, in, contract, assay_ball_add, assay__residue, result);
}

const assay_operator assay_op_add = {
    ASSAY_OPERATOR_ROW(add), ASSAY_INPUTS(assay__inputs_binary, 2),
    .output = "nchw",        .symmetry = ASSAY_SYMMETRY_LINEAR,
    .kind = ASSAY_KIND_ADD,  .infer = assay__binary_infer,
    .reference = reference,  .bound = bound,
    .flops = assay__flops_1,
};
