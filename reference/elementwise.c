// SPDX-License-Identifier: Apache-2.0
// What operators on one element at a time share.
#include "reference/operator_internal.h"

assay_status assay__infer_same(assay_problem *problem, assay_error *error)
{
    (void)error;
    problem->output = problem->input[0];
    return ASSAY_OK;
}

double assay__flops_1(const assay_problem *problem)
{
    return (double)assay_shape_elements(&problem->output);
}

double assay__flops_2(const assay_problem *problem)
{
    return 2 * assay__flops_1(problem);
}

double assay__flops_8(const assay_problem *problem)
{
    return 8 * assay__flops_1(problem);
}
