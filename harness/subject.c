// SPDX-License-Identifier: Apache-2.0
#include "harness/subject.h"

#include "harness/parallel.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

assay_status assay_subject_fill(assay_subject *s)
{
    const assay_problem *problem = &s->c->problem;
    XXH3_state_t *state = XXH3_createState();
    if (!state)
        return assay_fail(&s->error, ASSAY_MEMORY, "out of memory for %s", s->c->text);
    XXH3_64bits_reset(state);
    assay_status status = ASSAY_OK;
    for (int i = 0; i < problem->op->input_count && status == ASSAY_OK; i++) {
        size_t bytes = (size_t)assay_shape_elements(&problem->input[i]) * sizeof(float);
        if (bytes == 0)
            continue;
        if (s->vector) {
            s->in[i] = s->vector->input[i];
        } else if ((s->in[i] = s->owned[i] = malloc(bytes)) == NULL) {
            status = assay_fail(&s->error, ASSAY_MEMORY, "out of memory for %s", s->c->text);
            break;
        } else {
            status =
                assay_dataset_fill(problem, s->c->dataset, s->c->seed, i, s->owned[i], &s->error);
        }
        if (status == ASSAY_OK)
            XXH3_64bits_update(state, s->in[i], bytes);
    }
    s->input_hash = XXH3_64bits_digest(state);
    XXH3_freeState(state);
    return status;
}

void assay_subject_prepare(assay_subject *s)
{
    double start = assay_now();
    s->status = assay_subject_fill(s);
    double filled = assay_now();
    s->generate_s = filled - start;
    if (s->status != ASSAY_OK)
        return;
    s->status =
        assay_reference_create(&s->c->problem, s->in, ASSAY_METHOD_AUTO, &s->reference, &s->error);
    if (s->status == ASSAY_OK)
        assay_bound(&s->c->problem, s->in, &s->contract, &s->reference);
    s->reference_s = assay_now() - filled;
}

void assay_subject_release(assay_subject *s)
{
    for (int i = 0; i < ASSAY_INPUTS_MAX; i++)
        free(s->owned[i]);
    assay_reference_destroy(&s->reference);
    memset(s, 0, sizeof *s);
}
