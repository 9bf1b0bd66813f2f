// SPDX-License-Identifier: Apache-2.0
#include "harness/accept.h"

#include "reference/format.h"

#include <math.h>

bool assay_store_rounds(const assay_contract *contract)
{
    return contract->storage == ASSAY_STORAGE_RGBA8 ||
           (contract->storage == ASSAY_STORAGE_F16 &&
            contract->accumulator == ASSAY_ACCUMULATOR_F32);
}

// What rounds last: the store, or where that changes nothing the last operation. Colours go to the
// nearest number, only a tie is open.
static bool rounds_to_nearest(const assay_contract *contract)
{
    return contract->storage == ASSAY_STORAGE_RGBA8 ||
           (assay_store_rounds(contract) ? contract->store : contract->rounding) ==
               ASSAY_ROUNDING_RTE;
}

double assay_store_error(const assay_contract *contract, double x)
{
    if (!assay_store_rounds(contract))
        return 0;
    double ulp = assay_format_ulp(assay_format_of(contract->storage), x);
    return rounds_to_nearest(contract) ? ulp / 2 : ulp;
}

// Colours end at 0 and 255, a tie between two goes to either, and NaN becomes any of them.
static bool accept_colour(double y, double low, double high)
{
    if (isnan(low))
        return true;
    low = fmin(fmax(low, 0), 255);
    high = fmin(fmax(high, 0), 255);
    return y == floor(y) && ceil(low - 0.5) <= y && y <= floor(high + 0.5);
}

bool assay_accept(float y, double value, double bound, bool nan_allowed,
                  const assay_contract *contract)
{
    const assay_format *format = assay_format_of(contract->storage);
    if (isinf(bound))
        return true; // the contract allows any result here
    if (isnan(y))
        return nan_allowed || isnan(value);
    // An infinite reference has no neighbourhood: only itself, or what rounding allows beside it.
    double low = isinf(value) ? value : value - bound;
    double high = isinf(value) ? value : value + bound;
    double x = (double)y;
    if (contract->storage == ASSAY_STORAGE_RGBA8)
        return accept_colour(x, low, high);
    if (isnan(value))
        return false;
    if (low <= x && x <= high)
        return true; // rounding is monotone: a number inside stays inside of the rounded ends
    bool nearest = rounds_to_nearest(contract);
    if (format->round(low, nearest ? ASSAY_TO_NEAREST : ASSAY_DOWN) <= y &&
        y <= format->round(high, nearest ? ASSAY_TO_NEAREST : ASSAY_UP))
        return true;
    return x == 0 && contract->flush != ASSAY_FLUSH_NO && low < format->least &&
           high > -format->least;
}
