// SPDX-License-Identifier: Apache-2.0
#include "reference/operator_internal.h"
#include "reference/pool_internal.h"

static const assay_attribute attributes[] = {
    ASSAY_ATTRIBUTE_KERNEL,    ASSAY_ATTRIBUTE_STRIDES,   ASSAY_ATTRIBUTE_PADS,
    ASSAY_ATTRIBUTE_DILATIONS, ASSAY_ATTRIBUTE_CEIL_MODE,
};

const assay_operator assay_op_max_pool2d = {
    ASSAY_OPERATOR_ROW(max_pool2d),     ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1), .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_SCALE,   .infer = assay__pool_infer,
    .reference = assay__max_pool,       .bound = assay__max_pool_bound,
    .flops = assay__pool_flops,
};
