// SPDX-License-Identifier: Apache-2.0
// results.h5: a column for each field, written whole beside the target and renamed.
// docs/file-formats.md.
#ifndef ASSAY_STORE_H
#define ASSAY_STORE_H

#include "reports/result.h"

#define ASSAY_RESULTS_SCHEMA 1

ASSAY_CHECKED assay_status assay_results_write(const char *path, const assay_run_info *run,
                                               const assay_result *results, size_t count,
                                               assay_error *error);

// *results is released with free(). Truncated or foreign files: ASSAY_FORMAT; another schema:
// ASSAY_SCHEMA.
ASSAY_CHECKED assay_status assay_results_read(const char *path, assay_run_info *run,
                                              assay_result **results, size_t *count,
                                              assay_error *error);

#endif
