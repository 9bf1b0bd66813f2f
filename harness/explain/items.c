// SPDX-License-Identifier: Apache-2.0
// What is wrong in all items but the first, in all groups but the first, or at borders only.
#include "harness/explain/explain_internal.h"
#include "harness/explain/geometry.h"

#include <inttypes.h>

typedef struct parts {
    int64_t first_wrong, first, later_wrong, later;
} parts;

static void add(parts *p, bool first, bool wrong)
{
    *(first ? &p->first : &p->later) += 1;
    *(first ? &p->first_wrong : &p->later_wrong) += wrong;
}

static bool only_later(const parts *p)
{
    return p->first_wrong == 0 && p->first > 0 && p->later_wrong * 3 > p->later;
}

static bool one_of_many(const assay_problem *problem, int dim)
{
    for (int i = 0; i < problem->op->given; i++)
        if (problem->op->given > 1 && problem->input[i].rank > dim &&
            problem->input[i].dim[dim] == 1)
            return true;
    return false;
}

assay_status assay__look_at_items(assay__workbench *bench, const assay__specimen *s,
                                  assay_error *error)
{
    const assay_problem *problem = &s->c.problem;
    int64_t at[ASSAY_RANK_MAX], groups = assay__integer_of(problem, "group", 0, 1);
    int64_t out_channels = problem->output.rank > 1 ? problem->output.dim[1] : 1;
    parts item = {0}, group = {0};
    (void)error;
    if (groups == 1)
        groups = assay__integer_of(problem, "num_groups", 0, 1);
    for (int64_t i = 0; i < s->subject.reference.count; i++) {
        bool wrong = assay__specimen_wrong(s, i);
        assay__coordinates(&problem->output, i, at);
        add(&item, at[0] == 0, wrong);
        add(&group, at[1] * groups / out_channels == 0, wrong);
    }
    if (bench->unsteady)
        return ASSAY_OK;
    if (problem->op->output[0] == 'n' && only_later(&item)) {
        bool broadcast = one_of_many(problem, 0);
        bool move = assay_operator_kind(problem->op) == ASSAY_KIND_MOVE;
        assay__find(bench->out, broadcast ? ASSAY_CAUSE_broadcast : ASSAY_CAUSE_batch_offset,
                    move ? 0.93 : 0.96,
                    "the first item is right, of the others %" PRId64 " of %" PRId64
                    " elements are wrong",
                    item.later_wrong, item.later);
    }
    if (problem->op->given > 1 && problem->op->output[0] == 'n' && only_later(&item))
        assay__find(bench->out, ASSAY_CAUSE_broadcast, 0.7,
                    "the first item is right, others are not, and there are several operands");
    if (groups > 1 && groups < out_channels && only_later(&group))
        assay__find(bench->out, ASSAY_CAUSE_group_offset, 0.92,
                    "the first group is right, of the others %" PRId64 " of %" PRId64
                    " elements are wrong",
                    group.later_wrong, group.later);
    return ASSAY_OK;
}
