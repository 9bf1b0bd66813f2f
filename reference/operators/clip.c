// SPDX-License-Identifier: Apache-2.0
#include "reference/operator_internal.h"

#include <float.h>

static const assay_attribute attributes[] = {
    {.name = "min",
     .spelling = "lo",
     .variable = "min",
     .type = ASSAY_ATTRIBUTE_FLOAT,
     .standard = {.f = -FLT_MAX},
     .summary = "lower limit"                                         },
    {.name = "max",
     .spelling = "hi",
     .variable = "max",
     .type = ASSAY_ATTRIBUTE_FLOAT,
     .standard = {.f = FLT_MAX},
     .summary = "upper limit; it wins where it is below the lower one"},
};

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    double low = (double)assay_get(problem, "min")->f, high = (double)assay_get(problem, "max")->f;
    for (int64_t i = 0; i < result->count; i++) {
        double x = (double)in[0][i];
        double raised = x > low ? x : low; // NaN: one of the limits, or NaN
        result->value[i] = raised < high ? raised : high;
        result->nan_allowed[i] = (uint8_t)(x != x);
    }
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    double least = assay_contract_arithmetic(contract).least;
    double low = (double)assay_get(problem, "min")->f, high = (double)assay_get(problem, "max")->f;
    for (int64_t i = 0; i < result->count; i++) {
        double x = (double)in[0][i], special = assay__bound_special(contract);
        bool subnormal = x != 0 && fabs(x) < least;
        if (isnan(x))
            result->bound[i] = special > 0 ? special : fabs(high - low);
        else if (isinf(x))
            result->bound[i] = special;
        else
            result->bound[i] = assay__bound_selection(result->value[i], subnormal, contract);
    }
}

const assay_operator assay_op_clip = {
    ASSAY_OPERATOR_ROW(clip), ASSAY_ATTRIBUTES(attributes), ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",         .infer = assay__infer_same,   .reference = reference,
    .bound = bound,           .flops = assay__flops_2,
};
