// SPDX-License-Identifier: Apache-2.0
#include "reference/binary_internal.h"

static double value_of(double a, double b)
{
    return a * b;
}

// The product of two numbers of 24 bits has 48.
static double residue_of(double a, double b, double product)
{
    (void)a;
    (void)b;
    (void)product;
    return 0;
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__binary_reference(problem, in, value_of, result);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay__binary_bound(problem, in, contract, assay_ball_mul, residue_of, result);
}

const assay_operator assay_op_mul = {
    ASSAY_OPERATOR_ROW(mul),   ASSAY_INPUTS(assay__inputs_binary, 2),
    .output = "nchw",          .symmetry = ASSAY_SYMMETRY_FIRST,
    .kind = ASSAY_KIND_DIVIDE, .infer = assay__binary_infer,
    .reference = reference,    .bound = bound,
    .flops = assay__flops_1,
};
