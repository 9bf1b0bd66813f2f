// SPDX-License-Identifier: Apache-2.0
// Stored vectors: their numbers are given, so nothing can be probed on other shapes with them.
// Where generated data fails with the same shapes, it stands in for them.
#include "harness/explain/explain_internal.h"

#include <stdlib.h>

// The data sets, those first that probes can read most from.
static const assay_dataset wanted[] = {
    ASSAY_DATASET_I2,      ASSAY_DATASET_HE,    ASSAY_DATASET_I1,      ASSAY_DATASET_I1H,
    ASSAY_DATASET_I3,      ASSAY_DATASET_HUGE,  ASSAY_DATASET_UNIFORM, ASSAY_DATASET_NEGATIVE,
    ASSAY_DATASET_SPECIAL, ASSAY_DATASET_TINY,  ASSAY_DATASET_TIES,    ASSAY_DATASET_ADVERSARIAL,
    ASSAY_DATASET_IMPULSE, ASSAY_DATASET_INDEX,
};
#define WANTED (int)(sizeof wanted / sizeof *wanted)

assay_status assay__stand_in(assay__workbench *bench, const assay__specimen *s, assay_case *c,
                             assay_error *error)
{
    *c = s->c;
    if (s->c.dataset != ASSAY_DATASET_FILE)
        return ASSAY_OK;
    assay__specimen *all = calloc(WANTED, sizeof *all);
    if (!all)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for data sets");
    for (int i = 0; i < WANTED; i++) {
        all[i].c = s->c;
        all[i].c.dataset = wanted[i];
        all[i].c.seed = 1;
        if (assay_case_format(&all[i].c, NULL) != ASSAY_OK)
            all[i].c = s->c; // a data set that the operator has not
    }
    assay_status status = assay__specimens_run(bench, all, WANTED, error);
    for (int i = 0; i < WANTED && status == ASSAY_OK && c->dataset == ASSAY_DATASET_FILE; i++)
        if (assay__specimen_fails(&all[i]) &&
            assay__same_failure(*all[i].result.caught, *s->result.caught))
            *c = all[i].c;
    if (status == ASSAY_OK && c->dataset == ASSAY_DATASET_FILE)
        assay__note(bench->out, "no generated data fails with these shapes: only the stored "
                                "numbers do, and there is nothing to shrink");
    for (int i = 0; i < WANTED; i++)
        assay__specimen_release(&all[i]);
    free(all);
    return status;
}
