// SPDX-License-Identifier: Apache-2.0
// Outputs that another engine computed elsewhere, held against the reference and its bound. No
// Vulkan device takes part.
#ifndef ASSAY_COMPARE_H
#define ASSAY_COMPARE_H

#include "fixtures/fixture.h"
#include "reports/result.h"

typedef struct assay_compare_options {
    const assay_fixture *fixture;
    const char *outputs;         // the file: .npz or HDF5 (fixtures/outputs.h)
    const char *const *patterns; // only vectors whose case string matches one; none: all
    int pattern_count;
    const char *engine;      // its name, in the place of a kernel's: a-z, 0-9, _
    const char *device_name; // where it ran, for the reports
    const char *precision;   // "f32", "f16s" or "f16a"
    assay_contract
        contract; // that the bound is derived under; storage and accumulator fit the precision
    const char *reproduce; // the command without the case: "assay compare F.h5 O.npz"
} assay_compare_options;

// One result for each selected vector, in the order of the fixture: free(*results). What a single
// run elsewhere cannot show (guards, two runs that agree) is not looked for. A missing output, or
// one of a wrong shape or type, is an ERROR of its vector. *foreign (64 bytes) names an array that
// is no output of any vector, "" when there is none. ASSAY_NOTHING_SELECTED when no vector matches.
ASSAY_CHECKED assay_status assay_compare(const assay_compare_options *options,
                                         assay_result **results, size_t *count, char foreign[64],
                                         int *foreign_count, assay_error *error);

// Storage and accumulator of a precision into a contract; ASSAY_USAGE when there is no such
// precision.
ASSAY_CHECKED assay_status assay_compare_precision(const char *precision, assay_contract *contract,
                                                   assay_error *error);

#endif
