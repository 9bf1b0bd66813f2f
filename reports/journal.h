// SPDX-License-Identifier: Apache-2.0
// The journal: results are appended as soon as they are known, each record with its length and
// checksum. A killed run loses at most the record in flight; a torn tail is cut off when the
// journal is opened again. docs/file-formats.md.
#ifndef ASSAY_JOURNAL_H
#define ASSAY_JOURNAL_H

#include "reports/result.h"

typedef struct assay_journal assay_journal;

// One result as a self-contained record (length, checksum, only used bytes of texts), also used
// between processes. encode returns the record's size, or the size it needs when that exceeds
// `size`.
size_t assay_record_encode(const assay_result *result, uint8_t *buffer, size_t size);
// Bytes consumed; 0 when the buffer holds no whole record yet; ASSAY_FORMAT in *status when it is
// corrupt.
size_t assay_record_decode(const uint8_t *buffer, size_t size, assay_result *result,
                           assay_status *status);

// Starts a journal (fails with ASSAY_LOCKED when another process writes it). An existing journal is
// continued when `resume`, otherwise it is ASSAY_WRITE "exists" - nothing of the user's is ever
// lost. On resume a torn tail is cut off; a journal with a damaged record before whole ones is
// ASSAY_FORMAT and left as it is, one of another version of assay ASSAY_SCHEMA. The lock is the
// open file's: a forked child holds it too until it ends or closes the journal.
ASSAY_CHECKED assay_status assay_journal_open(const char *path, const assay_run_info *run,
                                              bool resume, assay_journal **journal,
                                              assay_error *error);
// Written and handed to the operating system before it returns. When there is no room (ASSAY_WRITE)
// the journal is cut back to its last whole record and stays readable. Past a limit on file sizes
// the system sends SIGXFSZ first: a program that wants the sentence instead ignores that signal.
ASSAY_CHECKED assay_status assay_journal_append(assay_journal *journal, const assay_result *result,
                                                assay_error *error);
void assay_journal_close(assay_journal *journal);

// Results of a journal (or of an open one, by its path), in the order of writing; a check written
// twice counts once, the first time. A torn tail is no error, damage before whole records is
// ASSAY_FORMAT. *results is released with free().
ASSAY_CHECKED assay_status assay_journal_read(const char *path, assay_run_info *run,
                                              assay_result **results, size_t *count,
                                              assay_error *error);

#endif
