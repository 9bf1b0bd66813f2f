// SPDX-License-Identifier: Apache-2.0
#include "harness/explain/blocks.h"

#include <stdlib.h>
#include <string.h>

#define GROUPS_MAX (1 << 20)
#define BOXES      0.9 // share of the blocks that have to be boxes

static int add(assay__numbering *n, int dim, int64_t size, assay__axis axis)
{
    if (size < 2)
        return 0;
    axis.size = size;
    n->dim[n->count] = dim;
    n->axis[n->count++] = axis;
    return 1;
}

static const char *variable_of(char letter)
{
    static const char letters[] = "n\0c\0h\0w\0o\0i\0";
    for (const char *at = letters; *at; at += 2)
        if (*at == letter)
            return at;
    return "it";
}

static void add_dimensions(assay__numbering *n, const assay_problem *problem)
{
    for (int d = 0; d < n->shape->rank; d++) {
        char letter = problem->op->output[d];
        add(n, d, n->shape->dim[d],
            (assay__axis){assay__noun(letter), "", variable_of(letter), 0, letter == 'c', false});
    }
}

static int64_t groups_of(const assay_writers *w)
{
    return (int64_t)w->groups[0] * w->groups[1] * w->groups[2];
}

static assay__block *block_of(const assay__numbering *n, int64_t i)
{
    const int32_t *g = n->writers->group[i];
    const uint32_t *groups = n->writers->groups;
    if (g[0] < 0)
        return NULL;
    return &n->block[((int64_t)g[2] * groups[1] + g[1]) * groups[0] + g[0]];
}

static void measure(const assay__numbering *n)
{
    int64_t at[ASSAY_RANK_MAX], count = assay_shape_elements(n->shape);
    for (int64_t i = 0; i < count; i++) {
        assay__block *b = block_of(n, i);
        if (!b)
            continue;
        assay__coordinates(n->shape, i, at);
        for (int d = 0; d < n->shape->rank; d++) {
            b->first[d] = b->count && b->first[d] < at[d] ? b->first[d] : at[d];
            b->last[d] = b->count && b->last[d] > at[d] ? b->last[d] : at[d];
        }
        b->count++;
    }
}

static int64_t extent(const assay__block *b, int d)
{
    return b->count ? b->last[d] - b->first[d] + 1 : 0;
}

// Whether most blocks are boxes; the largest extents, and the largest count.
static bool are_boxes(const assay__numbering *n, int64_t most[ASSAY_RANK_MAX + 1])
{
    int64_t blocks = 0, boxes = 0;
    for (int64_t g = 0; g < groups_of(n->writers); g++) {
        const assay__block *b = &n->block[g];
        int64_t all = 1;
        for (int d = 0; d < n->shape->rank; d++) {
            all *= extent(b, d);
            most[d] = extent(b, d) > most[d] ? extent(b, d) : most[d];
        }
        blocks += b->count > 0;
        boxes += b->count > 0 && b->count == all;
        most[ASSAY_RANK_MAX] = b->count > most[ASSAY_RANK_MAX] ? b->count : most[ASSAY_RANK_MAX];
    }
    return blocks > 0 && (double)boxes >= BOXES * (double)blocks;
}

static void add_groups(assay__numbering *n, const assay_problem *problem)
{
    static const char *const letters[] = {"x", "y", "z"};
    static const char *const along[] = {" along x", " along y", " along z"};
    const assay_writers *w = n->writers;
    int64_t most[ASSAY_RANK_MAX + 1] = {0};
    bool lanes;
    measure(n);
    for (int axis = 0; axis < 3; axis++)
        add(n, axis, w->groups[axis],
            (assay__axis){"work group", along[axis], letters[axis], 0, false, false});
    n->places = n->count;
    n->boxes = are_boxes(n, most);
    for (int d = 0; d < n->shape->rank && n->boxes; d++)
        add(n, d, most[d],
            (assay__axis){assay__noun(problem->op->output[d]), " of each work group's block",
                          "offset", 0, false, true});
    // an invocation that writes one element is a lane, as far as their orders are the same
    lanes = most[ASSAY_RANK_MAX] == (int64_t)w->local[0] * w->local[1] * w->local[2];
    if (!n->boxes)
        add(n, 0, most[ASSAY_RANK_MAX],
            (assay__axis){lanes ? "lane" : "element", " of each work group",
                          lanes ? "lane" : "number", 0, false, true});
}

assay_status assay__numbering_create(const assay_problem *problem, const assay_writers *writers,
                                     assay__numbering *n, assay_error *error)
{
    *n = (assay__numbering){.shape = &problem->output};
    add_dimensions(n, problem);
    n->groups = n->places = n->count;
    if (!writers || !writers->observed || groups_of(writers) < 2 || groups_of(writers) > GROUPS_MAX)
        return ASSAY_OK;
    n->writers = writers;
    n->block = calloc((size_t)groups_of(writers), sizeof *n->block);
    if (!n->block)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for work groups");
    add_groups(n, problem);
    return ASSAY_OK;
}

void assay__numbering_destroy(assay__numbering *n)
{
    free(n->block);
    n->block = NULL;
}

void assay__numbering_of(assay__numbering *n, int64_t i, int64_t *number, int64_t *behind)
{
    int64_t at[ASSAY_RANK_MAX];
    assay__block *b = n->writers ? block_of(n, i) : NULL;
    assay__coordinates(n->shape, i, at);
    for (int k = 0; k < n->count; k++) {
        int dim = n->dim[k];
        number[k] = behind[k] = -1;
        if (k < n->groups) {
            number[k] = at[dim];
            behind[k] = n->shape->dim[dim] - 1 - at[dim];
        } else if (b && k < n->places) {
            number[k] = n->writers->group[i][dim];
            behind[k] = n->writers->groups[dim] - 1 - number[k];
        } else if (b && n->boxes) {
            number[k] = at[dim] - b->first[dim];
            behind[k] = b->last[dim] - at[dim];
        } else if (b) {
            number[k] = b->seen;
            behind[k] = b->count - 1 - b->seen;
        }
    }
    if (b)
        b->seen++;
}
