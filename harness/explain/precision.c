// SPDX-License-Identifier: Apache-2.0
// Errors that are small: sums that large terms swamp tell an accumulator of fewer bits from inputs
// of fewer bits.
#include "harness/explain/arithmetic.h"
#include "harness/explain/terms.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SWAMP 4096.0F // one unit is lost beside it in 11 bits, none in 24

// The largest error of a wrong element, relative to the sizes of what was added up.
static double largest_error(const assay__specimen *s)
{
    const assay_reference *ref = &s->subject.reference;
    double most = 0, scale = 0;
    for (int64_t i = 0; i < ref->count; i++)
        if (isfinite(ref->value[i]))
            scale = fmax(scale, fabs(ref->value[i]));
    for (int64_t i = 0; i < ref->count; i++) {
        if (!isfinite(ref->value[i]) || !assay__specimen_wrong(s, i))
            continue;
        double size = ref->magnitude ? ref->magnitude[i] : fabs(ref->value[i]);
        double error = fabs((double)s->out[0][i] - ref->value[i]);
        most = fmax(most, isfinite(error) ? error / fmax(size, scale / 4) : 1);
    }
    return most;
}

// Ones, and here and there a number that swamps them, or takes it back.
static void fill_swamp(assay__trial *trial, float most)
{
    const assay_problem *problem = trial->problem;
    int64_t n = assay_shape_elements(&problem->input[0]);
    for (int64_t i = 0; i < n; i++) {
        uint64_t draw = ((uint64_t)i + 7) * UINT64_C(0xD1B54A32D192ED03) >> 61;
        trial->in[0][i] = draw == 0 ? most : draw == 1 ? -most : 1;
    }
    for (int k = 1; k < problem->op->input_count; k++) {
        assay_role role = problem->op->inputs[k].role;
        bool factor = role == ASSAY_ROLE_WEIGHTS || (k == 1 && problem->op->given > 1);
        for (int64_t i = 0; factor && i < assay_shape_elements(&problem->input[k]); i++)
            trial->in[k][i] = 1;
    }
}

static assay_status swamp(assay__workbench *bench, const assay_problem *problem, float most,
                          int64_t *wrong, assay_error *error)
{
    assay__trial trial;
    assay_reference ref = {0};
    ASSAY_TRY(assay__trial_create(problem, &trial, error));
    fill_swamp(&trial, most);
    assay_status status = assay__workbench_run(bench, &trial, 1, error);
    if (status == ASSAY_OK && trial.status == ASSAY_OK)
        status = assay_reference_create(problem, (const float *const *)trial.in, ASSAY_METHOD_AUTO,
                                        &ref, error);
    if (ref.value) {
        assay_bound(problem, (const float *const *)trial.in, &bench->contract, &ref);
        for (int64_t i = 0; i < ref.count; i++)
            *wrong += !assay__accepts(problem, &bench->contract, &ref, i, trial.out[0][i]);
    }
    assay_reference_destroy(&ref);
    assay__trial_destroy(&trial);
    return status;
}

// Sums in which ones are lost beside large numbers that cancel; -1 where sums of ones alone are
// wrong as well.
static assay_status ones_lost(assay__workbench *bench, const assay_problem *problem, int64_t *lost,
                              assay_error *error)
{
    int64_t plain = 0;
    *lost = 0;
    ASSAY_TRY(swamp(bench, problem, 2, &plain, error));
    ASSAY_TRY(swamp(bench, problem, SWAMP, lost, error));
    *lost = plain ? -1 : *lost;
    return ASSAY_OK;
}

// The same of one element, whose result any store holds: what is lost then was lost in the
// accumulator.
static assay_status ones_lost_before_the_store(assay__workbench *bench,
                                               const assay_problem *problem, int64_t *lost,
                                               assay_error *error)
{
    enum { SUMS = 4 };
    assay__terms terms;
    double result[SUMS];
    ASSAY_TRY(assay__terms_find(bench, problem, false, &terms, error));
    int n = terms.count, pair[SUMS][2] = {
                             {0,     n - 1},
                             {n - 1, 0    },
                             {0,     n / 2},
                             {n / 2, n - 1}
    };
    *lost = 0;
    if (n < 3)
        return ASSAY_OK;
    bool steady = true;
    double *data = calloc((size_t)n * SUMS, sizeof *data);
    if (!data)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for sums");
    for (int k = 0; k < SUMS; k++)
        for (int t = 0; t < n; t++)
            data[k * n + t] = t == pair[k][0]   ? (double)SWAMP
                              : t == pair[k][1] ? -(double)SWAMP
                                                : 1;
    assay_status status = assay__terms_run(bench, &terms, data, NULL, SUMS, result, &steady, error);
    for (int k = 0; k < SUMS && status == ASSAY_OK && steady; k++)
        *lost += !(fabs(result[k] - (n - 2)) < 0.25);
    free(data);
    return status;
}

// What the swamped sums say, unless the inputs or the store were seen to lose the ones.
static void say_accumulator(assay_explanation *out, int64_t lost, assay__answer inputs,
                            assay__answer store)
{
    if (lost > 0 && store != ASSAY__BROKEN) {
        assay__note(out, "ones beside 4096 and -4096 are lost in %" PRId64 " sums", lost);
        assay__find(out, ASSAY_CAUSE_accumulator_f16, 0.94,
                    "ones beside 4096 and -4096, all numbers of few bits, are lost in %" PRId64
                    " sums: the accumulator has 11 bits or less",
                    lost);
    } else if (lost == 0) {
        assay__note(out, "ones beside 4096 and -4096 all survive: the accumulator has its bits");
        if (inputs != ASSAY__AS_PROMISED)
            assay__find(out, ASSAY_CAUSE_inputs_rounded, 0.8,
                        "sums of numbers of few bits are exact, others are not: bits are lost "
                        "before the sum");
    }
}

// What errors so small may be, before anything is probed.
static void guess(assay__workbench *bench, double most, bool sum)
{
    assay_explanation *out = bench->out;
    assay__note(out, "all errors are small: at most %.3g of %s", most,
                sum ? "the sum of sizes" : "the result");
    assay__find(out, ASSAY_CAUSE_inputs_rounded, 0.6,
                "all errors are small, at most %.3g of the result", most);
    assay__find(out, ASSAY_CAUSE_accumulator_f16, sum ? 0.45 : 0.5,
                "all errors are small, at most %.3g of the result", most);
    if (most < 0x1p-10 && bench->info->precision != ASSAY_F32)
        assay__find(out, ASSAY_CAUSE_store_rounding, 0.55,
                    "all errors are of the size of the store's rounding, at most %.3g", most);
}

static bool blames_precision(const assay_explanation *out)
{
    for (int cause = ASSAY_CAUSE_accumulator_f16; cause <= ASSAY_CAUSE_cancellation; cause++)
        if (assay__score(out, (assay_cause)cause) >= 0.7)
            return true;
    return false;
}

// What becomes of single numbers. What a narrow accumulator loses would be blamed on the inputs, or
// on the store; what inputs lose, on how sums are rounded.
static assay_status probe_numbers(assay__workbench *bench, const assay__specimen *s, bool small,
                                  assay_error *error)
{
    const assay_problem *problem = &s->c.problem;
    bool sum = assay__is_sum(problem) && bench->info->precision != ASSAY_F16A;
    assay__answer inputs = ASSAY__UNTOLD, store = ASSAY__UNTOLD;
    int64_t lost = 0, before = 0;
    assay__line line;
    if (sum) {
        ASSAY_TRY(ones_lost(bench, problem, &lost, error));
        ASSAY_TRY(ones_lost_before_the_store(bench, problem, &before, error));
    }
    ASSAY_TRY(assay__line_find(bench, problem, &line, error));
    if (before == 0 && lost >= 0)
        ASSAY_TRY(assay__line_mantissa(bench, &line, &inputs, error));
    if (before == 0 && lost >= 0 && inputs != ASSAY__BROKEN)
        ASSAY_TRY(assay__line_rounding(bench, &line, &store, error));
    if (sum && small && lost >= 0)
        say_accumulator(bench->out, lost + before, inputs, store);
    return assay__line_flush(bench, &line, s, error);
}

assay_status assay__probe_precision(assay__workbench *bench, const assay__specimen *s,
                                    assay_error *error)
{
    double most = largest_error(s);
    bool small = most > 0 && most <= 0x1p-5;
    if (bench->out->wrong == 0 || (!small && !blames_precision(bench->out)))
        return ASSAY_OK;
    if (small)
        guess(bench, most, assay__is_sum(&s->c.problem));
    ASSAY_TRY(probe_numbers(bench, s, small, error));
    return bench->unsteady ? ASSAY_OK : assay__probe_summation(bench, &s->c.problem, error);
}
