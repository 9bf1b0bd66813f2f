// SPDX-License-Identifier: Apache-2.0
// What the texts of a manifest mean for one dispatch: push constants, specialization constants,
// sizes.
#include "gpu/resolve_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Of a specialization constant.
static assay_status parse_type(assay__resolver *r, const char *path, const char *text,
                               assay__scalar *type)
{
    static const char *const types[] = {"int", "uint", "float", "bool"};
    int index = assay__index_in(text, types, 4);
    *type = index < 0 ? ASSAY__OTHER : (assay__scalar)index;
    if (index < 0)
        return assay__manifest_fail(r->manifest, r->error, path,
                                    "type \"%.40s\"; there are int, uint, float and bool", text);
    return ASSAY_OK;
}

// Fills the place of each constant of the module; later lists win. The module's order is the pass's
// order.
static assay_status resolve_constants(assay__resolver *r, const char *prefix,
                                      const assay__manifest_constant *list, unsigned count,
                                      assay__pass *pass)
{
    const assay__module *m = pass->module;
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
        assay__parameter_clear(p);
        *p = (assay__parameter){.type = {.lanes = 1}, .at = list[i].id, .tensor = -1};
        snprintf(path, sizeof path, "%sconstants[%u].type", prefix, i);
        ASSAY_TRY(parse_type(r, path, list[i].type, &p->type.scalar));
        if (p->type.scalar != m->constant[at].type)
            return assay__manifest_fail(r->manifest, r->error, path,
                                        "specialization constant %u is %s in the shader", p->at,
                                        assay__scalar_name(m->constant[at].type));
        snprintf(path, sizeof path, "%sconstants[%u].value", prefix, i);
        p->value = calloc(1, sizeof *p->value);
        if (!p->value)
            return assay_fail(r->error, ASSAY_MEMORY, "out of memory for a constant");
        ASSAY_TRY(p->type.scalar == ASSAY__FLOAT
                      ? assay__resolve_real(r, path, list[i].value, ASSAY__NAMES_SUBGROUP, p->value)
                      : assay__resolve_expression(r, path, list[i].value, ASSAY__NAMES_SUBGROUP,
                                                  p->value));
    }
    return ASSAY_OK;
}

static assay_status resolve_dispatch(assay__resolver *r, const char *prefix,
                                     const assay__manifest_dispatch *dispatch, assay__pass *pass)
{
    char path[64];
    snprintf(path, sizeof path, "%sdispatch", prefix);
    if (!dispatch)
        return assay__manifest_fail(
            r->manifest, r->error, path,
            "there is no dispatch: {threads: [...]}, {groups: [...]} or {flat: ...}");
    if ((dispatch->threads_count > 0) + (dispatch->groups_count > 0) + (dispatch->flat != NULL) !=
        1)
        return assay__manifest_fail(r->manifest, r->error, path,
                                    "a dispatch has either threads or groups or flat");
    if (dispatch->flat) {
        pass->unit = ASSAY__DISPATCH_FLAT;
        snprintf(path, sizeof path, "%sdispatch.flat", prefix);
        return assay__resolve_expression(r, path, dispatch->flat, ASSAY__NAMES_LAUNCH,
                                         &pass->dispatch[0]);
    }
    bool threads = dispatch->threads_count > 0;
    pass->unit = threads ? ASSAY__DISPATCH_THREADS : ASSAY__DISPATCH_GROUPS;
    char **texts = threads ? dispatch->threads : dispatch->groups;
    unsigned count = threads ? dispatch->threads_count : dispatch->groups_count;
    if (count > 3)
        return assay__manifest_fail(r->manifest, r->error, path,
                                    "a dispatch has at most three dimensions");
    for (unsigned i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%sdispatch.%s[%u]", prefix, threads ? "threads" : "groups", i);
        ASSAY_TRY(
            assay__resolve_expression(r, path, texts[i], ASSAY__NAMES_LAUNCH, &pass->dispatch[i]));
    }
    return ASSAY_OK;
}

// A list that a pass has from the top stands there, for messages too.
typedef struct source {
    const assay__manifest_pass *own; // NULL: there are no passes
    char prefix[24];
} source;

static const char *prefix_of(const assay__resolver *r, const source *s, const char *key)
{
    char path[64];
    snprintf(path, sizeof path, "%s%s", s->prefix, key);
    return s->own && assay__manifest_has(r->manifest, path) ? s->prefix : "";
}

static assay_status resolve_pass_bindings(assay__resolver *r, const source *s, assay__pass *pass)
{
    const assay__manifest_data *data = r->manifest->data;
    const char *prefix = prefix_of(r, s, "bindings");
    char path[64];
    if (*prefix)
        return assay__resolve_bindings(r, prefix, s->own->bindings, s->own->bindings_count, pass);
    snprintf(path, sizeof path, "%sbindings", s->prefix);
    if (r->top) { // what the list says of tensors it says once
        memcpy(pass->binding, r->top->binding, sizeof pass->binding);
        pass->binding_count = r->top->binding_count;
        return ASSAY_OK;
    }
    r->top = pass;
    if (data->bindings_count == 0)
        return assay__manifest_fail(r->manifest, r->error, path, "there are no bindings");
    return assay__resolve_bindings(r, "", data->bindings, data->bindings_count, pass);
}

static assay_status resolve_uniform(assay__resolver *r, const char *at,
                                    const assay__manifest_uniform *u, assay__pass *pass)
{
    const assay__module *m = pass->module;
    const assay__module_block *found = NULL;
    char path[80];
    for (int i = 0; i < m->uniform_count; i++)
        if (m->uniform[i].set == u->set && m->uniform[i].binding == u->binding)
            found = &m->uniform[i];
    if (!found)
        return assay__manifest_fail(r->manifest, r->error, at,
                                    "the shader has no uniform block of set %u, binding %u", u->set,
                                    u->binding);
    for (int i = 0; i < pass->uniform_count; i++)
        if (pass->uniform[i].set == u->set && pass->uniform[i].binding == u->binding)
            return assay__manifest_fail(r->manifest, r->error, at,
                                        "set %u, binding %u is given twice", u->set, u->binding);
    assay__block *block = &pass->uniform[pass->uniform_count++];
    block->set = u->set;
    block->binding = u->binding;
    snprintf(path, sizeof path, "%.70s.members", at);
    const assay__target target = {m, found, "member", true};
    return assay__resolve_block(r, path, u->members, u->members_count, &target, block);
}

static assay_status resolve_uniforms(assay__resolver *r, const source *s, assay__pass *pass)
{
    const assay__manifest_data *data = r->manifest->data;
    const char *prefix = prefix_of(r, s, "uniforms");
    const assay__manifest_uniform *list = *prefix ? s->own->uniforms : data->uniforms;
    unsigned count = *prefix ? s->own->uniforms_count : data->uniforms_count;
    char path[64];
    snprintf(path, sizeof path, "%suniforms", prefix);
    if (count > ASSAY__UNIFORMS_MAX || count + (unsigned)pass->binding_count > ASSAY__BINDINGS_MAX)
        return assay__manifest_fail(r->manifest, r->error, path,
                                    "more than %d uniform blocks, or %d bindings with them",
                                    ASSAY__UNIFORMS_MAX, ASSAY__BINDINGS_MAX);
    for (unsigned i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%suniforms[%u]", prefix, i);
        ASSAY_TRY(resolve_uniform(r, path, &list[i], pass));
    }
    return ASSAY_OK;
}

static assay_status resolve_push(assay__resolver *r, const source *s, assay__pass *pass)
{
    const assay__manifest_data *data = r->manifest->data;
    const char *prefix = prefix_of(r, s, "push");
    const assay__target target = {pass->module, &pass->module->push, "push constant", false};
    char path[64];
    snprintf(path, sizeof path, "%spush", prefix);
    return assay__resolve_block(r, path, *prefix ? s->own->push : data->push,
                                *prefix ? s->own->push_count : data->push_count, &target,
                                &pass->push);
}

// A pass with a shader of its own and constants of its own has those alone: ids are the shader's.
static assay_status resolve_all_constants(assay__resolver *r, const source *s, assay__pass *pass)
{
    const assay__manifest_data *data = r->manifest->data;
    bool own = *prefix_of(r, s, "constants") != '\0';
    pass->constant_count = pass->module->constant_count;
    pass->constant = calloc(ASSAY__CONSTANTS_MAX, sizeof *pass->constant);
    if (!pass->constant)
        return assay_fail(r->error, ASSAY_MEMORY, "out of memory for constants");
    if (!own || !s->own->shader)
        ASSAY_TRY(resolve_constants(r, "", data->constants, data->constants_count, pass));
    return own ? resolve_constants(r, s->prefix, s->own->constants, s->own->constants_count, pass)
               : ASSAY_OK;
}

static source source_of(const assay__manifest_pass *own, unsigned index)
{
    source s = {.own = own};
    if (own)
        snprintf(s.prefix, sizeof s.prefix, "passes[%u].", index);
    return s;
}

assay_status assay__resolve_pass_bindings(assay__resolver *r, const assay__manifest_pass *own,
                                          unsigned index)
{
    source s = source_of(own, index);
    return resolve_pass_bindings(r, &s, &r->kernel->pass[r->kernel->pass_count++]);
}

assay_status assay__resolve_pass(assay__resolver *r, const assay__manifest_pass *own,
                                 unsigned index)
{
    const assay__manifest_data *data = r->manifest->data;
    assay__pass *pass = &r->kernel->pass[index];
    source s = source_of(own, index);
    ASSAY_TRY(resolve_uniforms(r, &s, pass));
    ASSAY_TRY(assay__agree_bindings(r->kernel, pass, prefix_of(r, &s, "bindings"), r->error));
    ASSAY_TRY(resolve_all_constants(r, &s, pass));
    ASSAY_TRY(resolve_push(r, &s, pass));
    bool own_dispatch = own && own->dispatch;
    return resolve_dispatch(r, own_dispatch || !data->dispatch ? s.prefix : "",
                            own_dispatch ? own->dispatch : data->dispatch, pass);
}
