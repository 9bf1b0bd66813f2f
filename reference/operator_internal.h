// SPDX-License-Identifier: Apache-2.0
// What the operators share: rows of the table, shapes, sums of products, the rules for NaN and subnormals.
#ifndef ASSAY_OPERATOR_INTERNAL_H
#define ASSAY_OPERATOR_INTERNAL_H

#include "reference/operator.h"

#include <math.h>
#include <stddef.h>

// operators.def gives each operator its object, and its names as address constants for the object's initialiser.
#define OP(id, onnx_name, summary_text)                                                            \
    extern const assay_operator assay_op_##id;                                                     \
    extern const char assay__onnx_##id[];                                                          \
    extern const char assay__summary_##id[];
#include "reference/operators.def"
#undef OP

#define ASSAY_OPERATOR_ROW(id)                                                                     \
    .name = #id, .onnx = assay__onnx_##id, .summary = assay__summary_##id

// Initialiser of a table and its length.
#define ASSAY_ATTRIBUTES(table)                                                                    \
    .attributes = (table), .attribute_count = (int)(sizeof(table) / sizeof *(table))
#define ASSAY_INPUTS(table, given_inputs)                                                          \
    .inputs = (table), .input_count = (int)(sizeof(table) / sizeof *(table)), .given = (given_inputs)

// The largest extent, stride, dilation or padding: sums and products of two of them cannot overflow 64 bits.
#define ASSAY_EXTENT_MAX INT64_C(1048576)

// The attributes of sliding windows, one spelling for convolution and pooling.
#define ASSAY_ATTRIBUTE_KERNEL                                                                     \
    {                                                                                              \
        .name = "kernel_shape", .spelling = "k", .variable = "kernel",                             \
        .type = ASSAY_ATTRIBUTE_PAIR, .always = true, .full = true, .least = 1,                    \
        .most = ASSAY_EXTENT_MAX, .standard = {.i = {1, 1}}, .summary = "window height x width"    \
    }
#define ASSAY_ATTRIBUTE_STRIDES                                                                    \
    {                                                                                              \
        .name = "strides", .spelling = "s", .variable = "stride", .type = ASSAY_ATTRIBUTE_PAIR,    \
        .always = true, .least = 1, .most = ASSAY_EXTENT_MAX, .standard = {.i = {1, 1}},           \
        .summary = "step of the window"                                                            \
    }
#define ASSAY_ATTRIBUTE_PADS                                                                       \
    {                                                                                              \
        .name = "pads", .spelling = "p", .variable = "pad", .type = ASSAY_ATTRIBUTE_PADDING,       \
        .always = true, .least = 0, .most = ASSAY_EXTENT_MAX,                                      \
        .standard = {.mode = ASSAY_PAD_EXPLICIT}, .summary = "padding: top, left, bottom, right"   \
    }
#define ASSAY_ATTRIBUTE_DILATIONS                                                                  \
    {                                                                                              \
        .name = "dilations", .spelling = "d", .variable = "dilation",                              \
        .type = ASSAY_ATTRIBUTE_PAIR, .least = 1, .most = ASSAY_EXTENT_MAX,                        \
        .standard = {.i = {1, 1}}, .summary = "distance of neighbouring taps"                      \
    }
#define ASSAY_ATTRIBUTE_CEIL_MODE                                                                  \
    {                                                                                              \
        .name = "ceil_mode", .spelling = "ceil", .variable = "ceil_mode",                          \
        .type = ASSAY_ATTRIBUTE_FLAG, .most = 1,                                                   \
        .summary = "round the output size up instead of down"                                      \
    }
#define ASSAY_ATTRIBUTE_BIAS                                                                       \
    {                                                                                              \
        .name = "bias", .spelling = "b", .variable = "bias", .type = ASSAY_ATTRIBUTE_FLAG,         \
        .most = 1, .standard = {.i = {1}}, .summary = "add a bias to each output channel"          \
    }

// The one input of activations and pooling.
extern const assay_tensor_info assay__input_nchw[1];

// infer of operators whose output has the shape of their one input.
assay_status assay__infer_same(assay_problem *problem, assay_error *error);

// One operation an output element, or two; and eight for those made of exp and a division.
double assay__flops_1(const assay_problem *problem);
double assay__flops_2(const assay_problem *problem);
double assay__flops_8(const assay_problem *problem);

// A sum of exact products in fp64 with the rounding error of every addition carried along: 2Sum, exact for any
// operands (Ogita, Rump, Oishi, SIAM J. Sci. Comput. 26(6), 2005: Dot2 with products that are exact already).
typedef struct assay__sum {
    double value, error;      // sum, and what its additions lost
    double magnitude, square; // A, Q
    int64_t terms;            // n
} assay__sum;

static inline void assay__sum_add(assay__sum *sum, double product)
{
    double total = sum->value + product;
    double back = total - sum->value;
    sum->error += (sum->value - (total - back)) + (product - back);
    sum->value = total;
    sum->magnitude += fabs(product);
    sum->square += product * product;
    sum->terms += product != 0;
}

// The sum, correct to one fp64 rounding; infinities and NaN are those of the plain sum.
static inline double assay__sum_value(const assay__sum *sum)
{
    return isfinite(sum->value) ? sum->value + sum->error : sum->value;
}

// Writes element i of the reference: value, and the sums that the reference has arrays for.
void assay__sum_store(const assay__sum *sum, assay_reference *reference, int64_t i);

// D(n): what n roundings add to a sum, relative to the sum of sizes. n u to nearest, else n r / (1 - n r).
double assay__sum_growth(double n, const assay_arithmetic *a);

// What a bound needs to know of an operand.
typedef struct assay__scan {
    double quantum;   // as assay_quantum
    double most;      // largest finite |x|
    double subnormal; // largest |x| below `least`
    bool zero;        // all elements are zero, or there are none
    bool finite;
} assay__scan;

// `data` may be NULL with count 0. `least`: the smallest normal number of the arithmetic in question.
assay__scan assay__scan_data(const float *data, int64_t count, double least);

// The operands of sums of x w + b: inputs 0, 1 and 2 of a problem, the last one being optional, and a fourth one, a
// residual, together with b.
typedef struct assay__operands {
    assay__scan x, w, b;
} assay__operands;

assay__operands assay__scan_operands(const assay_problem *problem, const float *const *in,
                                     double least);

// The quantum of such sums, as assay_reference has it. The operands were scanned for f32.
double assay__quantum_of(const assay__operands *operands);

// Fills reference->bound for sums of x w + b by assay_sum_bound, with the terms for operands that are flushed, and
// the rules for overflow and NaN.
void assay__bound_products(const assay_problem *problem, const float *const *in,
                           const assay_contract *contract, assay_reference *reference);

// The bound of an element with a NaN or an infinity in it: anything where the contract ignores them, else exactly
// what the reference says.
double assay__bound_special(const assay_contract *contract);

// The bound of an operator that only selects one of its operands (max, relu, clip): 0, but when a subnormal number
// takes part and may be flushed, any subnormal result. `value` is the selected one.
double assay__bound_selection(double value, bool subnormal, const assay_contract *contract);

#endif
