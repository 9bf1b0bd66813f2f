// SPDX-License-Identifier: Apache-2.0
#include "gpu/kernel_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool assay__scope_lookup(const void *scope, const char *name, int64_t *value)
{
    static const char *const axes[] = {"local.x", "local.y", "local.z"};
    const assay__scope *s = scope;
    for (int axis = 0; axis < 3 && s->local; axis++) {
        if (strcmp(name, axes[axis]) == 0) {
            *value = s->local[axis];
            return true;
        }
    }
    return assay_problem_variable(s->problem, name, value);
}

// The bits that a parameter has in memory. A float is a FLOAT attribute of that name, or a whole
// number.
static assay_status parameter_bits(const assay__parameter *p, const assay__scope *scope,
                                   uint32_t *bits, assay_error *error)
{
    const assay_problem *problem = scope->problem;
    int64_t value;
    float number;
    if (p->type == ASSAY__FLOAT)
        for (int i = 0; i < problem->op->attribute_count; i++) {
            const char *name = problem->op->attributes[i].variable;
            if (assay__expression_is_name(p->expression, name) &&
                assay_problem_float(problem, name, &number)) {
                memcpy(bits, &number, sizeof *bits);
                return ASSAY_OK;
            }
        }
    ASSAY_TRY(assay__expression_value(p->expression, assay__scope_lookup, scope, &value, error));
    static const struct {
        int64_t least, most;
    } range[] = {
        [ASSAY__INT] = {INT32_MIN,  INT32_MAX },
        [ASSAY__UINT] = {0,          UINT32_MAX},
        [ASSAY__FLOAT] = {-(1 << 24), 1 << 24   }, // whole numbers that a float holds
        [ASSAY__BOOL] = {0,          1         },
    };
    if (value < range[p->type].least || value > range[p->type].most)
        return assay_fail(error, ASSAY_LIMIT, "the value %" PRId64 " does not fit type %s", value,
                          assay__scalar_name(p->type));
    number = (float)value;
    *bits = (uint32_t)value;
    if (p->type == ASSAY__FLOAT)
        memcpy(bits, &number, sizeof *bits);
    return ASSAY_OK;
}

// Puts the file and the place before a failure.
static assay_status at_place(const assay_kernel *kernel, assay_status status, const char *what,
                             int index, assay_error *error)
{
    if (status == ASSAY_OK)
        return ASSAY_OK;
    return assay_fail_in(error, status, "%s: %s %d", kernel->info.file, what, index + 1);
}

static assay_status group_count(const assay__pass *pass, const assay__scope *scope, int axis,
                                uint32_t *count, assay_error *error)
{
    int64_t value = 1;
    if (pass->dispatch[axis])
        ASSAY_TRY(assay__expression_value(pass->dispatch[axis], assay__scope_lookup, scope, &value,
                                          error));
    if (pass->threads && value > 0)
        value = (value - 1) / scope->local[axis] + 1;
    if (value < 1 || value > UINT32_MAX)
        return assay_fail(error, ASSAY_LIMIT, "%" PRId64 " work groups along %c", value,
                          "xyz"[axis]);
    *count = (uint32_t)value;
    return ASSAY_OK;
}

assay_status assay__kernel_launch(const assay_kernel *kernel, const assay_problem *problem,
                                  int pass, assay__launch *launch, assay_error *error)
{
    const assay__pass *p = &kernel->pass[pass];
    assay__scope scope = {problem, NULL};
    memset(launch, 0, sizeof *launch);
    for (int i = 0; i < p->constant_count; i++)
        ASSAY_TRY(at_place(kernel,
                           parameter_bits(&p->constant[i], &scope, &launch->constant[i], error),
                           "specialization constant", i, error));
    for (int axis = 0; axis < 3; axis++) {
        int constant = kernel->module.local_constant[axis];
        launch->local[axis] =
            constant >= 0 ? launch->constant[constant] : kernel->module.local[axis];
        if (launch->local[axis] == 0)
            return assay_fail(error, ASSAY_LIMIT, "%s: the work group size is 0 along %c",
                              kernel->info.file, "xyz"[axis]);
    }
    scope.local = launch->local;
    for (int i = 0; i < p->push_count; i++)
        ASSAY_TRY(at_place(
            kernel, parameter_bits(&p->push[i], &scope, &launch->push[p->push[i].at / 4], error),
            "push constant", i, error));
    for (int axis = 0; axis < 3; axis++)
        ASSAY_TRY(at_place(kernel, group_count(p, &scope, axis, &launch->groups[axis], error),
                           "dispatch size", axis, error));
    return ASSAY_OK;
}

assay_status assay__kernel_scratch(const assay_kernel *kernel, const assay_problem *problem,
                                   int scratch, int64_t *elements, assay_error *error)
{
    assay__scope scope = {problem, NULL};
    ASSAY_TRY(at_place(kernel,
                       assay__expression_value(kernel->scratch[scratch], assay__scope_lookup,
                                               &scope, elements, error),
                       "scratch tensor", scratch, error));
    if (*elements < 1 || *elements > ASSAY_ELEMENTS_MAX)
        return assay_fail(
            error, ASSAY_LIMIT, "%s: scratch tensor \"%s\" would have %" PRId64 " elements",
            kernel->info.file, kernel->manifest.data->scratch[scratch].name, *elements);
    return ASSAY_OK;
}

bool assay_kernel_applies(const assay_kernel *kernel, const assay_problem *problem, char *reason,
                          size_t reason_size)
{
    assay__scope scope = {problem, NULL};
    assay__launch launch;
    assay_error error = {0};
    int64_t value = 1;
    if (problem->op != kernel->info.op) {
        snprintf(reason, reason_size, "computes %s, not %s", kernel->info.op->name,
                 problem->op->name);
        return false;
    }
    for (int i = 0; i < problem->op->input_count; i++)
        if (problem->input[i].rank > 0 && !kernel->bound[i]) {
            snprintf(reason, reason_size, "takes no %s", problem->op->inputs[i].name);
            return false;
        }
    if (kernel->when && assay__expression_value(kernel->when, assay__scope_lookup, &scope, &value,
                                                &error) != ASSAY_OK) {
        snprintf(reason, reason_size, "%s", error.message);
        return false;
    }
    if (value == 0) {
        snprintf(reason, reason_size, "needs %s", kernel->info.when);
        return false;
    }
    for (int pass = 0; pass < kernel->pass_count; pass++)
        if (assay__kernel_launch(kernel, problem, pass, &launch, &error) != ASSAY_OK) {
            snprintf(reason, reason_size, "%s", error.message);
            return false;
        }
    for (int i = 0; i < kernel->scratch_count; i++)
        if (assay__kernel_scratch(kernel, problem, i, &value, &error) != ASSAY_OK) {
            snprintf(reason, reason_size, "%s", error.message);
            return false;
        }
    return true;
}
