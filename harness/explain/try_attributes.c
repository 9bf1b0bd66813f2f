// SPDX-License-Identifier: Apache-2.0
// "The kernel computes this with another attribute."
#include "harness/explain/hypothesis.h"

#include "reference/format.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

// What a wrong attribute is called, where it is not its type that says so.
static const struct {
    const char *name;
    assay_cause cause;
} named[] = {
    {"epsilon",                        ASSAY_CAUSE_epsilon     },
    {"count_include_pad",              ASSAY_CAUSE_divisor     },
    {"act",                            ASSAY_CAUSE_activation  },
    {"approximate",                    ASSAY_CAUSE_formula     },
    {"axis",                           ASSAY_CAUSE_axis        },
    {"axes",                           ASSAY_CAUSE_axis        },
    {"perm",                           ASSAY_CAUSE_copy_order  },
    {"coordinate_transformation_mode", ASSAY_CAUSE_coordinates },
    {"nearest_mode",                   ASSAY_CAUSE_coordinates },
    {"num_groups",                     ASSAY_CAUSE_group_offset},
    {"group",                          ASSAY_CAUSE_group_offset},
    {"value",                          ASSAY_CAUSE_pad_value   },
    {"size",                           ASSAY_CAUSE_tap_missing },
    {"trans_a",                        ASSAY_CAUSE_axis        },
    {"trans_b",                        ASSAY_CAUSE_axis        },
};

static assay_cause cause_of(const assay_problem *problem, const assay_attribute *attribute)
{
    const char *name = attribute->variable ? attribute->variable : attribute->name;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strcmp(named[i].name, attribute->name) == 0 || strcmp(named[i].name, name) == 0)
            return named[i].cause;
    if (strcmp(attribute->name, "mode") == 0)
        return strcmp(problem->op->name, "resize") == 0 ? ASSAY_CAUSE_coordinates
               : strcmp(problem->op->name, "pad") == 0  ? ASSAY_CAUSE_pad_value
                                                        : ASSAY_CAUSE_copy_order;
    if (assay_operator_kind(problem->op) == ASSAY_KIND_MOVE)
        return ASSAY_CAUSE_copy_order;
    return ASSAY_CAUSE_attribute;
}

static void try_one(assay__court *court, assay_problem *problem, int a, const char *value)
{
    const assay_attribute *attribute = &problem->op->attributes[a];
    char text[160];
    if (assay_problem_infer(problem, NULL) != ASSAY_OK)
        return;
    for (int i = 0; i < problem->op->input_count; i++)
        if (!assay_shape_equal(&problem->input[i], &court->s->c.problem.input[i]))
            return;
    snprintf(text, sizeof text, "the result of \"%s\" %s", attribute->name, value);
    assay__court_try_problem(court, cause_of(problem, attribute), 0.95, problem, text);
    const assay_problem *own = &court->s->c.problem;
    if (attribute->type == ASSAY_ATTRIBUTE_FLOAT && problem->attribute[a].f == -own->attribute[a].f)
        assay__court_try_problem(court, ASSAY_CAUSE_sign, 0.96, problem, text);
}

static void try_float(assay__court *court, int a)
{
    const assay_problem *own = &court->s->c.problem;
    const assay_attribute *attribute = &own->op->attributes[a];
    float v = own->attribute[a].f;
    float values[64] = {attribute->standard.f,
                        0,
                        1,
                        -1,
                        -v,
                        2 * v,
                        v / 2,
                        v * v,
                        v + 1,
                        v - 1,
                        6,
                        3,
                        0.01F,
                        0.1F,
                        0.2F,
                        0.25F,
                        0.5F,
                        0.75F,
                        2,
                        1e-5F,
                        1e-3F,
                        1e-6F,
                        1e-12F,
                        FLT_MAX,
                        -FLT_MAX,
                        0.3F,
                        4,
                        5,
                        1.0F / 6,
                        1.0F / 3};
    int count = 30;
    if (v != 0)
        values[count++] = 1 / v;
    for (int b = 0; b < own->op->attribute_count; b++)
        if (b != a && own->op->attributes[b].type == ASSAY_ATTRIBUTE_FLOAT)
            values[count++] = own->attribute[b].f;
    for (int k = 0; k < count; k++) {
        assay_problem problem = *own;
        char text[64];
        if (values[k] == v || !isfinite(values[k]))
            continue;
        problem.attribute[a].f = values[k];
        snprintf(text, sizeof text, "= %.6g, not %.6g", (double)values[k], (double)v);
        try_one(court, &problem, a, text);
    }
    assay_problem rounded = *own;
    rounded.attribute[a].f = assay_round_f16((double)v, ASSAY_TO_NEAREST);
    if (rounded.attribute[a].f != v && assay_problem_infer(&rounded, NULL) == ASSAY_OK)
        assay__court_try_problem(court, ASSAY_CAUSE_inputs_rounded, 0.96, &rounded,
                                 "a numeric attribute rounded to f16");
    for (int b = a + 1; b < own->op->attribute_count; b++)
        if (own->op->attributes[b].type == ASSAY_ATTRIBUTE_FLOAT) {
            assay_problem problem = *own;
            problem.attribute[a].f = own->attribute[b].f;
            problem.attribute[b].f = v;
            try_one(court, &problem, a, "and another attribute exchanged");
        }
}

static void try_words(assay__court *court, int a)
{
    const assay_problem *own = &court->s->c.problem;
    const assay_attribute *attribute = &own->op->attributes[a];
    for (int64_t k = 0; attribute->words[k]; k++) {
        assay_problem problem = *own;
        char text[64];
        if (k == own->attribute[a].i[0])
            continue;
        problem.attribute[a].i[0] = k;
        snprintf(text, sizeof text, "= %s, not %s", attribute->words[k],
                 attribute->words[own->attribute[a].i[0]]);
        try_one(court, &problem, a, text);
    }
}

static void try_integers(assay__court *court, int a, int64_t least, int64_t most)
{
    const assay_problem *own = &court->s->c.problem;
    for (int64_t k = least; k <= most; k++) {
        assay_problem problem = *own;
        char text[64];
        if (k == own->attribute[a].i[0])
            continue;
        problem.attribute[a].i[0] = k;
        snprintf(text, sizeof text, "= %" PRId64 ", not %" PRId64, k, own->attribute[a].i[0]);
        try_one(court, &problem, a, text);
    }
}

static void try_dims_once(assay__court *court, int a, const int64_t *values)
{
    const assay_problem *own = &court->s->c.problem;
    const int64_t *v = own->attribute[a].i;
    assay_problem problem = *own;
    char text[160];
    if (memcmp(values, v, 4 * sizeof *v) == 0)
        return;
    memcpy(problem.attribute[a].i, values, 4 * sizeof *values);
    snprintf(text, sizeof text,
             "= %" PRId64 "x%" PRId64 "x%" PRId64 "x%" PRId64 ", not %" PRId64 "x%" PRId64
             "x%" PRId64 "x%" PRId64,
             values[0], values[1], values[2], values[3], v[0], v[1], v[2], v[3]);
    try_one(court, &problem, a, text);
}

// Every order of the four, every set of flags, and one more or less of each.
static void try_dims(assay__court *court, int a)
{
    const int64_t *v = court->s->c.problem.attribute[a].i;
    int64_t values[4];
    for (int order = 0; order < 256; order++) {
        int p[4] = {order & 3, order >> 2 & 3, order >> 4 & 3, order >> 6 & 3};
        if (1 << p[0] | 1 << p[1] | 1 << p[2] | 1 << p[3]
                ? (1 << p[0] | 1 << p[1] | 1 << p[2] | 1 << p[3]) != 15
                : true)
            continue;
        for (int d = 0; d < 4; d++)
            values[d] = v[p[d]];
        try_dims_once(court, a, values);
    }
    for (int flags = 0; flags < 16; flags++) {
        for (int d = 0; d < 4; d++)
            values[d] = flags >> d & 1;
        try_dims_once(court, a, values);
    }
    for (int d = 0; d < 8; d++) {
        memcpy(values, v, sizeof values);
        values[d / 2] += d % 2 ? 1 : -1;
        try_dims_once(court, a, values);
    }
}

void assay__try_attributes(assay__court *court)
{
    const assay_problem *own = &court->s->c.problem;
    for (int a = 0; a < own->op->attribute_count; a++) {
        const assay_attribute *attribute = &own->op->attributes[a];
        switch (attribute->type) {
        case ASSAY_ATTRIBUTE_FLOAT:
            try_float(court, a);
            break;
        case ASSAY_ATTRIBUTE_WORD:
            try_words(court, a);
            break;
        case ASSAY_ATTRIBUTE_FLAG:
            try_integers(court, a, 0, 1);
            break;
        case ASSAY_ATTRIBUTE_INT:
            if (strcmp(attribute->name, "out_channels") != 0)
                try_integers(court, a, 0, 16);
            break;
        case ASSAY_ATTRIBUTE_DIMS:
            try_dims(court, a);
            break;
        default:
            break;
        }
    }
}
