// SPDX-License-Identifier: Apache-2.0
#include "gpu/layout.h"

#include "gpu/pack_internal.h"

#include <string.h>

static void set_elements(assay__packing *p, int64_t elements)
{
    p->elements = elements;
    p->bytes = (elements * assay__stored_bytes(p->storage) + 3) / 4 * 4;
}

int64_t assay__packing_slices(const assay__packing *packing)
{
    return (packing->size[1] + 3) / 4;
}

int64_t assay__packing_words(const assay__packing *packing)
{
    return packing->storage == ASSAY_STORAGE_RGBA8 ? packing->elements / 4 : packing->elements;
}

// Sizes and distances of the logical tensor along n, c, h and w (o, i, h, w of weights).
static void take_shape(const assay_shape *shape, const char *letters, bool weights,
                       assay__packing *p)
{
    int64_t stride[ASSAY_RANK_MAX];
    int64_t count = 1;
    for (int d = shape->rank - 1; d >= 0; d--) {
        stride[d] = count;
        count *= shape->dim[d];
    }
    for (int axis = 0; axis < 4; axis++) {
        int d = axis;
        if (weights && axis == 0)
            d = (int)(strchr(letters, 'o') - letters);
        else if (weights && axis == 1)
            d = (int)(strpbrk(letters, "ic") - letters);
        p->size[axis] = d < shape->rank ? shape->dim[d] : 1;
        p->from[axis] = d < shape->rank ? stride[d] : 1;
    }
}

static void distances(assay__packing *p, int64_t n, int64_t c, int64_t h, int64_t w)
{
    p->to[0] = n;
    p->to[1] = c;
    p->to[2] = h;
    p->to[3] = w;
}

void assay__packing_enlarge(assay__packing *p, int64_t width, int64_t height, int64_t layers)
{
    int64_t plane = width * height * p->texel;
    p->lanes = 4; // of a map, which finds its texels by width and height
    p->width = width;
    p->height = height;
    p->layers = layers;
    distances(p, assay__packing_slices(p) * plane, plane, width * p->texel, p->texel);
    set_elements(p, layers * plane);
}

static void take_texels(assay__packing *p)
{
    assay__packing_enlarge(p, p->size[3], p->size[2], p->size[0] * assay__packing_slices(p));
}

static void take_data(assay__packing *p, assay_layout layout)
{
    int64_t c = p->size[1], h = p->size[2], w = p->size[3];
    p->lanes = 1;
    if (p->storage == ASSAY_STORAGE_RGBA8 || layout == ASSAY_NC4HW4 || layout == ASSAY_IMAGE) {
        take_texels(p);
        p->image = layout == ASSAY_IMAGE && p->storage != ASSAY_STORAGE_RGBA8;
        return;
    }
    if (layout == ASSAY_NHWC)
        distances(p, h * w * c, 1, w * c, c);
    else
        distances(p, c * h * w, h * w, w, 1);
    set_elements(p, p->size[0] * c * h * w);
}

static void take_weights(assay__packing *p, assay_layout layout)
{
    int64_t h = p->size[2], w = p->size[3], row = 4 * assay__packing_slices(p);
    if (layout == ASSAY_NCHW) { // memory is the logical order, whatever the letters' order
        p->lanes = 1;
        distances(p, p->from[0], p->from[1], p->from[2], p->from[3]);
        set_elements(p, p->size[0] * p->size[1] * h * w);
        return;
    }
    p->lanes = 4;
    p->inner = true;
    distances(p, h * w * row, 4, w * row, row);
    set_elements(p, p->size[0] * h * w * row);
}

void assay__packing_take_map(assay__packing *p, const assay__map *map)
{
    p->map = map;
    if (p->image) {
        assay__packing_enlarge(p, map->width, map->height, map->layers);
        return;
    }
    p->width = p->height = p->layers = 0;
    set_elements(p, map->elements);
}

assay__packing assay__packing_nothing(const assay_kernel_info *info, int tensor)
{
    assay__packing p = {.storage = assay_kernel_storage(info, tensor),
                        .image = true,
                        .texel = assay__texel_lanes(info, tensor)};
    assay__packing_enlarge(&p, 1, 1, 1);
    return p;
}

int assay__texel_lanes(const assay_kernel_info *info, int tensor)
{
    return tensor <= ASSAY__TENSOR_OUT && info->own_lanes[tensor] ? info->own_lanes[tensor] : 4;
}

assay_layout assay__tensor_layout(const assay_kernel_info *info, int tensor)
{
    int own = info->own_layout[tensor];
    return own ? (assay_layout)(own - 1) : info->layout;
}

assay__packing assay__packing_of(const assay_kernel_info *info, const assay_problem *problem,
                                 int tensor)
{
    const assay_operator *op = problem->op;
    bool out = tensor == ASSAY__TENSOR_OUT;
    assay_layout layout = assay__tensor_layout(info, tensor);
    const assay_shape *shape = out ? &problem->output : &problem->input[tensor];
    const char *letters = out ? op->output : op->inputs[tensor].letters;
    assay_role role = out ? op->output_role : op->inputs[tensor].role;
    bool weights = role == ASSAY_ROLE_WEIGHTS && strchr(letters, 'o') && strpbrk(letters, "ic");
    bool data = (role == ASSAY_ROLE_DATA || role == ASSAY_ROLE_PIXELS) &&
                (strlen(letters) == 4 || strcmp(letters, "nc") == 0);
    assay__packing p = {.storage = role == ASSAY_ROLE_PIXELS ? ASSAY_STORAGE_RGBA8
                                                             : assay_kernel_storage(info, tensor),
                        .texel = assay__texel_lanes(info, tensor)};
    take_shape(shape, letters, weights, &p);
    if (info->mapping[tensor] == ASSAY_MAPPING_TEXEL) {
        p.image = true;
        assay__packing_enlarge(&p, 1, 1, 1);
    } else if (weights)
        take_weights(&p, layout);
    else
        take_data(&p, data ? layout : ASSAY_NCHW);
    return p;
}
