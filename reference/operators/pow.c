// SPDX-License-Identifier: Apache-2.0
#include "reference/binary_internal.h"

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__binary_reference(problem, in, pow, result);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay__binary_bound(problem, in, contract, assay__ball_pow, NULL, result);
}

const assay_operator assay_op_pow = {
    ASSAY_OPERATOR_ROW(pow),
    ASSAY_INPUTS(assay__inputs_binary, 2),
    .output = "nchw",
    .kind = ASSAY_KIND_LOG,
    .infer = assay__binary_infer,
    .reference = reference,
    .bound = bound,
    .flops = assay__flops_8,
};
