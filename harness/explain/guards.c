// SPDX-License-Identifier: Apache-2.0
// What the guards saw, and NaN or infinities that the data cannot make.
#include "harness/explain/explain_internal.h"

#include "reference/format.h"

#include <inttypes.h>
#include <math.h>

// An operand of one channel that is not repeated over the lanes of a slice: lane 0 is right.
static bool lanes_of_one_channel(const assay__specimen *s)
{
    const assay_problem *p = &s->c.problem;
    int64_t at[ASSAY_RANK_MAX];
    bool repeated = false;
    for (int i = 0; i < p->op->given && p->op->given > 1; i++)
        repeated = repeated || (p->input[i].rank == 4 && p->input[i].dim[1] == 1);
    for (int64_t i = 0; i < s->subject.reference.count && repeated; i++) {
        assay__coordinates(&p->output, i, at);
        repeated = at[1] % 4 != 0 || !assay__specimen_wrong(s, i);
    }
    return repeated && p->output.rank > 1 && p->output.dim[1] > 1;
}

typedef struct tally {
    int64_t wrong, unwritten, wild, written; // written: wrong, finite and written
} tally;

static tally count(const assay__specimen *s)
{
    tally t = {0};
    for (int64_t i = 0; i < s->subject.reference.count; i++) {
        if (!assay__specimen_wrong(s, i))
            continue;
        float a = s->out[0][i], b = s->out[1][i];
        t.wrong++;
        if (assay_bits_of_float(a) == ASSAY_PREFILL_BITS_0 &&
            assay_bits_of_float(b) == ASSAY_PREFILL_BITS_1)
            t.unwritten++;
        else if (isfinite(s->subject.reference.value[i]) && (!isfinite(a) || !isfinite(b)))
            t.wild++;
        else
            t.written++;
    }
    return t;
}

static const char *tensor_name(const assay__specimen *s, int tensor)
{
    const assay_operator *op = s->c.problem.op;
    return tensor >= 0 && tensor < op->input_count ? op->inputs[tensor].name
           : tensor > ASSAY_INPUTS_MAX             ? "scratch"
                                                   : "out";
}

void assay__look_at_guards(assay__workbench *bench, const assay__specimen *s)
{
    assay_explanation *out = bench->out;
    tally t = count(s);
    int64_t caught = *s->result.caught;
    const assay_guard_report *g = &s->guard[s->guard[0].stray || s->guard[0].changed ? 0 : 1];
    if (g->changed)
        assay__find(out, ASSAY_CAUSE_input_changed, 0.98,
                    "%" PRId64 " elements of the input \"%s\" have changed after the run",
                    g->changed, tensor_name(s, g->changed_tensor));
    if (g->stray)
        assay__find(out, ASSAY_CAUSE_writes_outside, t.wrong ? 0.72 : 0.97,
                    "%" PRId64 " words outside of \"%s\" have changed, the first at byte %" PRId64
                    "%s",
                    g->stray, tensor_name(s, g->stray_tensor), g->stray_offset,
                    t.wrong ? "" : "; all of the output is right");
    if (t.unwritten)
        assay__find(out, ASSAY_CAUSE_unwritten, t.wrong == t.unwritten && !g->stray ? 0.97 : 0.74,
                    "%" PRId64 " elements still hold what was there before the run%s", t.unwritten,
                    t.wrong == t.unwritten ? "; all others are right" : "");
    if (t.wrong && lanes_of_one_channel(s))
        assay__find(out, ASSAY_CAUSE_broadcast, 0.93,
                    "an operand has one channel, and of every four channels the first is right, "
                    "others are not");
    if (t.wild && (caught & ASSAY_CAUGHT_POISON))
        assay__find(out, ASSAY_CAUSE_reads_outside, t.written ? 0.5 : 0.86,
                    "%" PRId64 " elements are NaN or infinite that only memory outside of the "
                    "tensors can have made so%s",
                    t.wild, t.written ? "" : "; all other elements are right");
    else if (t.wild)
        assay__find(out, ASSAY_CAUSE_overflow, t.written ? 0.3 : 0.6,
                    "%" PRId64 " elements are NaN or infinite where the result is finite", t.wild);
}
