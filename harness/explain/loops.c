// SPDX-License-Identifier: Apache-2.0
#include "harness/explain/loops.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void assay__say(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

static void add_digit(assay__digits *d, const char *name, int terms, const int64_t *value)
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
static assay__digits digits_of(const assay__terms *terms, bool slices)
{
    const assay_problem *p = &terms->problem;
    assay__digits d = {.count = 0};
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

// Loops over digits `loop`, outermost first, that come by terms a and b in this order.
static bool follows(const assay__digits *d, const int *loop, int a, int b)
{
    for (int k = 0; k < d->count; k++)
        if (d->of[a][loop[k]] != d->of[b][loop[k]])
            return d->of[a][loop[k]] < d->of[b][loop[k]];
    return false;
}

static bool follows_way(const assay__digits *d, const int *loop, int a, int b, bool back)
{
    return back ? follows(d, loop, b, a) : follows(d, loop, a, b);
}

// Which of its first two terms a chain begins with is not known: the third follows both.
static bool loops_fit(const assay__digits *d, const int *loop, const assay__chain *chain, bool back)
{
    bool fit = chain->count < 3 || follows_way(d, loop, chain->term[0], chain->term[2], back);
    for (int k = 1; k + 1 < chain->count && fit; k++)
        fit = follows_way(d, loop, chain->term[k], chain->term[k + 1], back);
    return fit;
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

// Whether a digit is another one in two terms of one chain.
static bool varies(const assay__digits *d, const assay__chains *all, int digit)
{
    for (int k = 0; k < all->count; k++)
        for (int t = 1; t < all->part[k].count; t++)
            if (d->of[all->part[k].term[t]][digit] != d->of[all->part[k].term[0]][digit])
                return true;
    return false;
}

// ": columns innermost, then rows" of the digits that vary, where there are several.
static void say_nest(const assay__digits *d, const int *loop, const assay__chains *all, char *text,
                     size_t size)
{
    int varying = 0, said = 0;
    for (int k = 0; k < d->count; k++)
        varying += varies(d, all, k);
    for (int k = d->count - 1; k >= 0 && varying > 1; k--)
        if (varies(d, all, loop[k])) {
            assay__say(text, size, "%s%ss%s", said ? ", then " : ": ", d->name[loop[k]],
                       said ? "" : " innermost");
            said++;
        }
}

// The nest of loops that all chains follow; nothing is said where there is none.
static void follow_loops(const assay__digits *d, const assay__chains *all, char *text, size_t size)
{
    int loop[ASSAY__DIGITS_MAX] = {0, 1, 2, 3, 4};
    do {
        for (int back = 0; back < 2; back++) {
            bool fit = true;
            for (int k = 0; k < all->count && fit; k++)
                fit = loops_fit(d, loop, &all->part[k], back != 0);
            if (!fit)
                continue;
            assay__say(text, size, back ? ", from the last to the first" : ", in order");
            say_nest(d, loop, all, text, size);
            return;
        }
    } while (next_permutation(loop, d->count));
}

void assay__say_loops(const assay__terms *terms, const assay__chains *all, char *text, size_t size)
{
    assay__digits whole = digits_of(terms, false), sliced = digits_of(terms, true);
    size_t used = strlen(text);
    follow_loops(&whole, all, text, size);
    if (!text[used])
        follow_loops(&sliced, all, text, size);
    if (!text[used])
        assay__say(text, size, ", in an order of its own");
}

// Whether every part has one number of `of`, and each another one.
static bool tells_apart(const assay__chains *all, const int64_t *of)
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
static bool say_digits(const assay__digits *d, const assay__chains *all, char *text, size_t size)
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
            key[i] = (int64_t)((uint64_t)key[i] * 4096 + (uint64_t)d->of[i][k]);
        if (constant)
            assay__say(names, sizeof names, "%s%s", *names ? " and " : "", d->name[k]);
    }
    if (!*names || !tells_apart(all, key))
        return false;
    assay__say(text, size, ", one for each %s", names);
    return true;
}

// What the terms of a part have in common.
void assay__say_members(const assay__terms *terms, const assay__chains *all, char *text,
                        size_t size)
{
    int64_t phase[ASSAY__TERMS_MAX], block[ASSAY__TERMS_MAX];
    assay__digits whole = digits_of(terms, false), sliced = digits_of(terms, true);
    int k = all->count, each = (terms->count + k - 1) / k;
    for (int t = 0; t < terms->count; t++) {
        phase[t] = t % k;
        block[t] = t / each;
    }
    if (say_digits(&whole, all, text, size) || say_digits(&sliced, all, text, size))
        return;
    if (tells_apart(all, phase))
        assay__say(text, size, ", of every %dth term", k);
    else if (tells_apart(all, block))
        assay__say(text, size, ", of neighbouring terms");
}
