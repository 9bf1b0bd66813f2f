// SPDX-License-Identifier: Apache-2.0
#include "harness/subject.h"

#include "harness/parallel.h"
#include "reference/format.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static assay_storage storage_of(const assay_subject *s, int i)
{
    return s->own_storage[i] ? (assay_storage)(s->own_storage[i] - 1) : s->contract.storage;
}

// Colours are whole numbers up to 255 and lie in their own format whatever the storage is.
static bool needs_rounding(const assay_subject *s, int i)
{
    return storage_of(s, i) == ASSAY_STORAGE_F16 &&
           s->c->problem.op->inputs[i].role != ASSAY_ROLE_PIXELS;
}

void assay_subject_take_inputs(assay_subject *subject, const assay_kernel_info *info)
{
    for (int i = 0; i < ASSAY_INPUTS_MAX; i++) {
        assay_storage storage = assay_kernel_storage(info, i);
        subject->own_storage[i] = storage == subject->contract.storage ? 0 : (int)storage + 1;
        subject->assumed[i] = info->assumed[i];
        subject->assumed_value[i] = info->assumed_value[i];
    }
}

bool assay_subject_same_inputs(const assay_subject *a, const assay_subject *b)
{
    return memcmp(a->own_storage, b->own_storage, sizeof a->own_storage) == 0 &&
           memcmp(a->assumed, b->assumed, sizeof a->assumed) == 0 &&
           memcmp(a->assumed_value, b->assumed_value, sizeof a->assumed_value) == 0;
}

static assay_status fill_input(assay_subject *s, int i)
{
    const assay_problem *problem = &s->c->problem;
    int64_t count = assay_shape_elements(&problem->input[i]);
    if (s->vector && !needs_rounding(s, i) && !s->assumed[i]) {
        s->in[i] = s->vector->input[i];
        return ASSAY_OK;
    }
    float *data = malloc((size_t)count * sizeof *data);
    s->in[i] = s->owned[i] = data;
    if (!data)
        return assay_fail(&s->error, ASSAY_MEMORY, "out of memory for %s", s->c->text);
    for (int64_t k = 0; k < count && s->assumed[i]; k++)
        data[k] = s->assumed_value[i];
    if (s->assumed[i])
        return ASSAY_OK;
    if (!s->vector)
        return assay_dataset_fill(problem, s->c->dataset, s->c->seed, i, storage_of(s, i), data,
                                  &s->error);
    for (int64_t k = 0; k < count; k++)
        data[k] = assay_round_f16((double)s->vector->input[i][k], ASSAY_TO_NEAREST);
    return ASSAY_OK;
}

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
        status = fill_input(s, i);
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
