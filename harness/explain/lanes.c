// SPDX-License-Identifier: Apache-2.0
// Lanes that are no channel: does the failure go away where channels fill their slices?
#include "harness/explain/explain_internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int64_t up(int64_t channels)
{
    return (channels + 3) / 4 * 4;
}

static bool has_lanes(const assay__workbench *bench, const assay_problem *problem)
{
    bool lanes = bench->info->layout == ASSAY_NC4HW4 || bench->info->layout == ASSAY_IMAGE;
    for (int i = 0; i < problem->op->input_count + 1; i++)
        lanes = lanes || bench->info->own_layout[i] == ASSAY_NC4HW4 + 1 ||
                bench->info->own_layout[i] == ASSAY_IMAGE + 1;
    for (int i = 0; i < problem->op->input_count; i++)
        lanes = lanes || (problem->op->inputs[i].role == ASSAY_ROLE_WEIGHTS &&
                          bench->info->layout == ASSAY_NHWC);
    return lanes;
}

// Every count of channels of the case becomes a multiple of four; false when all are.
static bool fill_slices(assay_case *c)
{
    static const char *const counts[] = {"out_channels", "out_features"};
    assay_problem *p = &c->problem;
    bool changed = false;
    for (int i = 0; i < p->op->given; i++) {
        int64_t *channels = &p->input[i].dim[1];
        if (p->input[i].rank < 2 || (*channels == 1 && p->op->given > 1) || *channels % 4 == 0)
            continue;
        *channels = up(*channels);
        changed = true;
    }
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        int a = assay_attribute_index(p->op, counts[k]);
        int g = assay_attribute_index(p->op, "group");
        if (a < 0 || p->attribute[a].i[0] % 4 == 0)
            continue;
        if (g >= 0 && p->attribute[g].i[0] == p->attribute[a].i[0])
            p->attribute[g].i[0] = up(p->attribute[g].i[0]); // depthwise
        p->attribute[a].i[0] = up(p->attribute[a].i[0]);
        changed = true;
    }
    return changed && assay_problem_infer(p, NULL) == ASSAY_OK &&
           assay_case_format(c, NULL) == ASSAY_OK;
}

// Elements that are wild in one of the runs, or differ between them: the lanes hold other things.
static int64_t follow_lanes(const assay__specimen *s)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s->subject.reference.count; i++) {
        float a = s->out[0][i], b = s->out[1][i];
        bool wild = isfinite(s->subject.reference.value[i]) && (!isfinite(a) || !isfinite(b));
        n += wild || memcmp(&a, &b, sizeof a) != 0;
    }
    return n;
}

assay_status assay__probe_lanes(assay__workbench *bench, const assay__specimen *s,
                                assay_error *error)
{
    int64_t follow = follow_lanes(s);
    assay__specimen *full = calloc(1, sizeof *full);
    assay_status status = full ? ASSAY_OK : assay_fail(error, ASSAY_MEMORY, "out of memory");
    if (status != ASSAY_OK)
        goto done;
    full->c = s->c;
    if (!fill_slices(&full->c))
        goto done;
    status = assay__specimens_run(bench, full, 1, error);
    if (status != ASSAY_OK || !full->ran)
        goto done;
    bool fails = assay__specimen_fails(full);
    int64_t then = fails ? follow_lanes(full) : 0;
    assay__note(bench->out, "with channels that fill their slices (%s) the check %s", full->c.text,
                fails ? "fails too" : "passes");
    bool move = assay_operator_kind(s->c.problem.op) == ASSAY_KIND_MOVE &&
                strcmp(s->c.problem.op->name, "convert") != 0;
    bool later = false; // lanes spoil the first item too
    for (int i = 0; i < bench->out->finding_count; i++)
        later = later || (bench->out->finding[i].cause == ASSAY_CAUSE_batch_offset &&
                          bench->out->finding[i].score > 0.9);
    if (!fails && !move)
        assay__find(bench->out, ASSAY_CAUSE_spare_lanes, 0.72,
                    "with channels that fill their slices the check passes");
    if (has_lanes(bench, &s->c.problem) && follow && then == 0 &&
        !(*s->result.caught & ASSAY_CAUGHT_UNWRITTEN))
        assay__find(bench->out, ASSAY_CAUSE_spare_lanes,
                    later   ? 0.7
                    : fails ? 0.75
                    : move  ? 0.88
                            : 0.96,
                    "%" PRId64 " elements are what spare lanes make of them; with channels that "
                    "fill their slices %s",
                    follow, fails ? "no element is" : "the check passes");
    if (follow && then == 0 && move)
        assay__find(bench->out, ASSAY_CAUSE_copy_order, 0.9,
                    "spare lanes come out where elements should, moved from a wrong place");
done:
    if (full)
        assay__specimen_release(full);
    free(full);
    return status;
}
