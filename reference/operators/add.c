// SPDX-License-Identifier: Apache-2.0
#include "reference/ball.h"
#include "reference/operator_internal.h"

#include <inttypes.h>

static const assay_tensor_info inputs[] = {
    {"a", "nchw", ASSAY_ROLE_DATA, "first operand",                              false},
    {"b", "nchw", ASSAY_ROLE_DATA, "second operand; a dimension of 1 meets any", false},
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    const assay_shape *a = &problem->input[0], *b = &problem->input[1];
    problem->output = *a;
    for (int d = 0; d < a->rank; d++) {
        if (a->dim[d] != b->dim[d] && a->dim[d] != 1 && b->dim[d] != 1)
            return assay_fail(error, ASSAY_SHAPE,
                              "add: dimension %c is %" PRId64 " in a and %" PRId64
                              " in b, neither equal nor 1",
                              inputs[0].letters[d], a->dim[d], b->dim[d]);
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

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    for (int64_t i = 0; i < result->count; i++)
        result->value[i] = broadcast(in[0], &problem->input[0], &problem->output, i) +
                           broadcast(in[1], &problem->input[1], &problem->output, i);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    for (int64_t i = 0; i < result->count; i++) {
        double a = broadcast(in[0], &problem->input[0], &problem->output, i);
        double b = broadcast(in[1], &problem->input[1], &problem->output, i);
        bool subnormal = (a != 0 && fabs(a) < m.least) || (b != 0 && fabs(b) < m.least);
        bool exact = !subnormal && (double)(float)(a + b) == a + b &&
                     (a + b == 0 || fabs(a + b) >= m.least) && m.bits == 24;
        if (!isfinite(a) || !isfinite(b))
            result->bound[i] = assay__bound_special(contract);
        else if (exact) // one operation whose exact result is representable returns it, whatever
                        // the rounding
            result->bound[i] = 0;
        else
            result->bound[i] = assay_ball_bound(
                assay_ball_add(assay_ball_exact(a), assay_ball_exact(b), &m), a + b);
    }
}

const assay_operator assay_op_add = {
    ASSAY_OPERATOR_ROW(add), ASSAY_INPUTS(inputs, 2), .output = "nchw", .kind = ASSAY_KIND_ADD,
    .infer = infer,          .reference = reference,  .bound = bound,   .flops = assay__flops_1,
};
