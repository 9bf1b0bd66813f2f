// SPDX-License-Identifier: Apache-2.0
#include "reference/axis_rows_internal.h"

assay__axis_rows assay__axis_rows_of(const assay_problem *problem)
{
    const assay_shape *in = &problem->input[0];
    int64_t axis = assay_get(problem, "axis")->i[0];
    assay__axis_rows r = {1, in->dim[axis], 1};
    for (int64_t d = 0; d < axis; d++)
        r.outer *= in->dim[d];
    for (int64_t d = axis + 1; d < in->rank; d++)
        r.step *= in->dim[d];
    return r;
}

int64_t assay__axis_row_start(const assay__axis_rows *r, int64_t row)
{
    return row / r->step * r->length * r->step + row % r->step;
}

double assay__axis_row_most(const float *row, const assay__axis_rows *r)
{
    double most = -(double)INFINITY;
    for (int64_t k = 0; k < r->length; k++)
        most = (double)row[k * r->step] > most ? (double)row[k * r->step] : most;
    return most;
}

bool assay__axis_row_finite(const float *row, const assay__axis_rows *r)
{
    for (int64_t k = 0; k < r->length; k++)
        if (!isfinite(row[k * r->step]))
            return false;
    return true;
}

assay_ball assay__axis_row_shifted(double x, double most, const assay_arithmetic *m)
{
    if (isinf(x))
        return assay_ball_exact(x);
    return assay_ball_sub(assay_ball_input(x, m), assay_ball_input(most, m), m);
}

assay_ball assay__axis_row_power(double x, double most, const assay_arithmetic *m)
{
    if (isinf(x))
        return assay_ball_exact(0);
    return assay_ball_exp(assay__axis_row_shifted(x, most, m), m);
}

assay_ball assay__axis_row_sum(const float *row, double most, const assay__axis_rows *r,
                               const assay_arithmetic *m)
{
    assay_ball sum = {0, 0};
    double n = (double)(r->length - 1);
    for (int64_t k = 0; k < r->length; k++) {
        assay_ball e = assay__axis_row_power((double)row[k * r->step], most, m);
        sum.value += e.value;
        sum.error += e.error;
    }
    sum.error +=
        assay__sum_growth(n, m) * (sum.value + sum.error) + n * m->eta + n * 0x1p-52 * sum.value;
    return sum;
}

double assay__axis_row_total(const float *row, double most, const assay__axis_rows *r)
{
    assay__sum sum = {0};
    for (int64_t k = 0; k < r->length; k++)
        assay__sum_add(&sum, exp((double)row[k * r->step] - most));
    return assay__sum_value(&sum);
}
