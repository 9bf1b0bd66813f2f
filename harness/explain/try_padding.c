// SPDX-License-Identifier: Apache-2.0
// "What lies outside of the input is not zero": the reference on an input that goes on at its
// borders, where windows need no padding any more.
#include "harness/explain/geometry.h"
#include "harness/explain/hypothesis.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum beyond { EDGE, MIRROR, REFLECT, WRAP, ONES, BEYONDS } beyond;

static const char *const words[BEYONDS] = {"the element at the edge", "the mirrored element",
                                           "the element as far behind the edge",
                                           "the element at the other side", "a one"};

// The index that stands for x, which may lie outside of 0 .. size - 1.
static int64_t stands_for(beyond how, int64_t x, int64_t size)
{
    if (x >= 0 && x < size)
        return x;
    int64_t other = how == EDGE      ? (x < 0 ? 0 : size - 1)
                    : how == MIRROR  ? (x < 0 ? -1 - x : 2 * size - 1 - x)
                    : how == REFLECT ? (x < 0 ? -x : 2 * size - 2 - x)
                                     : (x + size) % size;
    return other >= 0 && other < size ? other : -1;
}

// The padded axes of the input grow (bit 0: y, bit 1: x); NULL without memory.
static float *extend(const assay_problem *own, const float *from, beyond how, int axes,
                     assay_problem *grown)
{
    const int64_t *d = own->input[0].dim, *pad = own->pad;
    int64_t before[2] = {axes & 1 ? pad[0] : 0, axes & 2 ? pad[1] : 0};
    int64_t behind[2] = {axes & 1 ? pad[2] : 0, axes & 2 ? pad[3] : 0};
    int64_t h = d[2] + before[0] + behind[0], w = d[3] + before[1] + behind[1];
    int pads = assay_attribute_index(own->op, "pads");
    float *to = malloc((size_t)(d[0] * d[1] * h * w) * sizeof *to);
    *grown = *own;
    grown->input[0].dim[2] = h;
    grown->input[0].dim[3] = w;
    grown->attribute[pads] = (assay_value){.mode = ASSAY_PAD_EXPLICIT};
    for (int k = 0; k < 4; k++)
        grown->attribute[pads].i[k] = axes >> (k & 1) & 1 ? 0 : pad[k];
    for (int64_t i = 0; to && i < d[0] * d[1] * h * w; i++) {
        int64_t y = i / w % h - before[0], x = i % w - before[1];
        bool inside = y >= 0 && y < d[2] && x >= 0 && x < d[3];
        if (how != ONES || inside) {
            y = stands_for(how, y, d[2]);
            x = stands_for(how, x, d[3]);
        }
        to[i] = how == ONES && !inside ? 1
                : y < 0 || x < 0       ? 0
                                       : from[(i / (h * w) * d[2] + y) * d[3] + x];
    }
    return to;
}

static bool fits(const assay_problem *own, assay_problem *grown)
{
    int residual = assay_input_index(own->op, "residual");
    if (assay_problem_infer(grown, NULL) != ASSAY_OK)
        return false;
    return residual < 0 || own->input[residual].rank == 0 ||
           assay_shape_equal(&grown->output, &own->output);
}

// The share of a window's taps that lie inside of the input along the axes.
static double inside(const assay_problem *own, int axes, const int64_t *at)
{
    double share = 1;
    for (int k = 0; k < 2; k++) {
        assay__window_axis axis;
        int64_t in = 0, taps = 0;
        if (!(axes >> k & 1) || !assay__window_axis_of(own, k, &axis))
            continue;
        for (int64_t tap = 0; tap < axis.kernel; tap++)
            taps += assay__window_axis_place(&axis, at[2 + k], tap, &in) && in >= 0 && in < axis.in;
        share *= (double)taps / (double)axis.kernel;
    }
    return share;
}

// The same sums, divided by the elements that lie inside: `value` has been divided by all.
static void try_uncounted(assay__court *court, const double *value, int axes, const char *text)
{
    const assay_problem *own = &court->s->c.problem;
    if (assay__integer_of(own, "count_include_pad", 0, 1))
        return;
    for (int64_t i = 0; i < court->count; i++) {
        int64_t at[ASSAY_RANK_MAX];
        assay__coordinates(&own->output, i, at);
        double share = inside(own, axes, at);
        court->value[i] = share > 0 ? value[i] / share : (double)INFINITY;
    }
    assay__court_try(court, ASSAY_CAUSE_pad_value, 0.94, court->value, NULL, text);
}

// A constant adds its multiple of what ones add, as far as the result is a sum.
static void try_constant(assay__court *court, const double *with_ones)
{
    const assay_reference *right = &court->s->subject.reference;
    char text[96];
    double constant = (double)NAN, most = 0;
    for (int64_t i = 0; i < court->count; i++) {
        double by_ones = with_ones[i] - right->value[i];
        if (!court->is_wrong[i] || fabs(by_ones) <= most)
            continue;
        most = fabs(by_ones);
        constant = ((double)court->s->out[0][i] - right->value[i]) / by_ones;
    }
    if (!isfinite(constant) || right->sum)
        return;
    for (int64_t i = 0; i < court->count; i++)
        court->value[i] = right->value[i] + constant * (with_ones[i] - right->value[i]);
    snprintf(text, sizeof text, "%.6g outside of the input", constant);
    assay__court_try(court, ASSAY_CAUSE_pad_value, 0.93, court->value, NULL, text);
}

static void try_one(assay__court *court, beyond how, int axes)
{
    static const char *const where[4] = {"", "above and below", "left and right", "all around"};
    const assay_problem *own = &court->s->c.problem;
    assay_problem grown;
    char text[120];
    float *in = extend(own, court->s->subject.in[0], how, axes, &grown);
    double *value = malloc((size_t)court->count * sizeof *value);
    snprintf(text, sizeof text, "%s %s of the input, in place of nothing", words[how], where[axes]);
    if (in && value && fits(own, &grown)) {
        court->in[0] = in;
        assay__court_try_problem(court, ASSAY_CAUSE_pad_value, 0.94, &grown, text);
        memcpy(value, court->value, (size_t)court->count * sizeof *value);
        try_uncounted(court, value, axes, text);
        if (how == ONES)
            try_constant(court, value);
        court->in[0] = court->s->subject.in[0];
    }
    free(value);
    free(in);
}

void assay__try_padding(assay__court *court)
{
    const assay_problem *own = &court->s->c.problem;
    assay__window_axis axis;
    int padded = (own->pad[0] | own->pad[2] ? 1 : 0) | (own->pad[1] | own->pad[3] ? 2 : 0);
    if (!assay__window_axis_of(own, 0, &axis) || axis.transposed || own->input[0].rank != 4 ||
        assay_attribute_index(own->op, "pads") < 0)
        return;
    for (int axes = 1; axes <= padded; axes++)
        for (beyond how = EDGE; how < BEYONDS && (axes & ~padded) == 0; how++)
            try_one(court, how, axes);
}
