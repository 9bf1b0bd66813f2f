// SPDX-License-Identifier: Apache-2.0
// What a manifest says of how tensors lie in what is bound: maps, places in a buffer they share,
// what stands between their elements.
#include "gpu/resolve_internal.h"

#include "gpu/layout.h"

#include <stdio.h>
#include <string.h>

// A key of a view at `place`, for messages.
typedef struct path {
    char text[64];
} path;

static path path_of(const char *place, const char *key)
{
    path p;
    snprintf(p.text, sizeof p.text, "%.40s.%.20s", place, key);
    return p;
}

#define FAIL(r, place, key, ...)                                                                   \
    assay__manifest_fail((r)->manifest, (r)->error, path_of(place, key).text, __VA_ARGS__)

assay_status assay__resolve_storage(assay__resolver *r, const char *at, const char *text,
                                    assay_storage *storage)
{
    static const char *const names[] = {"f32", "f16"};
    int index = assay__index_in(text, names, 2);
    *storage = index == 1 ? ASSAY_STORAGE_F16 : ASSAY_STORAGE_F32;
    if (index < 0)
        return assay__manifest_fail(r->manifest, r->error, at,
                                    "storage \"%.40s\"; there are f32 and f16", text);
    return ASSAY_OK;
}

static void declare(assay__resolver *r, const assay__manifest_view *v)
{
    int tensor = v->tensor ? assay__find_tensor(r, v->tensor) : -1;
    assay_mapping mapping = v->index   ? ASSAY_MAPPING_INDEX
                            : v->texel ? ASSAY_MAPPING_TEXEL
                                       : ASSAY_MAPPING_LAYOUT;
    if (tensor < 0 || tensor > ASSAY__TENSOR_OUT || mapping == ASSAY_MAPPING_LAYOUT)
        return;
    r->kernel->info.mapping[tensor] = mapping;
    if (v->result)
        r->kernel->info.mapping[ASSAY__TENSOR_OUT] = mapping;
}

static void declare_list(assay__resolver *r, const assay__manifest_binding *list, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        declare(r, &list[i].view);
        for (unsigned j = 0; j < list[i].tensors_count; j++)
            declare(r, &list[i].tensors[j]);
    }
}

void assay__views_declare(assay__resolver *r)
{
    const assay__manifest_data *data = r->manifest->data;
    declare_list(r, data->bindings, data->bindings_count);
    for (unsigned i = 0; i < data->passes_count; i++)
        declare_list(r, data->passes[i].bindings, data->passes[i].bindings_count);
}

// The first key of those that say how a tensor lies, or NULL.
static const char *any_key(const assay__manifest_view *v)
{
    return v->index      ? "index"
           : v->elements ? "elements"
           : v->offset   ? "offset"
           : v->texel    ? "texel"
           : v->lane     ? "lane"
           : v->lanes    ? "lanes"
           : v->size     ? "size"
           : v->fill     ? "fill"
           : v->gaps     ? "gaps"
           : v->storage  ? "storage"
           : v->result   ? "result"
                         : NULL;
}

// Keys that exclude or need each other, whatever the tensor is.
static assay_status check_keys(assay__resolver *r, const assay__manifest_view *v, const char *place)
{
    if (v->index && v->layout)
        return FAIL(r, place, "layout", "a tensor has either an index or a layout");
    if (v->texel && (v->index || v->layout))
        return FAIL(r, place, v->index ? "index" : "layout", "a tensor has either a texel or %s",
                    v->index ? "an index" : "a layout");
    bool one = v->lanes && strcmp(v->lanes, "1") == 0;
    const char *own = v->lane ? "lane" : v->lanes ? "lanes" : v->size ? "size" : NULL;
    if (v->texel && ((!v->lane && !one) || !v->size))
        return FAIL(r, place, "texel", "a texel needs a lane and the size of the image");
    if (!v->texel && own)
        return FAIL(r, place, own, "%s belongs to a texel", own);
    if (v->lanes && !one && strcmp(v->lanes, "2") != 0)
        return FAIL(r, place, "lanes",
                    "lanes \"%.40s\"; there are 1 and 2, and 4 where they are not said", v->lanes);
    if (v->texel && (v->texel_count > 3 || v->size_count != v->texel_count))
        return FAIL(r, place, "texel", "a texel has one to three places, and so many sizes");
    if (v->elements && !v->index)
        return FAIL(r, place, "elements", "elements belong to an index");
    if (v->texel && v->offset)
        return FAIL(r, place, "offset", "an image has no offset");
    if (v->fill && strcmp(v->fill, "zero") != 0)
        return FAIL(r, place, "fill", "fill \"%.40s\"; there is zero", v->fill);
    if (v->gaps && strcmp(v->gaps, "free") != 0)
        return FAIL(r, place, "gaps", "gaps \"%.40s\"; there is free", v->gaps);
    return ASSAY_OK;
}

// A binding may have another layout than the variant: conversions are made of that.
static assay_status own_layout(assay__resolver *r, const assay__manifest_view *v, int tensor,
                               const char *place)
{
    assay_kernel *k = r->kernel;
    int layout = (int)k->info.layout;
    if (v->layout)
        for (layout = ASSAY_NCHW;
             layout <= ASSAY_IMAGE && strcmp(v->layout, assay_layout_name((assay_layout)layout));)
            layout++;
    if (layout > ASSAY_IMAGE)
        return FAIL(r, place, "layout", "layout \"%.40s\"; there are nchw, nhwc, nc4hw4 and image",
                    v->layout);
    if (tensor >= ASSAY__TENSOR_SCRATCH)
        return ASSAY_OK;
    if (k->info.mapping[tensor] != ASSAY_MAPPING_LAYOUT)
        layout = k->info.mapping[tensor] == ASSAY_MAPPING_TEXEL ? ASSAY_IMAGE : ASSAY_NCHW;
    if (k->bound[tensor] && (int)assay__tensor_layout(&k->info, tensor) != layout)
        return FAIL(r, place, "layout", "tensor \"%.60s\" is bound in two layouts", v->tensor);
    k->info.own_layout[tensor] = layout + 1;
    return ASSAY_OK;
}

static assay_status own_storage(assay__resolver *r, const assay__manifest_view *v, int tensor,
                                const char *place)
{
    const assay_operator *op = r->kernel->info.op;
    assay_storage storage;
    assay_role role = tensor == ASSAY__TENSOR_OUT ? op->output_role : op->inputs[tensor].role;
    if (!v->storage)
        return ASSAY_OK;
    ASSAY_TRY(assay__resolve_storage(r, path_of(place, "storage").text, v->storage, &storage));
    if (role == ASSAY_ROLE_PIXELS)
        return FAIL(r, place, "storage", "pixels are stored as RGBA8");
    if (r->kernel->info.precision == ASSAY_F16A && storage == ASSAY_STORAGE_F32)
        return FAIL(r, place, "storage",
                    "storage \"f32\" in precision f16a, which computes with what is stored; f16s "
                    "may have it");
    r->kernel->info.own_storage[tensor] = (int)storage + 1;
    return ASSAY_OK;
}

static assay_status expressions(assay__resolver *r, const assay__manifest_view *v, int tensor,
                                const char *place)
{
    assay__view *view = &r->kernel->view[tensor];
    char at[80];
    if (v->index)
        ASSAY_TRY(assay__resolve_element(r, path_of(place, "index").text, v->index, tensor,
                                         &view->index));
    for (unsigned i = 0; i < v->texel_count; i++) {
        snprintf(at, sizeof at, "%.40s.texel[%u]", place, i);
        ASSAY_TRY(assay__resolve_element(r, at, v->texel[i], tensor, &view->texel[i]));
        snprintf(at, sizeof at, "%.40s.size[%u]", place, i);
        ASSAY_TRY(assay__resolve_expression(r, at, v->size[i], ASSAY__NAMES_PLAIN, &view->size[i]));
    }
    if (v->lanes)
        r->kernel->info.own_lanes[tensor] = *v->lanes - '0';
    if (v->lane)
        ASSAY_TRY(
            assay__resolve_element(r, path_of(place, "lane").text, v->lane, tensor, &view->lane));
    if (v->elements)
        ASSAY_TRY(assay__resolve_expression(r, path_of(place, "elements").text, v->elements,
                                            ASSAY__NAMES_PLAIN, &view->elements));
    if (v->offset)
        ASSAY_TRY(assay__resolve_expression(r, path_of(place, "offset").text, v->offset,
                                            ASSAY__NAMES_PLAIN, &view->offset));
    return ASSAY_OK;
}

// What stands where no element lies. `out`: the output lies here.
static assay_status gaps(assay__resolver *r, const assay__manifest_view *v, int tensor, bool out,
                         const char *place)
{
    assay_kernel *k = r->kernel;
    bool mapped = k->info.mapping[tensor] != ASSAY_MAPPING_LAYOUT;
    assay__packing packing = assay__packing_of(&k->info, &r->problem, tensor);
    if (v->fill && !mapped && packing.lanes == 1 && r->manifest->data->layouts_count == 1)
        return FAIL(r, place, "fill", "a tensor in layout %s has no place that is no element",
                    assay_layout_name(assay__tensor_layout(&k->info, tensor)));
    if (v->gaps && !out)
        return FAIL(r, place, "gaps", "gaps are those of an output");
    if (v->gaps && !mapped)
        return FAIL(r, place, "gaps",
                    "gaps belong to an index or a texel; what is no element of a "
                    "layout is free already");
    if (v->gaps && v->fill && !v->result)
        return FAIL(r, place, "gaps", "an output's gaps are either zero or free");
    k->view[tensor].zero = v->fill != NULL;
    k->view[tensor].open = v->gaps != NULL;
    return ASSAY_OK;
}

// All that is said of one tensor, or of the output that takes its place.
static assay_status describe(assay__resolver *r, const assay__manifest_view *v, int tensor,
                             bool out, const char *place)
{
    assay_kernel *k = r->kernel;
    snprintf(k->view[tensor].place, sizeof k->view[tensor].place, "%.47s", place);
    ASSAY_TRY(own_layout(r, v, tensor, place));
    ASSAY_TRY(expressions(r, v, tensor, place));
    if (tensor >= ASSAY__TENSOR_SCRATCH)
        return ASSAY_OK;
    ASSAY_TRY(own_storage(r, v, tensor, place));
    ASSAY_TRY(gaps(r, v, tensor, out, place));
    if (v->offset && assay__packing_of(&k->info, &r->problem, tensor).image)
        return FAIL(r, place, "offset", "an image has no offset");
    return ASSAY_OK;
}

// The output in the place of an input.
static assay_status resolve_result(assay__resolver *r, const assay__manifest_view *v, int tensor,
                                   const char *place)
{
    assay_kernel *k = r->kernel;
    if (strcmp(v->result, "out") != 0 || tensor >= ASSAY__TENSOR_OUT)
        return FAIL(r, place, "result", "the result is \"out\", in the place of an input");
    if (k->bound[ASSAY__TENSOR_OUT])
        return FAIL(r, place, "result", "\"out\" is bound already");
    ASSAY_TRY(describe(r, v, ASSAY__TENSOR_OUT, true, place));
    k->bound[ASSAY__TENSOR_OUT] = true;
    k->lead[ASSAY__TENSOR_OUT] = k->lead[tensor];
    k->view[tensor].in_place = true;
    return ASSAY_OK;
}

// One tensor of a binding; *lead is -1 for the first, which becomes it. `list`: others may follow.
static assay_status resolve_view(assay__resolver *r, const assay__manifest_view *v, bool list,
                                 const char *place, int *lead)
{
    assay_kernel *k = r->kernel;
    int tensor = assay__find_tensor(r, v->tensor);
    if (tensor < 0)
        return FAIL(r, place, "tensor", "operator %s has no tensor \"%.60s\"", k->info.op->name,
                    v->tensor);
    const char *key = any_key(v);
    if (k->bound[tensor] && (list || key))
        return FAIL(r, place, list ? "tensor" : key,
                    "tensor \"%.60s\" is bound already, which says how it lies", v->tensor);
    if (tensor >= ASSAY__TENSOR_SCRATCH && key && strcmp(key, "offset") != 0)
        return FAIL(r, place, key, "\"%.60s\" is scratch, which has no %s here", v->tensor, key);
    ASSAY_TRY(check_keys(r, v, place));
    if (k->bound[tensor]) { // another binding of the same memory
        *lead = k->lead[tensor];
        return own_layout(r, v, tensor, place);
    }
    *lead = *lead < 0 ? tensor : *lead;
    ASSAY_TRY(describe(r, v, tensor, tensor == ASSAY__TENSOR_OUT || v->result, place));
    if (list && tensor <= ASSAY__TENSOR_OUT &&
        assay__packing_of(&k->info, &r->problem, tensor).image)
        return FAIL(r, place, "tensor", "\"%.60s\" is an image, which lies alone", v->tensor);
    k->bound[tensor] = true;
    k->lead[tensor] = *lead;
    return v->result ? resolve_result(r, v, tensor, place) : ASSAY_OK;
}

assay_status assay__resolve_views(assay__resolver *r, const char *place,
                                  const assay__manifest_binding *b, int *lead)
{
    char at[64];
    *lead = -1;
    const char *key = b->view.layout ? "layout" : any_key(&b->view);
    bool sampler = !b->view.tensor && !b->tensors && b->sampler;
    if (!sampler && !b->view.tensor == !b->tensors)
        return assay__manifest_fail(r->manifest, r->error, place,
                                    "a binding has either a tensor or a list of tensors, or a "
                                    "sampler alone");
    if (b->view.tensor)
        return resolve_view(r, &b->view, false, place, lead);
    if (key)
        return FAIL(r, place, key,
                    sampler ? "%s belongs to a tensor" : "%s belongs to each of the tensors", key);
    for (unsigned j = 0; j < b->tensors_count; j++) {
        snprintf(at, sizeof at, "%.30s.tensors[%u]", place, j);
        ASSAY_TRY(resolve_view(r, &b->tensors[j], true, at, lead));
    }
    return ASSAY_OK;
}
