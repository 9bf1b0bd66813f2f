// SPDX-License-Identifier: Apache-2.0
// Sums of products: an impulse brings out the name of the weight that it met. Every pair of an
// input element and a weight that should not meet votes for a cause.
#include "harness/explain/geometry.h"
#include "harness/explain/links.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// How a displacement along an axis depends on the output's place and on the tap.
typedef struct slide {
    int64_t by_out[64], by_tap[64]; // the displacement, UNSEEN, or VARIES
    int64_t any, seen;
} slide;

#define UNSEEN INT64_C(-1000000)
#define VARIES INT64_C(-1000001)

typedef struct votes {
    const assay__links *map;
    const assay_problem *problem;
    const assay_shape *weights;
    const char *letters; // of the weights
    assay__window_axis axis[2];
    bool windows, broadcasts;
    bool slides; // windows lie elsewhere: their elements are others, and not just the weights
    slide slide[2];
    int64_t displaced[2];
    int64_t cause[ASSAY_CAUSE_COUNT], total;
    int64_t *place; // by weight: the input element that it should meet at this output, or -1
    char example[160];
} votes;

static void vote(votes *v, assay_cause cause, int64_t weight)
{
    v->cause[cause] += weight;
    v->total += weight;
}

static void slide_add(slide *s, int64_t out, int64_t tap, int64_t by)
{
    int64_t *cells[3] = {&s->by_out[out & 63], &s->by_tap[tap & 63], &s->any};
    for (int i = 0; i < 3; i++)
        *cells[i] = *cells[i] == UNSEEN || *cells[i] == by ? by : VARIES;
    s->seen++;
}

static bool settled(const int64_t *cells)
{
    for (int i = 0; i < 64; i++)
        if (cells[i] == VARIES)
            return false;
    return true;
}

// A weight's output channel, input channel, ky and kx.
static void split_weight(const votes *v, int64_t k, int64_t at[4])
{
    int64_t raw[4];
    assay__coordinates(v->weights, k, raw);
    memset(at, 0, 4 * sizeof *at);
    for (int d = 0; d < v->weights->rank; d++) {
        const char *where = strchr("oihw", v->letters[d] == 'c' ? 'i' : v->letters[d]);
        if (where)
            at[where - "oihw"] = raw[d];
    }
}

static int64_t weight_of(const votes *v, float response, int64_t out_channel)
{
    int64_t count = assay_shape_elements(v->weights), first = -1, at[4];
    if (!(response >= 1 && response <= 2047 && response == floorf(response)))
        return -1;
    for (int64_t k = (int64_t)response - 1; k < count; k += 2047) {
        split_weight(v, k, at);
        if (first < 0 || at[0] == out_channel)
            first = k;
        if (at[0] == out_channel)
            break;
    }
    return first;
}

// The input is right, its weight is another one.
static void renamed(votes *v, int64_t is, int64_t should)
{
    int64_t a[4], b[4], groups = assay__integer_of(v->problem, "group", 0, 1);
    if (!v->windows && strcmp(v->problem->op->name, "matmul") == 0) {
        assay__coordinates(v->weights, is, a);
        assay__coordinates(v->weights, should, b);
        vote(v,
             a[0] != b[0] || a[1] != b[1] ? v->broadcasts  ? ASSAY_CAUSE_broadcast
                                            : a[0] != b[0] ? ASSAY_CAUSE_batch_offset
                                                           : ASSAY_CAUSE_channel_order
                                          : ASSAY_CAUSE_weights_order,
             2);
        return;
    }
    split_weight(v, is, a);
    split_weight(v, should, b);
    bool taps = a[2] != b[2] || a[3] != b[3], out = a[0] != b[0], in = a[1] != b[1];
    if (taps && !out && !in)
        vote(v, ASSAY_CAUSE_tap_order, 2);
    else if (groups > 1 && !taps && out)
        vote(v, ASSAY_CAUSE_group_offset, 2);
    else if (out && !in && !taps)
        vote(v, ASSAY_CAUSE_channel_order, 2);
    else
        vote(v, ASSAY_CAUSE_weights_order, 2);
}

// The weight is right, it met another element.
static void moved(votes *v, const int64_t *is, const int64_t *should, const int64_t *out,
                  const int64_t *tap)
{
    int64_t groups = assay__integer_of(v->problem, "group", 0, 1);
    if (is[0] != should[0] && is[2] == should[2] && is[3] == should[3])
        vote(v, v->broadcasts ? ASSAY_CAUSE_broadcast : ASSAY_CAUSE_batch_offset, 2);
    else if (is[1] != should[1] && is[2] == should[2] && is[3] == should[3])
        vote(v,
             v->broadcasts ? ASSAY_CAUSE_broadcast
             : groups > 1  ? ASSAY_CAUSE_group_offset
                           : ASSAY_CAUSE_channel_order,
             2);
    else if (!v->windows)
        vote(v, is[0] != should[0] ? ASSAY_CAUSE_batch_offset : ASSAY_CAUSE_weights_order, 2);
    else
        for (int axis = 0; axis < 2; axis++)
            if (is[2 + axis] != should[2 + axis]) {
                v->displaced[axis]++;
                slide_add(&v->slide[axis], out[2 + axis], tap[2 + axis],
                          is[2 + axis] - should[2 + axis]);
            }
}

static int64_t clamped(int64_t x, int64_t size)
{
    return x < 0 ? 0 : x >= size ? size - 1 : x;
}

// The tap lies outside of the input there and should have met nothing.
static void outside(votes *v, const int64_t *in, const int64_t *out, const int64_t *tap)
{
    int64_t at[2], groups = assay__integer_of(v->problem, "group", 0, 1);
    bool beyond[2], edge = true;
    if (!v->windows || (groups == 1 && tap[0] != out[1])) {
        vote(v, ASSAY_CAUSE_weights_order, 1);
        return;
    }
    for (int axis = 0; axis < 2; axis++) {
        if (!assay__window_axis_place(&v->axis[axis], out[2 + axis], tap[2 + axis], &at[axis])) {
            v->displaced[axis]++; // a transposed convolution's taps between the elements
            slide_add(&v->slide[axis], out[2 + axis], tap[2 + axis], 1 + out[2 + axis]);
            return;
        }
        beyond[axis] = at[axis] < 0 || at[axis] >= v->axis[axis].in;
        edge = edge && in[2 + axis] == clamped(at[axis], v->axis[axis].in);
    }
    if (edge && (beyond[0] || beyond[1]) && in[0] == out[0])
        vote(v, ASSAY_CAUSE_pad_value, 4);
    else if (beyond[1] && beyond[0])
        vote(v, ASSAY_CAUSE_bounds_x, 1), vote(v, ASSAY_CAUSE_bounds_y, 1);
    else if (beyond[1])
        vote(v, ASSAY_CAUSE_bounds_x, 2);
    else if (beyond[0])
        vote(v, ASSAY_CAUSE_bounds_y, 2);
    else
        vote(v,
             groups > 1              ? ASSAY_CAUSE_group_offset
             : v->axis[0].transposed ? ASSAY_CAUSE_stride
                                     : ASSAY_CAUSE_weights_order,
             1);
}

static bool same_channels(const votes *v, int64_t k, int64_t other)
{
    int64_t a[4], b[4];
    if (other < 0)
        return false;
    split_weight(v, k, a);
    split_weight(v, other, b);
    return a[0] == b[0] && a[1] == b[1];
}

static void read_link(votes *v, int64_t i, int64_t o)
{
    const assay__links *map = v->map;
    int64_t in[4], out[4], tap[4], should[4];
    float is = map->kernel[assay__links_at(map, i, o)],
          right = map->right[assay__links_at(map, i, o)];
    assay__coordinates(&map->problem->input[map->tensor], i, in);
    assay__coordinates(&map->problem->output, o, out);
    if (is == right) {
        int64_t k = right != 0 && v->windows ? weight_of(v, right, out[1]) : -1;
        if (k >= 0) {
            split_weight(v, k, tap);
            for (int axis = 0; axis < 2; axis++)
                slide_add(&v->slide[axis], out[2 + axis], tap[2 + axis], 0);
        }
        return;
    }
    if (is == 0 || is == 2 * right || is == -right)
        return;
    int64_t more = right != 0 ? weight_of(v, is - right, out[1]) : -1;
    if (more >= 0 && v->windows && is - right > 0) {
        split_weight(v, more, tap);
        int64_t y = 0, x = 0;
        bool meets = assay__window_axis_place(&v->axis[0], out[2], tap[2], &y) &&
                     assay__window_axis_place(&v->axis[1], out[3], tap[3], &x);
        if (meets && (y < 0 || y >= v->axis[0].in || x < 0 || x >= v->axis[1].in) &&
            tap[0] == out[1]) {
            outside(v, in, out, tap);
            return;
        }
    }
    int64_t k = weight_of(v, is, out[1]);
    if (k < 0)
        return;
    split_weight(v, k, tap);
    int64_t own = right != 0 ? weight_of(v, right, out[1]) : -1;
    if (right != 0 && !(v->slides && same_channels(v, k, own))) {
        renamed(v, k, own);
    } else if (v->place[k] >= 0) {
        assay__coordinates(&map->problem->input[map->tensor], v->place[k], should);
        moved(v, in, should, out, tap);
    } else {
        outside(v, in, out, tap);
    }
}

static void read_output(votes *v, int64_t o)
{
    const assay__links *map = v->map;
    int64_t out[4], count = assay_shape_elements(v->weights);
    assay__coordinates(&map->problem->output, o, out);
    for (int64_t k = 0; k < count; k++)
        v->place[k] = -1;
    for (int64_t i = 0; i < map->in_count; i++) {
        float right = map->right[assay__links_at(map, i, o)];
        int64_t k = right != 0 ? weight_of(v, right, out[1]) : -1;
        if (k >= 0)
            v->place[k] = i;
    }
    for (int64_t i = 0; i < map->in_count; i++)
        read_link(v, i, o);
}

static void read_slides(votes *v)
{
    for (int axis = 0; axis < 2; axis++) {
        const slide *s = &v->slide[axis];
        int64_t n = 2 * v->displaced[axis];
        if (!n)
            continue;
        bool by_tap = settled(s->by_tap), by_out = settled(s->by_out);
        assay_cause cause = s->any != VARIES || (by_tap && by_out) ? ASSAY_CAUSE_pad_offset
                            : by_tap                               ? ASSAY_CAUSE_dilation
                            : by_out                               ? ASSAY_CAUSE_stride
                                                                   : ASSAY_CAUSE_pad_offset;
        vote(v, cause, n);
    }
}

static const char *what_votes(assay_cause cause)
{
    switch (cause) {
    case ASSAY_CAUSE_pad_offset:
        return "the weights meet elements that lie aside by the same distance everywhere";
    case ASSAY_CAUSE_stride:
        return "the weights meet elements that lie the further aside the further on the output is";
    case ASSAY_CAUSE_dilation:
        return "the weights meet elements that lie the further aside the further on the tap is";
    case ASSAY_CAUSE_bounds_x:
        return "taps that lie left or right of the input meet elements of other rows";
    case ASSAY_CAUSE_bounds_y:
        return "taps that lie above or below the input meet elements of other planes";
    case ASSAY_CAUSE_pad_value:
        return "taps outside of the input meet the element at its edge";
    default:
        return "weights and elements meet that should not";
    }
}

void assay__read_named(assay__workbench *bench, const assay__links *map)
{
    votes *v = calloc(1, sizeof *v);
    if (!v)
        return;
    v->map = map;
    v->problem = map->problem;
    v->weights = &map->problem->input[map->names];
    v->letters = map->problem->op->inputs[map->names].letters;
    v->windows = assay__window_axis_of(map->problem, 0, &v->axis[0]) &&
                 assay__window_axis_of(map->problem, 1, &v->axis[1]);
    v->broadcasts = map->problem->op->given > 1 &&
                    (map->problem->input[0].dim[0] != map->problem->input[1].dim[0] ||
                     map->problem->input[0].dim[1] != map->problem->input[1].dim[1]);
    int64_t links = 0;
    for (int64_t i = 0; i < map->in_count * map->out_count; i++)
        links += map->link[i] == ASSAY__BOTH || map->link[i] == ASSAY__MISSING;
    v->slides = v->windows && (map->extra + map->missing) * 20 > links;
    v->place = calloc((size_t)assay_shape_elements(v->weights), sizeof *v->place);
    for (int axis = 0; axis < 2; axis++) {
        v->slide[axis].any = UNSEEN;
        for (int i = 0; i < 64; i++)
            v->slide[axis].by_out[i] = v->slide[axis].by_tap[i] = UNSEEN;
    }
    for (int64_t o = 0; o < map->out_count && v->place; o++)
        read_output(v, o);
    read_slides(v);
    for (int c = 0; c < ASSAY_CAUSE_COUNT && v->total; c++)
        if (v->cause[c])
            assay__find(bench->out, (assay_cause)c,
                        0.45 + 0.48 * (double)v->cause[c] / (double)v->total,
                        "impulses: %s (%.0f %% of what is wrong with the links)",
                        what_votes((assay_cause)c), 100.0 * (double)v->cause[c] / (double)v->total);
    int64_t group_channels[4] = {0};
    split_weight(v, assay_shape_elements(v->weights) - 1, group_channels);
    if (v->cause[ASSAY_CAUSE_group_offset] && group_channels[1] == 0)
        assay__find(bench->out, ASSAY_CAUSE_channel_order, 0.7,
                    "impulses: channels meet the weights of others; each is a group of its own");
    if (!v->total && (map->missing || map->changed))
        assay__read_missing(bench, map);
    free(v->place);
    free(v);
}
