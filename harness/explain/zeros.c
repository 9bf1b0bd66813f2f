// SPDX-License-Identifier: Apache-2.0
// Sums of nothing but zeros: what comes out was there before the first term.
#include "harness/explain/terms.h"

#include <inttypes.h>
#include <math.h>

assay_status assay__probe_zeros(assay__workbench *bench, const assay__specimen *s,
                                assay_error *error)
{
    assay__trial trial;
    assay_reference right = {0};
    int64_t other = 0;
    float first = 0;
    if (!assay__is_sum(&s->c.problem) || bench->unsteady)
        return ASSAY_OK;
    ASSAY_TRY(assay__trial_create(&s->c.problem, &trial, error)); // of zeros
    assay_status status = assay__workbench_run(bench, &trial, 1, error);
    if (status == ASSAY_OK && trial.status == ASSAY_OK)
        status = assay_reference_create(trial.problem, (const float *const *)trial.in,
                                        ASSAY_METHOD_PLAIN, &right, error);
    for (int64_t i = 0; right.value && i < trial.count; i++) {
        float y = trial.out[0][i];
        if (!isfinite(y) || right.value[i] != 0 || y == 0)
            continue;
        first = other++ ? first : y;
    }
    if (other * 2 > trial.count) {
        assay__note(bench->out, "of zeros alone %" PRId64 " results are not zero, the first is %g",
                    other, (double)first);
        assay__find(bench->out, ASSAY_CAUSE_initial_value, 0.9,
                    "of zeros alone %" PRId64 " sums are not zero but %g, or the like", other,
                    (double)first);
    }
    assay_reference_destroy(&right);
    assay__trial_destroy(&trial);
    return status;
}
