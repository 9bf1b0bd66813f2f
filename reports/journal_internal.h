// SPDX-License-Identifier: Apache-2.0
// The journal's file: a head, then records until the end. docs/file-formats.md.
#ifndef ASSAY_JOURNAL_INTERNAL_H
#define ASSAY_JOURNAL_INTERNAL_H

#include "reports/journal.h"

#include <sys/types.h>

#define ASSAY__JOURNAL_HEAD_MAX (size_t)65536

// The head as bytes; their number, at most ASSAY__JOURNAL_HEAD_MAX.
size_t assay__journal_head(const assay_run_info *run, uint8_t *buffer);

typedef struct assay__journal_scan {
    const char *path;
    int file;
    // Called for each whole record, in order; NULL to look only. A failure ends the scan.
    assay_status (*visit)(void *context, const assay_result *result, assay_error *error);
    void *context;
    // out
    assay_run_info *run;
    bool headless; // nothing but a torn head, no record: such a journal holds nothing
    off_t whole;   // behind the last whole record: what follows is a torn tail
} assay__journal_scan;

// Reads what the file holds now; what is appended meanwhile is left for the next time.
ASSAY_CHECKED assay_status assay__journal_read(assay__journal_scan *scan, assay_error *error);

#endif
