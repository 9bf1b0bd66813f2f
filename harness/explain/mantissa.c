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

// Point k: the number, or its factor, has its last bit at 2^-k.
static assay__point with_bit(const assay__line *line, bool factor, int k)
{
    assay__point point = {
        .factor = {1, 1}
    };
    point.number[0] = SIZE;
    if (line->count == 2)
        point.number[1] = -SIZE * line->weight[0] / line->weight[1];
    *(factor ? &point.factor[0] : &point.number[0]) *= 1 + ldexp(1, -k);
    return point;
}

// Bits behind the first one that come through, of `most` that could be seen.
static assay_status count_bits(assay__workbench *bench, const assay__line *line, bool factor,
                               int most, int *bits, assay_error *error)
{
    assay__point points[BITS_MAX];
    for (int k = 1; k <= most; k++)
        points[k - 1] = with_bit(line, factor, k);
    ASSAY_TRY(assay__line_run(bench, line, points, most, error));
    *bits = 0;
    for (int k = 1; k <= most && *bits == k - 1; k++) {
        double step = fabs(line->weight[0]) * SIZE * ldexp(1, -k);
        bool kept = fabs(points[k - 1].written - points[k - 1].right) < 0.3 * step;
        *bits += kept;
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
                            char *text, size_t size, bool *loses, assay_error *error)
{
    int input = factor ? line->factors : line->place[0].input, bits;
    int most = fraction_bits(assay_kernel_storage(bench->info, input));
    int out = fraction_bits(assay_kernel_storage(bench->info, ASSAY_INPUTS_MAX));
    bool wide = true;
    if (line->count == 1 && out < most)
        most = out; // the store is in the way
    ASSAY_TRY(count_bits(bench, line, factor, most, &bits, error));
    // a mean multiplies or divides, and that rounds
    *loses = bits < most - (assay_operator_kind(line->problem.op) == ASSAY_KIND_MEAN ? 2 : 0);
    if (*loses && bits == 10)
        ASSAY_TRY(is_wide(bench, line, factor, &wide, error));
    if (*loses)
        snprintf(text, size, "\"%s\" keeps %d of its %d bits%s",
                 line->problem.op->inputs[input].name, bits + 1, most + 1,
                 bits == 10  ? wide ? " (tf32)" : " (f16)"
                 : bits == 7 ? " (bf16)"
                             : "");
    else
        snprintf(text, size, "\"%s\" keeps its %d bits", line->problem.op->inputs[input].name,
                 most + 1);
    return ASSAY_OK;
}

assay_status assay__line_mantissa(assay__workbench *bench, const assay__line *line,
                                  assay__verdict *verdict, assay_error *error)
{
    assay_contract contract = assay__output_contract(&line->problem, &bench->contract);
    char data[120], factor[120] = "";
    bool data_loses, factor_loses = false;
    *verdict = ASSAY__UNTOLD;
    if (line->count == 0 || contract.storage == ASSAY_STORAGE_RGBA8)
        return ASSAY_OK;
    ASSAY_TRY(look_at(bench, line, false, data, sizeof data, &data_loses, error));
    if (line->factors >= 0)
        ASSAY_TRY(look_at(bench, line, true, factor, sizeof factor, &factor_loses, error));
    assay__note(bench->out, "1 + 2^-k, one number at a time: %s%s%s", data, *factor ? ", " : "",
                factor);
    *verdict = data_loses || factor_loses ? ASSAY__BROKEN : ASSAY__AS_PROMISED;
    if (*verdict ==
        ASSAY__BROKEN) // a single number may lose its bits behind the arithmetic as well
        assay__find(bench->out, ASSAY_CAUSE_inputs_rounded, line->count == 2 ? 0.95 : 0.7,
                    "%s%s%s before it is used", data_loses ? data : "",
                    data_loses && factor_loses ? ", " : "", factor_loses ? factor : "");
    return ASSAY_OK;
}
