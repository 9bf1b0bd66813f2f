// SPDX-License-Identifier: Apache-2.0
// The failing data once more, with things varied that a right kernel does not depend on: what the
// sanitizers of `assay check` see.
#include "harness/explain/explain_internal.h"

#include <inttypes.h>
#include <string.h>

// What each sanitizer speaks for.
static const struct {
    assay_cause cause;
    double sure;
    const char *text;
} meanings[ASSAY_SANITIZERS] = {
    [ASSAY_SANITIZE_SHARED] = {ASSAY_CAUSE_uninitialised, 0.96,
                               "shared memory is read before it is written"                                 },
    [ASSAY_SANITIZE_REPEAT] = {ASSAY_CAUSE_race,          0.9,  "the same run once more gives other results"},
    [ASSAY_SANITIZE_ORDER] = {ASSAY_CAUSE_race,          0.95, "results depend on the order of the groups" },
    [ASSAY_SANITIZE_SUBGROUPS] = {ASSAY_CAUSE_race,          0.8,  "results depend on the subgroup size"       },
};

assay_status assay__probe_sanitized(assay__workbench *bench, const assay__specimen *s,
                                    assay_error *error)
{
    const assay_problem *problem = &s->c.problem;
    assay__trial trial;
    ASSAY_TRY(assay__trial_create(problem, &trial, error));
    for (int i = 0; i < problem->op->input_count; i++)
        if (trial.in[i])
            memcpy(trial.in[i], s->subject.in[i],
                   (size_t)assay_shape_elements(&problem->input[i]) * sizeof(float));
    trial.sanitize = ASSAY_SANITIZE_ALL;
    assay_status status = assay__workbench_run(bench, &trial, 1, error);
    for (int i = 0; i < ASSAY_SANITIZERS && status == ASSAY_OK && !trial.status; i++) {
        const assay_deviation *d = &trial.deviation[i];
        if (d->elements == 0)
            continue;
        bench->unsteady = bench->unsteady || i != ASSAY_SANITIZE_SUBGROUPS;
        assay__note(bench->out, "%s%s%s: %" PRId64 " elements", meanings[i].text,
                    d->where[0] ? ", " : "", d->where, d->elements);
        assay__find(bench->out, meanings[i].cause, meanings[i].sure, "%s%s%s: %" PRId64 " elements",
                    meanings[i].text, d->where[0] ? ", " : "", d->where, d->elements);
    }
    assay__trial_destroy(&trial);
    return status;
}
