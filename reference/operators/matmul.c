// SPDX-License-Identifier: Apache-2.0
#include "reference/convolution_internal.h"
#include "reference/operator_internal.h"

#include <float.h>
#include <inttypes.h>
#include <stdlib.h>

static const assay_attribute attributes[] = {
    {.name = "trans_a",
     .spelling = "ta",
     .variable = "trans_a",
     .type = ASSAY_ATTRIBUTE_FLAG,
     .most = 1,
     .summary = "the matrices of a are transposed"},
    {.name = "trans_b",
     .spelling = "tb",
     .variable = "trans_b",
     .type = ASSAY_ATTRIBUTE_FLAG,
     .most = 1,
     .summary = "the matrices of b are transposed"},
};

static const assay_tensor_info inputs[] = {
    {"a", "nchw", ASSAY_ROLE_DATA, "matrices h x w, a batch of n x c",                     false},
    {"b", "nchw", ASSAY_ROLE_DATA, "matrices to the right; an n or c of 1 meets any of a", false},
};

// The matrices of one operand: element (row, column) of one lies at row * row_step + column *
// column_step.
typedef struct matrices {
    int64_t rows, columns, row_step, column_step;
    int64_t n, c;
    const float *data;
} matrices;

static matrices matrices_of(const assay_problem *problem, const float *const *in, int k)
{
    const int64_t *dim = problem->input[k].dim;
    matrices m = {dim[2], dim[3], dim[3], 1, dim[0], dim[1], in ? in[k] : NULL};
    if (assay_get(problem, k ? "trans_b" : "trans_a")->i[0])
        m = (matrices){dim[3], dim[2], 1, dim[3], dim[0], dim[1], m.data};
    return m;
}

// The matrix that (n, c) of the output takes; the only one along a dimension of 1.
static const float *matrix_at(const matrices *m, int64_t n, int64_t c)
{
    return m->data + ((m->n == 1 ? 0 : n) * m->c + (m->c == 1 ? 0 : c)) * m->rows * m->columns;
}

static assay_status infer(assay_problem *problem, assay_error *error)
{
    matrices a = matrices_of(problem, NULL, 0), b = matrices_of(problem, NULL, 1);
    if (a.columns != b.rows)
        return assay_fail(error, ASSAY_SHAPE,
                          "matmul: the matrices of a have %" PRId64 " columns, those of b %" PRId64
                          " rows",
                          a.columns, b.rows);
    for (int d = 0; d < 2; d++) {
        int64_t x = problem->input[0].dim[d], y = problem->input[1].dim[d];
        if (x != y && x != 1 && y != 1)
            return assay_fail(error, ASSAY_SHAPE,
                              "matmul: dimension %c is %" PRId64 " in a and %" PRId64
                              " in b, neither equal nor 1",
                              "nc"[d], x, y);
    }
    problem->output = (assay_shape){
        4, {a.n > b.n ? a.n : b.n, a.c > b.c ? a.c : b.c, a.rows, b.columns}
    };
    return ASSAY_OK;
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    matrices a = matrices_of(problem, in, 0), b = matrices_of(problem, in, 1);
    const int64_t *y = problem->output.dim;
    for (int64_t i = 0; i < result->count; i++) {
        int64_t plane = i / y[3] / y[2], row = i / y[3] % y[2], column = i % y[3];
        const float *left = matrix_at(&a, plane / y[1], plane % y[1]) + row * a.row_step;
        const float *right = matrix_at(&b, plane / y[1], plane % y[1]) + column * b.column_step;
        assay__sum sum = {0};
        for (int64_t k = 0; k < b.rows; k++)
            assay__sum_add(&sum, (double)left[k * a.column_step] * (double)right[k * b.row_step]);
        assay__sum_store(&sum, result, i);
    }
    assay__operands operands = assay__scan_operands(problem, in, (double)FLT_MIN);
    result->quantum = assay__quantum_of(&operands);
}

// A matrix with its rows one behind the other: as it is, or copied into `room`.
static const float *dense(const matrices *m, const float *matrix, float *room)
{
    if (m->column_step == 1)
        return matrix;
    for (int64_t i = 0; i < m->rows; i++)
        for (int64_t k = 0; k < m->columns; k++)
            room[i * m->columns + k] = matrix[i * m->row_step + k * m->column_step];
    return room;
}

// One product is a convolution with 1 x 1 kernels: b is an image of one row with a channel a term,
// a the weights.
static assay__convolution convolution_of(const matrices *a, const matrices *b)
{
    return (assay__convolution){
        .n = 1,
        .c = b->rows,
        .h = 1,
        .w = b->columns,
        .o = a->rows,
        .out_h = 1,
        .out_w = b->columns,
        .kernel_h = 1,
        .kernel_w = 1,
        .stride_h = 1,
        .stride_w = 1,
        .dilation_h = 1,
        .dilation_w = 1,
        .groups = 1,
        .in_group = b->rows,
        .out_group = a->rows,
    };
}

// The matrix of the result at (n, c): a reference of its own, in the same memory.
static assay_reference part_of(const assay_reference *whole, int64_t first, int64_t count)
{
    assay_reference part = *whole;
    part.count = count;
    part.value += first;
    part.nan_allowed += first;
    part.magnitude = whole->magnitude ? whole->magnitude + first : NULL;
    part.square = whole->square ? whole->square + first : NULL;
    part.terms = whole->terms ? whole->terms + first : NULL;
    return part;
}

static assay_status fast(const assay_problem *problem, const float *const *in,
                         assay_reference *result, assay_error *error)
{
    matrices a = matrices_of(problem, in, 0), b = matrices_of(problem, in, 1);
    assay__operands operands = assay__scan_operands(problem, in, (double)FLT_MIN);
    assay__operands swapped = {operands.w, operands.x, operands.b};
    assay__convolution c = convolution_of(&a, &b);
    if (!assay__convolution_is_fast(&c, &swapped)) {
        reference(problem, in, result);
        return ASSAY_OK;
    }
    float *room_a = malloc((size_t)(a.rows * a.columns) * sizeof *room_a);
    float *room_b = malloc((size_t)(b.rows * b.columns) * sizeof *room_b);
    const int64_t *y = problem->output.dim;
    assay_status status = ASSAY_OK;
    if (!room_a || !room_b)
        status = assay_fail(error, ASSAY_MEMORY, "out of memory for a transposed matrix");
    for (int64_t i = 0; i < y[0] * y[1] && status == ASSAY_OK; i++) {
        assay_reference part = part_of(result, i * y[2] * y[3], y[2] * y[3]);
        c.weights = dense(&a, matrix_at(&a, i / y[1], i % y[1]), room_a);
        c.data = dense(&b, matrix_at(&b, i / y[1], i % y[1]), room_b);
        status = assay__convolution_fast(&c, &swapped, &part, error);
    }
    result->quantum = assay__quantum_of(&operands);
    free(room_a);
    free(room_b);
    return status;
}

static double flops(const assay_problem *problem)
{
    return 2 * (double)assay_shape_elements(&problem->output) *
           (double)matrices_of(problem, NULL, 1).rows;
}

const assay_operator assay_op_matmul = {
    ASSAY_OPERATOR_ROW(matmul),       ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(inputs, 2),          .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_FIRST, .reduction = true,
    .kind = ASSAY_KIND_PRODUCTS,      .infer = infer,
    .reference = reference,           .fast = fast,
    .bound = assay__bound_products,   .flops = flops,
};
