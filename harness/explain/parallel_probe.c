// SPDX-License-Identifier: Apache-2.0
// The same data again and again, and with other data before it: what should be equal to the bit.
#include "harness/explain/explain_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define REPEATS 8

static void fill(const assay__specimen *s, assay__trial *trial, bool other)
{
    const assay_problem *problem = trial->problem;
    for (int i = 0; i < problem->op->input_count; i++) {
        int64_t n = assay_shape_elements(&problem->input[i]);
        for (int64_t k = 0; k < n; k++)
            trial->in[i][k] = other && problem->op->inputs[i].role == ASSAY_ROLE_DATA
                                  ? (float)(37 * k % 101) - 17.0F
                                  : s->subject.in[i][k];
    }
}

static int64_t differing(const assay__trial *a, const assay__trial *b)
{
    int64_t n = 0;
    for (int run = 0; run < ASSAY_RUNS; run++)
        for (int64_t i = 0; i < a->count; i++)
            n += memcmp(&a->out[run][i], &b->out[run][i], sizeof(float)) != 0;
    return n;
}

// Trials 0 .. REPEATS - 1 stand alone, each second one behind them follows other data.
static void compare(assay__workbench *bench, const assay__trial *t)
{
    int64_t alone = 0, after = 0;
    for (int i = 2; i < REPEATS; i++)
        alone += differing(&t[1], &t[i]);
    for (int i = REPEATS + 1; i < 2 * REPEATS; i += 2)
        after += differing(&t[1], &t[i]);
    if (alone == 0 && after == 0) {
        assay__note(bench->out, "%d runs on the same data are equal to the bit", REPEATS);
        return;
    }
    assay__note(bench->out,
                "runs on the same data differ: %" PRId64 " elements when repeated, %" PRId64
                " after runs on other data",
                alone, after);
    bench->unsteady = true;
    bool stale = after > 0;
    assay__find(bench->out, ASSAY_CAUSE_race, alone ? 0.93 : 0.8,
                "%" PRId64 " elements differ between runs on the same data", alone + after);
    assay__find(bench->out, ASSAY_CAUSE_uninitialised, !alone ? 0.93 : stale ? 0.85 : 0.7,
                "%" PRId64 " elements differ after runs on other data", after);
}

assay_status assay__probe_parallel(assay__workbench *bench, const assay__specimen *s,
                                   assay_error *error)
{
    assay__trial t[2 * REPEATS];
    assay_status status = ASSAY_OK;
    int n = 0;
    memset(t, 0, sizeof t);
    for (; n < 2 * REPEATS && status == ASSAY_OK; n++) {
        status = assay__trial_create(&s->c.problem, &t[n], error);
        if (status == ASSAY_OK)
            fill(s, &t[n], n >= REPEATS && n % 2 == 0);
    }
    if (status == ASSAY_OK)
        status = assay__workbench_run(bench, t, n, error);
    if (status == ASSAY_OK && t[0].status == ASSAY_OK)
        compare(bench, t);
    for (int i = 0; i < n; i++)
        assay__trial_destroy(&t[i]);
    return status;
}
