// SPDX-License-Identifier: Apache-2.0
// Operators whose output elements have to do with many elements of the input: rows along an axis,
// groups, planes.
#include "harness/explain/geometry.h"
#include "harness/explain/links.h"

#include <inttypes.h>
#include <string.h>

typedef struct sums {
    int64_t wrong;                    // outputs with wrong links
    int64_t axis;                     // of those: the input varies along another axis
    int64_t item, channel, elsewhere; // extra links that are to another item, channel, place
    int64_t group;
} sums;

// Along which dimensions the linked elements differ, and their first one.
static int varies(const assay__links *map, int64_t o, bool right)
{
    int64_t first[4], in[4];
    int bits = 0;
    bool any = false;
    for (int64_t i = 0; i < map->in_count; i++) {
        uint8_t link = map->link[assay__links_at(map, i, o)];
        if (link == ASSAY__NEITHER || link == (right ? ASSAY__EXTRA : ASSAY__MISSING))
            continue;
        assay__coordinates(&map->problem->input[map->tensor], i, in);
        if (!any)
            memcpy(first, in, sizeof first);
        any = true;
        for (int d = 0; d < 4; d++)
            bits |= in[d] != first[d] ? 1 << d : 0;
    }
    return bits;
}

static void read_output(const assay__links *map, int64_t o, sums *s)
{
    const assay_shape *shape = &map->problem->input[map->tensor];
    int64_t in[4], out[4], extra = 0, groups = assay__integer_of(map->problem, "num_groups", 0, 1);
    int64_t home[4] = {-1, -1, -1, -1};
    bool wrong = false, any = false;
    assay__coordinates(&map->problem->output, o, out);
    bool keeps[4];
    memset(keeps, 1, sizeof keeps);
    for (int64_t i = 0; i < map->in_count; i++) {
        uint8_t link = map->link[assay__links_at(map, i, o)];
        if (link != ASSAY__BOTH && link != ASSAY__MISSING)
            continue;
        assay__coordinates(shape, i, in);
        for (int d = 0; d < 4; d++) {
            keeps[d] = keeps[d] && (!any || home[d] == in[d]);
            home[d] = any ? home[d] : in[d];
        }
        any = true;
    }
    for (int64_t i = 0; i < map->in_count; i++) {
        uint8_t link = map->link[assay__links_at(map, i, o)];
        wrong |= link == ASSAY__EXTRA || link == ASSAY__MISSING;
        if (link != ASSAY__EXTRA)
            continue;
        extra++;
        assay__coordinates(shape, i, in);
        if (keeps[0] && in[0] != home[0])
            s->item++;
        else if (groups > 1 && shape->rank > 1 &&
                 in[1] * groups / shape->dim[1] != out[1] * groups / shape->dim[1])
            s->group++;
        else if (keeps[1] && shape->rank > 1 && in[1] != home[1])
            s->channel++;
        else
            s->elsewhere++;
    }
    s->wrong += wrong;
    if (wrong && extra) {
        int is = varies(map, o, false), should = varies(map, o, true);
        s->axis += (is & ~should) != 0 && (should & ~is) != 0;
    }
}

void assay__read_rows(assay__workbench *bench, const assay__links *map)
{
    assay_explanation *out = bench->out;
    const char *name = map->problem->op->inputs[map->tensor].name;
    sums s = {0};
    bool adaptive = strncmp(map->problem->op->name, "adaptive", 8) == 0;
    bool resize = strcmp(map->problem->op->name, "resize") == 0;
    for (int64_t o = 0; o < map->out_count; o++)
        read_output(map, o, &s);
    int64_t extras = s.item + s.group + s.channel + s.elsewhere;
    if (extras == 0 && map->missing == 0)
        return; // other weights: the values say more
    if (resize && s.item + s.channel <= extras / 2) {
        assay__find(out, ASSAY_CAUSE_coordinates, 0.93,
                    "%" PRId64 " outputs are made of other elements than they should be", s.wrong);
    } else if (extras == 0) {
        assay__read_missing(bench, map);
    } else if (s.axis * 2 > s.wrong) {
        assay__find(out, ASSAY_CAUSE_axis, 0.94,
                    "%" PRId64 " outputs depend on elements of \"%s\" along another axis", s.axis,
                    name);
    } else if (s.group * 2 > extras) {
        assay__find(out, ASSAY_CAUSE_group_offset, 0.93,
                    "outputs depend on channels of another group (%" PRId64 " links)", s.group);
    } else if (s.item * 2 > extras) {
        assay__find(out, ASSAY_CAUSE_batch_offset, 0.9,
                    "outputs depend on another item of the batch (%" PRId64 " links)", s.item);
        assay__find(out, ASSAY_CAUSE_axis, 0.5, "outputs depend on elements of another item");
    } else if (s.channel * 2 > extras) {
        assay__find(out, ASSAY_CAUSE_channel_order, 0.86,
                    "outputs depend on another channel (%" PRId64 " links)", s.channel);
        assay__find(out, ASSAY_CAUSE_axis, 0.5, "outputs depend on elements of another channel");
    } else if (strcmp(map->problem->op->name, "lrn") == 0) {
        assay__find(out, ASSAY_CAUSE_tap_missing, 0.8,
                    "the window over the channels has another extent");
        assay__find(out, ASSAY_CAUSE_pad_offset, 0.78,
                    "the window over the channels begins elsewhere");
    } else if (adaptive) {
        assay__find(out, ASSAY_CAUSE_pad_offset, 0.8,
                    "windows begin or end elsewhere: %" PRId64
                    " links should not be there, %" PRId64 " are missing",
                    map->extra, map->missing);
        assay__find(out, ASSAY_CAUSE_tap_missing, 0.75, "windows have another extent");
        assay__find(out, ASSAY_CAUSE_coordinates, 0.6, "windows begin or end elsewhere");
    } else {
        assay__find(out, ASSAY_CAUSE_axis, 0.7,
                    "outputs depend on elements of \"%s\" that are not in their rows", name);
        assay__find(out, ASSAY_CAUSE_tap_missing, 0.6, "rows have another extent");
    }
}
