// SPDX-License-Identifier: Apache-2.0
// Normalisation: y = (x - mean) / sqrt(variance + epsilon) * scale + bias, over rows of neighbouring elements.
#ifndef ASSAY_NORM_INTERNAL_H
#define ASSAY_NORM_INTERNAL_H

#include "reference/ball.h"
#include "reference/operator_internal.h"

#define ASSAY_ATTRIBUTE_EPSILON                                                                    \
    {                                                                                              \
        .name = "epsilon", .spelling = "eps", .variable = "epsilon",                               \
        .type = ASSAY_ATTRIBUTE_FLOAT, .standard = {.f = 1e-5F},                                   \
        .summary = "added to the variance"                                                         \
    }

// A row in fp64.
typedef struct assay__moments {
    double count, mean, variance;
    double size;   // mean of |x|
    double lost;   // largest |x| that may be flushed
    bool finite;
} assay__moments;

// operand: as in assay_arithmetic; 0 where nothing is flushed.
assay__moments assay__moments_of(const float *row, int64_t count, double operand);

// What a kernel holds of them, whose variance is the mean of (x - mean)^2 in any order, or Welford's. Anything where a
// sum may overflow.
assay_ball assay__mean_ball(const assay__moments *row, const assay_arithmetic *m);
assay_ball assay__variance_ball(const assay__moments *row, const assay_arithmetic *m);

// 1 / sqrt(variance + epsilon).
assay_ball assay__inverse_ball(assay_ball variance, float epsilon, const assay_arithmetic *m);

// One element, its coefficients as balls.
typedef struct assay__normed {
    double x, scale, bias;
    assay_ball mean, inverse;
} assay__normed;

double assay__normed_value(const assay__normed *element);
double assay__normed_bound(const assay__normed *element, double value,
                           const assay_contract *contract);

// reference and bound of an operator whose rows are `length` neighbouring elements each; element i takes scale and bias
// number place(i): i % period, or i / plane % period.
typedef struct assay__norm_rows {
    int64_t length, plane, period;
    const float *scale, *bias;
    float epsilon;
} assay__norm_rows;

void assay__norm_reference(const assay__norm_rows *rows, const float *in,
                           assay_reference *reference);
void assay__norm_bound(const assay__norm_rows *rows, const float *in,
                       const assay_contract *contract, assay_reference *reference);

// The sum twice over and a handful of operations an element.
double assay__norm_flops(const assay_problem *problem);

// Inputs of the operators with a scale and a bias a channel, and their infer.
extern const assay_tensor_info assay__norm_inputs[3];
assay_status assay__norm_infer(assay_problem *problem, assay_error *error);

#endif
