// SPDX-License-Identifier: Apache-2.0
/*---
kernel: silu
operator: silu
summary: "four elements an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: out}
  - {name: words, type: int, value: out.words}
dispatch: {flat: "ceil_div(out.words, 4)"}
---*/
// out = in / (1 + exp(-in)), as a product. Below `least` exp(-in) is beyond what a quotient is promised for, and the factor
// is 0 there. A NaN stays one.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; int words; } p;

#ifdef ASSAY_PRECISION_F16A
const REAL least = REAL(-9.75);
#else
const REAL least = REAL(-87.5);
#endif

REAL4 apply(REAL4 x)
{
    REAL4 factor = REAL4(1.0) / (REAL4(1.0) + exp(-x));
    return x * mix(factor, REAL4(0.0), lessThan(x, REAL4(least)));
}

#include "elementwise.glsl"
