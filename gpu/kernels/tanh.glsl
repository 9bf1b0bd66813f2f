// SPDX-License-Identifier: Apache-2.0
// tanh in the form 1 - 2 / (1 + exp(2x)), and 1 from where the quotient no longer counts.
#ifdef ASSAY_PRECISION_F16A
const REAL tanh_limit = REAL(4.75);
#else
const REAL tanh_limit = REAL(20.0);
#endif

REAL4 safe_tanh(REAL4 x)
{
    REAL4 quotient = REAL4(2.0) / (REAL4(1.0) + exp(REAL(2.0) * x));
    return mix(REAL4(1.0) - quotient, REAL4(1.0), greaterThan(x, REAL4(tanh_limit)));
}
