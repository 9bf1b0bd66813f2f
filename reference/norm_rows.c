// SPDX-License-Identifier: Apache-2.0
// Operators that normalise rows of neighbouring elements.
#include "reference/norm_internal.h"

const assay_tensor_info assay__norm_inputs[3] = {
    {"in",    "nchw", ASSAY_ROLE_DATA,  "data",                             false},
    {"scale", "c",    ASSAY_ROLE_SCALE, "one number a channel",             false},
    {"bias",  "c",    ASSAY_ROLE_BIAS,  "one number a channel, added last", false},
};

assay_status assay__norm_infer(assay_problem *problem, assay_error *error)
{
    int64_t channels = problem->input[0].dim[1];
    for (int i = 1; i < problem->op->input_count; i++)
        problem->input[i] = (assay_shape){
            1, {channels, 1, 1, 1}
        };
    return assay__infer_same(problem, error);
}

double assay__norm_flops(const assay_problem *problem)
{
    return 8 * (double)assay_shape_elements(&problem->output);
}

static assay__normed element_of(const assay__norm_rows *rows, const float *in, int64_t i)
{
    int64_t place = i / rows->plane % rows->period;
    return (assay__normed){
        .x = (double)in[i],
        .scale = (double)rows->scale[place],
        .bias = (double)rows->bias[place],
    };
}

void assay__norm_reference(const assay__norm_rows *rows, const float *in,
                           assay_reference *reference)
{
    for (int64_t start = 0; start < reference->count; start += rows->length) {
        assay__moments row = assay__moments_of(in + start, rows->length, 0);
        double inverse = 1 / sqrt(row.variance + (double)rows->epsilon);
        for (int64_t i = start; i < start + rows->length; i++) {
            assay__normed e = element_of(rows, in, i);
            e.mean = assay_ball_exact(row.mean);
            e.inverse = assay_ball_exact(inverse);
            reference->value[i] = assay__normed_value(&e);
        }
    }
}

static void bound_row(const assay__norm_rows *rows, const float *in, int64_t start,
                      const assay_contract *contract, assay_reference *reference)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    double operand = contract->flush == ASSAY_FLUSH_NO ? 0 : m.operand;
    assay__moments row = assay__moments_of(in + start, rows->length, operand);
    assay_ball mean = assay__mean_ball(&row, &m);
    assay_ball inverse = assay__inverse_ball(assay__variance_ball(&row, &m), rows->epsilon, &m);
    for (int64_t i = start; i < start + rows->length; i++) {
        assay__normed e = element_of(rows, in, i);
        e.mean = mean;
        e.inverse = inverse;
        // An infinity or a NaN takes the whole row with it.
        reference->bound[i] = row.finite ? assay__normed_bound(&e, reference->value[i], contract)
                                         : assay__bound_special(contract);
    }
}

void assay__norm_bound(const assay__norm_rows *rows, const float *in,
                       const assay_contract *contract, assay_reference *reference)
{
    for (int64_t start = 0; start < reference->count; start += rows->length)
        bound_row(rows, in, start, contract, reference);
}
