// SPDX-License-Identifier: Apache-2.0
// What a manifest names: values that its expressions have in common.
#include "gpu/resolve_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_LENGTH 40

static bool is_name(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '_')
            return false;
    return length > 0 && length <= NAME_MAX_LENGTH && !isdigit((unsigned char)name[0]);
}

// Names that mean something somewhere: variables, tensors, their letters.
static bool is_taken(const assay__resolver *r, const char *name)
{
    static const char *const words[] = {"local", "subgroup"};
    const assay_operator *op = r->kernel->info.op;
    assay__scope scope = {.info = &r->kernel->info,
                          .problem = &r->problem,
                          .kernel = r->kernel,
                          .let_count = r->kernel->let_count};
    int64_t value;
    double number;
    if (assay__scope_lookup(&scope, name, &value) || assay__index_in(name, words, 2) >= 0 ||
        assay__scope_lookup_real(&scope, name, &number) ||
        assay__tensor_index(op, name, strlen(name)) >= 0)
        return true;
    for (unsigned i = 0; i < r->manifest->data->scratch_count; i++)
        if (strcmp(r->manifest->data->scratch[i].name, name) == 0)
            return true;
    bool letter = strlen(name) == 1 && strchr(op->output, name[0]);
    for (int i = 0; i < op->input_count; i++)
        letter = letter || (strlen(name) == 1 && strchr(op->inputs[i].letters, name[0]));
    return letter;
}

// An expression that names what is named further below, or itself, has a sentence of its own.
static assay_status resolve_value(assay__resolver *r, unsigned i, const char *path)
{
    const assay__manifest_data *data = r->manifest->data;
    assay__expression **expression = &r->kernel->let[i].expression;
    assay_error none = {0};
    if (assay__expression_parse(data->let[i].value, expression, &none) == ASSAY_OK)
        for (unsigned j = i; j < data->let_count; j++)
            if (assay__expression_names(*expression, data->let[j].name))
                return assay__manifest_fail(r->manifest, r->error, path,
                                            "\"%.60s\" is used before it is named",
                                            data->let[j].name);
    assay__expression_destroy(*expression);
    *expression = NULL;
    return assay__resolve_expression(r, path, data->let[i].value, ASSAY__NAMES_PLAIN, expression);
}

assay_status assay__resolve_lets(assay__resolver *r)
{
    const assay__manifest_data *data = r->manifest->data;
    assay_kernel *k = r->kernel;
    if (data->let_count > ASSAY__LETS_MAX)
        return assay__manifest_fail(r->manifest, r->error, "let", "more than %d names",
                                    ASSAY__LETS_MAX);
    for (unsigned i = 0; i < data->let_count; i++) {
        char path[48];
        const char *name = data->let[i].name;
        snprintf(path, sizeof path, "let[%u].name", i);
        if (!is_name(name))
            return assay__manifest_fail(r->manifest, r->error, path,
                                        "\"%.60s\" is no name: at most %d letters, digits and _",
                                        name, NAME_MAX_LENGTH);
        if (is_taken(r, name))
            return assay__manifest_fail(r->manifest, r->error, path, "the name \"%.60s\" is taken",
                                        name);
        snprintf(path, sizeof path, "let[%u].value", i);
        assay_status status = resolve_value(r, i, path);
        if (status != ASSAY_OK) {
            assay__expression_destroy(k->let[i].expression);
            k->let[i].expression = NULL;
            return status;
        }
        k->let[i].name = name;
        k->let_count++;
    }
    return ASSAY_OK;
}

bool assay__scope_lookup_real(const void *scope, const char *name, double *value)
{
    const assay__scope *s = scope;
    float number;
    if (!assay_problem_float(s->problem, name, &number))
        return false;
    *value = (double)number;
    return true;
}

assay_status assay__scope_open(const assay_kernel *kernel, const assay_problem *problem,
                               assay__scope *scope, assay_error *error)
{
    scope->info = &kernel->info;
    scope->problem = problem;
    scope->local = NULL;
    scope->subgroup = 0;
    scope->kernel = kernel;
    for (scope->let_count = 0; scope->let_count < kernel->let_count; scope->let_count++) {
        int i = scope->let_count;
        assay_status status = assay__expression_value(
            kernel->let[i].expression, assay__scope_lookup, scope, &scope->let[i], error);
        if (status != ASSAY_OK)
            return assay_fail_in(error, status, "%s: let %s", kernel->info.file,
                                 kernel->let[i].name);
    }
    return ASSAY_OK;
}
