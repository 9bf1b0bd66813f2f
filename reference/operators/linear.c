// SPDX-License-Identifier: Apache-2.0
#include "reference/convolution_internal.h"
#include "reference/operator_internal.h"

#include <float.h>

static const assay_attribute attributes[] = {
    {.name = "out_features",
     .spelling = "o",
     .variable = "out_features",
     .type = ASSAY_ATTRIBUTE_INT,
     .always = true,
     .least = 1,
     .most = INT32_MAX,
     .standard = {.i = {1}},
     .summary = "length of the output vector"},
    ASSAY_ATTRIBUTE_BIAS,
};

static const assay_tensor_info inputs[] = {
    {"in",      "nc", ASSAY_ROLE_DATA,    "data",                     false},
    {"weights", "oc", ASSAY_ROLE_WEIGHTS, "weights, a row an output", false},
    {"bias",    "o",  ASSAY_ROLE_BIAS,    "one number an output",     true },
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    (void)error;
    const int64_t *in = problem->input[0].dim;
    int64_t outputs = assay_get(problem, "out_features")->i[0];
    problem->input[1] = (assay_shape){
        2, {outputs, in[1], 1, 1}
    };
    if (assay_get(problem, "bias")->i[0])
        problem->input[2] = (assay_shape){
            1, {outputs, 1, 1, 1}
        };
    problem->output = (assay_shape){
        2, {in[0], outputs, 1, 1}
    };
    return ASSAY_OK;
}

assay__convolution assay__convolution_of_linear(const assay_problem *problem,
                                                const float *const *in)
{
    const int64_t *x = problem->input[0].dim;
    int64_t outputs = problem->output.dim[1];
    return (assay__convolution){
        .n = x[0],
        .c = x[1],
        .h = 1,
        .w = 1,
        .o = outputs,
        .out_h = 1,
        .out_w = 1,
        .kernel_h = 1,
        .kernel_w = 1,
        .stride_h = 1,
        .stride_w = 1,
        .dilation_h = 1,
        .dilation_w = 1,
        .groups = 1,
        .in_group = x[1],
        .out_group = outputs,
        .data = in[0],
        .weights = in[1],
        .biases = in[2],
    };
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    int64_t rows = problem->input[0].dim[0], depth = problem->input[0].dim[1];
    int64_t outputs = problem->output.dim[1];
    for (int64_t n = 0; n < rows; n++)
        for (int64_t o = 0; o < outputs; o++) {
            assay__sum sum = {0};
            for (int64_t c = 0; c < depth; c++)
                assay__sum_add(&sum, (double)in[1][o * depth + c] * (double)in[0][n * depth + c]);
            if (in[2])
                assay__sum_add(&sum, (double)in[2][o]);
            assay__sum_store(&sum, result, n * outputs + o);
        }
    assay__operands operands = assay__scan_operands(problem, in, (double)FLT_MIN);
    result->quantum = assay__quantum_of(&operands);
}

static assay_status fast(const assay_problem *problem, const float *const *in,
                         assay_reference *result, assay_error *error)
{
    assay__convolution c = assay__convolution_of_linear(problem, in);
    assay__operands operands = assay__scan_operands(problem, in, (double)FLT_MIN);
    if (!assay__convolution_is_fast(&c, &operands)) {
        reference(problem, in, result);
        return ASSAY_OK;
    }
    result->quantum = assay__quantum_of(&operands);
    return assay__convolution_fast(&c, &operands, result, error);
}

static double flops(const assay_problem *problem)
{
    return 2 * (double)assay_shape_elements(&problem->output) * (double)problem->input[0].dim[1];
}

const assay_operator assay_op_linear = {
    ASSAY_OPERATOR_ROW(linear),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(inputs, 1),
    .output = "nc",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .reduction = true,
    .infer = infer,
    .reference = reference,
    .fast = fast,
    .bound = assay__bound_products,
    .flops = flops,
};
