// SPDX-License-Identifier: Apache-2.0
#include "reference/reduce_internal.h"

static const assay_attribute attributes[] = {
    {.name = "axis",
     .spelling = "axis",
     .variable = "axis",
     .type = ASSAY_ATTRIBUTE_INT,
     .always = true,
     .most = 3,
     .standard = {.i = {1}},
     .summary = "dimension that is searched: 0 n, 1 c, 2 h, 3 w"},
    {.name = "select_last_index",
     .spelling = "last",
     .variable = "select_last",
     .type = ASSAY_ATTRIBUTE_FLAG,
     .most = 1,
     .summary = "of equal values the last one, not the first"},
};

static assay__rows rows_of(const assay_problem *problem)
{
    int64_t axes[4] = {0};
    axes[assay_get(problem, "axis")->i[0]] = 1;
    return assay__rows_of(&problem->input[0], axes);
}

static assay_status infer(assay_problem *problem, assay_error *error)
{
    (void)error;
    problem->output = problem->input[0];
    problem->output.dim[assay_get(problem, "axis")->i[0]] = 1;
    return ASSAY_OK;
}

static double element(const float *row, const assay__rows *rows, int64_t k)
{
    return (double)row[assay__row_offset(rows, k)];
}

// The index of the largest number; a NaN is passed over, and of nothing but NaN it is the end that
// would win a tie.
static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__rows rows = rows_of(problem);
    bool last = assay_get(problem, "select_last_index")->i[0] != 0;
    for (int64_t i = 0; i < result->count; i++) {
        const float *row = in[0] + assay__row_first(&rows, i);
        int64_t best = last ? rows.length - 1 : 0;
        double most = (double)NAN;
        for (int64_t k = 0; k < rows.length; k++) {
            double x = element(row, &rows, k);
            if (x > most || (isnan(most) && !isnan(x)) || (last && x == most)) {
                best = k;
                most = x;
            }
        }
        result->value[i] = (double)best;
    }
}

// Compares input bits: exact, but subnormal numbers may be compared as zeros, and then any of those
// that are the largest may win. With a NaN in the row any index may come out, since every
// comparison with it may go either way.
static double element_bound(const float *row, const assay__rows *rows, double best,
                            const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    double most = element(row, rows, (int64_t)best), bound = 0;
    bool flushed = contract->flush != ASSAY_FLUSH_NO && fabs(most) < m.operand, nan = false;
    for (int64_t k = 0; k < rows->length; k++) {
        double x = element(row, rows, k), away = fabs((double)k - best);
        nan = nan || isnan(x);
        if (!isfinite(x) && contract->nan == ASSAY_NAN_IGNORED)
            return (double)INFINITY;
        if (flushed && fabs(x) < m.operand)
            bound = away > bound ? away : bound;
    }
    double end = (double)(rows->length - 1) - best;
    return !nan ? bound : end > best ? end : best;
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay__rows rows = rows_of(problem);
    for (int64_t i = 0; i < result->count; i++)
        result->bound[i] =
            element_bound(in[0] + assay__row_first(&rows, i), &rows, result->value[i], contract);
}

static double flops(const assay_problem *problem)
{
    return (double)assay_shape_elements(&problem->input[0]);
}

const assay_operator assay_op_argmax = {
    ASSAY_OPERATOR_ROW(argmax),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_INDEX,
    .kind = ASSAY_KIND_SELECT,
    .infer = infer,
    .reference = reference,
    .bound = bound,
    .flops = flops,
};
