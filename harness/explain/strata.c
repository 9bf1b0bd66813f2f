// SPDX-License-Identifier: Apache-2.0
// Where the wrong elements lie: every stratum of the output (a border, a phase of a tile, channels
// of a remainder, items) against the rest of it, by Fisher's exact test with Bonferroni's
// correction.
#include "harness/explain/explain_internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum kind { FIRST, LAST, PHASE, BEHIND, LAST_FOUR } kind;

typedef struct stratum {
    int dim;
    kind kind;
    int64_t modulus, rest; // FIRST, LAST: rest is the distance from the border
    int64_t wrong, elements;
    double p; // logarithm
} stratum;

#define CANDIDATES 512

const char *assay__noun(char letter)
{
    return letter == 'n'   ? "item"
           : letter == 'c' ? "channel"
           : letter == 'o' ? "channel"
           : letter == 'h' ? "row"
                           : "column";
}

static int list(const assay_shape *shape, const char *letters, stratum *all)
{
    static const int64_t moduli[] = {2, 4, 8, 16, 32};
    int count = 0;
    for (int d = 0; d < shape->rank; d++) {
        int64_t size = shape->dim[d];
        if (size < 2)
            continue;
        for (int64_t k = 0; k < 3 && k < size - 1; k++) {
            all[count++] = (stratum){.dim = d, .kind = FIRST, .rest = k};
            all[count++] = (stratum){.dim = d, .kind = LAST, .rest = k};
            all[count++] = (stratum){.dim = d, .kind = BEHIND, .rest = k};
        }
        if (letters[d] == 'c' && size % 4 != 0 && size > 4)
            all[count++] = (stratum){.dim = d, .kind = LAST_FOUR};
        for (size_t m = 0; m < sizeof moduli / sizeof *moduli && moduli[m] < size; m++)
            for (int64_t r = 0; r < moduli[m]; r++)
                all[count++] = (stratum){.dim = d, .kind = PHASE, .modulus = moduli[m], .rest = r};
    }
    return count;
}

static bool inside(const stratum *s, const assay_shape *shape, const int64_t *at)
{
    int64_t x = at[s->dim], size = shape->dim[s->dim];
    switch (s->kind) {
    case FIRST:
        return x <= s->rest;
    case LAST:
        return x >= size - 1 - s->rest;
    case BEHIND:
        return x > s->rest;
    case LAST_FOUR:
        return x >= size / 4 * 4;
    case PHASE:
        return x % s->modulus == s->rest;
    }
    return false;
}

static void name(const stratum *s, char letter, char *text, size_t size)
{
    const char *what = assay__noun(letter);
    int64_t n = s->rest + 1;
    if (s->kind == PHASE)
        snprintf(text, size, "%ss with %c mod %" PRId64 " = %" PRId64, what, letter, s->modulus,
                 s->rest);
    else if (s->kind == LAST_FOUR)
        snprintf(text, size, "the %ss of the last slice", what);
    else if (s->kind == BEHIND)
        snprintf(text, size, "%ss after the %s", what,
                 s->rest == 0   ? "first"
                 : s->rest == 1 ? "second"
                                : "third");
    else if (s->rest)
        snprintf(text, size, "the %s %" PRId64 " %ss", s->kind == FIRST ? "first" : "last", n,
                 what);
    else
        snprintf(text, size, "the %s %s", s->kind == FIRST ? "first" : "last", what);
}

static int by_strength(const void *a, const void *b)
{
    const stratum *s = a, *t = b;
    return s->p < t->p ? -1 : s->p > t->p ? 1 : 0;
}

static bool said_before(const assay_explanation *out, const stratum *s)
{
    for (int i = 0; i < out->stratum_count; i++)
        if (out->stratum[i].wrong == s->wrong && out->stratum[i].elements == s->elements)
            return true;
    return false;
}

assay_status assay__stratify(assay_explanation *out, const assay_problem *problem,
                             const uint8_t *wrong, assay_error *error)
{
    const assay_shape *shape = &problem->output;
    int64_t count = assay_shape_elements(shape), total = 0, at[ASSAY_RANK_MAX];
    stratum *all = calloc(CANDIDATES, sizeof *all);
    if (!all)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for patterns");
    int strata = list(shape, problem->op->output, all);
    for (int64_t i = 0; i < count; i++) {
        assay__coordinates(shape, i, at);
        total += wrong[i] != 0;
        for (int k = 0; k < strata; k++)
            if (inside(&all[k], shape, at)) {
                all[k].elements++;
                all[k].wrong += wrong[i] != 0;
            }
    }
    for (int k = 0; k < strata; k++)
        all[k].p = assay__fisher(all[k].wrong, all[k].elements, total, count) + log(strata);
    qsort(all, (size_t)strata, sizeof *all, by_strength);
    for (int k = 0; k < strata && out->stratum_count < ASSAY_STRATA_MAX; k++) {
        if (all[k].p > log(0.01) || said_before(out, &all[k]))
            continue;
        assay_stratum *s = &out->stratum[out->stratum_count++];
        *s =
            (assay_stratum){.wrong = all[k].wrong, .elements = all[k].elements, .p = exp(all[k].p)};
        name(&all[k], problem->op->output[all[k].dim], s->text, sizeof s->text);
    }
    free(all);
    return ASSAY_OK;
}
