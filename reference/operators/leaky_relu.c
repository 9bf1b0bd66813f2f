// SPDX-License-Identifier: Apache-2.0
#include "reference/operator_internal.h"

#include "reference/format.h"

static const assay_attribute attributes[] = {
    {.name = "alpha",
     .spelling = "alpha",
     .variable = "alpha",
     .type = ASSAY_ATTRIBUTE_FLOAT,
     .standard = {.f = 0.01F},
     .summary = "slope of the negative side"},
};

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    double alpha = (double)assay_get(problem, "alpha")->f;
    for (int64_t i = 0; i < result->count; i++) {
        double x = (double)in[0][i];
        result->value[i] = x >= 0 ? x : alpha * x;
    }
}

// Below zero one product; exact where the accumulator can hold it. A subnormal operand that is
// flushed lands on the other side of the comparison, where x itself comes out; a subnormal alpha
// takes the product with it.
static double element_bound(double x, double alpha, const assay_arithmetic *a, bool flush)
{
    bool subnormal = x != 0 && fabs(x) < a->least;
    if (subnormal && flush)
        return fabs(x) * (1 + fabs(alpha)) + a->eta;
    if (x >= 0)
        return 0;
    double product = fabs(alpha * x);
    bool exact = a->bits == 24 && product >= a->least &&
                 (double)assay_round_f32(product, ASSAY_TO_NEAREST) == product;
    if (alpha == 0 || (exact && !(flush && fabs(alpha) < a->least)))
        return 0;
    return a->r * product + a->eta + (flush && fabs(alpha) < a->least ? product : 0);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    double alpha = (double)assay_get(problem, "alpha")->f;
    assay_arithmetic a = assay_contract_arithmetic(contract);
    bool flush = contract->flush != ASSAY_FLUSH_NO;
    for (int64_t i = 0; i < result->count; i++) {
        double x = (double)in[0][i];
        result->bound[i] =
            isfinite(x) ? element_bound(x, alpha, &a, flush) : assay__bound_special(contract);
    }
}

const assay_operator assay_op_leaky_relu = {
    ASSAY_OPERATOR_ROW(leaky_relu),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .infer = assay__infer_same,
    .reference = reference,
    .bound = bound,
    .flops = assay__flops_2,
};
