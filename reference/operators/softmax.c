// SPDX-License-Identifier: Apache-2.0
#include "reference/ball.h"
#include "reference/operator_internal.h"

static const assay_attribute attributes[] = {
    {.name = "axis",
     .spelling = "axis",
     .variable = "axis",
     .type = ASSAY_ATTRIBUTE_INT,
     .always = true,
     .least = 0,
     .most = 3,
     .standard = {.i = {1}},
     .summary = "dimension that sums to one: 0 n, 1 c, 2 h, 3 w"},
};

// Rows along the axis: element k of the row at (outer, inner) is [outer * length + k] * step +
// inner.
typedef struct rows {
    int64_t outer, length, step;
} rows;

static rows rows_of(const assay_problem *problem)
{
    const assay_shape *in = &problem->input[0];
    int64_t axis = assay_get(problem, "axis")->i[0];
    rows r = {1, in->dim[axis], 1};
    for (int64_t d = 0; d < axis; d++)
        r.outer *= in->dim[d];
    for (int64_t d = axis + 1; d < in->rank; d++)
        r.step *= in->dim[d];
    return r;
}

static double largest_of(const float *row, const rows *r)
{
    double most = -(double)INFINITY;
    for (int64_t k = 0; k < r->length; k++)
        most = (double)row[k * r->step] > most ? (double)row[k * r->step] : most;
    return most;
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    rows r = rows_of(problem);
    for (int64_t row = 0; row < r.outer * r.step; row++) {
        int64_t start = row / r.step * r.length * r.step + row % r.step;
        double most = largest_of(in[0] + start, &r);
        assay__sum sum = {0};
        for (int64_t k = 0; k < r.length; k++)
            assay__sum_add(&sum, exp((double)in[0][start + k * r.step] - most));
        for (int64_t k = 0; k < r.length; k++)
            result->value[start + k * r.step] =
                exp((double)in[0][start + k * r.step] - most) / assay__sum_value(&sum);
    }
}

// exp(x - M); minus infinity gives exactly 0.
static assay_ball shifted(double x, double most, const assay_arithmetic *m)
{
    if (isinf(x))
        return assay_ball_exact(0);
    return assay_ball_exp(assay_ball_sub(assay_ball_exact(x), assay_ball_exact(most), m), m);
}

// The sum of the row in any order: every term passes at most n - 1 additions.
static assay_ball sum_row(const float *row, double most, const rows *r, const assay_arithmetic *m)
{
    assay_ball sum = {0, 0};
    double n = (double)(r->length - 1);
    for (int64_t k = 0; k < r->length; k++) {
        assay_ball e = shifted((double)row[k * r->step], most, m);
        sum.value += e.value;
        sum.error += e.error;
    }
    double d = n * m->r < 1 ? n * m->r / (1 - n * m->r) : (double)INFINITY;
    sum.error += d * (sum.value + sum.error) + n * m->eta + n * 0x1p-52 * sum.value;
    return sum;
}

static void bound_row(const float *row, const double *value, const rows *r,
                      const assay_contract *contract, double *bound)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    double most = largest_of(row, r);
    bool finite = true;
    for (int64_t k = 0; k < r->length; k++)
        finite = finite && isfinite(row[k * r->step]);
    // A NaN or plus infinity, or nothing but minus infinity, makes the whole row NaN.
    bool special = isnan(value[0]) || (!finite && contract->nan == ASSAY_NAN_IGNORED);
    assay_ball sum = special ? assay_ball_exact(1) : sum_row(row, most, r, &m);
    for (int64_t k = 0; k < r->length; k++) {
        assay_ball e = special ? sum : shifted((double)row[k * r->step], most, &m);
        bound[k * r->step] = special
                                 ? assay__bound_special(contract)
                                 : assay_ball_bound(assay_ball_div(e, sum, &m), value[k * r->step]);
    }
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    rows r = rows_of(problem);
    for (int64_t row = 0; row < r.outer * r.step; row++) {
        int64_t start = row / r.step * r.length * r.step + row % r.step;
        bound_row(in[0] + start, result->value + start, &r, contract, result->bound + start);
    }
}

const assay_operator assay_op_softmax = {
    ASSAY_OPERATOR_ROW(softmax),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .kind = ASSAY_KIND_EXP,
    .infer = assay__infer_same,
    .reference = reference,
    .bound = bound,
    .flops = assay__flops_8,
};
