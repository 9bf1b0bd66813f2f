// SPDX-License-Identifier: Apache-2.0
#ifndef ASSAY_JUDGE_INTERNAL_H
#define ASSAY_JUDGE_INTERNAL_H

#include "harness/judge.h"

// Blind taps, utilisation, ULP, NMSE, bias, samples: everything about the error but the verdict.
// `scratch` holds reference->count doubles.
void assay__measure(const assay_evidence *evidence, double *scratch, assay_result *result);

// One sentence about the first thing that is wrong; result->caught and the counts are set.
void assay__explain(const assay_evidence *evidence, assay_result *result);

#endif
