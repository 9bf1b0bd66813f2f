// SPDX-License-Identifier: Apache-2.0
// Operators whose output elements have to do with one element of an input each: which one was read
// in place of it.
#include "harness/explain/geometry.h"
#include "harness/explain/links.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct shifts {
    bool items_move; // the operator moves elements from item to item
    int64_t item, channel, plane, only_channel, lost, added, total, first_in, first_should,
        first_out;
} shifts;

// The element that output o should have to do with, -1 when none; and one that it should not.
static void partners(const assay__links *map, int64_t o, int64_t *should, int64_t *is)
{
    *should = *is = -1;
    for (int64_t i = 0; i < map->in_count; i++) {
        uint8_t link = map->link[assay__links_at(map, i, o)];
        if (link == ASSAY__BOTH || link == ASSAY__MISSING)
            *should = i;
        if (link == ASSAY__EXTRA)
            *is = i;
    }
}

static void gather(const assay__links *map, shifts *s)
{
    const assay_shape *shape = &map->problem->input[map->tensor];
    const char *letters = map->problem->op->inputs[map->tensor].letters;
    for (int64_t o = 0; o < map->out_count; o++) {
        int64_t should, is, a[4], b[4];
        partners(map, o, &should, &is);
        s->added += is >= 0 && should < 0;
        if (is < 0 || should < 0) {
            s->lost += should >= 0 && map->link[assay__links_at(map, should, o)] == ASSAY__MISSING;
            continue;
        }
        assay__coordinates(shape, is, a);
        assay__coordinates(shape, should, b);
        bool item = false, channel = false, plane = false;
        int64_t out[4];
        assay__coordinates(&map->problem->output, o, out);
        s->items_move |= letters[0] == 'n' && b[0] != out[0];
        for (int d = 0; d < shape->rank; d++) {
            item |= letters[d] == 'n' && a[d] != b[d];
            channel |= letters[d] == 'c' && a[d] != b[d];
            plane |= (letters[d] == 'h' || letters[d] == 'w') && a[d] != b[d];
        }
        if (!s->total++)
            s->first_in = is, s->first_should = should, s->first_out = o;
        s->item += item && !plane;
        s->plane += plane;
        s->only_channel += channel && !item && !plane;
    }
}

static bool broadcasts(const assay_problem *problem)
{
    const assay_operator *op = problem->op;
    return op->input_count > 1 && op->given > 1 && assay_operator_kind(op) != ASSAY_KIND_MOVE &&
           (!assay_shape_equal(&problem->input[0], &problem->output) ||
            !assay_shape_equal(&problem->input[1], &problem->output));
}

static void put(assay_explanation *out, const assay__links *map, const shifts *s, assay_cause cause,
                double sure)
{
    char text[3][64];
    const assay_operator *op = map->problem->op;
    const struct {
        const assay_shape *shape;
        const char *letters;
        int64_t at;
    } what[3] = {
        {&map->problem->output,             op->output,                      s->first_out   },
        {&map->problem->input[map->tensor], op->inputs[map->tensor].letters, s->first_in    },
        {&map->problem->input[map->tensor], op->inputs[map->tensor].letters, s->first_should},
    };
    for (int k = 0; k < 3; k++) {
        int64_t at[4];
        size_t used = 0;
        assay__coordinates(what[k].shape, what[k].at, at);
        for (int d = 0; d < what[k].shape->rank; d++)
            used += (size_t)snprintf(text[k] + used, sizeof text[k] - used, "%s%c%" PRId64,
                                     d ? " " : "", what[k].letters[d], at[d]);
    }
    assay__find(out, cause, sure,
                "%" PRId64 " output elements have to do with another element of \"%s\": %s reads "
                "%s, not %s",
                s->total, op->inputs[map->tensor].name, text[0], text[1], text[2]);
}

void assay__read_points(assay__workbench *bench, const assay__links *map)
{
    const assay_operator *op = map->problem->op;
    const assay_tensor_info *info = &op->inputs[map->tensor];
    assay_explanation *out = bench->out;
    shifts s = {0};
    gather(map, &s);
    bool vector = map->problem->input[map->tensor].rank == 1;
    if (s.total == 0) {
        if (s.lost && strcmp(info->name, "bias") == 0)
            assay__find(out, ASSAY_CAUSE_bias, s.lost * 5 > map->out_count ? 0.9 : 0.5,
                        "%" PRId64 " outputs do not depend on the bias", s.lost);
        else if (s.lost && assay_operator_kind(op) == ASSAY_KIND_MOVE)
            assay__find(out, ASSAY_CAUSE_copy_order, 0.8,
                        "%" PRId64 " outputs do not depend on the element that should be there",
                        s.lost);
        else if (s.lost && broadcasts(map->problem))
            assay__find(out, ASSAY_CAUSE_broadcast, 0.88,
                        "%" PRId64 " outputs do not depend on \"%s\"", s.lost, info->name);
        else if (s.added && assay_operator_kind(op) == ASSAY_KIND_MOVE)
            assay__find(out, ASSAY_CAUSE_pad_value, 0.8,
                        "%" PRId64 " outputs that should be constant depend on \"%s\"", s.added,
                        info->name);
        else if (map->tensor == 0 && assay_operator_kind(op) != ASSAY_KIND_MOVE)
            return; // a function that is flat there: the values say more
        else if (s.lost)
            assay__find(out, ASSAY_CAUSE_channel_missing, 0.5,
                        "%" PRId64 " outputs do not depend on \"%s\"", s.lost, info->name);
        return;
    }
    double share = (double)s.total;
    if (strcmp(info->name, "bias") == 0) {
        // where the data is that of another channel too, it is not the bias that is
        double sure = assay__score(out, ASSAY_CAUSE_channel_order) > 0.9 ? 0.75 : 0.93;
        put(out, map, &s, ASSAY_CAUSE_bias, s.total * 5 > map->out_count ? sure : 0.6);
    } else if (vector) {
        put(out, map, &s, ASSAY_CAUSE_channel_order, 0.92);
    } else if (broadcasts(map->problem)) {
        put(out, map, &s, ASSAY_CAUSE_broadcast, 0.93);
    } else if (strcmp(op->name, "resize") == 0 && (double)s.plane > 0.5 * share) {
        put(out, map, &s, ASSAY_CAUSE_coordinates, 0.93);
    } else if ((double)s.item > 0.5 * share && !s.items_move) {
        put(out, map, &s, ASSAY_CAUSE_batch_offset, 0.92);
        if (assay_operator_kind(op) == ASSAY_KIND_MOVE)
            put(out, map, &s, ASSAY_CAUSE_copy_order, 0.7);
    } else if (assay_operator_kind(op) == ASSAY_KIND_MOVE && strcmp(op->name, "convert") != 0) {
        put(out, map, &s, ASSAY_CAUSE_copy_order, 0.92);
        if ((double)s.only_channel > 0.9 * share)
            put(out, map, &s, ASSAY_CAUSE_channel_order, 0.8);
    } else if ((double)s.only_channel > 0.5 * share) {
        put(out, map, &s, ASSAY_CAUSE_channel_order, 0.92);
        put(out, map, &s, ASSAY_CAUSE_copy_order, 0.7);
    } else {
        put(out, map, &s, ASSAY_CAUSE_copy_order, 0.85);
        put(out, map, &s, ASSAY_CAUSE_channel_order, 0.6);
    }
}
