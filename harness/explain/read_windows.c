// SPDX-License-Identifier: Apache-2.0
// Windows without weights (pools, im2col): which rows and columns each output really looks at, and
// for which stride, dilation, padding and extent that would be right.
#include "harness/explain/geometry.h"
#include "harness/explain/links.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define AXIS_MAX 64

typedef struct look {
    uint64_t seen[AXIS_MAX]; // by output row or column: the input rows or columns
} look;

typedef struct scene {
    const assay__links *map;
    assay__window_axis axis[2];
    look look[2];
    int64_t inner_wrong;             // outputs with wrong links whose windows lie inside
    int64_t beyond[2], edge, extras; // wrong links of windows that reach beyond an axis
    int64_t items, channels;         // extra links to other items and channels, inner windows
} scene;

static bool reaches_beyond(const assay__window_axis *a, int64_t out)
{
    int64_t first = 0, last = 0;
    bool is = assay__window_axis_place(a, out, 0, &first) &&
              assay__window_axis_place(a, out, a->kernel - 1, &last);
    return !is || first < 0 || last >= a->in;
}

static int64_t clamped(int64_t x, int64_t size)
{
    return x < 0 ? 0 : x >= size ? size - 1 : x;
}

// Of im2col, whose output channel says which tap it is: the extra element is that at the edge.
static bool is_edge(const scene *s, const int64_t *in, const int64_t *out)
{
    int64_t tap = out[1] % (s->axis[0].kernel * s->axis[1].kernel), at[2];
    int64_t taps[2] = {tap / s->axis[1].kernel, tap % s->axis[1].kernel};
    if (strcmp(s->map->problem->op->name, "im2col") != 0)
        return false;
    for (int a = 0; a < 2; a++)
        if (!assay__window_axis_place(&s->axis[a], out[2 + a], taps[a], &at[a]) ||
            clamped(at[a], s->axis[a].in) != in[2 + a])
            return false;
    return true;
}

static void read_output(scene *s, int64_t o)
{
    const assay__links *map = s->map;
    const assay_problem *problem = map->problem;
    int64_t in[4], out[4];
    bool wrong = false;
    assay__coordinates(&problem->output, o, out);
    bool beyond[2] = {reaches_beyond(&s->axis[0], out[2]), reaches_beyond(&s->axis[1], out[3])};
    int64_t channel = strcmp(problem->op->name, "im2col") == 0
                          ? out[1] / (s->axis[0].kernel * s->axis[1].kernel)
                          : out[1];
    for (int64_t i = 0; i < map->in_count; i++) {
        uint8_t link = map->link[assay__links_at(map, i, o)];
        if (link == ASSAY__NEITHER)
            continue;
        assay__coordinates(&problem->input[map->tensor], i, in);
        bool home = in[0] == out[0] && in[1] == channel;
        wrong |= link != ASSAY__BOTH;
        if (link != ASSAY__MISSING && home)
            for (int a = 0; a < 2; a++)
                s->look[a].seen[out[2 + a] % AXIS_MAX] |= UINT64_C(1) << (in[2 + a] % AXIS_MAX);
        if (link != ASSAY__EXTRA)
            continue;
        s->extras++;
        s->edge += is_edge(s, in, out);
        if (!beyond[0] && !beyond[1]) {
            s->items += in[0] != out[0];
            s->channels += in[0] == out[0] && in[1] != channel;
        }
        if (beyond[1] != beyond[0])
            s->beyond[beyond[1]]++;
    }
    s->inner_wrong += wrong && !beyond[0] && !beyond[1];
}

enum { STRIDE, DILATION, PAD, KERNEL, PARAMETERS };

static bool fits(const look *l, const assay__window_axis *a)
{
    for (int64_t out = 0; out < a->out; out++) {
        uint64_t predicted = 0;
        for (int64_t tap = 0; tap < a->kernel; tap++) {
            int64_t in = 0;
            if (assay__window_axis_place(a, out, tap, &in) && in >= 0 && in < a->in)
                predicted |= UINT64_C(1) << in;
        }
        if (predicted != l->seen[out])
            return false;
    }
    return true;
}

// The parameters that explain what is seen, with as few changes as can be; false: none.
static bool fit(const look *l, const assay__window_axis *right, assay__window_axis *best,
                bool changed[PARAMETERS])
{
    int fewest = PARAMETERS + 1;
    for (int64_t stride = 1; stride <= 6; stride++)
        for (int64_t dilation = 1; dilation <= 6; dilation++)
            for (int64_t pad = -6; pad <= 8; pad++)
                for (int64_t kernel = 1; kernel <= 8; kernel++) {
                    assay__window_axis a = *right;
                    a.stride = stride, a.dilation = dilation, a.pad = pad, a.kernel = kernel;
                    bool c[PARAMETERS] = {stride != right->stride, dilation != right->dilation,
                                          pad != right->pad, kernel != right->kernel};
                    int changes = c[0] + c[1] + c[2] + c[3];
                    if (changes >= fewest || !fits(l, &a))
                        continue;
                    fewest = changes;
                    *best = a;
                    memcpy(changed, c, sizeof c);
                }
    return fewest <= PARAMETERS;
}

static bool say_fit(assay__workbench *bench, scene *s, int which)
{
    static const assay_cause causes[] = {ASSAY_CAUSE_stride, ASSAY_CAUSE_dilation,
                                         ASSAY_CAUSE_pad_offset, ASSAY_CAUSE_tap_missing};
    const assay__window_axis *right = &s->axis[which];
    assay__window_axis best = *right;
    bool changed[PARAMETERS] = {false};
    if (right->in > AXIS_MAX || right->out > AXIS_MAX ||
        !fit(&s->look[which], right, &best, changed))
        return false;
    int changes = changed[0] + changed[1] + changed[2] + changed[3];
    for (int k = 0; k < PARAMETERS; k++)
        if (changed[k])
            assay__find(bench->out, causes[k], changes == 1 ? 0.94 : 0.7,
                        "the %s that windows really look at are those of stride %" PRId64
                        ", dilation %" PRId64 ", padding %" PRId64 ", extent %" PRId64
                        ", not of %" PRId64 ", %" PRId64 ", %" PRId64 ", %" PRId64,
                        which ? "columns" : "rows", best.stride, best.dilation, best.pad,
                        best.kernel, right->stride, right->dilation, right->pad, right->kernel);
    return changes > 0;
}

void assay__read_windows(assay__workbench *bench, const assay__links *map)
{
    assay_explanation *out = bench->out;
    scene *s = calloc(1, sizeof *s);
    if (!s)
        return;
    s->map = map;
    assay__window_axis_of(map->problem, 0, &s->axis[0]);
    assay__window_axis_of(map->problem, 1, &s->axis[1]);
    for (int64_t o = 0; o < map->out_count; o++)
        read_output(s, o);
    if (s->inner_wrong == 0 && s->extras) {
        double total = (double)(s->beyond[0] + s->beyond[1] + 1);
        if (s->edge > s->extras * 9 / 10)
            assay__find(out, ASSAY_CAUSE_pad_value, 0.94,
                        "places outside of the input take the value at its edge");
        for (int a = 0; a < 2; a++)
            if (s->beyond[a])
                assay__find(out, a ? ASSAY_CAUSE_bounds_x : ASSAY_CAUSE_bounds_y,
                            0.5 + 0.43 * (double)s->beyond[a] / total,
                            "windows that reach beyond the %s of the input, and no others, look at "
                            "elements that are not theirs",
                            a ? "columns" : "rows");
    } else if (map->extra == 0) {
        // all is missing
    } else if (s->items > s->extras / 2) {
        assay__find(out, ASSAY_CAUSE_batch_offset, 0.9,
                    "windows look at another item of the batch");
    } else if (strcmp(map->problem->op->name, "im2col") == 0 && s->inner_wrong) {
        assay__find(out, ASSAY_CAUSE_tap_order, 0.9, "rows of the result are those of other taps");
        if (s->channels > s->extras / 2)
            assay__find(out, ASSAY_CAUSE_channel_order, 0.88, "windows look at another channel");
    } else if (s->channels > s->extras / 2) {
        assay__find(out, ASSAY_CAUSE_channel_order, 0.9, "windows look at another channel");
    }
    bool said = s->inner_wrong == 0 && s->extras;
    if (!said) {
        said = say_fit(bench, s, 0);
        said |= say_fit(bench, s, 1);
    }
    if (!said && map->extra == 0 && map->missing > 0)
        assay__read_missing(bench, map);
    free(s);
}
