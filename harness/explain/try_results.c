// SPDX-License-Identifier: Apache-2.0
// "What is written is a function of the right result": a multiple, a limit, or the fused
// end of a convolution put together another way.
#include "harness/explain/geometry.h"
#include "harness/explain/hypothesis.h"

#include "reference/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

// The median over the wrong elements of what `of` makes of the written and the right value.
static double median(const assay__court *court, const double *right,
                     double (*of)(double written, double right))
{
    int64_t n = 0;
    double *all = malloc((size_t)court->wrong * sizeof *all), middle = (double)NAN;
    for (int64_t i = 0; all && i < court->count; i++)
        if (court->is_wrong[i]) {
            double value = of((double)court->s->out[0][i], right[i]);
            if (isfinite(value))
                all[n++] = value;
        }
    if (n) {
        qsort(all, (size_t)n, sizeof *all, by_size);
        middle = all[n / 2];
    }
    free(all);
    return middle;
}

static double difference(double written, double right)
{
    return written - right;
}

static double itself(double written, double right)
{
    (void)right;
    return written;
}

static bool is_mean(const assay_problem *problem)
{
    return assay_operator_kind(problem->op) == ASSAY_KIND_MEAN &&
           strcmp(problem->op->name, "reduce_sum") != 0;
}

// A multiple of what is left of the right result without the bias.
static void try_multiple(assay__court *court, const double *part, const double *rest,
                         const char *of)
{
    const assay_problem *problem = &court->s->c.problem;
    char text[160];
    double *bare = malloc((size_t)court->count * sizeof *bare);
    double *bound = malloc((size_t)court->count * sizeof *bound);
    for (int64_t i = 0; bare && bound && i < court->count; i++)
        court->value[i] = part[i] + (rest ? rest[i] : 0);
    double k = (double)NAN;
    if (bare && bound) {
        // the ratio of the parts: the written value less the rest
        int64_t n = 0;
        for (int64_t i = 0; i < court->count; i++)
            if (court->is_wrong[i] && part[i] != 0)
                bare[n++] = ((double)court->s->out[0][i] - (rest ? rest[i] : 0)) / part[i];
        if (n) {
            qsort(bare, (size_t)n, sizeof *bare, by_size);
            k = bare[n / 2];
        }
    }
    if (isfinite(k) && fabs(k) > 1e-6 && fabs(k - 1) > 2e-6) {
        double u = fabs(k - 1) < 4e-3                             ? 0
                   : court->contract.storage == ASSAY_STORAGE_F16 ? 0x1p-10
                                                                  : 0x1p-20;
        for (int64_t i = 0; i < court->count; i++) {
            court->value[i] = k * part[i] + (rest ? rest[i] : 0);
            bound[i] = (2 * court->s->subject.reference.bound[i] + u * fabs(court->value[i])) *
                       (fabs(k - 1) > 4e-3 ? fabs(k) : 0.5);
        }
        bool turned = fabs(k + 1) < 1e-4;
        assay_cause cause =
            turned ? ASSAY_CAUSE_sign
            : is_mean(problem) || assay_operator_kind(problem->op) == ASSAY_KIND_NORM
                ? ASSAY_CAUSE_divisor
                : ASSAY_CAUSE_scale;
        snprintf(text, sizeof text, "%s times %.6g", of, k);
        assay__court_try(court, cause, 0.94, court->value, bound, text);
        if (cause == ASSAY_CAUSE_divisor)
            assay__court_try(court, ASSAY_CAUSE_scale, 0.75, court->value, bound, text);
    }
    free(bare);
    free(bound);
}

// True when the element's window reaches beyond the input.
static bool at_border(const assay_problem *p, int64_t i, int axes)
{
    assay__window_axis axis;
    int64_t at[ASSAY_RANK_MAX];
    assay__coordinates(&p->output, i, at);
    for (int k = 0; k < 2 && assay__window_axis_of(p, k, &axis); k++) {
        int64_t first = 0, last = 0;
        if (!(axes >> k & 1))
            continue;
        if (!assay__window_axis_place(&axis, at[2 + k], 0, &first) ||
            !assay__window_axis_place(&axis, at[2 + k], axis.kernel - 1, &last) || first < 0 ||
            last >= axis.in)
            return true;
    }
    return false;
}

static void try_limits(assay__court *court)
{
    const double *right = court->s->subject.reference.value;
    const assay_problem *problem = &court->s->c.problem;
    double written = median(court, right, itself), added = median(court, right, difference);
    bool window = assay_attribute_index(problem->op, "pads") >= 0;
    bool largest = assay_operator_kind(problem->op) == ASSAY_KIND_SELECT && !problem->op->unary;
    char text[160];
    if (!isfinite(written) || !isfinite(added))
        return;
    for (int way = 0; way < 4 && largest; way++) { // everywhere, beyond y, beyond x, both
        for (int64_t i = 0; i < court->count; i++)
            court->value[i] =
                way == 0 || at_border(problem, i, way) ? fmax(right[i], written) : right[i];
        snprintf(text, sizeof text, "the larger one of the result and %.6g%s", written,
                 way ? ", where windows reach beyond the input" : "");
        if (way == 0 || window)
            assay__court_try(court, way ? ASSAY_CAUSE_pad_value : ASSAY_CAUSE_initial_value,
                             way ? 0.93 : 0.94, court->value, NULL, text);
    }
    for (int64_t i = 0; i < court->count; i++)
        court->value[i] = right[i] + added;
    snprintf(text, sizeof text, "the result plus %.6g", added);
    if (problem->op->reduction && !window)
        assay__court_try(court, ASSAY_CAUSE_initial_value, 0.85, court->value, NULL, text);
}

// Every wrong element has the other sign.
static void try_turned(assay__court *court)
{
    const double *right = court->s->subject.reference.value;
    for (int64_t i = 0; i < court->count; i++)
        court->value[i] = court->is_wrong[i] ? -right[i] : right[i];
    assay__court_try(court, ASSAY_CAUSE_sign, 0.88, court->value, NULL,
                     "the sign of every wrong element is turned");
}

// The reference with inputs left out, or without the activation, added up another way.
static void try_epilogue(assay__court *court)
{
    const assay_problem *problem = &court->s->c.problem;
    const assay_reference *right = &court->s->subject.reference;
    static const char *const late[] = {"residual", "bias"};
    if (right->sum) {
        memcpy(court->value, right->sum, (size_t)court->count * sizeof *court->value);
        assay__court_try(court, ASSAY_CAUSE_activation, 0.95, court->value, NULL,
                         "the sum without the activation");
    }
    for (int k = 0; k < 2; k++) {
        int input = assay_input_index(problem->op, late[k]);
        assay_reference other = {0};
        if (input < 0 || problem->input[input].rank == 0 || !right->sum)
            continue;
        memset(court->other[input], 0,
               (size_t)assay_shape_elements(&problem->input[input]) * sizeof(float));
        court->in[input] = court->other[input];
        if (assay_reference_create(problem, court->in, ASSAY_METHOD_PLAIN, &other, NULL) ==
            ASSAY_OK) {
            int64_t at[ASSAY_RANK_MAX];
            for (int64_t i = 0; i < court->count; i++) {
                assay__coordinates(&problem->output, i, at);
                court->value[i] =
                    other.value[i] + (double)court->s->subject.in[input][k == 0 ? i : at[1]];
            }
            assay__court_try(court, ASSAY_CAUSE_activation, 0.95, court->value, NULL,
                             k == 0 ? "the activation before the residual is added"
                                    : "the activation before the bias is added");
        }
        assay_reference_destroy(&other);
        court->in[input] = court->s->subject.in[input];
    }
}

// What the bias contributes is told apart from the rest: the reference without it.
static void try_multiples(assay__court *court)
{
    const assay_problem *problem = &court->s->c.problem;
    const double *right = court->s->subject.reference.value;
    int bias = assay_input_index(problem->op, "bias");
    try_multiple(court, right, NULL, "the right result");
    if (bias < 0 || problem->input[bias].rank == 0)
        return;
    assay_reference bare = {0};
    double *rest = malloc((size_t)court->count * sizeof *rest);
    memset(court->other[bias], 0,
           (size_t)assay_shape_elements(&problem->input[bias]) * sizeof(float));
    court->in[bias] = court->other[bias];
    if (rest &&
        assay_reference_create(problem, court->in, ASSAY_METHOD_PLAIN, &bare, NULL) == ASSAY_OK) {
        for (int64_t i = 0; i < court->count; i++)
            rest[i] = right[i] - bare.value[i];
        try_multiple(court, bare.value, rest, "the sum without the bias");
    }
    assay_reference_destroy(&bare);
    free(rest);
    court->in[bias] = court->s->subject.in[bias];
}

void assay__try_results(assay__court *court)
{
    try_multiples(court);
    try_limits(court);
    try_turned(court);
    try_epilogue(court);
}
