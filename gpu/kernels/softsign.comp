// SPDX-License-Identifier: Apache-2.0
/*---
kernel: softsign
operator: softsign
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
// out = in / (1 + |in|). From `most` on it is 1 or -1 to the last bit: chosen there, because a quotient of two numbers
// beyond 2^126 (2^14 in f16) may be anything. A NaN stays one.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; int words; } p;

#ifdef ASSAY_PRECISION_F16A
const REAL most = REAL(8192.0);
#else
const REAL most = REAL(1073741824.0);
#endif

REAL4 apply(REAL4 x)
{
    REAL4 quotient = x / (REAL4(1.0) + abs(x));
    return mix(quotient, sign(x), greaterThan(abs(x), REAL4(most)));
}

#include "elementwise.glsl"
