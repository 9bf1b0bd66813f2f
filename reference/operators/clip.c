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

// Each of max and min may return either operand when one is NaN: anything between the limits. An
// infinity that no limit keeps out may stay or become the largest finite number: half a unit beyond
// that one rounds to both.
static double special_bound(double x, double low, double high, const assay_contract *contract)
{
    if (contract->nan == ASSAY_NAN_IGNORED)
        return (double)INFINITY;
    if (isnan(x))
        return fabs(high - low);
    return fabs(x > 0 ? high : low) >= (double)FLT_MAX ? 0x1p103 : 0;
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    double least = assay_contract_arithmetic(contract).least;
    double low = (double)assay_get(problem, "min")->f, high = (double)assay_get(problem, "max")->f;
    bool limit = (low != 0 && fabs(low) < least) || (high != 0 && fabs(high) < least);
    for (int64_t i = 0; i < result->count; i++) {
        double x = (double)in[0][i];
        bool subnormal = limit || (x != 0 && fabs(x) < least);
        result->bound[i] = isfinite(x)
                               ? assay__bound_selection(result->value[i], subnormal, contract)
                               : special_bound(x, low, high, contract);
    }
}

const assay_operator assay_op_clip = {
    ASSAY_OPERATOR_ROW(clip), ASSAY_ATTRIBUTES(attributes), ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",         .infer = assay__infer_same,   .reference = reference,
    .bound = bound,           .flops = assay__flops_2,
};
