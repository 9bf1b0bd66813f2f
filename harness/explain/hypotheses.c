// SPDX-License-Identifier: Apache-2.0
#include "harness/explain/hypothesis.h"

#include "harness/accept.h"
#include "reference/format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

assay_status assay__court_open(assay__workbench *bench, const assay__specimen *s,
                               assay__court *court, assay_error *error)
{
    const assay_problem *problem = &s->c.problem;
    *court = (assay__court){
        .bench = bench, .s = s, .contract = assay__output_contract(problem, &bench->contract)};
    court->count = s->subject.reference.count;
    court->is_wrong = calloc((size_t)court->count, 1);
    court->value = calloc((size_t)court->count, sizeof *court->value);
    bool ok = court->is_wrong && court->value;
    for (int i = 0; i < problem->op->input_count; i++) {
        size_t n = (size_t)assay_shape_elements(&problem->input[i]);
        court->in[i] = s->subject.in[i];
        ok = ok && (!n || (court->other[i] = malloc(n * sizeof(float))) != NULL);
    }
    if (!ok) {
        assay__court_close(court);
        return assay_fail(error, ASSAY_MEMORY, "out of memory for hypotheses");
    }
    for (int64_t i = 0; i < court->count; i++) {
        court->is_wrong[i] = isfinite(s->out[0][i]) && assay__specimen_wrong(s, i);
        court->wrong += court->is_wrong[i];
    }
    return ASSAY_OK;
}

void assay__court_close(assay__court *court)
{
    for (int i = 0; i < ASSAY_INPUTS_MAX; i++)
        free(court->other[i]);
    free(court->is_wrong);
    free(court->value);
    memset(court, 0, sizeof *court);
}

double assay__court_share(const assay__court *court, const double *value, const double *bound)
{
    const assay_reference *right = &court->s->subject.reference;
    int64_t explained = 0, kept = 0, others = 0, open = 0; // open: nothing is said of it
    if (!bound)
        bound = right->bound;
    for (int64_t i = 0; i < court->count; i++) {
        float y = court->s->out[0][i];
        // A bound that lets anything pass proves nothing.
        bool tight = bound[i] <= 0.05 * fabs(value[i]) + 8 * right->bound[i];
        bool as_said = isfinite(value[i]) && tight &&
                       assay_accept(y, value[i], bound[i], false, &court->contract);
        if (isinf(value[i])) {
            open += court->is_wrong[i];
        } else if (court->is_wrong[i]) {
            explained += as_said;
        } else if (isfinite(y)) {
            others++;
            kept += as_said;
        }
    }
    if (court->wrong == 0 || open * 2 > court->wrong)
        return 0;
    double share = (double)explained / (double)(court->wrong - open);
    return others ? share * (double)kept / (double)others : share;
}

void assay__court_try(const assay__court *court, assay_cause cause, double sure,
                      const double *value, const double *bound, const char *text)
{
    double share = assay__court_share(court, value, bound);
    if (share < 0.5)
        return;
    double few = court->wrong < 3 ? 0.9 : 1; // a coincidence may explain one number
    double score = share > 0.999 ? sure : share > 0.9 ? sure * 0.85 : sure * 0.6 * share;
    assay__find(court->bench->out, cause, score * few,
                "%s: explains %.4g %% of the wrong elements to the bit or the bound", text,
                100 * share);
}

// The part of another result that lies where the kernel's lies; infinity where it has none.
static bool crop(const assay_problem *from, const assay_problem *to, const double *all,
                 double *part)
{
    const assay_shape *a = &from->output, *b = &to->output;
    int64_t at[ASSAY_RANK_MAX], count = assay_shape_elements(b);
    if (a->rank != b->rank)
        return false;

    for (int64_t i = 0; i < count; i++) {
        int64_t index = 0;
        assay__coordinates(b, i, at);
        bool there = true;
        for (int d = 0; d < a->rank; d++) {
            there = there && at[d] < a->dim[d];
            index = index * a->dim[d] + at[d];
        }
        part[i] = there ? all[index] : (double)INFINITY;
    }
    return true;
}

void assay__court_try_problem(const assay__court *court, assay_cause cause, double sure,
                              const assay_problem *problem, const char *text)
{
    const assay_problem *own = &court->s->c.problem;
    assay_reference other = {0};
    double *bound = malloc((size_t)court->count * sizeof *bound);
    if (bound &&
        assay_reference_create(problem, court->in, ASSAY_METHOD_PLAIN, &other, NULL) == ASSAY_OK) {
        assay_bound(problem, court->in, &court->bench->contract, &other);
        if (crop(problem, own, other.value, court->value) && crop(problem, own, other.bound, bound))
            assay__court_try(court, cause, sure, court->value, bound, text);
    }
    assay_reference_destroy(&other);
    free(bound);
}

assay_status assay__test_hypotheses(assay__workbench *bench, const assay__specimen *s,
                                    assay_error *error)
{
    assay__court court;
    ASSAY_TRY(assay__court_open(bench, s, &court, error));
    if (court.wrong > 0 && s->subject.reference.count < 200000) {
        bool numbers = strcmp(s->c.problem.op->name, "argmax") != 0; // an index has no multiple
        if (numbers)
            assay__try_results(&court);
        if (numbers)
            assay__try_roundings(&court);
        assay__try_attributes(&court);
        assay__try_windows(&court);
        if (numbers)
            assay__try_padding(&court);
        if (numbers)
            assay__try_inputs(&court);
        assay__try_norms(&court);
        assay__try_softmax(&court);
        assay__try_lrn(&court);
    }
    assay__court_close(&court);
    return ASSAY_OK;
}
