// SPDX-License-Identifier: Apache-2.0
#include "reference/reduce_internal.h"

static const assay_attribute attributes[] = {ASSAY_ATTRIBUTE_AXES};

// What a row holds.
typedef struct content {
    double most, least; // over the numbers in it
    bool nan, infinite, subnormal;
} content;

static content look_at(const float *row, const assay__rows *rows, double smallest)
{
    content c = {.most = -(double)INFINITY, .least = (double)INFINITY};
    for (int64_t k = 0; k < rows->length; k++) {
        double x = (double)row[assay__row_offset(rows, k)];
        if (isnan(x)) {
            c.nan = true;
            continue;
        }
        c.most = x > c.most ? x : c.most;
        c.least = x < c.least ? x : c.least;
        c.infinite = c.infinite || isinf(x);
        c.subnormal = c.subnormal || (x != 0 && fabs(x) < smallest);
    }
    return c;
}

// Of nothing but NaN it is NaN; else a NaN may be passed over, or come out.
static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__rows rows = assay__rows_of(&problem->input[0], assay_get(problem, "axes")->i);
    for (int64_t i = 0; i < result->count; i++) {
        content c = look_at(in[0] + assay__row_first(&rows, i), &rows, 0);
        result->value[i] = c.most;
        result->nan_allowed[i] = c.nan;
    }
}

// max(m, NaN) may return either operand, and max(NaN, x) too: a NaN can make the kernel forget all
// that came before it. With the order open, any element of the row may come out.
static double element_bound(const content *c, const assay_contract *contract)
{
    if ((c->nan || c->infinite) && contract->nan == ASSAY_NAN_IGNORED)
        return (double)INFINITY;
    if (c->nan)
        return c->infinite || c->most < c->least ? (double)INFINITY : c->most - c->least;
    return assay__bound_selection(c->most, c->subnormal, contract);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay__rows rows = assay__rows_of(&problem->input[0], assay_get(problem, "axes")->i);
    double smallest = assay_contract_arithmetic(contract).operand;
    for (int64_t i = 0; i < result->count; i++) {
        content c = look_at(in[0] + assay__row_first(&rows, i), &rows, smallest);
        result->bound[i] = element_bound(&c, contract);
    }
}

const assay_operator assay_op_reduce_max = {
    ASSAY_OPERATOR_ROW(reduce_max),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_SCALE,
    .kind = ASSAY_KIND_SELECT,
    .infer = assay__reduce_infer,
    .reference = reference,
    .bound = bound,
    .flops = assay__reduce_flops,
};
