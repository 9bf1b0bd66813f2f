// SPDX-License-Identifier: Apache-2.0
// Local response normalisation with the sum of squares divided by another count.
#include "harness/explain/geometry.h"
#include "harness/explain/hypothesis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum count { ALL, NOBODY, THERE, ONE_LESS, CHANNELS, COUNTS } count;

static const char *const words[COUNTS] = {
    [NOBODY] = "the sum of the squares, divided by nothing",
    [THERE] = "the sum of the squares, divided by the channels that there are",
    [ONE_LESS] = "the sum of the squares, divided by one less",
    [CHANNELS] = "the sum of the squares, divided by all channels",
};

typedef struct lrn {
    float alpha, beta, bias;
    int64_t size;
} lrn;

static double result(const assay_problem *p, const lrn *a, const float *in, int64_t i, count by)
{
    const int64_t *x = p->input[0].dim, plane = x[2] * x[3], c = i / plane % x[1];
    int64_t first = c - (a->size - 1) / 2, last = c + a->size / 2;
    double sum = 0;
    first = first < 0 ? 0 : first;
    last = last < x[1] ? last : x[1] - 1;
    for (int64_t k = first; k <= last; k++) {
        double v = (double)in[i + (k - c) * plane];
        sum += v * v;
    }
    const int64_t divisors[COUNTS] = {a->size, 1, last - first + 1, a->size - 1, x[1]};
    double base = (double)a->bias + (double)a->alpha * sum / (double)divisors[by];
    return (double)in[i] / pow(base, (double)a->beta);
}

void assay__try_lrn(assay__court *court)
{
    const assay_problem *p = &court->s->c.problem;
    const assay_reference *right = &court->s->subject.reference;
    lrn a = {.size = assay__integer_of(p, "size", 0, 1)};
    if (strcmp(p->op->name, "lrn") != 0 || !assay_problem_float(p, "alpha", &a.alpha) ||
        !assay_problem_float(p, "beta", &a.beta) || !assay_problem_float(p, "bias", &a.bias))
        return;
    double *bound = malloc((size_t)court->count * sizeof *bound);
    for (count by = NOBODY; bound && by < COUNTS; by++) {
        for (int64_t i = 0; i < court->count; i++) {
            court->value[i] = result(p, &a, court->s->subject.in[0], i, by);
            double ratio = fabs(court->value[i] / right->value[i]);
            bound[i] = right->bound[i] * (ratio > 1 ? 2 * ratio : 2);
        }
        assay__court_try(court, ASSAY_CAUSE_divisor, 0.94, court->value, bound, words[by]);
    }
    free(bound);
}
