// SPDX-License-Identifier: Apache-2.0
// A tree of additions in words: chains of single terms are what an accumulator forms, and the rest
// is how accumulators are put together.
#include "harness/explain/summation.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DIGITS_MAX (ASSAY_RANK_MAX + 1)

// Where a term takes its data: one number for each dimension in which the terms differ.
typedef struct digits {
    int count;
    const char *name[DIGITS_MAX];
    int64_t of[ASSAY__TERMS_MAX][DIGITS_MAX];
} digits;

typedef struct part {
    int count;
    int term[ASSAY__TERMS_MAX]; // in the order in which they are added
} part;

typedef struct parts {
    int count;
    part part[ASSAY__TERMS_MAX];
} parts;

ASSAY_PRINTF(3, 4)
static void say(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

static void add_digit(digits *d, const char *name, int terms, const int64_t *value)
{
    bool differ = false;
    for (int t = 0; t < terms; t++) {
        d->of[t][d->count] = value[t];
        differ = differ || value[t] != value[0];
    }
    d->name[d->count] = name;
    d->count += differ;
}

// `slices`: channels as slices of four and lanes in them.
static digits digits_of(const assay__terms *terms, bool slices)
{
    const assay_problem *p = &terms->problem;
    digits d = {.count = 0};
    for (int dim = 0; dim < p->input[0].rank; dim++) {
        int64_t at[ASSAY_RANK_MAX], value[ASSAY__TERMS_MAX], low[ASSAY__TERMS_MAX];
        char letter = p->op->inputs[0].letters[dim];
        for (int t = 0; t < terms->count; t++) {
            assay__coordinates(&p->input[0], terms->data[t], at);
            value[t] = at[dim];
            low[t] = at[dim] % 4;
        }
        bool split = slices && letter == 'c';
        for (int t = 0; split && t < terms->count; t++)
            value[t] /= 4;
        add_digit(&d, split ? "slice" : assay__noun(letter), terms->count, value);
        if (split)
            add_digit(&d, "lane", terms->count, low);
    }
    return d;
}

// Chains are leaves, and what adds one leaf to a chain.
static bool is_chain(const assay__tree *tree, int node)
{
    while (node >= tree->leaves) {
        int a = tree->left[node], b = tree->right[node];
        if (a >= tree->leaves && b >= tree->leaves)
            return false;
        node = a >= tree->leaves ? a : b;
    }
    return true;
}

static void list_chain(const assay__tree *tree, int node, part *chain)
{
    chain->count = tree->size[node];
    for (int at = chain->count - 1; node >= tree->leaves; at--) {
        int a = tree->left[node], b = tree->right[node];
        bool single = b < tree->leaves && (a >= tree->leaves || a < b);
        chain->term[at] = single ? b : a;
        node = single ? a : b;
    }
    chain->term[0] = node;
}

static void collect(const assay__tree *tree, int node, parts *all)
{
    if (is_chain(tree, node)) {
        list_chain(tree, node, &all->part[all->count++]);
        return;
    }
    collect(tree, tree->left[node], all);
    collect(tree, tree->right[node], all);
}

// The longest way from a node to what ends it: a term, or a chain.
static int depth(const assay__tree *tree, int node, bool chains)
{
    if (node < tree->leaves || (chains && is_chain(tree, node)))
        return 0;
    int a = depth(tree, tree->left[node], chains), b = depth(tree, tree->right[node], chains);
    return 1 + (a > b ? a : b);
}

static int log2_up(int n)
{
    int bits = 0;
    while (1 << bits < n)
        bits++;
    return bits;
}

// Loops over digits `loop`, outermost first, that come by terms a and b in this order.
static bool follows(const digits *d, const int *loop, int a, int b)
{
    for (int k = 0; k < d->count; k++)
        if (d->of[a][loop[k]] != d->of[b][loop[k]])
            return d->of[a][loop[k]] < d->of[b][loop[k]];
    return false;
}

// Which of its first two terms a chain begins with is not known.
static bool loops_fit(const digits *d, const int *loop, const part *chain, bool back)
{
    for (int k = 0; k + 1 < chain->count; k++) {
        int a = chain->term[k], b = chain->term[k + 1], first = chain->term[0];
        bool fits = back ? follows(d, loop, b, a) : follows(d, loop, a, b);
        bool other = back ? follows(d, loop, b, first) : follows(d, loop, first, b);
        if (k == 0 ? false : k == 1 ? !fits || !other : !fits)
            return false;
    }
    return true;
}

static bool next_permutation(int *loop, int n)
{
    int k = n - 2, other = n - 1;
    while (k >= 0 && loop[k] > loop[k + 1])
        k--;
    if (k < 0)
        return false;
    while (loop[other] < loop[k])
        other--;
    int swapped = loop[k];
    loop[k] = loop[other];
    loop[other] = swapped;
    for (int a = k + 1, b = n - 1; a < b; a++, b--) {
        swapped = loop[a];
        loop[a] = loop[b];
        loop[b] = swapped;
    }
    return true;
}

// The nest of loops that all chains follow, as ", columns innermost, then rows"; "" for none.
static void say_loops(const digits *d, const parts *all, char *text, size_t size)
{
    int loop[DIGITS_MAX] = {0, 1, 2, 3, 4};
    do {
        for (int back = 0; back < 2; back++) {
            bool fit = true;
            for (int k = 0; k < all->count && fit; k++)
                fit = loops_fit(d, loop, &all->part[k], back != 0);
            if (!fit)
                continue;
            say(text, size, back ? ", from the last to the first" : ", in order");
            for (int k = d->count - 1; k >= 0 && d->count > 1; k--)
                say(text, size, "%s%ss%s", k == d->count - 1 ? ": " : ", then ", d->name[loop[k]],
                    k == d->count - 1 ? " innermost" : "");
            return;
        }
    } while (next_permutation(loop, d->count));
}

// Whether every part has one number of `of`, and each another one.
static bool tells_apart(const parts *all, const int64_t *of)
{
    for (int k = 0; k < all->count; k++) {
        int64_t own = of[all->part[k].term[0]];
        for (int t = 1; t < all->part[k].count; t++)
            if (of[all->part[k].term[t]] != own)
                return false;
        for (int other = 0; other < k; other++)
            if (of[all->part[other].term[0]] == own)
                return false;
    }
    return true;
}

// The digits that are constant in every part, if they tell the parts apart.
static bool say_digits(const digits *d, const parts *all, char *text, size_t size)
{
    int64_t key[ASSAY__TERMS_MAX] = {0};
    char names[96] = "";
    for (int k = 0; k < d->count; k++) {
        bool constant = true;
        for (int i = 0; i < all->count; i++)
            for (int t = 1; t < all->part[i].count; t++)
                constant =
                    constant && d->of[all->part[i].term[t]][k] == d->of[all->part[i].term[0]][k];
        for (int i = 0; i < ASSAY__TERMS_MAX && constant; i++)
            key[i] = key[i] * 4096 + d->of[i][k];
        if (constant)
            say(names, sizeof names, "%s%s", *names ? " and " : "", d->name[k]);
    }
    if (!*names || !tells_apart(all, key))
        return false;
    say(text, size, ", one for each %s", names);
    return true;
}

// What the terms of a part have in common.
static void say_members(const assay__terms *terms, const parts *all, char *text, size_t size)
{
    int64_t phase[ASSAY__TERMS_MAX], block[ASSAY__TERMS_MAX];
    digits whole = digits_of(terms, false), sliced = digits_of(terms, true);
    int k = all->count, each = (terms->count + k - 1) / k;
    for (int t = 0; t < terms->count; t++) {
        phase[t] = t % k;
        block[t] = t / each;
    }
    if (say_digits(&whole, all, text, size) || say_digits(&sliced, all, text, size))
        return;
    if (tells_apart(all, phase))
        say(text, size, ", of every %dth term", k);
    else if (tells_apart(all, block))
        say(text, size, ", of neighbouring terms");
}

// Terms that are added first, all so far apart.
static void say_pairs(const parts *all, char *text, size_t size)
{
    int apart = 0;
    for (int k = 0; k < all->count; k++) {
        const part *p = &all->part[k];
        int own = p->count == 2 ? p->term[1] - p->term[0] : 0;
        if (own < 0)
            own = -own;
        if (own == 0 || (apart && own != apart))
            return;
        apart = own;
    }
    say(text, size, ", of terms that lie %d apart", apart);
}

static void say_order(const assay__terms *terms, const parts *all, char *text, size_t size)
{
    digits whole = digits_of(terms, false), sliced = digits_of(terms, true);
    size_t used = strlen(text);
    say_loops(&whole, all, text, size);
    if (!text[used])
        say_loops(&sliced, all, text, size);
    if (!text[used])
        say(text, size, ", in an order of its own");
}

static void say_parts(const assay__tree *tree, const assay__terms *terms, const parts *all,
                      char *text, size_t size)
{
    int least = tree->leaves, most = 0, deep = depth(tree, tree->root, true);
    for (int k = 0; k < all->count; k++) {
        int count = all->part[k].count;
        least = count < least ? count : least;
        most = count > most ? count : most;
    }
    say(text, size, "in %d partial sums of %d", all->count, least);
    if (most > least)
        say(text, size, " to %d", most);
    say(text, size, " terms");
    say_members(terms, all, text, size);
    if (most > 2) {
        say(text, size, ", each one after the other");
        say_order(terms, all, text, size);
    }
    if (deep == log2_up(all->count))
        say(text, size, "; joined %s", all->count == 2 ? "at the end" : "pairwise");
    else if (deep == all->count - 1)
        say(text, size, "; joined one after the other");
    else
        say(text, size, "; joined in a tree of depth %d", deep);
}

void assay__tree_words(const assay__tree *tree, const assay__terms *terms, char *text, size_t size)
{
    parts all = {.count = 0};
    int deep = depth(tree, tree->root, false);
    collect(tree, tree->root, &all);
    text[0] = '\0';
    if (all.count == 1) {
        say(text, size, "one after the other, in one accumulator");
        say_order(terms, &all, text, size);
    } else if (deep == log2_up(tree->leaves)) {
        say(text, size, "pairwise, in a tree of depth %d", deep);
        say_pairs(&all, text, size);
    } else {
        say_parts(tree, terms, &all, text, size);
    }
}
