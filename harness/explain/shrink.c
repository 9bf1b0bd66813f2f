// SPDX-License-Identifier: Apache-2.0
// The smallest case that still fails: in each round every step down is tried at once, and the
// smallest failing one is the start of the next.
#include "harness/explain/explain_internal.h"

#include <stdlib.h>
#include <string.h>

#define STEPS_MAX 96

typedef struct steps {
    assay_case *c;
    int count;
} steps;

// What makes a case large: elements first, then attributes that are not at their defaults.
static double weight(const assay_case *c)
{
    const assay_problem *p = &c->problem;
    double total = (double)assay_shape_elements(&p->output);
    for (int i = 0; i < p->op->input_count; i++)
        total += (double)assay_shape_elements(&p->input[i]);
    for (int a = 0; a < p->op->attribute_count; a++)
        total += memcmp(&p->attribute[a], &p->op->attributes[a].standard, sizeof(assay_value)) != 0
                     ? 0.5
                     : 0;
    return total + (c->dataset == ASSAY_DATASET_I1 ? 0 : 0.25);
}

// Keeps a step when it is a case of its own, and smaller than where it comes from.
static void keep(steps *s, const assay_case *from, assay_case *step)
{
    if (s->count == STEPS_MAX || assay_problem_infer(&step->problem, NULL) != ASSAY_OK ||
        assay_case_format(step, NULL) != ASSAY_OK || weight(step) >= weight(from))
        return;
    for (int i = 0; i < s->count; i++)
        if (strcmp(s->c[i].text, step->text) == 0)
            return;
    s->c[s->count++] = *step;
}

static const int64_t *smaller(int64_t size, int64_t sizes[4])
{
    int64_t all[4] = {1, 2, size / 2, size - 1};
    memcpy(sizes, all, sizeof all);
    return sizes;
}

static bool is_cheap(const assay_problem *p)
{
    int64_t most = 0;
    for (int i = 0; i < p->op->input_count; i++)
        if (assay_shape_elements(&p->input[i]) > most &&
            p->op->inputs[i].role != ASSAY_ROLE_WEIGHTS)
            most = assay_shape_elements(&p->input[i]);
    return most <= ASSAY__LINKS_MAX / assay_shape_elements(&p->output) && most <= 1600;
}

// One dimension of one input, of all inputs that have it at this size, or of a matrix product's
// sum. Only halves where `half`.
static void shrink_shapes(steps *s, const assay_case *from, bool half)
{
    const assay_problem *p = &from->problem;
    int64_t sizes[4];
    for (int i = 0; i < p->op->given; i++)
        for (int d = 0; d < p->input[i].rank; d++)
            for (int k = 0; k < 4; k++) {
                int64_t old = p->input[i].dim[d];
                int64_t size = half ? (old + 1) / 2 : smaller(old, sizes)[k];
                if (size < 1 || size >= old || (half && (k > 0 || old < 5)))
                    continue;
                assay_case one = *from, same = *from, across = *from;
                one.problem.input[i].dim[d] = size;
                for (int j = 0; j < p->op->given; j++)
                    for (int e = 0; e < p->input[j].rank; e++) {
                        bool equal = p->input[j].dim[e] == old;
                        if (equal && e == d)
                            same.problem.input[j].dim[e] = size;
                        if (equal && (j == i ? e == d : e >= 2))
                            across.problem.input[j].dim[e] = size;
                    }
                keep(s, from, &one);
                keep(s, from, &same);
                keep(s, from, &across);
            }
}

static void shrink_attributes(steps *s, const assay_case *from)
{
    const assay_problem *p = &from->problem;
    for (int a = 0; a < p->op->attribute_count; a++) {
        const assay_attribute *attribute = &p->op->attributes[a];
        assay_case step = *from;
        step.problem.attribute[a] = attribute->standard;
        keep(s, from, &step);
        if (attribute->type == ASSAY_ATTRIBUTE_FLOAT || attribute->type == ASSAY_ATTRIBUTE_WORD ||
            p->attribute[a].mode != ASSAY_PAD_EXPLICIT)
            continue;
        for (int k = 0; k < 4; k++) {
            int64_t old = p->attribute[a].i[k], sizes[4];
            for (int way = 0; way < 4; way++) {
                step = *from;
                step.problem.attribute[a].i[k] = smaller(old, sizes)[way];
                if (old > 1)
                    keep(s, from, &step);
            }
            step = *from;
            step.problem.attribute[a].i[k] = attribute->standard.i[k];
            keep(s, from, &step);
            // Channels and groups go down together.
            step = *from;
            if (old > 1 && p->op->given > 0 && p->input[0].rank > 1) {
                step.problem.attribute[a].i[k] = (old + 1) / 2;
                step.problem.input[0].dim[1] = (p->input[0].dim[1] + 1) / 2;
                keep(s, from, &step);
            }
        }
    }
}

// Half as many output channels.
static void shrink_outputs(steps *s, const assay_case *from)
{
    static const char *const counts[] = {"out_channels", "out_features"};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        int a = assay_attribute_index(from->problem.op, counts[k]);
        assay_case step = *from;
        if (a < 0 || step.problem.attribute[a].i[0] < 8)
            continue;
        step.problem.attribute[a].i[0] = (step.problem.attribute[a].i[0] + 1) / 2;
        keep(s, from, &step);
    }
}

static void plainer_data(steps *s, const assay_case *from)
{
    assay_case step = *from;
    step.dataset = ASSAY_DATASET_I1;
    if (from->dataset != ASSAY_DATASET_FILE)
        keep(s, from, &step);
}

static int smallest(const steps *s, const bool *fails)
{
    int best = -1;
    for (int i = 0; i < s->count; i++)
        if (fails[i] && (best < 0 || weight(&s->c[i]) < weight(&s->c[best])))
            best = i;
    return best;
}

assay_status assay__shrink(const assay__oracle *oracle, assay_case *c, int rounds,
                           assay_error *error)
{
    bool fails[STEPS_MAX];
    steps s = {.c = calloc(STEPS_MAX, sizeof *s.c)};
    if (!s.c)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for smaller cases");
    assay_status status = ASSAY_OK;
    for (int round = 0; round < rounds && status == ASSAY_OK; round++) {
        s.count = 0;
        plainer_data(&s, c);
        shrink_shapes(&s, c, false);
        shrink_attributes(&s, c);
        if (s.count == 0)
            break;
        memset(fails, 0, sizeof fails);
        status = oracle->ask(oracle->context, s.c, s.count, fails, error);
        int best = status == ASSAY_OK ? smallest(&s, fails) : -1;
        if (best < 0)
            break;
        *c = s.c[best];
    }
    free(s.c);
    return status;
}

assay_status assay__shrink_a_little(const assay__oracle *oracle, assay_case *c, assay_error *error)
{
    bool fails[STEPS_MAX];
    steps s = {.c = calloc(STEPS_MAX, sizeof *s.c)};
    if (!s.c)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for smaller cases");
    assay_status status = ASSAY_OK;
    while (status == ASSAY_OK && !is_cheap(&c->problem)) {
        s.count = 0;
        shrink_shapes(&s, c, true);
        shrink_outputs(&s, c);
        memset(fails, 0, sizeof fails);
        status = oracle->ask(oracle->context, s.c, s.count, fails, error);
        int best = status == ASSAY_OK ? smallest(&s, fails) : -1;
        if (best < 0)
            break;
        *c = s.c[best];
    }
    free(s.c);
    return status;
}
