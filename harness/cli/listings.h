// SPDX-License-Identifier: Apache-2.0
// The larger listings of `assay list`.
#ifndef ASSAY_LISTINGS_H
#define ASSAY_LISTINGS_H

#include "fixtures/coverage.h"
#include "gpu/kernel.h"

// The operator table; `verbose`: the form of each operator's case strings, its tensors and
// attributes.
void cli_print_ops(bool verbose);

// For each operator how much of what can be exercised is, and what is missing; `verbose`: also what
// cannot be.
void cli_print_coverage(const assay_caselist *cases, bool verbose);

// Operators by layout and precision: how many kernels there are, and why there are none.
void cli_print_matrix(const assay_kernels *kernels);

#endif
