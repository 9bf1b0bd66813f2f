// SPDX-License-Identifier: Apache-2.0
// Writers: the same results for a person, for a CI and for a program. They read stored results and
// nothing else.
#ifndef ASSAY_REPORT_H
#define ASSAY_REPORT_H

#include "reports/result.h"

#include <stdio.h>

typedef struct assay_tally {
    int64_t count[ASSAY_VERDICT_COUNT];
    int64_t total;
} assay_tally;

assay_tally assay_tally_of(const assay_result *results, size_t count);

typedef enum assay_detail {
    ASSAY_DETAIL_QUIET,   // failures and the summary line
    ASSAY_DETAIL_NORMAL,  // and the table by operator and kernel, tiers, contracts, reasons of skips
    ASSAY_DETAIL_VERBOSE, // and one line for every check
} assay_detail;

// One line a failure, its reason and its `reproduce:` line; then a table by operator and kernel;
// then one summary line.
void assay_report_console(FILE *out, const assay_run_info *run, const assay_result *results,
                          size_t count, assay_detail detail, bool color);
// One result in full: every field with its unit, the histograms as bars.
void assay_report_one(FILE *out, const assay_result *result);
// JUnit as GitLab, GitHub and Jenkins read it: one suite for each operator and device; text that
// XML 1.0 forbids is replaced; valid against tests/cli/junit.xsd.
void assay_report_junit(FILE *out, const assay_run_info *run, const assay_result *results,
                        size_t count);
void assay_report_json(FILE *out, const assay_run_info *run, const assay_result *results,
                       size_t count);
void assay_report_markdown(FILE *out, const assay_run_info *run, const assay_result *results,
                           size_t count);
// Wall-clock split over generate, reference, pipeline, transfer, GPU, compare, store, with shares
// and checks a second.
void assay_report_timings(FILE *out, const assay_result *results, size_t count, double wall_s,
                          double store_s);

#endif
