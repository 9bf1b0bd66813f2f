// SPDX-License-Identifier: Apache-2.0
// The judge: holds what a kernel wrote against the reference, fills every metric of the result, and
// decides.
#ifndef ASSAY_JUDGE_H
#define ASSAY_JUDGE_H

#include "fixtures/case.h"
#include "gpu/job.h"
#include "reports/result.h"

typedef struct assay_evidence {
    const assay_case *c;
    const float *const *in;           // the inputs, one array each, NULL where absent
    const assay_reference *reference; // with its bound
    const assay_contract *contract;   // that the bound was derived under
    const float *run[ASSAY_RUNS];     // what the kernel wrote
    const assay_guard_report *guard;  // ASSAY_RUNS of them; NULL: it ran elsewhere, once (both runs
                                      // are that one), and nothing is known of memory
    const char *messages;             // of the validation layers, NULL when none
    const assay_deviation *deviation; // ASSAY_SANITIZERS of them, or NULL
} assay_evidence;

// Fills verdict, caught, tier, reason and all metrics; identity and times are the caller's. Fails
// only with ASSAY_MEMORY.
ASSAY_CHECKED assay_status assay_judge(const assay_evidence *evidence, assay_result *result,
                                       assay_error *error);

// More than this share of an average term lost unseen makes a pass VACUOUS (median over the
// elements).
#define ASSAY_BLIND_LIMIT 0.5

#endif
