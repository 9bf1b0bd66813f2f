// SPDX-License-Identifier: Apache-2.0
// Hypotheses: "the kernel computes the right result of another problem, or of other inputs, or
// another function of the right result". Each is computed and held against what the kernel wrote.
#ifndef ASSAY_EXPLAIN_HYPOTHESIS_H
#define ASSAY_EXPLAIN_HYPOTHESIS_H

#include "harness/explain/explain_internal.h"

typedef struct assay__court {
    assay__workbench *bench;
    const assay__specimen *s;
    assay_contract contract; // of the output
    int64_t count, wrong;    // elements; wrong ones that were written and are finite
    uint8_t *is_wrong;
    float *other[ASSAY_INPUTS_MAX]; // room for other inputs
    const float *in[ASSAY_INPUTS_MAX];
    double *value; // room for other results
} assay__court;

ASSAY_CHECKED assay_status assay__court_open(assay__workbench *bench, const assay__specimen *s,
                                             assay__court *court, assay_error *error);
void assay__court_close(assay__court *court);

// How much of what is wrong a hypothesis explains, 0 .. 1: 1 when every element is as it says.
// `bound` may be NULL: the bound of the right result.
double assay__court_share(const assay__court *court, const double *value, const double *bound);

// Finds the cause with `sure` times the share, when it explains most of what is wrong.
void assay__court_try(const assay__court *court, assay_cause cause, double sure,
                      const double *value, const double *bound, const char *text);

// The same of the reference of another problem on court->in. Its output may be larger than the
// kernel's: the beginning counts.
void assay__court_try_problem(const assay__court *court, assay_cause cause, double sure,
                              const assay_problem *problem, const char *text);

// Families of hypotheses, each a file.
void assay__try_attributes(assay__court *court);
void assay__try_windows(assay__court *court);
void assay__try_padding(assay__court *court);
void assay__try_inputs(assay__court *court);
void assay__try_results(assay__court *court);
void assay__try_roundings(assay__court *court);
void assay__try_norms(assay__court *court);
void assay__try_softmax(assay__court *court);
void assay__try_lrn(assay__court *court);

#endif
