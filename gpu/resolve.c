// SPDX-License-Identifier: Apache-2.0
// What the texts of a manifest mean for its operator: names, tensors, conditions.
#include "gpu/resolve_internal.h"

#include "gpu/layout.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

int assay__index_in(const char *text, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(text, names[i]) == 0)
            return i;
    return -1;
}

assay_status assay__precision_parse(const assay__manifest *manifest, unsigned index,
                                    assay_precision *precision, assay_error *error)
{
    char path[32];
    snprintf(path, sizeof path, "precisions[%u]", index);
    for (*precision = ASSAY_F32; *precision <= ASSAY_F16A; (*precision)++)
        if (strcmp(manifest->data->precisions[index], assay_precision_name(*precision)) == 0)
            return ASSAY_OK;
    return assay__manifest_fail(manifest, error, path,
                                "precision \"%.40s\"; there are f32, f16s and f16a",
                                manifest->data->precisions[index]);
}

assay_status assay__layout_parse(const assay__manifest *manifest, unsigned index,
                                 assay_layout *layout, assay_error *error)
{
    char path[32];
    snprintf(path, sizeof path, "layouts[%u]", index);
    for (*layout = ASSAY_NCHW; *layout <= ASSAY_IMAGE; (*layout)++)
        if (strcmp(manifest->data->layouts[index], assay_layout_name(*layout)) == 0)
            return ASSAY_OK;
    return assay__manifest_fail(manifest, error, path,
                                "layout \"%.40s\"; there are nchw, nhwc, nc4hw4 and image",
                                manifest->data->layouts[index]);
}

static assay_status resolve_text(assay__resolver *r, const char *path, const char *text,
                                 assay__lookup lookup, const void *context,
                                 assay__expression **expression)
{
    assay_error inner = {0};
    assay_status status = assay__expression_parse(text, expression, &inner);
    if (status == ASSAY_OK)
        status = assay__expression_check(*expression, lookup, context, &inner);
    if (status == ASSAY_OK)
        return ASSAY_OK;
    return assay__manifest_fail(r->manifest, r->error, path, "%s", inner.message);
}

// Names, not values.
static assay__scope scope_of(const assay__resolver *r, unsigned names)
{
    static const uint32_t ones[3] = {1, 1, 1};
    return (assay__scope){.info = &r->kernel->info,
                          .problem = &r->problem,
                          .local = names == ASSAY__NAMES_LAUNCH ? ones : NULL,
                          .subgroup = names != ASSAY__NAMES_PLAIN,
                          .kernel = r->kernel,
                          .let_count = r->kernel->let_count};
}

assay_status assay__resolve_expression(assay__resolver *r, const char *path, const char *text,
                                       unsigned names, assay__expression **expression)
{
    assay__scope scope = scope_of(r, names);
    return resolve_text(r, path, text, assay__scope_lookup, &scope, expression);
}

assay_status assay__resolve_element(assay__resolver *r, const char *path, const char *text,
                                    int tensor, assay__expression **expression)
{
    static const int64_t zeros[ASSAY_RANK_MAX];
    assay__scope scope = scope_of(r, ASSAY__NAMES_PLAIN);
    const char *letters = assay__tensor_letters(r->kernel->info.op, tensor);
    assay__element_scope element = {&scope, letters, zeros};
    assay_error inner = {0};
    assay_status status = assay__expression_parse(text, expression, &inner);
    if (status != ASSAY_OK)
        return assay__manifest_fail(r->manifest, r->error, path, "%s", inner.message);
    if (assay__expression_check(*expression, assay__element_lookup, &element, &inner) == ASSAY_OK)
        return ASSAY_OK;
    return assay__manifest_fail(r->manifest, r->error, path,
                                "%s; an element of \"%s\" is at %s, a letter a dimension",
                                inner.message, assay__tensor_name(r->kernel, tensor), letters);
}

assay_status assay__resolve_real(assay__resolver *r, const char *path, const char *text,
                                 unsigned names, assay__expression **expression)
{
    assay__scope scope = scope_of(r, names);
    assay_error inner = {0};
    assay_status status = assay__expression_parse(text, expression, &inner);
    if (status == ASSAY_OK)
        status = assay__expression_check_real(*expression, assay__scope_lookup,
                                              assay__scope_lookup_real, &scope, &inner);
    if (status == ASSAY_OK)
        return ASSAY_OK;
    return assay__manifest_fail(r->manifest, r->error, path, "%s", inner.message);
}

static assay_status resolve_names(assay__resolver *r)
{
    static const char *const forms[] = {"standard", "native"};
    const assay__manifest_data *data = r->manifest->data;
    assay_kernel_info *info = &r->kernel->info;
    for (const char *c = data->kernel; *c; c++)
        if ((!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_') ||
            c - data->kernel >= 60)
            return assay__manifest_fail(r->manifest, r->error, "kernel",
                                        "\"%.80s\" is no kernel name: at most 60 of a-z, 0-9 and _",
                                        data->kernel);
    info->name = data->kernel;
    info->summary = data->summary ? data->summary : "";
    info->file = r->manifest->file;
    info->when = data->when ? data->when : "";
    info->op = assay_operator_find(data->operator_name);
    if (!info->op)
        return assay__manifest_fail(r->manifest, r->error, "operator",
                                    "there is no operator \"%.80s\"; see: assay list ops",
                                    data->operator_name);
    // The precision decides: f32 stands for its arithmetic, f16 may be spelled out where it is.
    bool half = strcmp(data->contract.accumulator, "f16") == 0;
    if (!half && strcmp(data->contract.accumulator, "f32") != 0)
        return assay__manifest_fail(r->manifest, r->error, "contract.accumulator",
                                    "accumulator \"%.40s\"; there are f32 and f16",
                                    data->contract.accumulator);
    if (half && info->precision != ASSAY_F16A)
        return assay__manifest_fail(r->manifest, r->error, "contract.accumulator",
                                    "accumulator \"f16\" is for precision f16a, not %s",
                                    assay_precision_name(info->precision));
    int form = data->contract.form ? assay__index_in(data->contract.form, forms, 2) : 0;
    if (form < 0)
        return assay__manifest_fail(r->manifest, r->error, "contract.form",
                                    "form \"%.40s\"; there are standard and native",
                                    data->contract.form);
    info->form = form == 0 ? ASSAY_FORM_STANDARD : ASSAY_FORM_NATIVE;
    assay_problem_init(&r->problem, info->op);
    return ASSAY_OK;
}

int assay__find_tensor(const assay__resolver *r, const char *name)
{
    const assay__manifest_data *data = r->manifest->data;
    int input = assay_input_index(r->kernel->info.op, name);
    if (input >= 0)
        return input;
    if (strcmp(name, "out") == 0)
        return ASSAY__TENSOR_OUT;
    for (unsigned i = 0; i < data->scratch_count && i < ASSAY__SCRATCH_MAX; i++)
        if (strcmp(data->scratch[i].name, name) == 0)
            return ASSAY__TENSOR_SCRATCH + (int)i;
    return -1;
}

static assay_status resolve_scratch(assay__resolver *r)
{
    const assay__manifest_data *data = r->manifest->data;
    if (data->scratch_count > ASSAY__SCRATCH_MAX)
        return assay__manifest_fail(r->manifest, r->error, "scratch",
                                    "more than %d scratch tensors", ASSAY__SCRATCH_MAX);
    for (unsigned i = 0; i < data->scratch_count; i++) {
        char path[48];
        snprintf(path, sizeof path, "scratch[%u].name", i);
        if (assay__find_tensor(r, data->scratch[i].name) != ASSAY__TENSOR_SCRATCH + (int)i)
            return assay__manifest_fail(r->manifest, r->error, path,
                                        "tensor \"%.60s\" is there already", data->scratch[i].name);
        snprintf(path, sizeof path, "scratch[%u].elements", i);
        ASSAY_TRY(assay__resolve_expression(r, path, data->scratch[i].elements, ASSAY__NAMES_PLAIN,
                                            &r->kernel->scratch[i]));
        r->kernel->scratch_count++;
        snprintf(path, sizeof path, "scratch[%u].storage", i);
        if (data->scratch[i].storage)
            ASSAY_TRY(assay__resolve_storage(r, path, data->scratch[i].storage,
                                             &r->kernel->scratch_storage[i]));
        snprintf(path, sizeof path, "scratch[%u].fill", i);
        if (data->scratch[i].fill && strcmp(data->scratch[i].fill, "zero") != 0)
            return assay__manifest_fail(r->manifest, r->error, path,
                                        "fill \"%.40s\"; there is zero", data->scratch[i].fill);
        r->kernel->view[ASSAY__TENSOR_SCRATCH + i].zero = data->scratch[i].fill != NULL;
    }
    return ASSAY_OK;
}

static assay_status resolve_subgroup(assay__resolver *r)
{
    const assay__manifest_subgroup *subgroup = r->manifest->data->subgroup;
    if (!subgroup)
        return ASSAY_OK;
    r->kernel->full_subgroups = subgroup->full && *subgroup->full;
    if (!subgroup->size && !r->kernel->full_subgroups)
        return assay__manifest_fail(r->manifest, r->error, "subgroup",
                                    "a subgroup has a size, or is full: true");
    if (!subgroup->size)
        return ASSAY_OK;
    return assay__resolve_expression(r, "subgroup.size", subgroup->size, ASSAY__NAMES_PLAIN,
                                     &r->kernel->subgroup);
}

assay_status assay__kernel_resolve(assay_kernel *kernel, assay_error *error)
{
    assay__resolver resolver = {.kernel = kernel, .manifest = &kernel->manifest, .error = error},
                    *r = &resolver;
    const assay__manifest_data *data = r->manifest->data;
    ASSAY_TRY(resolve_names(r));
    assay__views_declare(r);
    ASSAY_TRY(assay__resolve_lets(r));
    if (data->when)
        ASSAY_TRY(
            assay__resolve_expression(r, "when", data->when, ASSAY__NAMES_PLAIN, &kernel->when));
    ASSAY_TRY(resolve_scratch(r));
    ASSAY_TRY(resolve_subgroup(r));
    if (data->passes_count > ASSAY__PASSES_MAX)
        return assay__manifest_fail(r->manifest, r->error, "passes", "more than %d passes",
                                    ASSAY__PASSES_MAX);
    unsigned count = data->passes_count ? data->passes_count : 1;
    for (unsigned i = 0; i < count; i++)
        ASSAY_TRY(assay__resolve_pass_bindings(r, data->passes_count ? &data->passes[i] : NULL, i));
    ASSAY_TRY(assay__resolve_assumptions(r));
    ASSAY_TRY(assay__resolve_all_bound(r));
    for (unsigned i = 0; i < count; i++)
        ASSAY_TRY(assay__resolve_pass(r, data->passes_count ? &data->passes[i] : NULL, i));
    return ASSAY_OK;
}
