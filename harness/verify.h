// SPDX-License-Identifier: Apache-2.0
// Verification from a plan to stored results.
#ifndef ASSAY_VERIFY_H
#define ASSAY_VERIFY_H

#include "harness/executor.h"

typedef struct assay_verify_options {
    assay_lab *lab;   // plan, device, reproduce lines
    int children;     // that run checks side by side, each with the device open; at least 1
    double timeout_s; // for a batch, and for each suspect alone
    const char *path; // results.h5; NULL: results are returned and not kept
    bool resume;      // go on from path's journal, or from path itself
    void (*progress)(void *context, size_t done, size_t total, const assay_result *result);
    void *context; // for progress
} assay_verify_options;

typedef struct assay_verify_outcome {
    assay_run_info run;
    assay_result *results; // in the order of the plan; the outcome's
    size_t count;
    size_t resumed; // results that were there already
    double wall_s, store_s;
} assay_verify_outcome;

// Runs every check of the plan that has no result yet. Results go to "<path>.journal" as soon as
// they are known, and are folded into `path` at the end, when the journal is removed. An unfinished
// journal without `resume` is ASSAY_WRITE: it is never overwritten.
ASSAY_CHECKED assay_status assay_verify(const assay_verify_options *options,
                                        assay_verify_outcome *outcome, assay_error *error);
void assay_verify_outcome_destroy(assay_verify_outcome *outcome);

// The exit code that a set of results deserves: 0; 1 when a verdict fails; 124 when the only
// failures are timeouts; 5 when no check counted.
int assay_verdict_exit_code(const assay_result *results, size_t count);

#endif
