// SPDX-License-Identifier: Apache-2.0
/*---
kernel: gelu
operator: gelu
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
  - {name: approximate, type: int, value: approximate}
dispatch: {flat: "ceil_div(out.words, 4)"}
---*/
// out = in (1 + s) / 2. approximate = 1: s = tanh(sqrt(2 / pi) (in + 0.044715 in^3)). approximate = 0: s = erf(in / sqrt(2)) by
// Abramowitz and Stegun, 7.1.26, off by at most 1.5e-7; its complement is used as it is, so that nothing cancels below
// zero. Below `-most` the factor is 0 and above it 1, and what could overflow is kept away from there. A NaN stays one by
// its first factor.
#version 450

#include "tensor.glsl"
#include "tanh.glsl"

layout(push_constant) uniform Params { ivec4 shape; int words; int approximate; } p;

#ifdef ASSAY_PRECISION_F16A
const REAL most = REAL(6.0);
#else
const REAL most = REAL(14.5);
#endif

// Half of 1 + erf(x / sqrt(2)).
REAL4 by_erf(REAL4 x)
{
    REAL4 z = REAL(0.70710678118654752) * abs(x);
    REAL4 t = REAL4(1.0) / (REAL4(1.0) + REAL(0.3275911) * z);
    REAL4 sum = REAL4(-1.453152027) + REAL(1.061405429) * t;
    sum = REAL4(1.421413741) + sum * t;
    sum = REAL4(-0.284496736) + sum * t;
    sum = REAL4(0.254829592) + sum * t;
    REAL4 rest = REAL(0.5) * (sum * t * exp(-(z * z)));
    return mix(REAL4(1.0) - rest, rest, lessThan(x, REAL4(0.0)));
}

REAL4 by_tanh(REAL4 x)
{
    return safe_tanh(REAL(0.7978845608028654) * (x + REAL(0.044715) * (x * x * x)));
}

REAL4 apply(REAL4 x)
{
    REAL4 inside = clamp(x, REAL4(-most), REAL4(most));
    REAL4 factor = p.approximate == 0 ? by_erf(inside) : REAL(0.5) * (REAL4(1.0) + by_tanh(inside));
    return x * mix(factor, REAL4(0.0), lessThan(x, REAL4(-most)));
}

#include "elementwise.glsl"
