// SPDX-License-Identifier: Apache-2.0
#include "reference/reduce_internal.h"

assay__rows assay__rows_of(const assay_shape *in, const int64_t *axes)
{
    assay__rows rows = {.length = 1};
    int64_t step = 1;
    for (int d = 3; d >= 0; d--) {
        rows.out[d] = axes[d] ? 1 : in->dim[d];
        rows.size[d] = axes[d] ? in->dim[d] : 1;
        rows.step[d] = step;
        rows.length *= rows.size[d];
        step *= in->dim[d];
    }
    return rows;
}

int64_t assay__row_first(const assay__rows *rows, int64_t index)
{
    int64_t first = 0;
    for (int d = 3; d >= 0; d--) {
        first += index % rows->out[d] * rows->step[d];
        index /= rows->out[d];
    }
    return first;
}

int64_t assay__row_offset(const assay__rows *rows, int64_t k)
{
    int64_t offset = 0;
    for (int d = 3; d >= 0; d--)
        if (rows->size[d] > 1) {
            offset += k % rows->size[d] * rows->step[d];
            k /= rows->size[d];
        }
    return offset;
}

assay_status assay__reduce_infer(assay_problem *problem, assay_error *error)
{
    const int64_t *axes = assay_get(problem, "axes")->i;
    if (!axes[0] && !axes[1] && !axes[2] && !axes[3])
        return assay_fail(error, ASSAY_SHAPE, "%s: no axis is reduced, expected a 1 among the axes",
                          problem->op->name);
    assay__rows rows = assay__rows_of(&problem->input[0], axes);
    problem->output = problem->input[0];
    for (int d = 0; d < 4; d++)
        problem->output.dim[d] = rows.out[d];
    return ASSAY_OK;
}

// The terms of a mean are x / length: A and Q are made of them, and they have no quantum, as a
// third is no dyadic number.
void assay__reduce_sums(const assay_problem *problem, const float *const *in, bool mean,
                        assay_reference *result)
{
    assay__rows rows = assay__rows_of(&problem->input[0], assay_get(problem, "axes")->i);
    double divisor = mean ? (double)rows.length : 1;
    for (int64_t i = 0; i < result->count; i++) {
        const float *row = in[0] + assay__row_first(&rows, i);
        assay__sum sum = {0};
        for (int64_t k = 0; k < rows.length; k++)
            assay__sum_add(&sum, (double)row[assay__row_offset(&rows, k)]);
        if (mean) {
            sum.value = assay__sum_value(&sum) / divisor;
            sum.error = 0;
            sum.magnitude /= divisor;
            sum.square /= divisor * divisor;
        }
        assay__sum_store(&sum, result, i);
    }
    assay__scan scan = assay__scan_data(in[0], assay_shape_elements(&problem->input[0]), 0x1p-126);
    result->quantum = mean || scan.subnormal > 0 ? 0 : scan.quantum;
}

double assay__reduce_flops(const assay_problem *problem)
{
    return (double)assay_shape_elements(&problem->input[0]);
}
