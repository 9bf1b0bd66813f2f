// SPDX-License-Identifier: Apache-2.0
/*---
kernel: pow
operator: pow
summary: "a texel an invocation, with broadcasting"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: a}
  - {binding: 1, tensor: b}
  - {binding: 2, tensor: out}
push:
  - {name: a, type: ivec4, value: a}
  - {name: b, type: ivec4, value: b}
  - {name: out_shape, type: ivec4, value: out}
dispatch: {flat: out.texels}
---*/
// out = a to the power of b, as C has it: GLSL leaves negative a, and 0 to the power 0, undefined.
#version 450
#include "tensor.glsl"

#ifdef ASSAY_PRECISION_F16A
#define LEAST  REAL(6.103515625e-5)
#define RAISE  REAL(1024.0)
#define RAISED REAL(10.0)
#else
#define LEAST  REAL(1.17549435e-38)
#define RAISE  REAL(16777216.0)
#define RAISED REAL(24.0)
#endif

// Of a >= 0.
REAL power_of_size(REAL a, REAL b)
{
    if (b == REAL(0.0) || a == REAL(1.0))
        return REAL(1.0);
    if (a == REAL(0.0))
        return b > REAL(0.0) ? REAL(0.0) : REAL(1.0) / REAL(0.0);
    if (a < LEAST) // a subnormal number: whole if the device knows them, else 0
        return exp2(b * (log2(a * RAISE) - RAISED));
    return exp2(b * log2(a));
}

REAL power(REAL a, REAL b)
{
    if (isnan(a) || isnan(b))
        return a == REAL(1.0) || b == REAL(0.0) ? REAL(1.0) : a + b;
    REAL size = power_of_size(abs(a), b);
    if (a >= REAL(0.0) || b == REAL(0.0) || isinf(b))
        return size;
    REAL half_b = b * REAL(0.5);
    if (floor(b) != b) // no number, but for infinity
        return isinf(a) ? size : REAL(0.0) / REAL(0.0);
    return floor(half_b) != half_b ? -size : size;
}

REAL4 apply(REAL4 a, REAL4 b)
{
    return REAL4(power(a.x, b.x), power(a.y, b.y), power(a.z, b.z), power(a.w, b.w));
}

#include "broadcast.glsl"
