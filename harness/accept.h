// SPDX-License-Identifier: Apache-2.0
// The one acceptance predicate: y is right iff it lies between the two rounded ends of [ref - E,
// ref + E]. docs/tolerances.md derives it and writes down the rules for NaN, infinity, subnormals
// and flushing.
#ifndef ASSAY_ACCEPT_H
#define ASSAY_ACCEPT_H

#include "reference/contract.h"

// y as it is stored in contract->storage; `value` and `bound` of everything before the final store.
// `nan_allowed`: an operand of min/max was NaN.
bool assay_accept(float y, double value, double bound, bool nan_allowed,
                  const assay_contract *contract);

// True where the storage's format is narrower than the accumulator's: the final store rounds.
bool assay_store_rounds(const assay_contract *contract);

// How far the final store alone may move a result near x: half a unit in the last place of the
// storage, a whole one where its rounding is unknown; 0 where the store does not round.
double assay_store_error(const assay_contract *contract, double x);

#endif
