// SPDX-License-Identifier: Apache-2.0
// The one acceptance predicate: y is right iff it lies between the two rounded ends of [ref - E,
// ref + E]. docs/tolerances.md derives it and writes down the rules for NaN, infinity, subnormals
// and flushing.
#ifndef ASSAY_ACCEPT_H
#define ASSAY_ACCEPT_H

#include "reference/contract.h"

// `value` and `bound`: of everything before the final store to f32. `nan_allowed`: an operand of
// min/max was NaN.
bool assay_accept_f32(float y, double value, double bound, bool nan_allowed,
                      const assay_contract *contract);

#endif
