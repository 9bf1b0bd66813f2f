// SPDX-License-Identifier: Apache-2.0
#include "reference/operator_internal.h"
#include "reference/pool_internal.h"

#include <inttypes.h>

static const assay_attribute attributes[] = {
    ASSAY_ATTRIBUTE_KERNEL,
    ASSAY_ATTRIBUTE_STRIDES,
    ASSAY_ATTRIBUTE_PADS,
    ASSAY_ATTRIBUTE_DILATIONS,
    ASSAY_ATTRIBUTE_CEIL_MODE,
    {.name = "count_include_pad",
      .spelling = "incpad",
      .variable = "count_include_pad",
      .type = ASSAY_ATTRIBUTE_FLAG,
      .most = 1,
      .summary = "padding counts in the divisor"},
};

// A window without a single element has no mean.
static assay_status infer(assay_problem *problem, assay_error *error)
{
    ASSAY_TRY(assay__pool_infer(problem, error));
    assay__pool p = assay__pool_of(problem);
    for (int64_t y = 0; y < p.out_h; y++)
        if (assay__pool_divisor(&p, y, p.out_w / 2) == 0)
            return assay_fail(
                error, ASSAY_SHAPE,
                "avg_pool2d: the windows of output row %" PRId64 " lie wholly in the padding", y);
    for (int64_t x = 0; x < p.out_w; x++)
        if (assay__pool_divisor(&p, p.out_h / 2, x) == 0)
            return assay_fail(error, ASSAY_SHAPE,
                              "avg_pool2d: the windows of output column %" PRId64
                              " lie wholly in the padding",
                              x);
    return ASSAY_OK;
}

const assay_operator assay_op_avg_pool2d = {
    ASSAY_OPERATOR_ROW(avg_pool2d),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .reduction = true,
    .infer = infer,
    .reference = assay__avg_pool,
    .bound = assay__avg_pool_bound,
    .flops = assay__pool_flops,
};
