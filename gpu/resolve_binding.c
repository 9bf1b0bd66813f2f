// SPDX-License-Identifier: Apache-2.0
// What a manifest binds, in a pass.
#include "gpu/resolve_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The index of a word of a sampler, 0 where it is not given.
static assay_status parse_word(assay__resolver *r, const char *at, const char *key,
                               const char *text, const char *const *words, int count, int *index)
{
    char path[96], all[80] = "";
    *index = text ? assay__index_in(text, words, count) : 0;
    if (*index >= 0)
        return ASSAY_OK;
    snprintf(path, sizeof path, "%.70s.%.20s", at, key);
    for (int i = 0; i < count; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s",
                 i == 0          ? ""
                 : i + 1 < count ? ", "
                                 : " and ",
                 words[i]);
    return assay__manifest_fail(r->manifest, r->error, path, "%s \"%.40s\"; there are %s", key,
                                text, all);
}

static assay_status resolve_sampler(assay__resolver *r, const char *at,
                                    const assay__manifest_sampler *s, assay__sampling *sampling)
{
    static const char *const filters[] = {"nearest", "linear"};
    static const char *const addresses[] = {"edge", "border", "repeat", "mirror"};
    static const char *const coordinates[] = {"normalized", "texels"};
    int filter, address, unit;
    ASSAY_TRY(parse_word(r, at, "filter", s->filter, filters, 2, &filter));
    ASSAY_TRY(parse_word(r, at, "address", s->address, addresses, 4, &address));
    ASSAY_TRY(parse_word(r, at, "coordinates", s->coordinates, coordinates, 2, &unit));
    *sampling = (assay__sampling){filter == 1, unit == 1, (assay__address)address};
    if (sampling->texels && address > ASSAY__ADDRESS_BORDER)
        return assay__manifest_fail(r->manifest, r->error, at,
                                    "coordinates in texels go with address edge and border alone");
    return ASSAY_OK;
}

static assay_status resolve_binding(assay__resolver *r, const char *at,
                                    const assay__manifest_binding *b, assay__pass *pass)
{
    assay__binding *binding = &pass->binding[pass->binding_count];
    char path[80];
    *binding = (assay__binding){.set = b->set, .binding = b->binding, .tensor = -1};
    ASSAY_TRY(assay__resolve_views(r, at, b, &binding->tensor));
    snprintf(path, sizeof path, "%.70s.sampler", at);
    if (b->sampler)
        ASSAY_TRY(resolve_sampler(r, path, b->sampler, &binding->sampling));
    snprintf(path, sizeof path, "%.70s.binding", at);
    for (int j = 0; j < pass->binding_count; j++)
        if (pass->binding[j].set == b->set && pass->binding[j].binding == b->binding)
            return assay__manifest_fail(r->manifest, r->error, path,
                                        "set %u, binding %u is bound a second time", b->set,
                                        b->binding);
    pass->binding_count++;
    return ASSAY_OK;
}

assay_status assay__resolve_bindings(assay__resolver *r, const char *prefix,
                                     const assay__manifest_binding *list, unsigned count,
                                     assay__pass *pass)
{
    char path[80];
    snprintf(path, sizeof path, "%sbindings", prefix);
    if (count > ASSAY__BINDINGS_MAX)
        return assay__manifest_fail(r->manifest, r->error, path, "more than %d bindings",
                                    ASSAY__BINDINGS_MAX);
    for (unsigned i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%sbindings[%u]", prefix, i);
        ASSAY_TRY(resolve_binding(r, path, &list[i], pass));
    }
    return ASSAY_OK;
}

// An input that the shader does not have, and the number that stands in its place.
static assay_status resolve_assumption(assay__resolver *r, unsigned i)
{
    const assay__manifest_assumption *a = &r->manifest->data->assumes[i];
    assay_kernel_info *info = &r->kernel->info;
    int input = assay_input_index(info->op, a->tensor);
    char path[48], *end;
    snprintf(path, sizeof path, "assumes[%u].tensor", i);
    if (input < 0)
        return assay__manifest_fail(r->manifest, r->error, path,
                                    "operator %s has no input \"%.60s\"", info->op->name,
                                    a->tensor);
    if (r->kernel->bound[input] || info->assumed[input])
        return assay__manifest_fail(r->manifest, r->error, path, "\"%s\" is %s already", a->tensor,
                                    r->kernel->bound[input] ? "bound" : "assumed");
    info->assumed[input] = 1;
    info->assumed_value[input] = strtof(a->value, &end);
    snprintf(path, sizeof path, "assumes[%u].value", i);
    if (end == a->value || *end || !isfinite(info->assumed_value[input]))
        return assay__manifest_fail(r->manifest, r->error, path, "\"%.40s\" is no number",
                                    a->value);
    return ASSAY_OK;
}

assay_status assay__resolve_assumptions(assay__resolver *r)
{
    for (unsigned i = 0; i < r->manifest->data->assumes_count; i++)
        ASSAY_TRY(resolve_assumption(r, i));
    return ASSAY_OK;
}

assay_status assay__resolve_all_bound(assay__resolver *r)
{
    const assay_operator *op = r->kernel->info.op;
    const char *path = r->manifest->data->bindings_count ? "bindings" : "passes";
    if (!r->kernel->bound[ASSAY__TENSOR_OUT])
        return assay__manifest_fail(r->manifest, r->error, path, "nothing binds \"out\"");
    for (int i = 0; i < op->input_count; i++)
        if (!r->kernel->bound[i] && !op->inputs[i].optional && !r->kernel->info.assumed[i])
            return assay__manifest_fail(r->manifest, r->error, path,
                                        "nothing binds \"%s\"; a kernel that has none may say what "
                                        "it assumes",
                                        op->inputs[i].name);
    return ASSAY_OK;
}
