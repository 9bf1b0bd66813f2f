// SPDX-License-Identifier: Apache-2.0
// Why a check fails: probes of the failing kernel itself, hypotheses that are tested against what
// it wrote, patterns in the wrong elements, and the smallest case that still fails.
// docs/explain.md.
#ifndef ASSAY_EXPLAIN_H
#define ASSAY_EXPLAIN_H

#include "fixtures/fixture.h"
#include "gpu/device.h"
#include "gpu/kernel.h"
#include "reports/result.h"

typedef enum assay_cause {
#define CAUSE(name, alike, also, sentence) ASSAY_CAUSE_##name,
#include "harness/explain/causes.def"
#undef CAUSE
    ASSAY_CAUSE_COUNT
} assay_cause;

const char *assay_cause_name(assay_cause cause);
const char *assay_cause_sentence(assay_cause cause);

#define ASSAY_FINDINGS_MAX 12
#define ASSAY_STRATA_MAX   8
#define ASSAY_NOTES_MAX    24

typedef struct assay_finding {
    assay_cause cause;
    double score; // 0 .. 1: 0.9 and more was seen in a test of its own, below 0.5 is a guess
    char text[320];
} assay_finding;

typedef struct assay_stratum {
    char text[160];          // "the last column"
    int64_t wrong, elements; // in the stratum
    double p;                // of Fisher's exact test, Bonferroni-corrected
} assay_stratum;

// Plain data, so that it can be shared with the process that fills it.
typedef struct assay_explanation {
    bool fails; // false: every run passed, and there is nothing to explain
    char check[ASSAY_TEXT], shrunk[ASSAY_TEXT], layout_of_check[16];
    char reason[ASSAY_TEXT_LONG], shrunk_reason[ASSAY_TEXT_LONG];
    char
        window[2048]; // lines of the expected and the written values around the first wrong element
    int64_t wrong, elements;
    assay_finding finding[ASSAY_FINDINGS_MAX]; // best first
    int finding_count;
    assay_stratum stratum[ASSAY_STRATA_MAX]; // strongest first
    int stratum_count;
    char note[ASSAY_NOTES_MAX][320]; // what the probes said
    int note_count;
    char interrupted[320]; // what ended the explanation early, "" when nothing did
    char stage[64];        // that was under way
    int runs;              // of the kernel
    double seconds;
} assay_explanation;

typedef struct assay_explain_options {
    const assay_kernels *kernels; // those that may be meant
    const assay_case *cases;      // the first that fails is explained
    size_t case_count;
    const assay_fixture *fixture;            // has the vectors of stored cases; may be NULL
    const char *kernel, *precision, *layout; // NULL: any
    const char *device;                      // a selector, as in assay_device_options
    int device_number;                       // part of a check's name
    double timeout_s;
} assay_explain_options;

// Looks for the first check that fails and explains it, in a child process: a driver that dies or
// hangs ends the child, and what is known until then is kept. Fails when nothing could be run.
ASSAY_CHECKED assay_status assay_explain(const assay_explain_options *options,
                                         assay_explanation *explanation, assay_error *error);

#endif
