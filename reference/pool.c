// SPDX-License-Identifier: Apache-2.0
#include "reference/pool_internal.h"

#include "reference/operator_internal.h"
#include "reference/window.h"

assay__pool assay__pool_of(const assay_problem *problem)
{
    static const assay_value one = {.i = {1, 1}};
    const assay_operator *op = problem->op;
    const int64_t *x = problem->input[0].dim, *y = problem->output.dim;
    bool global = assay_attribute_index(op, "kernel_shape") < 0;
    const assay_value *kernel = global ? &one : assay_get(problem, "kernel_shape");
    const assay_value *stride = global ? &one : assay_get(problem, "strides");
    const assay_value *dilation = global ? &one : assay_get(problem, "dilations");
    assay__pool pool = {
        .planes = x[0] * x[1],
        .h = x[2],
        .w = x[3],
        .out_h = y[2],
        .out_w = y[3],
        .kernel_h = global ? x[2] : kernel->i[0],
        .kernel_w = global ? x[3] : kernel->i[1],
        .stride_h = stride->i[0],
        .stride_w = stride->i[1],
        .dilation_h = dilation->i[0],
        .dilation_w = dilation->i[1],
        .include_pad = assay_attribute_index(op, "count_include_pad") >= 0 &&
                       assay_get(problem, "count_include_pad")->i[0],
    };
    for (int k = 0; k < 4; k++)
        pool.pad[k] = problem->pad[k];
    return pool;
}

assay_status assay__pool_infer(assay_problem *problem, assay_error *error)
{
    const int64_t *x = problem->input[0].dim, *kernel = assay_get(problem, "kernel_shape")->i;
    int64_t out_h, out_w;
    ASSAY_TRY(assay_window_infer(problem, kernel[0], kernel[1], &out_h, &out_w, error));
    problem->output = (assay_shape){4, {x[0], x[1], out_h, out_w}};
    return ASSAY_OK;
}

assay_status assay__pool_infer_global(assay_problem *problem, assay_error *error)
{
    (void)error;
    const int64_t *x = problem->input[0].dim;
    problem->output = (assay_shape){4, {x[0], x[1], 1, 1}};
    return ASSAY_OK;
}

double assay__pool_flops(const assay_problem *problem)
{
    assay__pool pool = assay__pool_of(problem);
    return (double)assay_shape_elements(&problem->output) * (double)pool.kernel_h *
           (double)pool.kernel_w;
}
