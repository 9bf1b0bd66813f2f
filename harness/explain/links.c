// SPDX-License-Identifier: Apache-2.0
#include "harness/explain/links.h"

#include "reference/format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define IMPULSES_MAX 1600

// Where the impulses of an operator's sums have names: an impulse in the data brings out the weight
// that it was multiplied with.
static int named_input(const assay_problem *problem, int tensor)
{
    const assay_operator *op = problem->op;
    if (tensor != 0)
        return -1;
    for (int i = 1; i < op->input_count; i++)
        if (op->inputs[i].role == ASSAY_ROLE_WEIGHTS)
            return i;
    return strcmp(op->name, "matmul") == 0 ? 1 : -1;
}

static float base_value(const assay_problem *problem, int input, int64_t i)
{
    const assay_tensor_info *info = &problem->op->inputs[input];
    if (assay_operator_kind(problem->op) == ASSAY_KIND_SELECT && problem->op->input_count == 1)
        return 1; // every impulse becomes the largest element
    if (assay_operator_kind(problem->op) == ASSAY_KIND_MEAN && info->role == ASSAY_ROLE_DATA)
        return 0; // the impulse is all that there is to sum up
    uint64_t bits = ((uint64_t)i + 1) * UINT64_C(0x9E3779B97F4A7C15);
    if (info->role == ASSAY_ROLE_PIXELS)
        return (float)(bits >> 57); // 0 .. 127
    if (info->role == ASSAY_ROLE_MASK)
        return 0.25f + (float)(bits >> 62) * 0.125f;
    return 1.0f + (float)(bits >> 61) / 8.0f; // 1 .. 1.875
}

static void fill_base(const assay__links *map, assay__trial *trial)
{
    const assay_problem *problem = map->problem;
    for (int i = 0; i < problem->op->input_count; i++) {
        int64_t n = assay_shape_elements(&problem->input[i]);
        for (int64_t k = 0; k < n; k++)
            trial->in[i][k] = map->names < 0    ? base_value(problem, i, k)
                              : i == map->names ? assay__name_of(k)
                                                : 0;
    }
}

static float impulse_of(const assay__links *map, float base)
{
    const assay_tensor_info *info = &map->problem->op->inputs[map->tensor];
    if (map->names >= 0)
        return 1;
    if (base == 0)
        return 64; // its share of a mean is seen
    return info->role == ASSAY_ROLE_PIXELS ? base + 64
           : info->role == ASSAY_ROLE_MASK ? base + 0.25f
                                           : base + 1.5f;
}

static void note_link(assay__links *map, int64_t at, float moved, double right, double unclear,
                      bool same_bits)
{
    if (!isfinite(moved) || !isfinite(right))
        return; // what lies outside of the tensors hides the link
    bool here = !same_bits, there = fabs(right) > unclear;
    map->kernel[at] = moved;
    map->right[at] = (float)right;
    if (!there && right != 0)
        return; // too small a response to be sure of
    map->link[at] = (uint8_t)(here && there ? ASSAY__BOTH
                              : here        ? ASSAY__EXTRA
                              : there       ? ASSAY__MISSING
                                            : ASSAY__NEITHER);
    map->extra += here && !there;
    map->missing += there && !here;
    map->changed += here && there && fabs((double)moved - right) > unclear + fabs(right) * 0.004;
}

static assay_status compare(const assay__workbench *bench, assay__links *map, int64_t in,
                            const assay__trial *trial, const assay__trial *base,
                            const assay_reference *right, assay_error *error)
{
    assay_reference moved = {0};
    ASSAY_TRY(assay_reference_create(map->problem, (const float *const *)trial->in,
                                     ASSAY_METHOD_PLAIN, &moved, error));
    assay_bound(map->problem, (const float *const *)trial->in, &bench->contract, &moved);
    for (int64_t o = 0; o < map->out_count; o++) {
        float a = trial->out[0][o], b = base->out[0][o];
        double response = moved.value[o] - right->value[o];
        double store = bench->info->precision == ASSAY_F32 ? 0 : fabs(moved.value[o]) / 512;
        double unclear = 4 * (moved.bound[o] + right->bound[o]) + store;
        if (map->names >= 0)
            unclear = 0.25;
        note_link(map, assay__links_at(map, in, o), a - b, response, unclear, a == b);
    }
    assay_reference_destroy(&moved);
    return ASSAY_OK;
}

static assay_status probe(assay__workbench *bench, assay__links *map, assay__trial *base,
                          const assay_reference *right, assay_error *error)
{
    enum { PORTION = 64 };
    assay__trial *trials = calloc(PORTION, sizeof *trials);
    int64_t of[PORTION];
    assay_status status = trials ? ASSAY_OK : assay_fail(error, ASSAY_MEMORY, "out of memory");
    for (int64_t in = 0; in < map->in_count && status == ASSAY_OK;) {
        int n = 0;
        for (; in < map->in_count && n < PORTION && status == ASSAY_OK; in += map->step) {
            status = assay__trial_create(map->problem, &trials[n], error);
            if (status != ASSAY_OK)
                break;
            fill_base(map, &trials[n]);
            float *x = &trials[n].in[map->tensor][in];
            *x = impulse_of(map, *x);
            of[n++] = in;
        }
        if (status == ASSAY_OK)
            status = assay__workbench_run(bench, trials, n, error);
        for (int i = 0; i < n; i++) {
            if (status == ASSAY_OK && trials[i].status == ASSAY_OK)
                status = compare(bench, map, of[i], &trials[i], base, right, error);
            assay__trial_destroy(&trials[i]);
        }
    }
    free(trials);
    return status;
}

assay_status assay__links_create(assay__workbench *bench, const assay_problem *problem, int tensor,
                                 assay__links *map, assay_error *error)
{
    assay__trial base = {0};
    assay_reference right = {0};
    *map = (assay__links){.problem = problem, .tensor = tensor};
    map->names = named_input(problem, tensor);
    map->in_count = assay_shape_elements(&problem->input[tensor]);
    map->out_count = assay_shape_elements(&problem->output);
    map->step = (map->in_count + IMPULSES_MAX - 1) / IMPULSES_MAX;
    size_t links = (size_t)map->in_count * (size_t)map->out_count;
    map->link = calloc(links, 1);
    map->kernel = calloc(links, sizeof *map->kernel);
    map->right = calloc(links, sizeof *map->right);
    assay_status status = map->link && map->kernel && map->right
                              ? assay__trial_create(problem, &base, error)
                              : assay_fail(error, ASSAY_MEMORY, "out of memory for impulses");
    if (status == ASSAY_OK) {
        fill_base(map, &base);
        status = assay__workbench_run(bench, &base, 1, error);
    }
    if (status == ASSAY_OK)
        status = base.status;
    if (status == ASSAY_OK)
        status = assay_reference_create(problem, (const float *const *)base.in, ASSAY_METHOD_PLAIN,
                                        &right, error);
    if (status == ASSAY_OK) {
        assay_bound(problem, (const float *const *)base.in, &bench->contract, &right);
        status = probe(bench, map, &base, &right, error);
    }
    assay_reference_destroy(&right);
    assay__trial_destroy(&base);
    if (status != ASSAY_OK)
        assay__links_destroy(map);
    return status;
}

void assay__links_destroy(assay__links *map)
{
    free(map->link);
    free(map->kernel);
    free(map->right);
    memset(map, 0, sizeof *map);
}
