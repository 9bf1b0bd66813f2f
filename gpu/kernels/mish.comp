// SPDX-License-Identifier: Apache-2.0
/*---
kernel: mish
operator: mish
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
// out = in tanh(log(1 + e)) = in n / (n + 2), e = exp(in) and n = e (e + 2). The quotient is 1 to the last bit from `most`
// on, where it could overflow, and 0 below `least`, where exp is. A NaN stays one.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; int words; } p;

#ifdef ASSAY_PRECISION_F16A
const REAL least = REAL(-17.5), most = REAL(4.75);
#else
const REAL least = REAL(-104.0), most = REAL(20.0);
#endif

REAL4 apply(REAL4 x)
{
    REAL4 e = exp(min(x, REAL4(most)));
    REAL4 n = e * (e + REAL4(2.0));
    REAL4 factor = n / (n + REAL4(2.0));
    factor = mix(factor, REAL4(1.0), greaterThan(x, REAL4(most)));
    return x * mix(factor, REAL4(0.0), lessThan(x, REAL4(least)));
}

#include "elementwise.glsl"
