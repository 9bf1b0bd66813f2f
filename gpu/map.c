// SPDX-License-Identifier: Apache-2.0
#include "gpu/map.h"

#include "gpu/layout.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// x, y, z and lane of a texel, or an index alone.
#define AXES_MAX 4

typedef struct builder {
    const assay_kernel *kernel;
    const assay__view *view;
    const assay_shape *shape;
    const char *letters;
    const char *name; // of the tensor
    assay__scope scope;
    assay__element_scope element;
    int64_t at[ASSAY_RANK_MAX];
    unsigned changed; // letters since the last evaluation
    int axes;
    int lanes; // of a texel
    const assay__expression *expression[AXES_MAX];
    assay__memo *memo[AXES_MAX];
    int64_t size[AXES_MAX]; // each value lies below
    bool linear;            // along the last letter
    int64_t most;
    assay__map *map;
    assay_error *error;
} builder;

static assay_status fail(const builder *b, const char *key, const char *sentence)
{
    char path[80];
    snprintf(path, sizeof path, "%.48s.%s", b->view->place, key);
    return assay__manifest_fail(&b->kernel->manifest, b->error, path, "%s of \"%s\" %s", key,
                                b->name, sentence);
}

static assay_status fail_inner(const builder *b, const char *key, const assay_error *inner)
{
    char sentence[600];
    snprintf(sentence, sizeof sentence, "has no value: %.500s", inner->message);
    return fail(b, key, sentence);
}

static const char *key_of(const builder *b, int axis)
{
    return b->axes == 1 ? "index" : axis == 3 ? "lane" : "texel";
}

// "o1 i0 h0 w0" of a linear index.
static const char *place_of(const builder *b, int64_t index, char text[100])
{
    int64_t at[ASSAY_RANK_MAX] = {0};
    size_t used = 0;
    for (int d = b->shape->rank - 1; d >= 0; d--) {
        at[d] = index % b->shape->dim[d];
        index /= b->shape->dim[d];
    }
    for (int d = 0; d < b->shape->rank; d++)
        used += (size_t)snprintf(text + used, 100 - used, "%s%c%" PRId64, d ? " " : "",
                                 b->letters[d], at[d]);
    return text;
}

static assay_status value_of(const builder *b, const assay__expression *e, const char *key,
                             int64_t *value)
{
    assay_error inner = {0};
    assay_status status = assay__expression_value(e, assay__scope_lookup, &b->scope, value, &inner);
    return status == ASSAY_OK ? ASSAY_OK : fail_inner(b, key, &inner);
}

static assay_status size_of(builder *b, const assay__expression *e, const char *key, int64_t *size)
{
    char sentence[80];
    ASSAY_TRY(value_of(b, e, key, size));
    if (*size >= 1 && *size <= ASSAY_ELEMENTS_MAX)
        return ASSAY_OK;
    snprintf(sentence, sizeof sentence, "is %" PRId64 "; it lies in 1 .. %" PRId64, *size,
             ASSAY_ELEMENTS_MAX);
    return fail(b, key, sentence);
}

// The sizes that bound the values, where the manifest gives them.
static assay_status take_sizes(builder *b)
{
    const assay__view *v = b->view;
    assay__map *m = b->map;
    int64_t texels;
    b->size[0] = ASSAY_ELEMENTS_MAX;
    if (v->index && v->elements)
        return size_of(b, v->elements, "elements", &b->size[0]);
    if (v->index)
        return ASSAY_OK;
    b->size[1] = b->size[2] = 1;
    b->size[3] = b->lanes;
    for (int axis = 0; axis < 3 && v->size[axis]; axis++)
        ASSAY_TRY(size_of(b, v->size[axis], "size", &b->size[axis]));
    m->width = b->size[0];
    m->height = b->size[1];
    m->layers = b->size[2];
    if (!assay_multiply(m->width, m->height, &texels) ||
        !assay_multiply(texels, m->layers, &texels) ||
        !assay_multiply(texels, b->lanes, &m->elements) || m->elements > ASSAY_ELEMENTS_MAX)
        return fail(b, "size", "is that of an image of more than 2^31 - 1 numbers");
    return ASSAY_OK;
}

static assay_status take_expressions(builder *b)
{
    const assay__view *v = b->view;
    int last = b->shape->rank - 1;
    b->axes = v->index ? 1 : AXES_MAX;
    b->expression[0] = v->index ? v->index : v->texel[0];
    b->expression[1] = v->texel[1];
    b->expression[2] = v->texel[2];
    b->expression[3] = v->lane;
    b->linear = true;
    for (int axis = 0; axis < b->axes; axis++) {
        if (!b->expression[axis])
            continue;
        ASSAY_TRY(assay__memo_create(b->expression[axis], b->letters, &b->memo[axis], b->error));
        b->linear = b->linear && assay__memo_linear(b->memo[axis], last);
    }
    return ASSAY_OK;
}

static assay_status outside(const builder *b, int axis, int64_t value, int64_t index)
{
    char place[100], sentence[300], what[40];
    if (b->axes == 1)
        snprintf(what, sizeof what, "at");
    else
        snprintf(what, sizeof what, axis == 3 ? "into lane" : "at %c", "xyz"[axis % 3]);
    snprintf(sentence, sizeof sentence, "puts %s %s %" PRId64 ", outside of 0 .. %" PRId64,
             place_of(b, index, place), what, value, b->size[axis] - 1);
    return fail(b, key_of(b, axis), sentence);
}

// Where the element at b->at, number `index`, lies.
static assay_status evaluate(builder *b, int64_t index, int64_t *to)
{
    assay_error inner = {0};
    int64_t value[AXES_MAX] = {0};
    for (int axis = 0; axis < b->axes; axis++) {
        if (!b->memo[axis])
            continue;
        assay_status status = assay__memo_value(b->memo[axis], b->changed, assay__element_lookup,
                                                &b->element, &value[axis], &inner);
        if (status != ASSAY_OK)
            return fail_inner(b, key_of(b, axis), &inner);
        if (value[axis] < 0 || value[axis] >= b->size[axis])
            return outside(b, axis, value[axis], index);
    }
    b->changed = 0;
    const assay__map *m = b->map;
    *to = b->axes == 1
              ? value[0]
              : ((value[2] * m->height + value[1]) * m->width + value[0]) * b->lanes + value[3];
    return ASSAY_OK;
}

static void move_to(builder *b, int letter, int64_t value)
{
    b->at[letter] = value;
    b->changed |= 1u << letter;
}

// The elements along the last letter, from number `index` on. Where every value is linear in it,
// what lies between the ends of the row lies between the values there.
static assay_status fill_row(builder *b, int64_t index)
{
    int last = b->shape->rank - 1;
    int64_t count = b->shape->dim[last], from, to = 0;
    uint32_t *at = b->map->at + index;
    move_to(b, last, 0);
    ASSAY_TRY(evaluate(b, index, &from));
    at[0] = (uint32_t)from;
    if (b->linear && count > 1) {
        move_to(b, last, count - 1);
        ASSAY_TRY(evaluate(b, index + count - 1, &to));
        int64_t step = (to - from) / (count - 1);
        for (int64_t k = 1; k < count; k++)
            at[k] = (uint32_t)(from + k * step);
        return ASSAY_OK;
    }
    for (int64_t k = 1; k < count; k++) {
        move_to(b, last, k);
        ASSAY_TRY(evaluate(b, index + k, &to));
        at[k] = (uint32_t)to;
    }
    return ASSAY_OK;
}

static assay_status fill_table(builder *b)
{
    int last = b->shape->rank - 1;
    int64_t row = b->shape->dim[last];
    for (int64_t index = 0; index < b->map->count; index += row) {
        ASSAY_TRY(fill_row(b, index));
        int d = last - 1;
        while (d >= 0 && b->at[d] + 1 == b->shape->dim[d])
            move_to(b, d--, 0);
        if (d >= 0)
            move_to(b, d, b->at[d] + 1);
    }
    return ASSAY_OK;
}

static assay_status find_twin(const builder *b, int64_t index)
{
    const assay__map *m = b->map;
    char one[100], two[100], sentence[300];
    int64_t first = 0;
    while (m->at[first] != m->at[index])
        first++;
    snprintf(sentence, sizeof sentence, "puts %s and %s both at %" PRIu32, place_of(b, first, one),
             place_of(b, index, two), m->at[index]);
    return fail(b, key_of(b, 0), sentence);
}

// Every element has a place of its own, and the places are counted.
static assay_status mark_used(builder *b)
{
    assay__map *m = b->map;
    if (b->axes == 1) {
        m->elements = 1;
        for (int64_t i = 0; i < m->count; i++)
            m->elements = (int64_t)m->at[i] + 1 > m->elements ? (int64_t)m->at[i] + 1 : m->elements;
        m->elements = b->view->elements ? b->size[0] : m->elements;
    }
    if (m->elements > b->most)
        return assay_fail(b->error, ASSAY_LIMIT,
                          "%s: \"%s\" takes %" PRId64 " elements of memory; %" PRId64
                          " can be bound",
                          b->kernel->info.name, b->name, m->elements, b->most);
    m->used = calloc((size_t)m->elements / 64 + 1, sizeof *m->used);
    if (!m->used)
        return assay_fail(b->error, ASSAY_MEMORY, "out of memory for an index");
    for (int64_t i = 0; i < m->count; i++) {
        uint64_t bit = UINT64_C(1) << (m->at[i] % 64);
        if (m->used[m->at[i] / 64] & bit)
            return find_twin(b, i);
        m->used[m->at[i] / 64] |= bit;
    }
    return ASSAY_OK;
}

static assay_status build(builder *b)
{
    b->map->count = assay_shape_elements(b->shape);
    b->map->at = malloc((size_t)b->map->count * sizeof *b->map->at);
    if (!b->map->at)
        return assay_fail(b->error, ASSAY_MEMORY, "out of memory for an index");
    ASSAY_TRY(take_sizes(b));
    ASSAY_TRY(take_expressions(b));
    ASSAY_TRY(fill_table(b));
    return mark_used(b);
}

assay_status assay__map_create(const assay_kernel *kernel, const assay_problem *problem, int tensor,
                               int64_t most, assay__map **map, assay_error *error)
{
    builder b = {
        .kernel = kernel,
        .view = &kernel->view[tensor],
        .shape = tensor == ASSAY__TENSOR_OUT ? &problem->output : &problem->input[tensor],
        .letters = assay__tensor_letters(problem->op, tensor),
        .name = assay__tensor_name(kernel, tensor),
        .lanes = assay__texel_lanes(&kernel->info, tensor),
        .most = most,
        .error = error,
    };
    b.element = (assay__element_scope){&b.scope, b.letters, b.at};
    b.map = *map = calloc(1, sizeof **map);
    if (!b.map)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for an index");
    assay_status status = assay__scope_open(kernel, problem, &b.scope, error);
    if (status == ASSAY_OK)
        status = build(&b);
    for (int axis = 0; axis < AXES_MAX; axis++)
        assay__memo_destroy(b.memo[axis]);
    if (status != ASSAY_OK) {
        assay__map_destroy(*map);
        *map = NULL;
    }
    return status;
}

void assay__map_destroy(assay__map *map)
{
    if (!map)
        return;
    free(map->at);
    free(map->used);
    free(map);
}
