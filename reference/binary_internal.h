// SPDX-License-Identifier: Apache-2.0
// Functions of two numbers, element by element with broadcasting: an operator gives the function
// and its error.
#ifndef ASSAY_BINARY_INTERNAL_H
#define ASSAY_BINARY_INTERNAL_H

#include "reference/ball.h"
#include "reference/operator_internal.h"

// The inputs "a" and "b".
extern const assay_tensor_info assay__inputs_binary[2];

typedef struct assay__pair {
    double a, b;
} assay__pair;

// The operands of one output element.
assay__pair assay__pair_at(const assay_problem *problem, const float *const *in,
                                   int64_t index);

// infer: each dimension is equal in both, or 1 in one of them.
assay_status assay__binary_infer(assay_problem *problem, assay_error *error);

// The function in fp64, for every a and b: NaN and infinities give what IEEE 754 and the definition
// say.
typedef double (*assay__binary_value)(double a, double b);

// What a kernel holds of the function of finite a and b that it was given.
typedef assay_ball (*assay__binary_ball)(assay_ball a, assay_ball b, const assay_arithmetic *m);

void assay__binary_reference(const assay_problem *problem, const float *const *in,
                             assay__binary_value function, assay_reference *result);

// What fp64 lost of the function of a and b, for one correctly rounded operation.
typedef double (*assay__binary_residue)(double a, double b, double value);

// Elements with a NaN or an infinity have the bound of the contract's rule for NaN, but anything
// where an operand may be flushed. `residue` is NULL, or the function is one correctly rounded
// operation: a result that is a number of the accumulator comes out as it is then, whatever the
// rounding.
void assay__binary_bound(const assay_problem *problem, const float *const *in,
                         const assay_contract *contract, assay__binary_ball function,
                         assay__binary_residue residue, assay_reference *result);

// reference and bound of an operator that selects one of its operands: a NaN leaves open which.
void assay__select_reference(const assay_problem *problem, const float *const *in,
                             assay__binary_value function, assay_reference *result);
void assay__select_bound(const assay_problem *problem, const float *const *in,
                         const assay_contract *contract, assay_reference *result);

// log2(x) and exp2(x) as Vulkan's table has them: log2 within 3 ULP, but between 1/2 and 2 within
// 2^-21 (f16: 2^-7) absolutely; exp2 within 3 + 2|x| ULP (f16: 1 + 2|x|). log2 is anything where x
// may be zero or negative.
assay_ball assay__ball_log2(assay_ball x, const assay_arithmetic *m);
assay_ball assay__ball_exp2(assay_ball x, const assay_arithmetic *m);

// exp2(b log2(|a|)), with the sign that a power of a negative number has.
assay_ball assay__ball_pow(assay_ball a, assay_ball b, const assay_arithmetic *m);

#endif
