// SPDX-License-Identifier: Apache-2.0
// Links that are missing: the coordinate that tells them from those that are there names the cause.
#include "harness/explain/geometry.h"
#include "harness/explain/links.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { KY, KX, TAP, IN_C, IN_X, IN_Y, IN_N, OUT_X, OUT_Y, OUT_C, OUT_N, TERM, FEATURES };

static const char *const words[FEATURES] = {"row of the window",
                                            "column of the window",
                                            "tap of the window",
                                            "input channel",
                                            "input column",
                                            "input row",
                                            "item",
                                            "output column",
                                            "output row",
                                            "output channel",
                                            "output item",
                                            "term of the sum"};

#define VALUES 4096

typedef struct tally {
    int64_t missing[VALUES], kept[VALUES];
} tally;

typedef struct view {
    const assay__links *map;
    bool windows;
    assay__window_axis y, x;
} view;

static int64_t value_of(const view *v, int feature, const int64_t *in, const int64_t *out)
{
    bool w = v->windows;
    int64_t ky = w ? assay__window_axis_tap(&v->y, out[2], in[2]) : in[2];
    int64_t kx = w ? assay__window_axis_tap(&v->x, out[3], in[3]) : in[3];
    int64_t width = w ? v->x.kernel : v->map->problem->input[v->map->tensor].dim[3];
    int64_t height = w ? v->y.kernel : v->map->problem->input[v->map->tensor].dim[2];
    switch (feature) {
    case KY:
        return w ? ky : 0;
    case KX:
        return w ? kx : 0;
    case TAP:
        return w ? ky * width + kx : 0;
    case IN_C:
        return in[1];
    case IN_X:
        return in[3];
    case IN_Y:
        return in[2];
    case IN_N:
        return in[0];
    case OUT_X:
        return out[3];
    case OUT_Y:
        return out[2];
    case OUT_C:
        return out[1];
    case OUT_N:
        return out[0];
    default:
        return (in[1] * height + ky) * width + kx;
    }
}

// The share of links that the feature's value decides about.
static double purity(const view *v, int feature, tally *t, int64_t *example)
{
    const assay__links *map = v->map;
    int64_t in[4], out[4], total = 0, pure = 0;
    memset(t, 0, sizeof *t);
    for (int64_t i = 0; i < map->in_count; i++)
        for (int64_t o = 0; o < map->out_count; o++) {
            uint8_t link = map->link[assay__links_at(map, i, o)];
            if (link != ASSAY__BOTH && link != ASSAY__MISSING)
                continue;
            assay__coordinates(&map->problem->input[map->tensor], i, in);
            assay__coordinates(&map->problem->output, o, out);
            int64_t value = (value_of(v, feature, in, out) + VALUES) % VALUES;
            float a = map->kernel[assay__links_at(map, i, o)],
                  b = map->right[assay__links_at(map, i, o)];
            bool lost = link == ASSAY__MISSING || a == 2 * b; // or counted twice
            (lost ? t->missing : t->kept)[value]++;
        }
    for (int64_t k = 0; k < VALUES; k++) {
        total += t->missing[k] + t->kept[k];
        pure += t->missing[k] > t->kept[k] ? t->missing[k] : t->kept[k];
        if (t->missing[k] > t->kept[k])
            *example = k;
    }
    return total ? (double)pure / (double)total : 0;
}

// Causes by feature: of windows, and of other sums; and how much less sure than the first the
// second is.
static const struct {
    assay_cause windows, sums, second;
    double less, second_less;
} meanings[FEATURES] = {
    [KY] = {ASSAY_CAUSE_tap_missing,     ASSAY_CAUSE_tap_missing,     ASSAY_CAUSE_tap_missing,     0,    0.1},
    [KX] = {ASSAY_CAUSE_tap_missing,     ASSAY_CAUSE_tap_missing,     ASSAY_CAUSE_tap_missing,     0,    0.1},
    [TAP] = {ASSAY_CAUSE_tap_missing,     ASSAY_CAUSE_tap_missing,     ASSAY_CAUSE_tap_missing,     0,    0.1},
    [IN_C] = {ASSAY_CAUSE_channel_missing, ASSAY_CAUSE_channel_missing, ASSAY_CAUSE_tap_missing,     0,
            0.15                                                                                            },
    [IN_X] = {ASSAY_CAUSE_bounds_x,        ASSAY_CAUSE_tap_missing,     ASSAY_CAUSE_tap_missing,     0,    0.2},
    [IN_Y] = {ASSAY_CAUSE_bounds_y,        ASSAY_CAUSE_tap_missing,     ASSAY_CAUSE_tap_missing,     0,    0.2},
    [IN_N] = {ASSAY_CAUSE_batch_offset,    ASSAY_CAUSE_batch_offset,    ASSAY_CAUSE_tap_missing,     0.1,
            0.3                                                                                             },
    [OUT_X] = {ASSAY_CAUSE_bounds_x,        ASSAY_CAUSE_tap_missing,     ASSAY_CAUSE_tap_missing,     0.1,  0.3},
    [OUT_Y] = {ASSAY_CAUSE_bounds_y,        ASSAY_CAUSE_tap_missing,     ASSAY_CAUSE_tap_missing,     0.1,  0.3},
    [OUT_C] = {ASSAY_CAUSE_channel_missing, ASSAY_CAUSE_channel_missing, ASSAY_CAUSE_tap_missing,
            0.2,                                                                                         0.3},
    [OUT_N] = {ASSAY_CAUSE_batch_offset,    ASSAY_CAUSE_batch_offset,    ASSAY_CAUSE_tap_missing,     0.1,
            0.3                                                                                             },
    [TERM] = {ASSAY_CAUSE_tap_missing,     ASSAY_CAUSE_tap_missing,     ASSAY_CAUSE_channel_missing, 0.05,
            0.2                                                                                             },
};

// An operand of one item or channel, that all of another's should meet.
static bool repeats(const assay_problem *problem)
{
    const assay_shape *a = &problem->input[0], *b = &problem->input[1];
    return problem->op->given > 1 && a->rank == 4 && b->rank == 4 &&
           ((a->dim[0] == 1) != (b->dim[0] == 1) || (a->dim[1] == 1) != (b->dim[1] == 1));
}

static void say(assay_explanation *out, int feature, int64_t value, bool windows)
{
    assay_cause first = windows ? meanings[feature].windows : meanings[feature].sums;
    const double sure = 0.92;
    assay__find(out, first, sure - meanings[feature].less,
                "impulses: links are missing, or there twice, for one %s (%" PRId64
                ") and all of it, and for no other",
                words[feature], value);
    assay__find(out, meanings[feature].second, sure - meanings[feature].second_less,
                "impulses: what is missing is one %s (%" PRId64 ")", words[feature], value);
}

void assay__read_missing(assay__workbench *bench, const assay__links *map)
{
    view v = {.map = map};
    v.windows = assay__window_axis_of(map->problem, 0, &v.y) &&
                assay__window_axis_of(map->problem, 1, &v.x);
    tally *t = malloc(sizeof *t);
    if (!t)
        return;
    bool matmul = strcmp(map->problem->op->name, "matmul") == 0;
    for (int feature = 0; feature < FEATURES; feature++) {
        int64_t example = -1;
        if (matmul && feature < IN_X)
            continue;
        if (purity(&v, feature, t, &example) < 0.999 || example < 0)
            continue;
        say(bench->out, feature, example, v.windows);
        if (repeats(map->problem) && (feature >= OUT_C || feature == IN_N || feature == IN_C))
            assay__find(bench->out, ASSAY_CAUSE_broadcast, 0.93,
                        "impulses: some items or channels do not meet the operand that has one");
        free(t);
        return;
    }
    free(t);
    assay__find(bench->out, ASSAY_CAUSE_tap_missing, 0.5,
                "%" PRId64 " links between inputs and outputs are missing", map->missing);
    assay__find(bench->out, ASSAY_CAUSE_channel_missing, 0.4,
                "%" PRId64 " links between inputs and outputs are missing", map->missing);
}
