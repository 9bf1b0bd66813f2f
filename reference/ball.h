// SPDX-License-Identifier: Apache-2.0
// Ball arithmetic: a value with a running error bound, driven by the precision table of the Vulkan
// specification (appendix "Precision and Operation of SPIR-V Instructions"). The bound of a chain
// of operations comes out by itself.
#ifndef ASSAY_BALL_H
#define ASSAY_BALL_H

#include "reference/contract.h"

// The true value is `value`; what the kernel holds lies within `error` of it. error is infinity
// when anything may be. value is an infinity, error 0, for what overflowed: a number above half the
// largest finite one, or infinity.
typedef struct assay_ball {
    double value;
    double error;
} assay_ball;

assay_ball assay_ball_exact(double value);

// An input element as the kernel has loaded it: exact, but one that is subnormal in its storage may
// have become zero.
assay_ball assay_ball_input(double x, const assay_arithmetic *m);

// A constant, or an attribute, as the accumulator's format holds it: rounded once where it is no
// number of that format.
assay_ball assay_ball_constant(double x, const assay_arithmetic *m);

// One operation each, correctly rounded as the contract says (error r |result|, flush included);
// exact where the operands are and the format holds the result.
assay_ball assay_ball_add(assay_ball a, assay_ball b, const assay_arithmetic *m);
assay_ball assay_ball_sub(assay_ball a, assay_ball b, const assay_arithmetic *m);
assay_ball assay_ball_mul(assay_ball a, assay_ball b, const assay_arithmetic *m);

// Division: 3.5 ULP where |b| lies in [2^-126, 2^126]; Vulkan allows 2.5, and one rounding more for
// a (1 / b) in its place. Beyond 2^126, where Vulkan promises nothing, at most 8 * 2^-126 |a|
// and a subnormal spacing: reciprocals there are subnormal or zero, and the last operation may
// round away from zero. That is declared, not derived. Below 2^-126 anything. A zero divided is
// zero.
assay_ball assay_ball_div(assay_ball a, assay_ball b, const assay_arithmetic *m);

// exp: (3 + 2|x|) ULP in f32, (1 + 2|x|) in f16. tanh: inherited from sinh / cosh; anything once
// cosh overflows.
assay_ball assay_ball_exp(assay_ball x, const assay_arithmetic *m);
assay_ball assay_ball_tanh(assay_ball x, const assay_arithmetic *m);

// log: 3 ULP, but inside of [0.5, 2] an absolute 2^-21 (f16: 2^-7). Anything where x may be zero,
// subnormal and flushed, or negative.
assay_ball assay_ball_log(assay_ball x, const assay_arithmetic *m);

// inversesqrt: 2 ULP. sqrt: inherited from 1 / inversesqrt; a zero gives zero.
assay_ball assay_ball_inversesqrt(assay_ball x, const assay_arithmetic *m);
assay_ball assay_ball_sqrt(assay_ball x, const assay_arithmetic *m);

// Exact but for the flushing of subnormal operands, which may compare equal to each other and to
// zero.
assay_ball assay_ball_abs(assay_ball x, const assay_arithmetic *m);
assay_ball assay_ball_neg(assay_ball x, const assay_arithmetic *m);
assay_ball assay_ball_max(assay_ball a, assay_ball b, const assay_arithmetic *m);
assay_ball assay_ball_min(assay_ball a, assay_ball b, const assay_arithmetic *m);

// What lies in either, around a.
assay_ball assay_ball_hull(assay_ball a, assay_ball b);

// A choice by the sign of x: one of the two, or either where x may be zero. The kernel may give
// zero to both branches. negative_part is what of x can get into the first one.
assay_ball assay_ball_negative_part(assay_ball x, const assay_arithmetic *m);
assay_ball assay_ball_branch(assay_ball x, assay_ball negative, assay_ball positive,
                             const assay_arithmetic *m);

// The bound of a result whose reference is `value` (correct to a few fp64 units): the ball and its
// distance from it.
double assay_ball_bound(assay_ball b, double value);

#endif
