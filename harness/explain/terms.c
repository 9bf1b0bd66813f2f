// SPDX-License-Identifier: Apache-2.0
#include "harness/explain/terms.h"

#include <math.h>
#include <string.h>

#define AT_ONCE     50  // powers of two that a double adds up without loss
#define WORK_MAX    3e8 // operations of the reference until all data are asked for
#define NAMES_MAX   (1 << 24)

#define PORTION_MAX 64
#define MEMORY_MAX  (INT64_C(1) << 24) // elements of all trials that run at once

bool assay__is_sum(const assay_problem *problem)
{
    assay_kind kind = assay_operator_kind(problem->op);
    return problem->op->reduction && (kind == ASSAY_KIND_PRODUCTS || kind == ASSAY_KIND_MEAN);
}

static int factors_of(const assay_problem *problem)
{
    for (int i = 1; i < problem->op->input_count; i++)
        if (problem->op->inputs[i].role == ASSAY_ROLE_WEIGHTS)
            return i;
    return assay_operator_kind(problem->op) == ASSAY_KIND_PRODUCTS ? 1 : -1;
}

static void fill(float *x, int64_t count, float value)
{
    for (int64_t i = 0; i < count; i++)
        x[i] = value;
}

// What the reference makes of inputs; the element with most terms where `which` is asked for.
static assay_status ask(const assay__terms *t, float *const *in, bool last, int64_t *which,
                        double *value, assay_error *error)
{
    assay_reference ref = {0};
    ASSAY_TRY(assay_reference_create(&t->problem, (const float *const *)in, ASSAY_METHOD_PLAIN,
                                     &ref, error));
    for (int64_t i = 0; which && i < ref.count; i++)
        if (ref.terms[i] > ref.terms[*which] || (last && ref.terms[i] == ref.terms[*which]))
            *which = i;
    if (which)
        *value = (double)ref.terms[*which];
    else
        *value = ref.value[t->out];
    assay_reference_destroy(&ref);
    return ASSAY_OK;
}

// The data that reach the element: powers of two, so that every subset has a sum of its own.
static assay_status find_data(assay__terms *t, float *const *in, assay_error *error)
{
    int64_t count = assay_shape_elements(&t->problem.input[0]);
    for (int64_t first = 0; first < count && t->count < ASSAY__TERMS_MAX; first += AT_ONCE) {
        double value;
        fill(in[0], count, 0);
        for (int k = 0; k < AT_ONCE && first + k < count; k++)
            in[0][first + k] = (float)ldexp(1, k);
        ASSAY_TRY(ask(t, in, false, NULL, &value, error));
        int64_t set = llround(value / t->weight);
        for (int k = 0; k < AT_ONCE && t->count < ASSAY__TERMS_MAX; k++)
            if (set >> k & 1)
                t->data[t->count++] = first + k;
    }
    return ASSAY_OK;
}

// The factor of each term: factors are named by their values.
static assay_status find_factors(assay__terms *t, float *const *in, assay_error *error)
{
    int64_t data = assay_shape_elements(&t->problem.input[0]);
    int64_t factors = assay_shape_elements(&t->problem.input[t->factors]);
    if (factors > NAMES_MAX)
        t->count = 0;
    for (int64_t i = 0; i < factors && t->count; i++)
        in[t->factors][i] = (float)(i + 1);
    fill(in[0], data, 0);
    for (int k = 0; k < t->count; k++) {
        double value;
        in[0][t->data[k]] = 1;
        ASSAY_TRY(ask(t, in, false, NULL, &value, error));
        in[0][t->data[k]] = 0;
        t->factor[k] = llround(value) - 1;
    }
    return ASSAY_OK;
}

static assay_status find(assay__terms *t, bool last, float *const *in, assay_error *error)
{
    int64_t data = assay_shape_elements(&t->problem.input[0]);
    double most = 0, sum = 0;
    fill(in[0], data, 1);
    if (t->factors >= 0)
        fill(in[t->factors], assay_shape_elements(&t->problem.input[t->factors]), 1);
    ASSAY_TRY(ask(t, in, last, &t->out, &most, error));
    ASSAY_TRY(ask(t, in, false, NULL, &sum, error));
    t->all = (int64_t)most;
    t->weight = most > 0 ? sum / most : 0;
    if (t->weight <= 0)
        return ASSAY_OK;
    ASSAY_TRY(find_data(t, in, error));
    return t->factors >= 0 ? find_factors(t, in, error) : ASSAY_OK;
}

assay_status assay__terms_find(const assay__workbench *bench, const assay_problem *problem,
                               bool last, assay__terms *terms, assay_error *error)
{
    assay__trial blank;
    *terms = (assay__terms){.problem = *problem, .factors = -1};
    double rounds = (double)assay_shape_elements(&problem->input[0]) / AT_ONCE + ASSAY__TERMS_MAX;
    if (!assay__is_sum(problem) || assay_problem_flops(problem) * rounds > WORK_MAX)
        return ASSAY_OK;
    assay__without_activation(bench, &terms->problem);
    terms->factors = factors_of(problem);
    ASSAY_TRY(assay__trial_create(&terms->problem, &blank, error));
    assay_status status = find(terms, last, blank.in, error);
    assay__trial_destroy(&blank);
    return status;
}

// Term t is data[t] times factor[t], and all else is zero.
static assay_status lay_out(const assay__terms *terms, const double *data, const double *factor,
                            assay__trial *trial, assay_error *error)
{
    ASSAY_TRY(assay__trial_create(&terms->problem, trial, error));
    for (int t = 0; t < terms->count; t++) {
        trial->in[0][terms->data[t]] = (float)data[t];
        if (terms->factors >= 0)
            trial->in[terms->factors][terms->factor[t]] = factor ? (float)factor[t] : 1;
    }
    return ASSAY_OK;
}

static double result_of(const assay__terms *terms, const assay__trial *trial, bool *steady)
{
    float a = trial->out[0][terms->out], b = trial->out[1][terms->out];
    if (trial->status != ASSAY_OK)
        return (double)NAN;
    *steady = *steady && memcmp(&a, &b, sizeof a) == 0;
    return (double)a / terms->weight;
}

// So many at once that their tensors do not take much memory.
static int portion_of(const assay_problem *problem)
{
    int64_t all = 2 * assay_shape_elements(&problem->output);
    for (int i = 0; i < problem->op->input_count; i++)
        all += assay_shape_elements(&problem->input[i]);
    int64_t portion = MEMORY_MAX / all;
    return portion < 1 ? 1 : portion > PORTION_MAX ? PORTION_MAX : (int)portion;
}

assay_status assay__terms_run(assay__workbench *bench, const assay__terms *terms,
                              const double *data, const double *factor, int count, double *result,
                              bool *steady, assay_error *error)
{
    assay__trial trials[PORTION_MAX];
    assay_status status = ASSAY_OK;
    int portion = portion_of(&terms->problem);
    for (int first = 0; first < count && status == ASSAY_OK; first += portion) {
        int n = 0, most = count - first < portion ? count - first : portion;
        for (; n < most && status == ASSAY_OK; n++) {
            int at = (first + n) * terms->count;
            memset(&trials[n], 0, sizeof trials[n]);
            status = lay_out(terms, data + at, factor ? factor + at : NULL, &trials[n], error);
        }
        if (status == ASSAY_OK)
            status = assay__workbench_run(bench, trials, n, error);
        for (int k = 0; k < n; k++) {
            if (status == ASSAY_OK)
                result[first + k] = result_of(terms, &trials[k], steady);
            assay__trial_destroy(&trials[k]);
        }
    }
    return status;
}
