// SPDX-License-Identifier: Apache-2.0
#include "reference/ball_internal.h"
#include "reference/binary_internal.h"

#include <inttypes.h>

const assay_tensor_info assay__inputs_binary[2] = {
    {"a", "nchw", ASSAY_ROLE_DATA, "first operand",                              false},
    {"b", "nchw", ASSAY_ROLE_DATA, "second operand; a dimension of 1 meets any", false},
};

assay_status assay__binary_infer(assay_problem *problem, assay_error *error)
{
    const assay_shape *a = &problem->input[0], *b = &problem->input[1];
    problem->output = *a;
    for (int d = 0; d < a->rank; d++) {
        if (a->dim[d] != b->dim[d] && a->dim[d] != 1 && b->dim[d] != 1)
            return assay_fail(
                error, ASSAY_SHAPE,
                "%s: dimension %c is %" PRId64 " in a and %" PRId64 " in b, neither equal nor 1",
                problem->op->name, assay__inputs_binary[0].letters[d], a->dim[d], b->dim[d]);
        problem->output.dim[d] = a->dim[d] > b->dim[d] ? a->dim[d] : b->dim[d];
    }
    return ASSAY_OK;
}

// The element of a broadcast operand that output element `index` takes.
static double broadcast(const float *data, const assay_shape *shape, const assay_shape *out,
                        int64_t index)
{
    int64_t at = 0, step = 1;
    for (int d = out->rank - 1; d >= 0; d--) {
        int64_t place = index % out->dim[d];
        index /= out->dim[d];
        at += shape->dim[d] == 1 ? 0 : place * step;
        step *= shape->dim[d];
    }
    return (double)data[at];
}

assay__pair assay__pair_at(const assay_problem *problem, const float *const *in, int64_t index)
{
    return (assay__pair){
        broadcast(in[0], &problem->input[0], &problem->output, index),
        broadcast(in[1], &problem->input[1], &problem->output, index),
    };
}

void assay__binary_reference(const assay_problem *problem, const float *const *in,
                             assay__binary_value function, assay_reference *result)
{
    for (int64_t i = 0; i < result->count; i++) {
        assay__pair o = assay__pair_at(problem, in, i);
        result->value[i] = function(o.a, o.b);
    }
}

static bool is_lost(double x, const assay_arithmetic *m)
{
    return x != 0 && fabs(x) < m->operand && m->eta >= m->least;
}

static double special_bound(const assay__pair *o, const assay_arithmetic *m,
                            const assay_contract *contract)
{
    bool lost = is_lost(o->a, m) || is_lost(o->b, m);
    return lost ? (double)INFINITY : assay__bound_special(contract);
}

void assay__binary_bound(const assay_problem *problem, const float *const *in,
                         const assay_contract *contract, assay__binary_ball function,
                         assay__binary_residue residue, assay_reference *result)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    for (int64_t i = 0; i < result->count; i++) {
        assay__pair o = assay__pair_at(problem, in, i);
        double value = result->value[i];
        bool exact = residue && !is_lost(o.a, &m) && !is_lost(o.b, &m) &&
                     assay__is_number(value, &m) && residue(o.a, o.b, value) == 0;
        if (!isfinite(o.a) || !isfinite(o.b) || isnan(value))
            result->bound[i] = special_bound(&o, &m, contract);
        else
            result->bound[i] = exact ? 0
                                     : assay_ball_bound(function(assay_ball_input(o.a, &m),
                                                                 assay_ball_input(o.b, &m), &m),
                                                        value);
    }
}

void assay__select_reference(const assay_problem *problem, const float *const *in,
                             assay__binary_value function, assay_reference *result)
{
    for (int64_t i = 0; i < result->count; i++) {
        assay__pair o = assay__pair_at(problem, in, i);
        result->value[i] = function(o.a, o.b);
        result->nan_allowed[i] = (uint8_t)(isnan(o.a) || isnan(o.b));
    }
}

void assay__select_bound(const assay_problem *problem, const float *const *in,
                         const assay_contract *contract, assay_reference *result)
{
    double least = assay_contract_arithmetic(contract).operand;
    for (int64_t i = 0; i < result->count; i++) {
        assay__pair o = assay__pair_at(problem, in, i);
        bool subnormal = (o.a != 0 && fabs(o.a) < least) || (o.b != 0 && fabs(o.b) < least);
        result->bound[i] = isfinite(o.a) && isfinite(o.b)
                               ? assay__bound_selection(result->value[i], subnormal, contract)
                               : assay__bound_special(contract);
    }
}
