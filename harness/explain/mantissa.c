// SPDX-License-Identifier: Apache-2.0
// How many bits of a number come as far as the arithmetic: 1 + 2^-k for every k, with -1 beside it
// where there is a sum, so that neither the accumulator nor the store has anything to round.
#include "harness/explain/arithmetic.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BITS_MAX 23
#define SIZE     0x1p8 // keeps the last bit away from where f16 has no normal numbers

static int fraction_bits(assay_storage storage)
{
    return storage == ASSAY_STORAGE_F16 ? 10 : BITS_MAX;
}

// Point k: the number, or its factor, has its last bit at 2^-k; it is one of few bits where k is 0.
static assay__point with_bit(const assay__line *line, bool factor, int k)
{
    assay__point point = {
        .factor = {1, 1}
    };
    point.number[0] = SIZE;
    if (line->count == 2)
        point.number[1] = -SIZE * line->weight[0] / line->weight[1];
    *(factor ? &point.factor[0] : &point.number[0]) *= 1 + (k ? ldexp(1, -k) : 0);
    return point;
}

// Bits behind the first one that come through, of `most` that could be seen: the element moves by
// what they are worth.
static assay_status count_bits(assay__workbench *bench, const assay__line *line, bool factor,
                               int most, int *bits, assay_error *error)
{
    assay__point points[BITS_MAX + 1];
    for (int k = 0; k <= most; k++)
        points[k] = with_bit(line, factor, k);
    ASSAY_TRY(assay__line_run(bench, line, points, most + 1, error));
    *bits = 0;
    for (int k = 1; k <= most && *bits == k - 1; k++) {
        double moved = points[k].written - points[0].written;
        double right = points[k].right - points[0].right;
        *bits += fabs(moved - right) < 0.3 * fabs(right);
    }
    return ASSAY_OK;
}

// f16 ends at 65504, other formats of so many bits do not.
static assay_status is_wide(assay__workbench *bench, const assay__line *line, bool factor,
                            bool *wide, assay_error *error)
{
    assay__point point = {
        .number = {0x1p17,  0},
          .factor = {0x1p-10, 1}
    };
    if (factor) {
        point.number[0] = 0x1p-10;
        point.factor[0] = 0x1p17;
    }
    ASSAY_TRY(assay__line_run(bench, line, &point, 1, error));
    *wide = fabs(point.written - point.right) < 0.01 * fabs(point.right);
    return ASSAY_OK;
}

static assay_status look_at(assay__workbench *bench, const assay__line *line, bool factor,
                            char *text, size_t size, assay__answer *verdict, assay_error *error)
{
    int input = factor ? line->factors : line->place[0].input, bits;
    int most = fraction_bits(assay_kernel_storage(bench->info, input));
    int out = fraction_bits(assay_kernel_storage(bench->info, ASSAY_INPUTS_MAX));
    bool wide = true;
    if (line->count == 1 && out < most)
        most = out; // the store is in the way
    ASSAY_TRY(count_bits(bench, line, factor, most, &bits, error));
    int lost = most - bits;
    const char *name = line->problem.op->inputs[input].name;
    if (assay_operator_kind(line->problem.op) == ASSAY_KIND_MEAN && lost <= 2)
        lost = 0; // it multiplies or divides, and that rounds
    if (bits == 10 && lost)
        ASSAY_TRY(is_wide(bench, line, factor, &wide, error));
    if (lost)
        snprintf(text, size, "\"%s\" keeps %d of its %d bits%s", name, bits + 1, most + 1,
                 bits == 10  ? wide ? " (tf32)" : " (f16)"
                 : bits == 7 ? " (bf16)"
                             : "");
    else
        snprintf(text, size, "\"%s\" keeps its %d bits", name, most + 1);
    // no format has so few bits: the element is made of other numbers as well
    *verdict = bits < 2 ? ASSAY__UNTOLD : lost ? ASSAY__BROKEN : ASSAY__AS_PROMISED;
    return ASSAY_OK;
}

assay_status assay__line_mantissa(assay__workbench *bench, const assay__line *line,
                                  assay__answer *verdict, assay_error *error)
{
    assay_contract contract = assay__output_contract(&line->problem, &bench->contract);
    char data[120], factor[120] = "";
    assay__answer of_data, of_factor = ASSAY__AS_PROMISED;
    *verdict = ASSAY__UNTOLD;
    if (line->count == 0 || contract.storage == ASSAY_STORAGE_RGBA8)
        return ASSAY_OK;
    ASSAY_TRY(look_at(bench, line, false, data, sizeof data, &of_data, error));
    if (line->factors >= 0)
        ASSAY_TRY(look_at(bench, line, true, factor, sizeof factor, &of_factor, error));
    if (of_data == ASSAY__UNTOLD || of_factor == ASSAY__UNTOLD)
        return ASSAY_OK;
    assay__note(bench->out, "1 + 2^-k, one number at a time: %s%s%s", data, *factor ? ", " : "",
                factor);
    bool both = of_data == ASSAY__BROKEN && of_factor == ASSAY__BROKEN;
    *verdict = of_data == ASSAY__BROKEN ? of_data : of_factor;
    // a single number may lose its bits behind the arithmetic as well
    if (*verdict == ASSAY__BROKEN)
        assay__find(bench->out, ASSAY_CAUSE_inputs_rounded, line->count == 2 ? 0.95 : 0.7,
                    "%s%s%s before it is used", of_data == ASSAY__BROKEN ? data : "",
                    both ? ", " : "", of_factor == ASSAY__BROKEN ? factor : "");
    return ASSAY_OK;
}
