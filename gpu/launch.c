// SPDX-License-Identifier: Apache-2.0
#include "gpu/kernel_internal.h"
#include "gpu/layout.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// Groups along x of a flat dispatch, before it goes on along y. Vulkan promises 65535.
#define FLAT_GROUPS 32768

// Of a device that is not known yet.
#define SUBGROUP 32

int assay__tensor_index(const assay_operator *op, const char *name, size_t length)
{
    for (int i = 0; i < op->input_count; i++)
        if (strlen(op->inputs[i].name) == length && strncmp(op->inputs[i].name, name, length) == 0)
            return i;
    return length == 3 && strncmp(name, "out", 3) == 0 ? ASSAY__TENSOR_OUT : -1;
}

// in.s, in.texels, in.words; 0 of an absent tensor.
static bool memory_lookup(const assay__scope *s, const char *name, int64_t *value)
{
    static const char *const words[] = {"s", "texels", "words"};
    const char *dot = strchr(name, '.');
    int tensor = dot ? assay__tensor_index(s->problem->op, name, (size_t)(dot - name)) : -1;
    for (int i = 0; i < 3 && tensor >= 0; i++) {
        if (strcmp(dot + 1, words[i]) != 0)
            continue;
        if (i == 2 && s->info->mapping[tensor] != ASSAY_MAPPING_LAYOUT)
            return false; // its expressions know
        *value = 0;
        if ((tensor == ASSAY__TENSOR_OUT ? &s->problem->output : &s->problem->input[tensor])
                ->rank) {
            assay__packing p = assay__packing_of(s->info, s->problem, tensor);
            int64_t slices = assay__packing_slices(&p);
            *value = i == 0   ? slices
                     : i == 1 ? p.size[0] * slices * p.size[2] * p.size[3]
                              : assay__packing_words(&p);
        }
        return true;
    }
    return false;
}

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
    for (assay_layout layout = ASSAY_NCHW; layout <= ASSAY_IMAGE; layout++) {
        if (strcmp(name, assay_layout_name(layout)) == 0) {
            *value = s->info->layout == layout;
            return true;
        }
    }
    if (s->subgroup && strcmp(name, "subgroup") == 0) {
        *value = s->subgroup;
        return true;
    }
    for (int i = 0; i < s->let_count; i++)
        if (strcmp(name, s->kernel->let[i].name) == 0) {
            *value = s->let[i];
            return true;
        }
    return memory_lookup(s, name, value) || assay_problem_variable(s->problem, name, value);
}

const char *assay__tensor_letters(const assay_operator *op, int tensor)
{
    return tensor == ASSAY__TENSOR_OUT ? op->output : op->inputs[tensor].letters;
}

bool assay__element_lookup(const void *element_scope, const char *name, int64_t *value)
{
    const assay__element_scope *s = element_scope;
    const char *letter = name[1] ? NULL : strchr(s->letters, name[0]);
    if (!letter)
        return assay__scope_lookup(s->scope, name, value);
    *value = s->at[letter - s->letters];
    return true;
}

static assay_status block_bytes(const assay__block *block, const assay__scope *scope,
                                uint8_t *bytes, int *member, assay_error *error)
{
    for (*member = 0; *member < block->count; (*member)++)
        ASSAY_TRY(assay__parameter_bytes(&block->member[*member], scope,
                                         bytes + block->member[*member].at, error));
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

static assay_status fold_groups(const assay__pass *pass, const assay__scope *scope,
                                uint32_t groups[3], assay_error *error)
{
    int64_t value;
    ASSAY_TRY(
        assay__expression_value(pass->dispatch[0], assay__scope_lookup, scope, &value, error));
    int64_t all = value < 1 ? 0 : (value - 1) / scope->local[0] + 1;
    int64_t rows = (all + FLAT_GROUPS - 1) / FLAT_GROUPS;
    if (all < 1 || rows > UINT32_MAX)
        return assay_fail(error, ASSAY_LIMIT, "%" PRId64 " work groups", all);
    groups[0] = (uint32_t)(rows > 1 ? FLAT_GROUPS : all);
    groups[1] = (uint32_t)rows;
    groups[2] = 1;
    return ASSAY_OK;
}

static assay_status group_count(const assay__pass *pass, const assay__scope *scope, int axis,
                                uint32_t *count, assay_error *error)
{
    int64_t value = 1;
    if (pass->dispatch[axis])
        ASSAY_TRY(assay__expression_value(pass->dispatch[axis], assay__scope_lookup, scope, &value,
                                          error));
    if (pass->unit == ASSAY__DISPATCH_THREADS && value > 0)
        value = (value - 1) / scope->local[axis] + 1;
    if (value < 1 || value > UINT32_MAX)
        return assay_fail(error, ASSAY_LIMIT, "%" PRId64 " work groups along %c", value,
                          "xyz"[axis]);
    *count = (uint32_t)value;
    return ASSAY_OK;
}

// The size of subgroups that the kernel asks for, into launch and scope.
static assay_status ask_subgroup(const assay_kernel *kernel, uint32_t device, assay__scope *scope,
                                 assay__launch *launch, assay_error *error)
{
    int64_t size = 0;
    scope->subgroup = device;
    if (!kernel->subgroup)
        return ASSAY_OK;
    ASSAY_TRY(assay__expression_value(kernel->subgroup, assay__scope_lookup, scope, &size, error));
    if (size < 1 || size > 128 || (size & (size - 1)) != 0)
        return assay_fail(error, ASSAY_LIMIT,
                          "%" PRId64 " invocations: a power of two up to 128 is needed", size);
    launch->subgroup = scope->subgroup = (uint32_t)size;
    return ASSAY_OK;
}

static assay_status constant_bits(const assay_kernel *kernel, const assay__pass *p,
                                  const assay__scope *scope, assay__launch *launch,
                                  assay_error *error)
{
    for (int i = 0; i < p->constant_count; i++)
        ASSAY_TRY(at_place(
            kernel,
            assay__parameter_bytes(&p->constant[i], scope, (uint8_t *)&launch->constant[i], error),
            "specialization constant", i, error));
    for (int axis = 0; axis < 3; axis++) {
        int constant = p->module->local_constant[axis];
        launch->local[axis] = constant >= 0 ? launch->constant[constant] : p->module->local[axis];
        if (launch->local[axis] == 0)
            return assay_fail(error, ASSAY_LIMIT, "%s: the work group size is 0 along %c",
                              kernel->info.file, "xyz"[axis]);
    }
    return ASSAY_OK;
}

assay_status assay__kernel_launch(const assay_kernel *kernel, const assay_problem *problem,
                                  int pass, uint32_t subgroup, assay__launch *launch,
                                  assay_error *error)
{
    const assay__pass *p = &kernel->pass[pass];
    assay__scope scope;
    int at;
    memset(launch, 0, sizeof *launch);
    ASSAY_TRY(assay__scope_open(kernel, problem, &scope, error));
    ASSAY_TRY(at_place(kernel, ask_subgroup(kernel, subgroup, &scope, launch, error), "subgroup", 0,
                       error));
    ASSAY_TRY(constant_bits(kernel, p, &scope, launch, error));
    scope.local = launch->local;
    assay_status status = block_bytes(&p->push, &scope, (uint8_t *)launch->push, &at, error);
    ASSAY_TRY(at_place(kernel, status, "push constant", at, error));
    for (int i = 0; i < p->uniform_count; i++) {
        status = block_bytes(&p->uniform[i], &scope, (uint8_t *)launch->uniform[i], &at, error);
        ASSAY_TRY(at_place(kernel, status, "member of a uniform block", at, error));
    }
    if (p->unit == ASSAY__DISPATCH_FLAT)
        return at_place(kernel, fold_groups(p, &scope, launch->groups, error), "dispatch size", 0,
                        error);
    for (int axis = 0; axis < 3; axis++)
        ASSAY_TRY(at_place(kernel, group_count(p, &scope, axis, &launch->groups[axis], error),
                           "dispatch size", axis, error));
    return ASSAY_OK;
}

assay_status assay__kernel_scratch(const assay_kernel *kernel, const assay_problem *problem,
                                   int scratch, int64_t *elements, assay_error *error)
{
    assay__scope scope;
    ASSAY_TRY(assay__scope_open(kernel, problem, &scope, error));
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
    assay__scope scope;
    assay__launch launch;
    assay_error error = {0};
    int64_t value = 1;
    if (problem->op != kernel->info.op) {
        snprintf(reason, reason_size, "computes %s, not %s", kernel->info.op->name,
                 problem->op->name);
        return false;
    }
    for (int i = 0; i < problem->op->input_count; i++)
        if (problem->input[i].rank > 0 && !kernel->bound[i] && !kernel->info.assumed[i]) {
            snprintf(reason, reason_size, "takes no %s, and does not assume one",
                     problem->op->inputs[i].name);
            return false;
        }
    if (assay__scope_open(kernel, problem, &scope, &error) != ASSAY_OK) {
        snprintf(reason, reason_size, "%s", error.message);
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
        if (assay__kernel_launch(kernel, problem, pass, SUBGROUP, &launch, &error) != ASSAY_OK) {
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
