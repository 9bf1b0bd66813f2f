// SPDX-License-Identifier: Apache-2.0
#include "reference/reduce_internal.h"

static const assay_attribute attributes[] = {ASSAY_ATTRIBUTE_AXES};

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__reduce_sums(problem, in, false, result);
}

// n numbers, n - 1 additions.
static double element_bound(const assay_reference *result, int64_t i, const assay_arithmetic *m)
{
    double value = result->value[i], magnitude = result->magnitude[i];
    float additions = result->terms[i] > 1 ? result->terms[i] - 1 : 0;
    assay_reference sum = {
        .value = &value, .magnitude = &magnitude, .terms = &additions, .quantum = result->quantum};
    return assay_sum_bound(&sum, 0, m);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    assay__scan scan = assay__scan_data(in[0], assay_shape_elements(&problem->input[0]), m.operand);
    double lost = contract->flush == ASSAY_FLUSH_NO ? 0 : scan.subnormal;
    for (int64_t i = 0; i < result->count; i++) {
        double n = (double)result->terms[i];
        if (isfinite(result->value[i]))
            result->bound[i] = element_bound(result, i, &m) + n * lost;
        else // beside an infinity, numbers must not overflow to the other one
            result->bound[i] =
                n * scan.most > m.most ? (double)INFINITY : assay__bound_special(contract);
    }
}

const assay_operator assay_op_reduce_sum = {
    ASSAY_OPERATOR_ROW(reduce_sum),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .reduction = true,
    .infer = assay__reduce_infer,
    .reference = reference,
    .bound = bound,
    .flops = assay__reduce_flops,
};
