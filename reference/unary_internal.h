// SPDX-License-Identifier: Apache-2.0
// Functions of one number: activations, and whatever else works element by element. An operator of this kind gives the
// function and its ball; reference, bound and the fused epilogues of convolutions are made of those.
#ifndef ASSAY_UNARY_INTERNAL_H
#define ASSAY_UNARY_INTERNAL_H

#include "reference/ball.h"
#include "reference/operator_internal.h"

// `p` holds the problem's FLOAT attributes, and the index of a WORD's, in the order of the operator's table.
struct assay__unary {
    // The function in fp64, for every x: NaN and infinities give what IEEE 754 and the definition say.
    double (*value)(double x, const float *p);

    // What a kernel of the contract's form holds, given what it holds of x. The ball's value need not be value(x).
    assay_ball (*ball)(assay_ball x, const float *p, const assay_contract *contract);

    // E at an infinite x, where NaN and infinity are kept. NULL: 0.
    double (*at_infinity)(double x, const float *p, const assay_contract *contract);
};

// reference and bound of an operator with such a function. The bound is 0 where only an operand is selected: give the
// ball no error there. An element that is NaN or infinite has the bound of the contract's rule for NaN.
void assay__unary_reference(const assay_problem *problem, const float *const *in,
                            assay_reference *reference);
void assay__unary_bound(const assay_problem *problem, const float *const *in,
                        const assay_contract *contract, assay_reference *reference);

// `p` of a problem: as many numbers as the operator has attributes.
void assay__unary_parameters(const assay_problem *problem, float *p);

// E of an element whose x is finite, when the kernel holds y of it.
double assay__unary_error(assay_ball y, double value, const assay_arithmetic *m);

// E of an element whose x is infinite.
double assay__unary_error_at_infinity(const struct assay__unary *unary, double x, const float *p,
                                      const assay_contract *contract);

// Whether a kernel may hold zero in place of a factor that is none: infinity times it is NaN then.
bool assay__may_vanish(double factor, const assay_contract *contract);

// What several functions are made of: 1 / (1 + exp(-x)), and 1 - 2 / (1 + exp(2x)).
assay_ball assay__ball_sigmoid(assay_ball x, const assay_arithmetic *m);
assay_ball assay__ball_safe_tanh(assay_ball x, const assay_arithmetic *m);

// x kept between two limits beyond which a kernel is to give what it gives there.
assay_ball assay__ball_capped(assay_ball x, double low, double high);

#endif
