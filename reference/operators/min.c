// SPDX-License-Identifier: Apache-2.0
#include "reference/binary_internal.h"

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__select_reference(problem, in, fmin, result);
}

const assay_operator assay_op_min = {
    ASSAY_OPERATOR_ROW(min),   ASSAY_INPUTS(assay__inputs_binary, 2),
    .output = "nchw",          .symmetry = ASSAY_SYMMETRY_SCALE,
    .kind = ASSAY_KIND_SELECT, .infer = assay__binary_infer,
    .reference = reference,    .bound = assay__select_bound,
    .flops = assay__flops_1,
};
