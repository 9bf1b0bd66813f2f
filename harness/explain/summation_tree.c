// SPDX-License-Identifier: Apache-2.0
#include "harness/explain/summation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RUNS_MAX 700 // sums that are asked for
#define PAIRS    8   // that another element is asked for

// What a term is made of: powers of two, and how many units a sum may have that all are lost beside
// the product of the large ones: 4 n units 2^24 <= M in an f32 accumulator, both ways from M.
struct assay__numbers {
    double most_data, most_factor, unit_data, unit_factor;
    int terms;
    bool wide; // beyond f16
};
typedef struct assay__numbers numbers;

static const numbers of_products[] = {
    {0x1p15, 0x1p15, 0x1p-7, 0x1p-7, ASSAY__TERMS_MAX, false},
    {0x1p8,  0x1p7,  0x1p-7, 0x1p-7, ASSAY__TERMS_MAX, false}, // an f16 accumulator holds these
    {0x1p8,  0x1p7,  0x1p-7, 0x1p-7, 16,               false}, // f32 loses so many of them as well
};
static const numbers of_means[] = {
    {0x1p60, 1, 1,       1, ASSAY__TERMS_MAX, true },
    {0x1p15, 1, 0x1p-14, 1, 16,               false},
    {0x1p15, 1, 0x1p-14, 1, 8,                false},
};
#define NUMBERS 3

typedef struct probe {
    assay__workbench *bench;
    const assay__terms *terms;
    const numbers *numbers;
    assay__tree *tree;
    assay_error *error;
    assay__tree_status found;
    int runs;
    bool unsteady;
} probe;

typedef struct pair {
    int i, j;
} pair;

// Sums over the terms of `set` with M at i and -M at j of each pair (i < 0: ones alone); units[k]
// is how many ones are left, NaN where it is no number of them.
static assay_status measure(probe *p, const int *set, int n, const pair *pairs, int count,
                            double *units)
{
    int terms = p->terms->count;
    double *data = calloc((size_t)count * (size_t)terms * 2, sizeof *data);
    if (!data)
        return assay_fail(p->error, ASSAY_MEMORY, "out of memory for sums");
    double *factor = data + (size_t)count * (size_t)terms;
    const numbers *m = p->numbers;
    for (int k = 0; k < count; k++) {
        double *x = data + (size_t)k * (size_t)terms, *w = factor + (size_t)k * (size_t)terms;
        for (int s = 0; s < n; s++) {
            bool large = set[s] == pairs[k].i || set[s] == pairs[k].j;
            x[set[s]] = large ? m->most_data : m->unit_data;
            w[set[s]] = large ? m->most_factor : m->unit_factor;
        }
        if (pairs[k].j >= 0)
            x[pairs[k].j] = -x[pairs[k].j];
    }
    bool steady = true;
    assay_status status =
        assay__terms_run(p->bench, p->terms, data, factor, count, units, &steady, p->error);
    p->unsteady = p->unsteady || !steady;
    for (int k = 0; k < count && status == ASSAY_OK; k++) {
        double ones = units[k] / (m->unit_data * m->unit_factor);
        units[k] = fabs(ones - round(ones)) < 0.25 ? round(ones) : (double)NAN;
    }
    p->runs += count;
    free(data);
    return status;
}

static int join(assay__tree *tree, int a, int b)
{
    int node = tree->nodes++;
    tree->left[node] = a;
    tree->right[node] = b;
    tree->size[node] = tree->size[a] + tree->size[b];
    return node;
}

// How many terms stand below the addition where the pivot meets each of the set.
static assay_status meet(probe *p, const int *set, int n, int pivot, int *below)
{
    pair pairs[ASSAY__TERMS_MAX] = {0};
    double units[ASSAY__TERMS_MAX];
    int count = 0;
    for (int s = 0; s < n; s++)
        if (set[s] != pivot)
            pairs[count++] = (pair){pivot, set[s]};
    if (p->runs + count > RUNS_MAX) {
        p->found = ASSAY__TREE_LONG;
        return ASSAY_OK;
    }
    ASSAY_TRY(measure(p, set, n, pairs, count, units));
    for (int s = 0, k = 0; s < n; s++) {
        below[s] = 1;
        if (set[s] == pivot)
            continue;
        if (!(units[k] >= 0 && units[k] <= n - 2))
            p->found = p->unsteady ? ASSAY__TREE_UNSTEADY : ASSAY__TREE_NONE;
        below[s] = isnan(units[k]) ? 0 : n - (int)units[k];
        k++;
    }
    return ASSAY_OK;
}

// The tree of a set of terms: what the pivot meets step by step, each a tree of its own. Pivots are
// the first and the last one in turn, as a chain shows at once from the end where it begins.
static assay_status build(probe *p, const int *set, int n, bool last, int *node)
{
    int below[ASSAY__TERMS_MAX], group[ASSAY__TERMS_MAX], pivot = set[last ? n - 1 : 0];
    *node = pivot;
    if (n == 1)
        return ASSAY_OK;
    ASSAY_TRY(meet(p, set, n, pivot, below));
    for (int have = 1; have < n && p->found == ASSAY__TREE_READ;) {
        int next = n + 1, count = 0, other;
        for (int s = 0; s < n; s++)
            if (below[s] > have && below[s] < next)
                next = below[s];
        for (int s = 0; s < n; s++)
            if (below[s] == next)
                group[count++] = set[s];
        if (count == 0 || have + count != next) {
            p->found = ASSAY__TREE_NONE;
            return ASSAY_OK;
        }
        ASSAY_TRY(build(p, group, count, !last, &other));
        *node = join(p->tree, *node, other);
        have = next;
    }
    return ASSAY_OK;
}

// Sums of ones are what they should be, and M - M beside ones is no infinity.
static assay_status calibrate(probe *p, const int *set, int n, bool *ready)
{
    const pair pairs[2] = {
        {-1, -1},
        {0,  1 }
    };
    double units[2];
    ASSAY_TRY(measure(p, set, n, pairs, 2, units));
    *ready = units[0] == n && isfinite(units[1]);
    return ASSAY_OK;
}

static void list_terms(int *set, int n)
{
    for (int i = 0; i < n; i++)
        set[i] = i;
}

static assay_status find_with(probe *p, int n, assay_error *error)
{
    int set[ASSAY__TERMS_MAX];
    bool ready, holds;
    assay__tree *tree = p->tree;
    list_terms(set, n);
    p->found = ASSAY__TREE_NONE;
    ASSAY_TRY(calibrate(p, set, n, &ready));
    if (!ready)
        return ASSAY_OK;
    *tree = (assay__tree){.leaves = n, .nodes = n, .numbers = p->numbers};
    for (int i = 0; i < n; i++)
        tree->size[i] = 1;
    p->found = ASSAY__TREE_READ;
    ASSAY_TRY(build(p, set, n, false, &tree->root));
    if (p->found != ASSAY__TREE_READ)
        return ASSAY_OK;
    ASSAY_TRY(assay__tree_holds(p->bench, tree, p->terms, &holds, error));
    p->found = holds ? ASSAY__TREE_READ : ASSAY__TREE_NONE;
    return ASSAY_OK;
}

assay_status assay__tree_find(assay__workbench *bench, assay__terms *terms, assay__tree *tree,
                              assay__tree_status *found, assay_error *error)
{
    const numbers *all = terms->factors >= 0 ? of_products : of_means;
    bool wide = assay_kernel_storage(bench->info, 0) == ASSAY_STORAGE_F32;
    int most = terms->count;
    probe p = {.bench = bench, .terms = terms, .tree = tree, .error = error};
    p.found = ASSAY__TREE_NONE;
    for (int k = 0; k < NUMBERS && p.found == ASSAY__TREE_NONE; k++) {
        if (all[k].wide && !wide)
            continue;
        p.numbers = &all[k];
        terms->count = most < all[k].terms ? most : all[k].terms;
        ASSAY_TRY(find_with(&p, terms->count, error));
    }
    *found = p.found;
    return ASSAY_OK;
}

// Marks the terms below a node.
static void mark(const assay__tree *tree, int node, bool *below)
{
    if (node < tree->leaves) {
        below[node] = true;
        return;
    }
    mark(tree, tree->left[node], below);
    mark(tree, tree->right[node], below);
}

// Terms below the addition where i and j meet.
static int met(const assay__tree *tree, int i, int j)
{
    int best = tree->leaves;
    for (int node = tree->leaves; node < tree->nodes; node++) {
        bool below[ASSAY__TERMS_MAX] = {false};
        mark(tree, node, below);
        if (below[i] && below[j] && tree->size[node] < best)
            best = tree->size[node];
    }
    return best;
}

assay_status assay__tree_holds(assay__workbench *bench, const assay__tree *tree,
                               const assay__terms *other, bool *holds, assay_error *error)
{
    probe p = {.bench = bench, .terms = other, .numbers = tree->numbers, .error = error};
    int set[ASSAY__TERMS_MAX], n = tree->leaves;
    pair pairs[PAIRS];
    double units[PAIRS];
    *holds = true;
    if (other->count < n)
        return ASSAY_OK;
    list_terms(set, n);
    for (int k = 0; k < PAIRS; k++) {
        int i = 7 * k % n;
        pairs[k] = (pair){i, (i + 1 + k % (n - 1)) % n};
    }
    ASSAY_TRY(measure(&p, set, n, pairs, PAIRS, units));
    for (int k = 0; k < PAIRS; k++)
        *holds = *holds && units[k] == n - met(tree, pairs[k].i, pairs[k].j);
    return ASSAY_OK;
}
