// SPDX-License-Identifier: Apache-2.0
#include "reference/pool_internal.h"
#include "reference/reduce_internal.h"

static const assay_attribute attributes[] = {ASSAY_ATTRIBUTE_AXES};

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__reduce_sums(problem, in, true, result);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay__rows rows = assay__rows_of(&problem->input[0], assay_get(problem, "axes")->i);
    assay_arithmetic m = assay_contract_arithmetic(contract);
    assay__scan scan = assay__scan_data(in[0], assay_shape_elements(&problem->input[0]), m.operand);
    double flushed = contract->flush == ASSAY_FLUSH_NO ? 0 : scan.subnormal;
    double quantum = flushed > 0 ? 0 : scan.quantum;
    for (int64_t i = 0; i < result->count; i++) {
        if (isfinite(result->value[i]))
            result->bound[i] =
                assay__mean_bound(result, i, (double)rows.length, &m, quantum, flushed);
        else
            result->bound[i] = (double)result->terms[i] * scan.most > m.most
                                   ? (double)INFINITY
                                   : assay__bound_special(contract);
    }
}

const assay_operator assay_op_reduce_mean = {
    ASSAY_OPERATOR_ROW(reduce_mean),
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
