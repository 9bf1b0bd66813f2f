// SPDX-License-Identifier: Apache-2.0
// Where a result goes that lies between two numbers of the output's format: a quarter, a half and
// three quarters of the way, beside an even and an odd number, on both sides of zero.
#include "harness/explain/arithmetic.h"

#include "harness/accept.h"
#include "reference/format.h"

#include <math.h>
#include <string.h>

typedef struct way {
    int quarters;
    bool odd, negative;
} way;

// Whether a way to round goes away from zero.
static bool nearest_even(way w)
{
    return w.quarters == 3 || (w.quarters == 2 && w.odd);
}

static bool toward_zero(way w)
{
    (void)w;
    return false;
}

static bool away_from_zero(way w)
{
    (void)w;
    return true;
}

static bool up(way w)
{
    return !w.negative;
}

static bool down(way w)
{
    return w.negative;
}

static bool ties_away(way w)
{
    return w.quarters >= 2;
}

static bool ties_to_zero(way w)
{
    return w.quarters == 3;
}

static bool ties_up(way w)
{
    return w.quarters == 3 || (w.quarters == 2 && !w.negative);
}

// The first row that fits is said. `near`: how ties go is all that is special.
static const struct {
    bool (*away)(way w);
    const char *text;
    bool near;
} modes[] = {
    {nearest_even,   "go to the nearer one, ties to the even one", true },
    {toward_zero,    "are cut toward zero",                        false},
    {up,             "are rounded up",                             false},
    {away_from_zero, "are rounded away from zero",                 false},
    {down,           "are rounded down",                           false},
    {ties_away,      "go to the nearer one, ties away from zero",  true },
    {ties_to_zero,   "go to the nearer one, ties toward zero",     true },
    {ties_up,        "go to the nearer one, ties up",              true },
};

enum { WAYS = 12, SPLIT = 4 };

static way way_of(int k)
{
    return (way){1 + k % 3, k / 3 % 2 != 0, k / 6 != 0};
}

// Numbers whose results are `result`, or near it: a sum of two, or one where nothing is lost on the
// way to the store.
static assay__point point_for(const assay__line *line, double low, double rest)
{
    assay__point point = {
        .factor = {1, 1}
    };
    point.number[0] = (line->count == 2 ? low : low + rest) / line->weight[0];
    if (line->count == 2)
        point.number[1] = rest / line->weight[1];
    return point;
}

// A colour is the number times a factor, plus an offset.
static assay_status offset_of(assay__workbench *bench, const assay__line *line, double *offset,
                              assay_error *error)
{
    assay__point zero = {
        .factor = {1, 1}
    };
    ASSAY_TRY(assay__line_run(bench, line, &zero, 1, error));
    *offset = zero.right;
    return ASSAY_OK;
}

// How many units beyond the nearer-to-zero neighbour: 0 or 1, else nothing can be said.
static int went(const assay__point *point, double low, double unit, double target, way w,
                bool exact)
{
    double off = fabs(point->right - target) / unit, steps = (fabs(point->written) - low) / unit;
    bool tie = w.quarters == 2;
    if ((tie && !exact) || off > (tie ? 0 : 0.1) || (steps != 0 && steps != 1) ||
        signbit(point->written) != signbit(target))
        return -1;
    return (int)steps;
}

// A mean multiplies or divides, which moves results off a tie.
static bool is_exact(const assay__line *line)
{
    int exponent;
    for (int k = 0; k < line->count; k++)
        if (fabs(frexp(line->weight[k], &exponent)) != 0.5)
            return false;
    return true;
}

static assay_status measure(assay__workbench *bench, const assay__line *line, double one,
                            double unit, int away[WAYS], assay_error *error)
{
    assay__point points[WAYS];
    double offset;
    ASSAY_TRY(offset_of(bench, line, &offset, error));
    for (int k = 0; k < WAYS; k++) {
        way w = way_of(k);
        double sign = w.negative ? -1 : 1, low = one + (w.odd ? unit : 0);
        points[k] = point_for(line, sign * low - offset, sign * w.quarters * unit / SPLIT);
    }
    ASSAY_TRY(assay__line_run(bench, line, points, WAYS, error));
    for (int k = 0; k < WAYS; k++) {
        way w = way_of(k);
        double sign = w.negative ? -1 : 1, low = one + (w.odd ? unit : 0);
        double target = sign * (low + w.quarters * unit / SPLIT);
        away[k] = went(&points[k], low, unit, target, w, is_exact(line));
    }
    return ASSAY_OK;
}

static bool saw_ties(const int away[WAYS])
{
    for (int k = 0; k < WAYS; k++)
        if (away[k] >= 0 && way_of(k).quarters == 2)
            return true;
    return false;
}

static const char *text_of(int mode, bool ties)
{
    if (mode < 0)
        return "go neither way alone";
    return modes[mode].near && !ties ? "go to the nearer one" : modes[mode].text;
}

// The row of `modes` that all that was seen fits, -1 for none; *seen counts it.
static int mode_of(const int away[WAYS], int *seen)
{
    int found = -1;
    *seen = 0;
    for (int k = 0; k < WAYS; k++)
        *seen += away[k] >= 0;
    for (int m = 0; m < (int)(sizeof modes / sizeof *modes) && found < 0; m++) {
        bool fits = true;
        for (int k = 0; k < WAYS; k++)
            fits = fits && (away[k] < 0 || modes[m].away(way_of(k)) == (away[k] == 1));
        found = fits ? m : -1;
    }
    return found;
}

// Whether a store may go that way: ties of colours may go anywhere.
static bool is_right(const assay_contract *contract, int mode)
{
    if (contract->storage == ASSAY_STORAGE_RGBA8)
        return mode >= 0 && modes[mode].near;
    return mode == 0 || contract->store != ASSAY_ROUNDING_RTE;
}

assay_status assay__line_rounding(assay__workbench *bench, const assay__line *line,
                                  assay__answer *verdict, assay_error *error)
{
    static const char *const names[] = {"f32", "f16", "whole"};
    assay_contract contract = assay__output_contract(&line->problem, &bench->contract);
    const assay_format *format = assay_format_of(contract.storage);
    bool stores = assay_store_rounds(&contract);
    bool between = // a single number has more bits than the output
        line->count == 2 || contract.storage == ASSAY_STORAGE_RGBA8 ||
        (stores && assay_kernel_storage(bench->info, line->place[0].input) == ASSAY_STORAGE_F32);
    int away[WAYS], seen;
    *verdict = ASSAY__UNTOLD;
    if (line->count == 0 || !between || (!stores && !is_exact(line)))
        return ASSAY_OK;
    ASSAY_TRY(measure(bench, line, contract.storage == ASSAY_STORAGE_RGBA8 ? 100 : 1, 2 * format->u,
                      away, error));
    int mode = mode_of(away, &seen);
    if (seen < 4)
        return ASSAY_OK;
    const char *text = text_of(mode, saw_ties(away));
    bool open = stores && mode != 0 && is_right(&contract, mode); // and colours' ties are open
    assay__note(bench->out, "results between two %s numbers %s%s%s", names[contract.storage], text,
                stores ? " where they are stored" : "",
                open ? " (no rounding is promised there)" : "");
    *verdict = stores && !is_right(&contract, mode) ? ASSAY__BROKEN : ASSAY__AS_PROMISED;
    if (*verdict == ASSAY__BROKEN)
        assay__find(bench->out, ASSAY_CAUSE_store_rounding, 0.95,
                    "results between two %s numbers %s where they are stored",
                    names[contract.storage], text);
    return ASSAY_OK;
}
