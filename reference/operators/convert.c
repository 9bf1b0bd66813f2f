// SPDX-License-Identifier: Apache-2.0
#include "reference/move_internal.h"

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__move(problem, in, assay__source_same, result);
}

const assay_operator assay_op_convert = {
    ASSAY_OPERATOR_ROW(convert),       ASSAY_INPUTS(assay__input_nchw, 1), .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR, .infer = assay__infer_same,         ASSAY_MOVE,
};
