// SPDX-License-Identifier: Apache-2.0
// Softmax: the sum of a row shows in each of its results. With the largest exponent taken off it is
// one over the largest result.
#include "harness/explain/geometry.h"
#include "harness/explain/hypothesis.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct rows {
    int64_t length, step, count;
    bool logarithm;
} rows;

static rows rows_of(const assay_problem *p)
{
    const assay_shape *x = &p->input[0];
    int64_t axis = assay__integer_of(p, "axis", 0, 1);
    rows r = {.step = 1, .logarithm = strcmp(p->op->name, "log_softmax") == 0};
    axis += axis < 0 ? x->rank : 0;
    for (int64_t d = axis + 1; d < x->rank; d++)
        r.step *= x->dim[d];
    r.length = x->dim[axis];
    r.count = assay_shape_elements(x) / r.length;
    return r;
}

static int64_t start_of(const rows *r, int64_t row)
{
    return row / r->step * r->step * r->length + row % r->step;
}

// The sum of a row as it should be, and what the kernel seems to have added to it.
static double sum_of(const assay__court *court, const rows *r, int64_t start, double *added)
{
    const double *right = court->s->subject.reference.value;
    int64_t best = start;
    for (int64_t k = 1; k < r->length; k++)
        if (right[start + k * r->step] > right[best])
            best = start + k * r->step;
    double y = (double)court->s->out[0][best];
    double sum = r->logarithm ? exp(-right[best]) : 1 / right[best];
    *added = sum * (r->logarithm ? exp(right[best] - y) - 1 : right[best] / y - 1);
    return sum;
}

void assay__try_softmax(assay__court *court)
{
    const assay_problem *p = &court->s->c.problem;
    const assay_reference *right = &court->s->subject.reference;
    double added = 0, most = 0;
    char text[96];
    if (strcmp(p->op->name, "softmax") != 0 && strcmp(p->op->name, "log_softmax") != 0)
        return;
    rows r = rows_of(p);
    for (int64_t row = 0; row < r.count; row++) { // the row on which it shows most
        double by = 0, sum = sum_of(court, &r, start_of(&r, row), &by);
        if (isfinite(by) && fabs(by) / sum > most) {
            most = fabs(by) / sum;
            added = by;
        }
    }
    double *bound = malloc((size_t)court->count * sizeof *bound);
    for (int64_t row = 0; bound && row < r.count; row++) {
        double by = 0, sum = sum_of(court, &r, start_of(&r, row), &by);
        for (int64_t k = 0; k < r.length; k++) {
            int64_t i = start_of(&r, row) + k * r.step;
            double factor = sum / (sum + added);
            court->value[i] =
                r.logarithm ? right->value[i] + log(factor) : right->value[i] * factor;
            bound[i] = 2 * right->bound[i] + 0x1p-9 * fabs(court->value[i] - right->value[i]);
        }
    }
    snprintf(text, sizeof text, "%.4g more in the sum of every row", added);
    if (bound && added != 0)
        assay__court_try(court, ASSAY_CAUSE_initial_value, 0.93, court->value, bound, text);
    free(bound);
}
