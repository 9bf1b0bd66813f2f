// SPDX-License-Identifier: Apache-2.0
// Probes of what happens to single numbers, each a file; the precision's calls them.
#ifndef ASSAY_EXPLAIN_ARITHMETIC_H
#define ASSAY_EXPLAIN_ARITHMETIC_H

#include "harness/explain/line.h"

typedef enum assay__answer {
    ASSAY__UNTOLD, // the probe could not be made
    ASSAY__AS_PROMISED,
    ASSAY__BROKEN,
} assay__answer;

// Bits of the inputs that are used, and the format that has so many. Only for accumulators that
// have the bits that they promise.
ASSAY_CHECKED assay_status assay__line_mantissa(assay__workbench *bench, const assay__line *line,
                                                assay__answer *verdict, assay_error *error);

// Where results between two numbers of the output's format go. Only for inputs that keep their
// bits.
ASSAY_CHECKED assay_status assay__line_rounding(assay__workbench *bench, const assay__line *line,
                                                assay__answer *verdict, assay_error *error);

// Whether subnormal inputs and results are kept.
ASSAY_CHECKED assay_status assay__line_flush(assay__workbench *bench, const assay__line *line,
                                             const assay__specimen *s, assay_error *error);

#endif
