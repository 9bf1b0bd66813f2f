// SPDX-License-Identifier: Apache-2.0
// The same data again and again, and with other data before it: what should be equal to the bit.
#include "harness/explain/explain_internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// What each trial holds, in the order in which they run.
enum { SAME, OTHER, ZERO };
static const int order[] = {OTHER, SAME, SAME,  SAME, SAME, OTHER, SAME,
                            ZERO,  SAME, OTHER, SAME, ZERO, SAME};
#define TRIALS (sizeof order / sizeof *order)

static void fill(const assay__specimen *s, assay__trial *trial, int what)
{
    const assay_problem *problem = trial->problem;
    for (int i = 0; i < problem->op->input_count; i++) {
        int64_t n = assay_shape_elements(&problem->input[i]);
        bool changes = problem->op->inputs[i].role == ASSAY_ROLE_DATA ||
                       problem->op->inputs[i].role == ASSAY_ROLE_BIAS;
        for (int64_t k = 0; k < n; k++)
            trial->in[i][k] = what == SAME || !changes ? s->subject.in[i][k]
                              : what == OTHER          ? (float)(37 * k % 101) - 17.0F
                                                       : 0;
    }
}

static int64_t differing(const assay__trial *a, const assay__trial *b)
{
    int64_t n = 0;
    for (int64_t i = 0; i < a->count; i++)
        n += memcmp(&a->out[0][i], &b->out[0][i], sizeof(float)) != 0;
    return n;
}

static int64_t wrong_in(const assay__specimen *s, const assay__trial *t)
{
    const assay_reference *ref = &s->subject.reference;
    int64_t n = 0;
    for (int64_t i = 0; i < ref->count; i++)
        n += !assay__accepts(&s->c.problem, &s->subject.contract, ref, i, t->out[0][i]);
    return n;
}

// A sum of a few small products that is beyond all of them: something else was added.
static bool more_than_its_inputs(const assay__specimen *s, const assay__trial *t)
{
    const assay_reference *ref = &s->subject.reference;
    for (int64_t i = 0; i < ref->count && ref->magnitude; i++)
        if (assay_shape_elements(&s->c.problem.input[0]) <= 4 && isfinite(t->out[0][i]) &&
            fabs((double)t->out[0][i]) > 100 * (ref->magnitude[i] + 1))
            return true;
    return false;
}

static void compare(assay__workbench *bench, const assay__specimen *s, const assay__trial *t)
{
    int64_t wrong[3] = {0}, runs[3] = {0}, changed = 0; // wrong after the same, other, zero data
    for (size_t i = 1; i < TRIALS; i++) {
        if (order[i] != SAME)
            continue;
        runs[order[i - 1]]++;
        wrong[order[i - 1]] += wrong_in(s, &t[i]);
        changed += differing(&t[3], &t[i]);
    }
    if (more_than_its_inputs(s, &t[3])) {
        bench->unsteady = true;
        assay__find(bench->out, ASSAY_CAUSE_uninitialised, 0.95,
                    "in %s a result is far larger than anything that its inputs can make",
                    s->c.text);
    }
    if (changed == 0) {
        assay__note(bench->out, "runs on the same data are equal to the bit, whatever ran before");
        return;
    }
    bench->unsteady = true;
    assay__note(bench->out,
                "runs on the same data differ in %" PRId64
                " elements; wrong after runs on the same "
                "data: %" PRId64 ", on other data: %" PRId64 ", on zeros: %" PRId64,
                changed, wrong[SAME], wrong[OTHER], wrong[ZERO]);
    // What is added to what is there is wrong always; what others have yet to write may be there
    // already from the run before.
    bool always = (double)wrong[SAME] > 0.9 * (double)(runs[SAME] * t[0].count) &&
                  (double)wrong[OTHER] > 0.9 * (double)(runs[OTHER] * t[0].count);
    int64_t grows = differing(&t[2], &t[3]) + differing(&t[3], &t[4]), wild = 0;
    for (int64_t i = 0; i < t[3].count; i++)
        wild += !isfinite(t[3].out[0][i]);
    bool few = assay_shape_elements(&s->c.problem.input[0]) <= 4; // hardly two invocations
    always = always && ((double)grows > 1.8 * (double)t[3].count || wild * 2 > t[3].count ||
                        (few && wrong[ZERO] > 0));
    bool stale = always || (wrong[ZERO] == 0 && wrong[OTHER] > 0);
    bool early = wrong[SAME] == 0 && wrong[OTHER] > 0;
    assay__find(bench->out, ASSAY_CAUSE_race,
                early   ? 0.98
                : stale ? 0.9
                        : 0.94,
                "%" PRId64 " elements differ between runs on the same data%s", changed,
                early ? "; right after a run on the same data, wrong after others: what other "
                        "invocations have yet to write is read"
                      : "");
    assay__find(bench->out, ASSAY_CAUSE_uninitialised,
                early   ? 0.85
                : stale ? 0.97
                        : 0.86,
                "what ran before shows: %" PRId64 " elements are wrong after other data, %" PRId64
                " after zeros, %" PRId64 " after the same",
                wrong[OTHER], wrong[ZERO], wrong[SAME]);
}

assay_status assay__probe_parallel(assay__workbench *bench, const assay__specimen *s,
                                   assay_error *error)
{
    assay__trial t[TRIALS];
    assay_status status = ASSAY_OK;
    size_t n = 0;
    memset(t, 0, sizeof t);
    for (; n < TRIALS && status == ASSAY_OK; n++) {
        status = assay__trial_create(&s->c.problem, &t[n], error);
        if (status == ASSAY_OK)
            fill(s, &t[n], order[n]);
    }
    if (status == ASSAY_OK)
        status = assay__workbench_run(bench, t, (int)n, error);
    if (status == ASSAY_OK && t[0].status == ASSAY_OK)
        compare(bench, s, t);
    for (size_t i = 0; i < n; i++)
        assay__trial_destroy(&t[i]);
    return status;
}
