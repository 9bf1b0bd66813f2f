// SPDX-License-Identifier: Apache-2.0
#include "reference/pool_internal.h"

static const assay_attribute attributes[] = {
    {.name = "output_size",
     .spelling = "out",
     .variable = "output",
     .type = ASSAY_ATTRIBUTE_PAIR,
     .always = true,
     .full = true,
     .least = 1,
     .most = ASSAY_EXTENT_MAX,
     .standard = {.i = {1, 1}},
     .summary = "output height x width"},
};

// Rows or columns of the window of output coordinate `at`: [floor(at in / out), ceil((at + 1) in /
// out)).
typedef struct span {
    int64_t first, end;
} span;

static span span_of(int64_t at, int64_t in, int64_t out)
{
    return (span){at * in / out, ((at + 1) * in + out - 1) / out};
}

static assay_status infer(assay_problem *problem, assay_error *error)
{
    (void)error;
    const int64_t *x = problem->input[0].dim, *size = assay_get(problem, "output_size")->i;
    problem->output = (assay_shape){
        4, {x[0], x[1], size[0], size[1]}
    };
    return ASSAY_OK;
}

static double divisor_of(const void *problem_of, int64_t i)
{
    const assay_problem *problem = problem_of;
    const int64_t *x = problem->input[0].dim, *y = problem->output.dim;
    span rows = span_of(i / y[3] % y[2], x[2], y[2]), columns = span_of(i % y[3], x[3], y[3]);
    return (double)(rows.end - rows.first) * (double)(columns.end - columns.first);
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    const int64_t *x = problem->input[0].dim, *y = problem->output.dim;
    for (int64_t i = 0; i < result->count; i++) {
        const float *plane = in[0] + i / (y[2] * y[3]) * x[2] * x[3];
        span rows = span_of(i / y[3] % y[2], x[2], y[2]);
        span columns = span_of(i % y[3], x[3], y[3]);
        assay__sum sum = {0};
        for (int64_t row = rows.first; row < rows.end; row++)
            for (int64_t column = columns.first; column < columns.end; column++)
                assay__sum_add(&sum, (double)plane[row * x[3] + column]);
        assay__mean_store(&sum, divisor_of(problem, i), result, i);
    }
    result->quantum = 0;
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay__means_bound(problem, in, contract, divisor_of, problem, result);
}

// Neighbouring windows share at most a row and a column.
static double flops(const assay_problem *problem)
{
    const int64_t *x = problem->input[0].dim, *y = problem->output.dim;
    return (double)(x[0] * x[1]) * (double)(x[2] + y[2]) * (double)(x[3] + y[3]);
}

const assay_operator assay_op_adaptive_avg_pool2d = {
    ASSAY_OPERATOR_ROW(adaptive_avg_pool2d),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .reduction = true,
    .infer = infer,
    .reference = reference,
    .bound = bound,
    .flops = flops,
};
