// SPDX-License-Identifier: Apache-2.0
// What the texts of a manifest mean for one dispatch: push constants, specialization constants,
// sizes.
#include "gpu/resolve_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static assay_status parse_type(assay__resolver *r, const char *path, const char *text,
                               assay__scalar *type)
{
    static const char *const types[] = {"int", "uint", "float", "bool", "ivec4"};
    int index = assay__index_in(text, types, 5);
    *type = index < 0 ? ASSAY__OTHER : (assay__scalar)index;
    if (index < 0)
        return assay__manifest_fail(r->manifest, r->error, path,
                                    "type \"%.40s\"; there are int, uint, float, bool and ivec4",
                                    text);
    return ASSAY_OK;
}

// A float may be the name of a FLOAT attribute, which expressions do not know.
static assay_status parse_value(assay__resolver *r, const char *path, const char *text, bool local,
                                assay__parameter *p)
{
    float number;
    if (p->type == ASSAY__FLOAT && assay_problem_float(&r->problem, text, &number))
        return assay__expression_parse(text, &p->expression, r->error);
    return assay__resolve_expression(r, path, text, local, &p->expression);
}

// An ivec4 is the shape of a tensor, or an attribute of four numbers.
static assay_status parse_vector(assay__resolver *r, const char *path, const char *text,
                                 assay__parameter *p)
{
    const assay_operator *op = r->kernel->info.op;
    p->tensor = assay__tensor_index(op, text, strlen(text));
    for (int i = 0; i < op->attribute_count && p->tensor < 0; i++)
        if (op->attributes[i].type == ASSAY_ATTRIBUTE_DIMS &&
            strcmp(op->attributes[i].variable, text) == 0) {
            p->attribute = i;
            return ASSAY_OK;
        }
    if (p->tensor >= 0)
        return ASSAY_OK;
    return assay__manifest_fail(r->manifest, r->error, path,
                                "\"%.60s\" is no tensor of %s, and no attribute of four numbers",
                                text, op->name);
}

static assay_status resolve_push(assay__resolver *r, const char *prefix,
                                 const assay__manifest_push *list, unsigned count,
                                 assay__pass *pass)
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
        bool vector = p->type == ASSAY__IVEC4;
        ASSAY_TRY(vector ? parse_vector(r, path, list[i].value, p)
                         : parse_value(r, path, list[i].value, true, p));
        uint32_t bytes = vector ? 16 : 4; // and the alignment, in std430
        p->at = list[i].offset ? *list[i].offset : (next + bytes - 1) / bytes * bytes;
        snprintf(path, sizeof path, "%spush[%u].offset", prefix, i);
        if (p->at % 4 != 0 || p->at < next || p->at > ASSAY__PUSH_BYTES - bytes)
            return assay__manifest_fail(r->manifest, r->error, path,
                                        "offset %u: offsets grow by multiples of 4 and stay "
                                        "below %d",
                                        p->at, ASSAY__PUSH_BYTES);
        next = p->at + bytes;
    }
    return ASSAY_OK;
}

// Fills the place of each constant of the module; later lists win. The module's order is the pass's
// order.
static assay_status resolve_constants(assay__resolver *r, const char *prefix,
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
        if (p->type != m->constant[at].type) // never an ivec4
            return assay__manifest_fail(r->manifest, r->error, path,
                                        "specialization constant %u is %s in the shader", p->at,
                                        assay__scalar_name(m->constant[at].type));
        snprintf(path, sizeof path, "%sconstants[%u].value", prefix, i);
        ASSAY_TRY(parse_value(r, path, list[i].value, false, p));
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
        return assay__resolve_expression(r, path, dispatch->flat, true, &pass->dispatch[0]);
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
        ASSAY_TRY(assay__resolve_expression(r, path, texts[i], true, &pass->dispatch[i]));
    }
    return ASSAY_OK;
}

assay_status assay__resolve_pass(assay__resolver *r, const assay__manifest_pass *own,
                                 unsigned index)
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
