// SPDX-License-Identifier: Apache-2.0
// What the reference says of each output element: its value, the error bound, and the sums that the bound is made of.
#ifndef ASSAY_REFERENCE_H
#define ASSAY_REFERENCE_H

#include "reference/contract.h"
#include "reference/status.h"
#include "reference/tensor.h"

#include <stdint.h>

struct assay_problem;

typedef struct assay_reference {
    int64_t count;       // elements of the output
    double *value;       // before the final store
    double *sum;         // what a fused activation made the value of; NULL where there is none
    double *bound;       // E >= 0; infinity where the contract allows any result; filled by assay_bound
    double *magnitude;   // A = sum |p| over the products p of the element; NULL unless op->reduction
    double *square;      // Q = sum p^2; NULL unless op->reduction
    float *terms;        // n, the count of nonzero products (bias included); NULL unless op->reduction
    uint8_t *nan_allowed; // 1 where a NaN operand of min/max makes NaN legal beside value; always present
    double quantum;      // largest power of two that divides every product and the bias; 0 when none or unknown
} assay_reference;

typedef enum assay_method {
    ASSAY_METHOD_AUTO,  // fast for large problems where the operator has it, else plain
    ASSAY_METHOD_PLAIN, // the loops of the definition
    ASSAY_METHOD_FAST,  // OpenBLAS; ASSAY_UNSUPPORTED where the operator has none
} assay_method;

// Allocates and fills a reference (value and sums, no bound yet). assay_reference_destroy releases it.
ASSAY_CHECKED assay_status assay_reference_create(const struct assay_problem *problem,
                                                  const float *const *in, assay_method method,
                                                  assay_reference *reference, assay_error *error);
void assay_reference_destroy(assay_reference *reference);

// Fills reference->bound under a contract. May be called again with another contract.
void assay_bound(const struct assay_problem *problem, const float *const *in,
                 const assay_contract *contract, assay_reference *reference);

// True when every partial sum of element i, in any order and with or without FMA, is exact in the accumulator:
// max(P, N) = (A + |s|) / 2 <= quantum * 2^bits, with P and N the sums of the positive and the negative products.
bool assay_sum_is_exact(const assay_reference *reference, int64_t i, int bits);

// The bound of a sum of products in any order, FMA allowed: D(n) A + 2 n eta + the reference's own n 2^-53 A, and 0
// where assay_sum_is_exact. D(n) = n u for round-to-nearest (Jeannerod & Rump, SIAM J. Matrix Anal. Appl. 34(2),
// 2013), n 2u / (1 - n 2u) otherwise (Higham, ASNA, 4.2).
double assay_sum_bound(const assay_reference *reference, int64_t i, const assay_arithmetic *a);

// sigma of the rounding error of a sequential sum, for the RMS ratio: 0.43 u sqrt(n s^2/3 + n Q/6 + Q).
double assay_sum_sigma(const assay_reference *reference, int64_t i, const assay_arithmetic *a);

// The largest power of two that divides every finite nonzero element; 0 when there is none, or an element is not finite.
double assay_quantum(const float *data, int64_t count);

#endif
