// SPDX-License-Identifier: Apache-2.0
#include "reference/reference.h"

#include "reference/operator.h"

#include <stdlib.h>
#include <string.h>

// Below this many operations the plain loops are done before a matrix product has packed its
// operands.
#define FAST_FROM 1e6

void assay_reference_destroy(assay_reference *reference)
{
    if (!reference)
        return;
    free(reference->value);
    free(reference->sum);
    free(reference->bound);
    free(reference->magnitude);
    free(reference->square);
    free(reference->terms);
    free(reference->nan_allowed);
    memset(reference, 0, sizeof *reference);
}

// What every operator writes in full is not cleared first.
static assay_status allocate(assay_reference *reference, const struct assay_problem *problem,
                             assay_error *error)
{
    size_t count = (size_t)reference->count;
    int act = assay_attribute_index(problem->op, "act");
    reference->value = malloc(count * sizeof *reference->value);
    reference->bound = calloc(count, sizeof *reference->bound);
    reference->nan_allowed = calloc(count, sizeof *reference->nan_allowed);
    bool whole = reference->value && reference->bound && reference->nan_allowed;
    if (act >= 0 && problem->attribute[act].i[0]) {
        reference->sum = malloc(count * sizeof *reference->sum);
        whole = whole && reference->sum;
    }
    if (problem->op->reduction) {
        reference->magnitude = malloc(count * sizeof *reference->magnitude);
        reference->square = malloc(count * sizeof *reference->square);
        reference->terms = malloc(count * sizeof *reference->terms);
        whole = whole && reference->magnitude && reference->square && reference->terms;
    }
    return whole
               ? ASSAY_OK
               : assay_fail(error, ASSAY_MEMORY,
                            "out of memory for the reference of an output of %zu elements", count);
}

assay_status assay_reference_create(const struct assay_problem *problem, const float *const *in,
                                    assay_method method, assay_reference *reference,
                                    assay_error *error)
{
    const assay_operator *op = problem->op;
    memset(reference, 0, sizeof *reference);
    if (method == ASSAY_METHOD_FAST && !op->fast)
        return assay_fail(error, ASSAY_UNSUPPORTED, "operator %s has no fast reference", op->name);
    reference->count = assay_shape_elements(&problem->output);
    assay_status status = allocate(reference, problem, error);
    if (status != ASSAY_OK)
        goto fail;
    if (method == ASSAY_METHOD_FAST ||
        (method == ASSAY_METHOD_AUTO && op->fast && op->flops(problem) > FAST_FROM))
        status = op->fast(problem, in, reference, error);
    else
        op->reference(problem, in, reference);
    if (status == ASSAY_OK)
        return ASSAY_OK;
fail:
    assay_reference_destroy(reference);
    return status;
}

void assay_bound(const struct assay_problem *problem, const float *const *in,
                 const assay_contract *contract, assay_reference *reference)
{
    problem->op->bound(problem, in, contract, reference);
}
