// SPDX-License-Identifier: Apache-2.0
#include "harness/accept.h"

#include "reference/format.h"

#include <float.h>
#include <math.h>

bool assay_accept_f32(float y, double value, double bound, bool nan_allowed,
                      const assay_contract *contract)
{
    if (isinf(bound))
        return true; // the contract allows any result here
    if (isnan(y))
        return nan_allowed || isnan(value);
    if (isnan(value))
        return false;
    // An infinite reference has no neighbourhood: only itself, or what rounding allows beside it.
    double low = isinf(value) ? value : value - bound;
    double high = isinf(value) ? value : value + bound;
    double x = (double)y;
    if (low <= x && x <= high)
        return true; // rounding is monotone: a number inside stays inside of the rounded ends
    bool rte = contract->rounding == ASSAY_ROUNDING_RTE;
    if (assay_round_f32(low, rte ? ASSAY_TO_NEAREST : ASSAY_DOWN) <= y &&
        y <= assay_round_f32(high, rte ? ASSAY_TO_NEAREST : ASSAY_UP))
        return true;
    return x == 0 && contract->flush != ASSAY_FLUSH_NO && low < (double)FLT_MIN &&
           high > -(double)FLT_MIN;
}
