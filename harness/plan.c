// SPDX-License-Identifier: Apache-2.0
#include "harness/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void assay_plan_destroy(assay_plan *plan)
{
    if (!plan)
        return;
    free(plan->checks);
    memset(plan, 0, sizeof *plan);
}

static assay_check *append(assay_plan *plan)
{
    if (plan->count == plan->capacity) {
        size_t capacity = plan->capacity ? plan->capacity * 2 : 256;
        assay_check *checks = realloc(plan->checks, capacity * sizeof *checks);
        if (!checks)
            return NULL;
        plan->checks = checks;
        plan->capacity = capacity;
    }
    assay_check *check = &plan->checks[plan->count++];
    memset(check, 0, sizeof *check);
    return check;
}

static bool selected(const assay_selection *selection, const assay_kernel_info *info)
{
    return (!selection->kernel_glob || assay_glob_match(selection->kernel_glob, info->name)) &&
           (!selection->precision ||
            strcmp(selection->precision, assay_precision_name(info->precision)) == 0) &&
           (!selection->layout || strcmp(selection->layout, assay_layout_name(info->layout)) == 0);
}

void assay_check_name(const assay_kernel_info *info, int device, const assay_case *c,
                      char text[ASSAY_TEXT])
{
    snprintf(text, ASSAY_TEXT, "%.60s:%s:%s@%d %.160s", info->name,
             assay_precision_name(info->precision), assay_layout_name(info->layout), device,
             c->text);
}

// Twins are related by all inputs: one that is assumed has no twin's factor.
static bool can_relate(const assay_kernel_info *info, const assay_case *c, char *reason,
                       size_t size)
{
    for (int i = 0; i < info->op->input_count; i++)
        if (info->assumed[i] && c->problem.input[i].rank > 0 && c->dataset == ASSAY_DATASET_TWINS) {
            snprintf(reason, size, "assumes %s, twins need it", info->op->inputs[i].name);
            return false;
        }
    return true;
}

static assay_status add_check(assay_plan *plan, const assay_selection *selection, int kernel_number,
                              const assay_case *c, const assay_vector *vector, assay_error *error)
{
    const assay_kernel *kernel = selection->kernels->items[kernel_number];
    const assay_kernel_info *info = assay_kernel_get_info(kernel);
    assay_check *check = append(plan);
    if (!check)
        return assay_fail(error, ASSAY_MEMORY, "out of memory planning %zu checks", plan->count);
    check->kernel = kernel;
    check->kernel_number = kernel_number;
    check->c = c;
    check->vector = vector;
    check->applies =
        assay_kernel_applies(kernel, &c->problem, check->reason, sizeof check->reason) &&
        can_relate(info, c, check->reason, sizeof check->reason);
    assay_check_name(info, selection->device, c, check->text);
    return ASSAY_OK;
}

// Precision by precision: checks that share inputs and reference stand side by side.
assay_status assay_plan_add(assay_plan *plan, const assay_selection *selection, const assay_case *c,
                            const assay_vector *vector, int *added, assay_error *error)
{
    static const assay_precision precisions[] = {ASSAY_F32, ASSAY_F16S, ASSAY_F16A};
    int count = 0;
    for (size_t p = 0; p < sizeof precisions / sizeof *precisions; p++)
        for (int k = 0; k < selection->kernels->count; k++) {
            const assay_kernel *kernel = selection->kernels->items[k];
            const assay_kernel_info *info = assay_kernel_get_info(kernel);
            if (info->op != c->problem.op || info->precision != precisions[p] ||
                !selected(selection, info))
                continue;
            ASSAY_TRY(add_check(plan, selection, k, c, vector, error));
            count++;
        }
    if (added)
        *added = count;
    return ASSAY_OK;
}

void assay_plan_shard(assay_plan *plan, int i, int n)
{
    size_t kept = 0;
    int64_t ordinal = -1;
    const assay_case *last = NULL;
    for (size_t at = 0; at < plan->count; at++) {
        if (plan->checks[at].c != last) {
            last = plan->checks[at].c;
            ordinal++;
        }
        if (ordinal % n == i - 1)
            plan->checks[kept++] = plan->checks[at];
    }
    plan->count = kept;
}

void assay_check_describe(const assay_check *check, assay_result *result)
{
    const assay_kernel_info *info = assay_kernel_get_info(check->kernel);
    snprintf(result->check, sizeof result->check, "%s", check->text);
    snprintf(result->kernel, sizeof result->kernel, "%s", info->name);
    snprintf(result->operator_name, sizeof result->operator_name, "%s", info->op->name);
    snprintf(result->precision, sizeof result->precision, "%s",
             assay_precision_name(info->precision));
    snprintf(result->layout, sizeof result->layout, "%s", assay_layout_name(info->layout));
    snprintf(result->case_text, sizeof result->case_text, "%s", check->c->text);
    *result->flops = assay_problem_flops(&check->c->problem);
    *result->bytes = assay_problem_bytes(&check->c->problem);
}
