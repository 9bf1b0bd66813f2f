// SPDX-License-Identifier: Apache-2.0
// Where the wrong elements lie: every stratum of the output (a border, a phase of a tile, channels
// of a remainder, items, what some work groups write, or some of their lanes) against the rest of
// it, by Fisher's exact test with Bonferroni's correction.
#include "harness/explain/blocks.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum kind { FIRST, LAST, PHASE, BEHIND, LAST_FOUR } kind;

typedef struct stratum {
    int axis;
    kind kind;
    int64_t modulus, rest; // FIRST, LAST: rest is the distance from the border
    int64_t wrong, elements;
    double p;  // logarithm
    int place; // in the list
} stratum;

enum {
    BORDERS = 3,     // distances from the border
    GROUPS_SAID = 3, // patterns of work groups, and none that a dimension says better: groups are
                     // made of rows and columns
};

// Elements by their number on an axis, and by how many come behind.
typedef struct histogram {
    int64_t *elements, *wrong; // of each number
    int64_t last_elements[BORDERS], last_wrong[BORDERS];
} histogram;

typedef struct field {
    assay__numbering numbering;
    histogram of[ASSAY__AXES_MAX];
    stratum *all;
    int count, capacity;
} field;

const char *assay__noun(char letter)
{
    return letter == 'n'   ? "item"
           : letter == 'c' ? "channel"
           : letter == 'o' ? "channel"
           : letter == 'h' ? "row"
                           : "column";
}

static void list(field *f, stratum s)
{
    s.place = f->count;
    if (f->count < f->capacity)
        f->all[f->count++] = s;
}

static void list_axis(field *f, int axis)
{
    static const int64_t moduli[] = {2, 4, 8, 16, 32}, lanes[] = {7, 15, 31, 63};
    const assay__axis *a = &f->numbering.axis[axis];
    for (int64_t k = 0; k < BORDERS && k < a->size - 1; k++) {
        list(f, (stratum){.axis = axis, .kind = FIRST, .rest = k});
        list(f, (stratum){.axis = axis, .kind = LAST, .rest = k});
        list(f, (stratum){.axis = axis, .kind = BEHIND, .rest = k});
    }
    for (int k = 0; k < 4 && a->places && lanes[k] < a->size - 1; k++)
        list(f, (stratum){.axis = axis, .kind = BEHIND, .rest = lanes[k]});
    if (a->channels && a->size % 4 != 0 && a->size > 4)
        list(f, (stratum){.axis = axis, .kind = LAST_FOUR});
    for (size_t m = 0; m < sizeof moduli / sizeof *moduli && moduli[m] < a->size; m++)
        for (int64_t r = 0; r < moduli[m]; r++)
            list(f, (stratum){.axis = axis, .kind = PHASE, .modulus = moduli[m], .rest = r});
}

static bool inside(const stratum *s, int64_t x, int64_t size)
{
    switch (s->kind) {
    case FIRST:
        return x <= s->rest;
    case BEHIND:
        return x > s->rest;
    case LAST_FOUR:
        return x >= size / 4 * 4;
    case PHASE:
        return x % s->modulus == s->rest;
    case LAST:
        break; // counted from behind
    }
    return false;
}

static void count(const field *f, stratum *s)
{
    const histogram *h = &f->of[s->axis];
    int64_t size = f->numbering.axis[s->axis].size;
    for (int64_t x = 0; x < size; x++)
        if (inside(s, x, size)) {
            s->elements += h->elements[x];
            s->wrong += h->wrong[x];
        }
    for (int64_t k = 0; s->kind == LAST && k <= s->rest; k++) {
        s->elements += h->last_elements[k];
        s->wrong += h->last_wrong[k];
    }
}

static void name(const stratum *s, const assay__axis *a, char *text, size_t size)
{
    static const char *const first[] = {"first", "second", "third"};
    char ordinal[32];
    snprintf(ordinal, sizeof ordinal, "%" PRId64 "%s", s->rest + 1, s->rest == 31 ? "nd" : "th");
    if (s->kind == PHASE)
        snprintf(text, size, "%ss%s with %s mod %" PRId64 " = %" PRId64, a->noun, a->tail,
                 a->variable, s->modulus, s->rest);
    else if (s->kind == LAST_FOUR)
        snprintf(text, size, "the %ss of the last slice", a->noun);
    else if (s->kind == BEHIND)
        snprintf(text, size, "%ss after the %s%s", a->noun, s->rest < 3 ? first[s->rest] : ordinal,
                 a->tail);
    else if (s->rest)
        snprintf(text, size, "the %s %" PRId64 " %ss%s", s->kind == FIRST ? "first" : "last",
                 s->rest + 1, a->noun, a->tail);
    else
        snprintf(text, size, "the %s %s%s", s->kind == FIRST ? "first" : "last", a->noun, a->tail);
}

// Of equals the one that was listed first: dimensions come before work groups.
static int by_strength(const void *a, const void *b)
{
    const stratum *s = a, *t = b;
    return s->p < t->p ? -1 : s->p > t->p ? 1 : s->place - t->place;
}

static bool said_before(const assay_explanation *out, const stratum *s)
{
    for (int i = 0; i < out->stratum_count; i++)
        if (out->stratum[i].wrong == s->wrong && out->stratum[i].elements == s->elements)
            return true;
    return false;
}

static void fill(field *f, const uint8_t *wrong, int64_t elements)
{
    int64_t number[ASSAY__AXES_MAX], behind[ASSAY__AXES_MAX];
    for (int64_t i = 0; i < elements; i++) {
        assay__numbering_of(&f->numbering, i, number, behind);
        for (int a = 0; a < f->numbering.count; a++) {
            histogram *h = &f->of[a];
            if (number[a] < 0)
                continue;
            h->elements[number[a]]++;
            h->wrong[number[a]] += wrong[i] != 0;
            if (behind[a] >= BORDERS)
                continue;
            h->last_elements[behind[a]]++;
            h->last_wrong[behind[a]] += wrong[i] != 0;
        }
    }
}

static assay_status open_field(field *f, const assay_problem *problem, const assay_writers *writers,
                               assay_error *error)
{
    enum { EACH = 80 }; // strata of an axis at most
    memset(f, 0, sizeof *f);
    ASSAY_TRY(assay__numbering_create(problem, writers, &f->numbering, error));
    bool ok = true;
    f->capacity = EACH * f->numbering.count;
    f->all = calloc((size_t)f->capacity + 1, sizeof *f->all);
    for (int a = 0; a < f->numbering.count; a++) {
        size_t size = (size_t)f->numbering.axis[a].size;
        f->of[a].elements = calloc(size, sizeof(int64_t));
        f->of[a].wrong = calloc(size, sizeof(int64_t));
        ok = ok && f->of[a].elements && f->of[a].wrong;
        if (f->all)
            list_axis(f, a);
    }
    return ok && f->all ? ASSAY_OK : assay_fail(error, ASSAY_MEMORY, "out of memory for patterns");
}

static void close_field(field *f)
{
    for (int a = 0; a < f->numbering.count; a++) {
        free(f->of[a].elements);
        free(f->of[a].wrong);
    }
    free(f->all);
    assay__numbering_destroy(&f->numbering);
}

static void say_strongest(field *f, assay_explanation *out, int64_t total, int64_t elements)
{
    for (int k = 0; k < f->count; k++) {
        count(f, &f->all[k]);
        f->all[k].p =
            assay__fisher(f->all[k].wrong, f->all[k].elements, total, elements) + log(f->count);
    }
    qsort(f->all, (size_t)f->count, sizeof *f->all, by_strength);
    int groups = 0; // said of work groups
    for (int k = 0; k < f->count && out->stratum_count < ASSAY_STRATA_MAX; k++) {
        const stratum *s = &f->all[k];
        bool of_groups = s->axis >= f->numbering.groups;
        groups += of_groups ? 1 : GROUPS_SAID;
        if (s->p > log(0.01) || said_before(out, s) || (of_groups && groups > GROUPS_SAID))
            continue;
        assay_stratum *said = &out->stratum[out->stratum_count++];
        *said = (assay_stratum){.wrong = s->wrong, .elements = s->elements, .p = exp(s->p)};
        name(s, &f->numbering.axis[s->axis], said->text, sizeof said->text);
    }
}

assay_status assay__stratify(assay_explanation *out, const assay_problem *problem,
                             const uint8_t *wrong, const assay_writers *writers, assay_error *error)
{
    field f;
    int64_t elements = assay_shape_elements(&problem->output), total = 0;
    assay_status status = open_field(&f, problem, writers, error);
    for (int64_t i = 0; i < elements; i++)
        total += wrong[i] != 0;
    if (status == ASSAY_OK) {
        fill(&f, wrong, elements);
        say_strongest(&f, out, total, elements);
    }
    close_field(&f);
    return status;
}
