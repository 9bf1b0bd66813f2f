// SPDX-License-Identifier: Apache-2.0
#include "gpu/kernel.h"
#include "gpu/kernel_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Index of text in a list of names, or -1.
static int index_in(const char *text, const char *const *names, int count)
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
    *precision = ASSAY_F32;
    if (strcmp(manifest->data->precisions[index], assay_precision_name(ASSAY_F32)) != 0)
        return assay__manifest_fail(manifest, error, path, "precision \"%.40s\"; there is f32",
                                    manifest->data->precisions[index]);
    return ASSAY_OK;
}

assay_status assay__layout_parse(const assay__manifest *manifest, unsigned index,
                                 assay_layout *layout, assay_error *error)
{
    char path[32];
    snprintf(path, sizeof path, "layouts[%u]", index);
    *layout = ASSAY_NCHW;
    if (strcmp(manifest->data->layouts[index], assay_layout_name(ASSAY_NCHW)) != 0)
        return assay__manifest_fail(manifest, error, path, "layout \"%.40s\"; there is nchw",
                                    manifest->data->layouts[index]);
    return ASSAY_OK;
}

// Where a kernel is resolved: the problem gives names, not values.
typedef struct resolver {
    assay_kernel *kernel;
    const assay__manifest *manifest;
    assay_problem problem;
    assay_error *error;
} resolver;

// `local`: whether the text may name the work group size.
static assay_status parse(resolver *r, const char *path, const char *text, bool local,
                          assay__expression **expression)
{
    static const uint32_t ones[3] = {1, 1, 1};
    assay__scope scope = {&r->problem, local ? ones : NULL};
    assay_error inner = {0};
    assay_status status = assay__expression_parse(text, expression, &inner);
    if (status == ASSAY_OK)
        status = assay__expression_check(*expression, assay__scope_lookup, &scope, &inner);
    if (status == ASSAY_OK)
        return ASSAY_OK;
    return assay__manifest_fail(r->manifest, r->error, path, "%s", inner.message);
}

static assay_status resolve_names(resolver *r)
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
    if (strcmp(data->contract.accumulator, "f32") != 0)
        return assay__manifest_fail(r->manifest, r->error, "contract.accumulator",
                                    "accumulator \"%.40s\"; there is f32",
                                    data->contract.accumulator);
    int form = data->contract.form ? index_in(data->contract.form, forms, 2) : 0;
    if (form < 0)
        return assay__manifest_fail(r->manifest, r->error, "contract.form",
                                    "form \"%.40s\"; there are standard and native",
                                    data->contract.form);
    info->form = form == 0 ? ASSAY_FORM_STANDARD : ASSAY_FORM_NATIVE;
    assay_problem_init(&r->problem, info->op);
    return data->when ? parse(r, "when", data->when, false, &r->kernel->when) : ASSAY_OK;
}

// ASSAY__TENSOR_OUT, an input's index, a scratch tensor, or -1.
static int find_tensor(const resolver *r, const char *name)
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

static assay_status resolve_scratch(resolver *r)
{
    const assay__manifest_data *data = r->manifest->data;
    if (data->scratch_count > ASSAY__SCRATCH_MAX)
        return assay__manifest_fail(r->manifest, r->error, "scratch",
                                    "more than %d scratch tensors", ASSAY__SCRATCH_MAX);
    for (unsigned i = 0; i < data->scratch_count; i++) {
        char path[48];
        snprintf(path, sizeof path, "scratch[%u].name", i);
        if (find_tensor(r, data->scratch[i].name) != ASSAY__TENSOR_SCRATCH + (int)i)
            return assay__manifest_fail(r->manifest, r->error, path,
                                        "tensor \"%.60s\" is there already", data->scratch[i].name);
        snprintf(path, sizeof path, "scratch[%u].elements", i);
        ASSAY_TRY(parse(r, path, data->scratch[i].elements, false, &r->kernel->scratch[i]));
        r->kernel->scratch_count++;
    }
    return ASSAY_OK;
}

static assay_status resolve_binding(resolver *r, unsigned i)
{
    const assay__manifest_binding *b = &r->manifest->data->bindings[i];
    assay_kernel *k = r->kernel;
    char path[48];
    snprintf(path, sizeof path, "bindings[%u].tensor", i);
    int tensor = find_tensor(r, b->tensor);
    if (tensor < 0)
        return assay__manifest_fail(r->manifest, r->error, path,
                                    "operator %s has no tensor \"%.60s\"", k->info.op->name,
                                    b->tensor);
    snprintf(path, sizeof path, "bindings[%u].layout", i);
    if (b->layout && strcmp(b->layout, assay_layout_name(ASSAY_NCHW)) != 0)
        return assay__manifest_fail(r->manifest, r->error, path, "layout \"%.40s\"; there is nchw",
                                    b->layout);
    snprintf(path, sizeof path, "bindings[%u].binding", i);
    for (int j = 0; j < k->binding_count; j++)
        if (k->binding[j].set == b->set && k->binding[j].binding == b->binding)
            return assay__manifest_fail(r->manifest, r->error, path,
                                        "set %u, binding %u is bound a second time", b->set,
                                        b->binding);
    k->binding[k->binding_count].set = b->set;
    k->binding[k->binding_count].binding = b->binding;
    k->binding[k->binding_count++].tensor = tensor;
    k->bound[tensor] = true;
    return ASSAY_OK;
}

static assay_status resolve_bindings(resolver *r)
{
    const assay_operator *op = r->kernel->info.op;
    if (r->manifest->data->bindings_count > ASSAY__BINDINGS_MAX)
        return assay__manifest_fail(r->manifest, r->error, "bindings", "more than %d bindings",
                                    ASSAY__BINDINGS_MAX);
    for (unsigned i = 0; i < r->manifest->data->bindings_count; i++)
        ASSAY_TRY(resolve_binding(r, i));
    if (!r->kernel->bound[ASSAY__TENSOR_OUT])
        return assay__manifest_fail(r->manifest, r->error, "bindings", "nothing binds \"out\"");
    for (int i = 0; i < op->input_count; i++)
        if (!r->kernel->bound[i] && op->inputs[i].role != ASSAY_ROLE_BIAS)
            return assay__manifest_fail(r->manifest, r->error, "bindings", "nothing binds \"%s\"",
                                        op->inputs[i].name);
    return ASSAY_OK;
}

static assay_status parse_type(resolver *r, const char *path, const char *text, assay__scalar *type)
{
    static const char *const types[] = {"int", "uint", "float", "bool"};
    int index = index_in(text, types, 4);
    *type = index < 0 ? ASSAY__OTHER : (assay__scalar)index;
    if (index < 0)
        return assay__manifest_fail(r->manifest, r->error, path,
                                    "type \"%.40s\"; there are int, uint, float and bool", text);
    return ASSAY_OK;
}

// A float may be the name of a FLOAT attribute, which expressions do not know.
static assay_status parse_value(resolver *r, const char *path, const char *text, bool local,
                                assay__parameter *p)
{
    float number;
    if (p->type == ASSAY__FLOAT && assay_problem_float(&r->problem, text, &number))
        return assay__expression_parse(text, &p->expression, r->error);
    return parse(r, path, text, local, &p->expression);
}

static assay_status resolve_push(resolver *r, const char *prefix, const assay__manifest_push *list,
                                 unsigned count, assay__pass *pass)
{
    uint32_t next = 0;
    char path[64];
    if (count == 0)
        return ASSAY_OK;
    pass->push = calloc(count, sizeof *pass->push);
    if (!pass->push)
        return assay_fail(r->error, ASSAY_MEMORY, "out of memory for push constants");
    for (unsigned i = 0; i < count; i++) {
        assay__parameter *p = &pass->push[pass->push_count++];
        snprintf(path, sizeof path, "%spush[%u].type", prefix, i);
        ASSAY_TRY(parse_type(r, path, list[i].type, &p->type));
        snprintf(path, sizeof path, "%spush[%u].value", prefix, i);
        ASSAY_TRY(parse_value(r, path, list[i].value, true, p));
        p->at = list[i].offset ? *list[i].offset : next;
        snprintf(path, sizeof path, "%spush[%u].offset", prefix, i);
        if (p->at % 4 != 0 || p->at < next || p->at >= ASSAY__PUSH_BYTES)
            return assay__manifest_fail(r->manifest, r->error, path,
                                        "offset %u: offsets grow by multiples of 4 and stay "
                                        "below %d",
                                        p->at, ASSAY__PUSH_BYTES);
        next = p->at + 4;
    }
    return ASSAY_OK;
}

// Fills the place of each constant of the module; later lists win. The module's order is the pass's
// order.
static assay_status resolve_constants(resolver *r, const char *prefix,
                                      const assay__manifest_constant *list, unsigned count,
                                      assay__pass *pass)
{
    const assay__module *m = &r->kernel->module;
    char path[64];
    for (unsigned i = 0; i < count; i++) {
        int at = -1;
        for (int k = 0; k < m->constant_count; k++)
            if (m->constant[k].id == list[i].id)
                at = k;
        snprintf(path, sizeof path, "%sconstants[%u].id", prefix, i);
        if (at < 0)
            return assay__manifest_fail(r->manifest, r->error, path,
                                        "the shader has no specialization constant %u", list[i].id);
        for (unsigned j = 0; j < i; j++)
            if (list[j].id == list[i].id)
                return assay__manifest_fail(r->manifest, r->error, path,
                                            "specialization constant %u is given twice",
                                            list[i].id);
        assay__parameter *p = &pass->constant[at];
        assay__expression_destroy(p->expression);
        p->expression = NULL;
        p->at = list[i].id;
        snprintf(path, sizeof path, "%sconstants[%u].type", prefix, i);
        ASSAY_TRY(parse_type(r, path, list[i].type, &p->type));
        if (p->type != m->constant[at].type)
            return assay__manifest_fail(r->manifest, r->error, path,
                                        "specialization constant %u is %s in the shader", p->at,
                                        assay__scalar_name(m->constant[at].type));
        snprintf(path, sizeof path, "%sconstants[%u].value", prefix, i);
        ASSAY_TRY(parse_value(r, path, list[i].value, false, p));
    }
    return ASSAY_OK;
}

static assay_status resolve_dispatch(resolver *r, const char *prefix,
                                     const assay__manifest_dispatch *dispatch, assay__pass *pass)
{
    char path[64];
    snprintf(path, sizeof path, "%sdispatch", prefix);
    if (!dispatch)
        return assay__manifest_fail(r->manifest, r->error, path,
                                    "there is no dispatch: {threads: [...]} or {groups: [...]}");
    if ((dispatch->threads_count > 0) == (dispatch->groups_count > 0))
        return assay__manifest_fail(r->manifest, r->error, path,
                                    "a dispatch has either threads or groups");
    pass->threads = dispatch->threads_count > 0;
    char **texts = pass->threads ? dispatch->threads : dispatch->groups;
    unsigned count = pass->threads ? dispatch->threads_count : dispatch->groups_count;
    if (count > 3)
        return assay__manifest_fail(r->manifest, r->error, path,
                                    "a dispatch has at most three dimensions");
    for (unsigned i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%sdispatch.%s[%u]", prefix,
                 pass->threads ? "threads" : "groups", i);
        ASSAY_TRY(parse(r, path, texts[i], true, &pass->dispatch[i]));
    }
    return ASSAY_OK;
}

// What a pass does not give, it has from the top of the manifest.
static assay_status resolve_pass(resolver *r, const assay__manifest_pass *own, unsigned index)
{
    const assay__manifest_data *data = r->manifest->data;
    assay__pass *pass = &r->kernel->pass[r->kernel->pass_count++];
    char prefix[24] = "";
    if (own)
        snprintf(prefix, sizeof prefix, "passes[%u].", index);
    pass->constant_count = r->kernel->module.constant_count;
    pass->constant = calloc(ASSAY__CONSTANTS_MAX, sizeof *pass->constant);
    if (!pass->constant)
        return assay_fail(r->error, ASSAY_MEMORY, "out of memory for constants");
    ASSAY_TRY(resolve_constants(r, "", data->constants, data->constants_count, pass));
    if (own)
        ASSAY_TRY(resolve_constants(r, prefix, own->constants, own->constants_count, pass));
    bool own_push = own && own->push;
    ASSAY_TRY(resolve_push(r, own_push ? prefix : "", own_push ? own->push : data->push,
                           own_push ? own->push_count : data->push_count, pass));
    bool own_dispatch = own && own->dispatch;
    return resolve_dispatch(r, own_dispatch || !data->dispatch ? prefix : "",
                            own_dispatch ? own->dispatch : data->dispatch, pass);
}

static assay_status resolve(resolver *r)
{
    const assay__manifest_data *data = r->manifest->data;
    ASSAY_TRY(resolve_names(r));
    ASSAY_TRY(resolve_scratch(r));
    ASSAY_TRY(resolve_bindings(r));
    if (data->passes_count > ASSAY__PASSES_MAX)
        return assay__manifest_fail(r->manifest, r->error, "passes", "more than %d passes",
                                    ASSAY__PASSES_MAX);
    if (data->passes_count == 0)
        ASSAY_TRY(resolve_pass(r, NULL, 0));
    for (unsigned i = 0; i < data->passes_count; i++)
        ASSAY_TRY(resolve_pass(r, &data->passes[i], i));
    return assay__kernel_agree(r->kernel, r->error);
}

assay_status assay__kernel_create(assay__manifest *manifest, assay__module *module,
                                  assay_precision precision, assay_layout layout,
                                  assay_kernel **kernel, assay_error *error)
{
    assay_kernel *k = *kernel = calloc(1, sizeof *k);
    if (!k) {
        assay__manifest_destroy(manifest);
        assay__module_destroy(module);
        return assay_fail(error, ASSAY_MEMORY, "out of memory for a kernel");
    }
    k->manifest = *manifest;
    k->module = *module;
    memset(manifest, 0, sizeof *manifest);
    memset(module, 0, sizeof *module);
    k->info.precision = precision;
    k->info.layout = layout;
    resolver r = {.kernel = k, .manifest = &k->manifest, .error = error};
    assay_status status = resolve(&r);
    if (status != ASSAY_OK) {
        assay__kernel_destroy(k);
        *kernel = NULL;
    }
    return status;
}

void assay__kernel_destroy(assay_kernel *kernel)
{
    if (!kernel)
        return;
    for (int i = 0; i < kernel->pass_count; i++) {
        assay__pass *pass = &kernel->pass[i];
        for (int j = 0; j < pass->push_count; j++)
            assay__expression_destroy(pass->push[j].expression);
        for (int j = 0; pass->constant && j < ASSAY__CONSTANTS_MAX; j++)
            assay__expression_destroy(pass->constant[j].expression);
        for (int j = 0; j < 3; j++)
            assay__expression_destroy(pass->dispatch[j]);
        free(pass->push);
        free(pass->constant);
    }
    for (int i = 0; i < kernel->scratch_count; i++)
        assay__expression_destroy(kernel->scratch[i]);
    assay__expression_destroy(kernel->when);
    assay__module_destroy(&kernel->module);
    assay__manifest_destroy(&kernel->manifest);
    free(kernel);
}

const assay_kernel_info *assay_kernel_get_info(const assay_kernel *kernel)
{
    return &kernel->info;
}
