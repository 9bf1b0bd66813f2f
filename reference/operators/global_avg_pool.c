// SPDX-License-Identifier: Apache-2.0
#include "reference/operator_internal.h"
#include "reference/pool_internal.h"

const assay_operator assay_op_global_avg_pool = {
    ASSAY_OPERATOR_ROW(global_avg_pool),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .reduction = true,
    .infer = assay__pool_infer_global,
    .reference = assay__avg_pool,
    .bound = assay__avg_pool_bound,
    .flops = assay__pool_flops,
};
