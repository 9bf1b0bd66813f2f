// SPDX-License-Identifier: Apache-2.0
#include "harness/explain/line.h"

#include "harness/explain/terms.h"
#include "reference/format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TRIES 64 // elements that are tried until one reaches the output

// Values that stand out of the way: a factor of one, and no more.
static void fill_neutral(const assay__line *line, assay__trial *trial)
{
    const assay_operator *op = line->problem.op;
    for (int i = 0; i < op->input_count; i++) {
        assay_role role = op->inputs[i].role;
        bool factor =
            role == ASSAY_ROLE_SCALE || role == ASSAY_ROLE_VARIANCE || role == ASSAY_ROLE_MASK;
        int64_t n = assay_shape_elements(&line->problem.input[i]);
        for (int64_t k = 0; factor && k < n; k++)
            trial->in[i][k] = 1;
    }
}

static assay_status ask(const assay__line *line, const assay__trial *trial, assay_reference *ref,
                        assay_error *error)
{
    return assay_reference_create(&line->problem, (const float *const *)trial->in,
                                  ASSAY_METHOD_PLAIN, ref, error);
}

// The first element of an input that moves an element of the output, a given one or any.
static assay_status reach(assay__line *line, assay__trial *trial, int input, int64_t out,
                          assay__place *place, double *weight, assay_error *error)
{
    int64_t n = assay_shape_elements(&line->problem.input[input]);
    assay_reference base = {0};
    *weight = 0;
    ASSAY_TRY(ask(line, trial, &base, error));
    assay_status status = ASSAY_OK;
    for (int64_t k = 0; k < n && k < TRIES && *weight == 0 && status == ASSAY_OK; k++) {
        assay_reference moved = {0};
        float *x = &trial->in[input][out >= 0 && n == base.count ? out : k], was = *x;
        *x = 1;
        status = ask(line, trial, &moved, error);
        *x = was;
        for (int64_t o = 0; status == ASSAY_OK && o < moved.count && *weight == 0; o++) {
            double step = moved.value[o] - base.value[o];
            if (!isfinite(step) || step == 0 || (out >= 0 && o != out))
                continue;
            *weight = step;
            *place = (assay__place){input, x - trial->in[input], -1};
            line->out = o;
        }
        assay_reference_destroy(&moved);
    }
    assay_reference_destroy(&base);
    return status;
}

static assay_status find_plain(assay__line *line, assay_error *error)
{
    const assay_operator *op = line->problem.op;
    assay_kind kind = assay_operator_kind(op);
    assay__trial trial;
    bool passes = kind == ASSAY_KIND_ADD || kind == ASSAY_KIND_SELECT || kind == ASSAY_KIND_MOVE;
    if (!passes || op->inputs[0].role != ASSAY_ROLE_DATA || strcmp(op->name, "argmax") == 0)
        return ASSAY_OK;
    ASSAY_TRY(assay__trial_create(&line->problem, &trial, error));
    fill_neutral(line, &trial);
    assay_status status = reach(line, &trial, 0, -1, &line->place[0], &line->weight[0], error);
    if (status == ASSAY_OK && line->weight[0] != 0)
        line->count = 1;
    if (line->count == 1 && kind == ASSAY_KIND_ADD) {
        status = reach(line, &trial, 1, line->out, &line->place[1], &line->weight[1], error);
        line->count += status == ASSAY_OK && line->weight[1] != 0;
    }
    assay__trial_destroy(&trial);
    return status;
}

assay_status assay__line_find(const assay__workbench *bench, const assay_problem *problem,
                              assay__line *line, assay_error *error)
{
    assay__terms terms;
    *line = (assay__line){.problem = *problem, .factors = -1};
    assay__without_activation(bench, &line->problem);
    ASSAY_TRY(assay__terms_find(bench, problem, false, &terms, error));
    if (terms.count == 0)
        return find_plain(line, error);
    line->out = terms.out;
    line->factors = terms.factors;
    line->count = terms.count < 2 ? terms.count : 2;
    for (int k = 0; k < line->count; k++) {
        line->place[k] = (assay__place){0, terms.data[k], terms.factor[k]};
        line->weight[k] = terms.weight;
    }
    return ASSAY_OK;
}

// As it is stored.
static float stored(const assay__workbench *bench, int input, double x)
{
    return assay_format_of(assay_kernel_storage(bench->info, input))->round(x, ASSAY_TO_NEAREST);
}

static assay_status lay_out(const assay__workbench *bench, const assay__line *line,
                            const assay__point *point, assay__trial *trial, assay_error *error)
{
    ASSAY_TRY(assay__trial_create(&line->problem, trial, error));
    fill_neutral(line, trial);
    for (int k = 0; k < line->count; k++) {
        const assay__place *place = &line->place[k];
        trial->in[place->input][place->at] = stored(bench, place->input, point->number[k]);
        if (line->factors >= 0)
            trial->in[line->factors][place->factor_at] =
                stored(bench, line->factors, point->factor[k]);
    }
    return ASSAY_OK;
}

static assay_status read(const assay__line *line, const assay__trial *trial, assay__point *point,
                         assay_error *error)
{
    assay_reference ref = {0};
    float a = trial->out[0][line->out], b = trial->out[1][line->out];
    bool steady = trial->status == ASSAY_OK && memcmp(&a, &b, sizeof a) == 0;
    ASSAY_TRY(ask(line, trial, &ref, error));
    point->right = ref.value[line->out];
    point->written = steady ? (double)a : (double)NAN;
    assay_reference_destroy(&ref);
    return ASSAY_OK;
}

assay_status assay__line_run(assay__workbench *bench, const assay__line *line, assay__point *points,
                             int count, assay_error *error)
{
    assay__trial *trials = calloc((size_t)count + 1, sizeof *trials);
    assay_status status = trials ? ASSAY_OK : assay_fail(error, ASSAY_MEMORY, "out of memory");
    int n = 0;
    for (; n < count && status == ASSAY_OK; n++)
        status = lay_out(bench, line, &points[n], &trials[n], error);
    if (status == ASSAY_OK)
        status = assay__workbench_run(bench, trials, n, error);
    for (int k = 0; k < n; k++) {
        if (status == ASSAY_OK)
            status = read(line, &trials[k], &points[k], error);
        assay__trial_destroy(&trials[k]);
    }
    free(trials);
    return status;
}
