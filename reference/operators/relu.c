// SPDX-License-Identifier: Apache-2.0
#include "reference/operator_internal.h"

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    (void)problem;
    for (int64_t i = 0; i < result->count; i++) {
        double x = (double)in[0][i];
        result->value[i] = x > 0 ? x : 0;
        result->nan_allowed[i] = (uint8_t)(x != x); // max(NaN, 0) may return either
    }
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    double least = assay_contract_arithmetic(contract).least;
    (void)problem;
    for (int64_t i = 0; i < result->count; i++) {
        double x = (double)in[0][i];
        bool subnormal = x != 0 && fabs(x) < least;
        result->bound[i] = isfinite(x)
                               ? assay__bound_selection(result->value[i], subnormal, contract)
                               : assay__bound_special(contract);
    }
}

const assay_operator assay_op_relu = {
    ASSAY_OPERATOR_ROW(relu), ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",         .infer = assay__infer_same,
    .reference = reference,   .bound = bound,
    .flops = assay__flops_1,
};
