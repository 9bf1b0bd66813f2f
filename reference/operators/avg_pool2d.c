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

// A window without a single element has no mean. Only one that starts outside of the input can be
// that, since otherwise its first tap is inside.
static assay_status check_axis(const assay__pool *p, int axis, assay_error *error)
{
    int64_t in = axis ? p->w : p->h, out = axis ? p->out_w : p->out_h;
    int64_t stride = axis ? p->stride_w : p->stride_h;
    int64_t first_inside = (p->pad[axis] + stride - 1) / stride;
    int64_t last_inside = (p->pad[axis] + in - 1) / stride;
    for (int64_t at = 0; at < out; at++) {
        if (at >= first_inside && at < last_inside)
            at = last_inside;
        if (at < out && assay__pool_taps(p, axis, at) == 0)
            return assay_fail(error, ASSAY_SHAPE,
                              "avg_pool2d: the windows of output %s %" PRId64
                              " lie wholly in the padding and have no mean",
                              axis ? "column" : "row", at);
    }
    return ASSAY_OK;
}

static assay_status infer(assay_problem *problem, assay_error *error)
{
    ASSAY_TRY(assay__pool_infer(problem, error));
    assay__pool p = assay__pool_of(problem);
    ASSAY_TRY(check_axis(&p, 0, error));
    return check_axis(&p, 1, error);
}

const assay_operator assay_op_avg_pool2d = {
    ASSAY_OPERATOR_ROW(avg_pool2d),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .reduction = true,
    .infer = infer,
    .reference = assay__avg_pool,
    .bound = assay__avg_pool_bound,
    .flops = assay__pool_flops,
};
