// SPDX-License-Identifier: Apache-2.0
#ifndef ASSAY_JUDGE_INTERNAL_H
#define ASSAY_JUDGE_INTERNAL_H

#include "harness/judge.h"

#include "fixtures/twins.h"

// Blind taps, utilisation, ULP, NMSE, bias, samples: everything about the error but the verdict.
// `scratch` holds reference->count doubles.
void assay__measure(const assay_evidence *evidence, double *scratch, assay_result *result);

// What the data set twins shows of the results: how many elements that are not zero were held to
// another one, how many of those by a factor that no constant has, and how many elements are not
// what the other one demands. All zero for other data sets.
typedef struct assay__kinship {
    int64_t held, scaled, broken;
    int64_t first; // element that breaks a relation, its kind and what it broke
    int kind;
    assay_relation relation;
} assay__kinship;

// Broken elements are noted as mismatches. judge_twins.c
assay__kinship assay__judge_twins(const assay_evidence *evidence, assay_result *result);

// Counts a mismatch and keeps the first ones.
void assay__note_mismatch(int64_t i, float actual, double expected, double bound,
                          assay_result *result);

// One sentence about the first thing that is wrong; result->caught and the counts are set.
void assay__explain(const assay_evidence *evidence, const assay__kinship *kin,
                    assay_result *result);

#endif
