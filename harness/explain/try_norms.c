// SPDX-License-Identifier: Apache-2.0
// Normalisations: within a row the result is a line in x. The slope and the zero that the kernel's
// lines really have are compared with the row's mean and variance, and with what slips make of
// them.
#include "harness/explain/geometry.h"
#include "harness/explain/hypothesis.h"

#include "reference/format.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct line {
    double n, x, xx, z, xz, zz; // sums; z is the result less its bias, divided by its scale
    double given_mean, given_var;
} line;

typedef struct row {
    double n, mean, var; // as they should be
    double slope, zero;  // as they are: z = slope (x - zero)
} row;

static int64_t row_of(const assay_problem *p, const int64_t *at)
{
    const char *name = p->op->name;
    int64_t c = p->input[0].dim[1], h = p->input[0].dim[2], w = p->input[0].dim[3];
    if (strcmp(name, "batch_norm") == 0)
        return at[1];
    if (strcmp(name, "instance_norm") == 0)
        return at[0] * c + at[1];
    if (strcmp(name, "group_norm") == 0) {
        int64_t groups = assay__integer_of(p, "num_groups", 0, 1);
        return at[0] * groups + at[1] * groups / c;
    }
    int64_t axis = assay__integer_of(p, "axis", 0, 1), index = at[0];
    const int64_t size[4] = {0, c, h, w};
    for (int d = 1; d < axis; d++)
        index = index * size[d] + at[d];
    return index;
}

static double vector_at(const assay__court *court, const char *name, const int64_t *at,
                        double otherwise)
{
    const assay_problem *p = &court->s->c.problem;
    int input = assay_input_index(p->op, name);
    if (input < 0 || p->input[input].rank == 0)
        return otherwise;
    const assay_shape *shape = &p->input[input];
    if (shape->rank == 1)
        return (double)court->s->subject.in[input][at[1]];
    int64_t index = 0, offset = 4 - shape->rank;
    for (int d = 0; d < shape->rank; d++)
        index = index * shape->dim[d] + (shape->dim[d] == 1 ? 0 : at[d + offset]);
    return (double)court->s->subject.in[input][index];
}

static line *gather(const assay__court *court, int64_t *rows)
{
    const assay_problem *p = &court->s->c.problem;
    line *lines = calloc((size_t)court->count, sizeof *lines);
    *rows = 0;
    for (int64_t i = 0; lines && i < court->count; i++) {
        int64_t at[ASSAY_RANK_MAX];
        assay__coordinates(&p->output, i, at);
        double scale = vector_at(court, "scale", at, 1), bias = vector_at(court, "bias", at, 0);
        double x = (double)court->s->subject.in[0][i];
        double z = ((double)court->s->out[0][i] - bias) / scale;
        line *l = &lines[row_of(p, at)];
        if (row_of(p, at) >= *rows)
            *rows = row_of(p, at) + 1;
        l->given_mean = vector_at(court, "mean", at, (double)NAN);
        l->given_var = vector_at(court, "var", at, (double)NAN);
        l->n++, l->x += x, l->xx += x * x;
        if (!isfinite(z) || fabs(scale) < 1e-3)
            continue;
        l->z += z, l->xz += x * z, l->zz += z * z;
    }
    return lines;
}

// False where the results of the row are no line in x, or the row has no slope.
static bool solve(const line *l, row *r)
{
    double n = l->n, mean = l->x / n, var = l->xx / n - mean * mean;
    double cov = l->xz / n - mean * l->z / n, zvar = l->zz / n - l->z / n * l->z / n;
    if (n < 3 || var < 1e-12 * l->xx / n || zvar <= 0)
        return false;
    r->n = n;
    r->slope = cov / var;
    r->zero = mean - l->z / n / r->slope;
    r->mean = isnan(l->given_mean) ? mean : l->given_mean;
    r->var = isnan(l->given_var) ? var : l->given_var;
    return cov * cov / (var * zvar) > 0.9995;
}

enum { NO_EPSILON, OUTSIDE, OTHER_EPSILON, OTHER_COUNT, LESS_ONE, SQUARES, NO_ROOT, LANES, WAYS };

static const struct {
    assay_cause cause;
    const char *text;
} ways[WAYS] = {
    {ASSAY_CAUSE_epsilon,     "the slopes of all rows are those without epsilon"                    },
    {ASSAY_CAUSE_epsilon,     "the slopes of all rows are those of 1 / (deviation + epsilon)"       },
    {ASSAY_CAUSE_epsilon,     "the slopes of all rows are those of another epsilon"                 },
    {ASSAY_CAUSE_divisor,     "the variances of all rows are off by one factor: a wrong count"      },
    {ASSAY_CAUSE_divisor,     "the slopes of all rows are those of a variance divided by n - 1"     },
    {ASSAY_CAUSE_formula,     "the variances are those of the mean of squares: no mean is taken off"},
    {ASSAY_CAUSE_formula,     "the slopes of all rows are those of 1 / variance: there is no root"  },
    {ASSAY_CAUSE_spare_lanes,
     "the variances have squares of the mean in them: lanes of zeros that are no channel count"     },
};

// What 1 / slope^2, the variance that the kernel seems to have, would be.
static double expected_var(int way, const row *r, double eps, double fitted)
{
    switch (way) {
    case NO_EPSILON:
        return r->var;
    case OUTSIDE:
        return (sqrt(r->var) + eps) * (sqrt(r->var) + eps);
    case OTHER_EPSILON:
        return r->var + fitted;
    case OTHER_COUNT:
        return r->var * fitted + eps;
    case LESS_ONE:
        return r->var * r->n / (r->n - 1) + eps;
    case SQUARES:
        return r->var + r->mean * r->mean + eps;
    case LANES:
        return r->var + fitted * r->mean * r->mean + eps;
    default:
        return (r->var + eps) * (r->var + eps);
    }
}

static bool near(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance * (fabs(a) + fabs(b));
}

// The mean or the slope is that rounded to f16, and the right one is not.
static bool loses_bits(const row *r, double eps)
{
    double slope = 1 / sqrt(r->var + eps), unit = 0x1p-14;
    double half_mean = (double)assay_round_f16(r->mean, ASSAY_TO_NEAREST);
    double half_slope = (double)assay_round_f16(slope, ASSAY_TO_NEAREST);
    return (near(r->zero, half_mean, unit) && !near(r->zero, r->mean, 2 * unit)) ||
           (near(r->slope, half_slope, unit) && !near(r->slope, slope, 2 * unit));
}

static void compare(const assay__court *court, const row *rows, int64_t count)
{
    const assay_problem *p = &court->s->c.problem;
    double eps = 0, least = court->contract.storage == ASSAY_STORAGE_F16 ? 4e-3 : 2e-4;
    float epsilon;
    if (assay_problem_float(p, "epsilon", &epsilon))
        eps = (double)epsilon;
    bool mean_right = true, mean_zero = true, var_right = true, rounded = true;
    double ratio = rows[0].zero / rows[0].mean; // NaN or infinite where there is no mean
    bool one_ratio = isfinite(ratio);
    for (int64_t i = 0; i < count; i++) {
        const row *r = &rows[i];
        double spread = sqrt(r->var) + 1e-30;
        mean_right = mean_right && fabs(r->zero - r->mean) < 10 * least * (spread + fabs(r->mean));
        mean_zero = mean_zero && fabs(r->zero) < 10 * least * spread;
        one_ratio = one_ratio && near(r->zero, ratio * r->mean, 10 * least);
        rounded = rounded && loses_bits(r, eps);
        var_right = var_right && near(1 / (r->slope * r->slope), r->var + eps, least);
    }
    if (rounded)
        assay__find(court->bench->out, ASSAY_CAUSE_inputs_rounded, 0.93,
                    "the means or slopes of all rows are right to 11 bits and no further");
    if (mean_zero && !mean_right)
        assay__find(court->bench->out, ASSAY_CAUSE_formula, 0.85,
                    "no mean is taken off: every row "
                    "is zero where x is zero");
    else if (one_ratio && !mean_right && count > 1)
        assay__find(court->bench->out, ASSAY_CAUSE_divisor, 0.93,
                    "the means of all rows are %.6g of the right ones: a wrong count", ratio);
    if (var_right)
        return;
    for (int way = 0; way < WAYS; way++) {
        double fitted = way == OTHER_EPSILON
                            ? 1 / (rows[0].slope * rows[0].slope) - rows[0].var
                            : (1 / (rows[0].slope * rows[0].slope) - eps) / rows[0].var;
        if (way == LANES)
            fitted = (1 / (rows[0].slope * rows[0].slope) - eps - rows[0].var) /
                     (rows[0].mean * rows[0].mean);
        bool all = way < OTHER_EPSILON || count > 1 || (way > OTHER_COUNT && way != LANES);
        for (int64_t i = 0; i < count && all; i++)
            all = near(1 / (rows[i].slope * rows[i].slope),
                       expected_var(way, &rows[i], eps, fitted), least);
        if (all && (mean_right || way == OTHER_COUNT))
            assay__find(court->bench->out, ways[way].cause,
                        way == OTHER_EPSILON || way == OTHER_COUNT ? 0.88 : 0.93, "%s",
                        ways[way].text);
    }
}

void assay__try_norms(assay__court *court)
{
    int64_t count = 0, solved = 0;
    const assay_problem *p = &court->s->c.problem;
    size_t length = strlen(p->op->name);
    if (length < 5 || strcmp(p->op->name + length - 5, "_norm") != 0)
        return;
    line *lines = gather(court, &count);
    row *rows = calloc((size_t)(count ? count : 1), sizeof *rows);
    for (int64_t i = 0; lines && rows && i < count; i++)
        solved += solve(&lines[i], &rows[solved]);
    if (solved > 0 && solved * 2 > count)
        compare(court, rows, solved);
    free(lines);
    free(rows);
}
