// SPDX-License-Identifier: Apache-2.0
// Ball arithmetic: a value with a running error bound, driven by the precision table of the Vulkan specification
// (appendix "Precision and Operation of SPIR-V Instructions"). The bound of a chain of operations comes out by itself.
#ifndef ASSAY_BALL_H
#define ASSAY_BALL_H

#include "reference/contract.h"

// The true value is `value`; what the kernel holds lies within `error` of it. error is infinity when anything may be.
typedef struct assay_ball {
    double value;
    double error;
} assay_ball;

assay_ball assay_ball_exact(double value);

// One operation each, correctly rounded as the contract says (error r |result|, flush included).
assay_ball assay_ball_add(assay_ball a, assay_ball b, const assay_arithmetic *m);
assay_ball assay_ball_sub(assay_ball a, assay_ball b, const assay_arithmetic *m);
assay_ball assay_ball_mul(assay_ball a, assay_ball b, const assay_arithmetic *m);

// Division: 2.5 ULP where |b| lies in [2^-126, 2^126], otherwise anything.
assay_ball assay_ball_div(assay_ball a, assay_ball b, const assay_arithmetic *m);

// exp: (3 + 2|x|) ULP in f32, (1 + 2|x|) in f16. tanh: inherited from sinh / cosh; anything once cosh overflows.
assay_ball assay_ball_exp(assay_ball x, const assay_arithmetic *m);
assay_ball assay_ball_tanh(assay_ball x, const assay_arithmetic *m);

#endif
