// SPDX-License-Identifier: Apache-2.0
// A tree of additions in words: chains of single terms are what an accumulator forms, and the rest
// is how accumulators are put together.
#include "harness/explain/loops.h"
#include "harness/explain/summation.h"

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

static void list_chain(const assay__tree *tree, int node, assay__chain *chain)
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

static void collect(const assay__tree *tree, int node, assay__chains *all)
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

// Terms that are added first, all so far apart.
static void say_pairs(const assay__chains *all, char *text, size_t size)
{
    int apart = 0;
    for (int k = 0; k < all->count; k++) {
        const assay__chain *p = &all->part[k];
        int own = p->count == 2 ? p->term[1] - p->term[0] : 0;
        if (own < 0)
            own = -own;
        if (own == 0 || (apart && own != apart))
            return;
        apart = own;
    }
    assay__say(text, size, ", of terms that lie %d apart", apart);
}

static void say_parts(const assay__tree *tree, const assay__terms *terms, const assay__chains *all,
                      char *text, size_t size)
{
    int least = tree->leaves, most = 0, deep = depth(tree, tree->root, true);
    for (int k = 0; k < all->count; k++) {
        int count = all->part[k].count;
        least = count < least ? count : least;
        most = count > most ? count : most;
    }
    assay__say(text, size, "in %d partial sums of %d", all->count, least);
    if (most > least)
        assay__say(text, size, " to %d", most);
    assay__say(text, size, " terms");
    assay__say_members(terms, all, text, size);
    if (most > 2) {
        assay__say(text, size, ", each one after the other");
        assay__say_loops(terms, all, text, size);
    }
    if (all->count == 2)
        assay__say(text, size, "; joined at the end");
    else if (deep == all->count - 1)
        assay__say(text, size, "; joined one after the other");
    else if (deep == log2_up(all->count))
        assay__say(text, size, "; joined pairwise");
    else
        assay__say(text, size, "; joined in a tree of depth %d", deep);
}

void assay__tree_words(const assay__tree *tree, const assay__terms *terms, char *text, size_t size)
{
    assay__chains all = {.count = 0};
    int deep = depth(tree, tree->root, false);
    collect(tree, tree->root, &all);
    text[0] = '\0';
    if (all.count == 1) {
        assay__say(text, size, "one after the other, in one accumulator");
        assay__say_loops(terms, &all, text, size);
    } else if (deep == log2_up(tree->leaves)) {
        assay__say(text, size, "pairwise, in a tree of depth %d", deep);
        say_pairs(&all, text, size);
    } else {
        say_parts(tree, terms, &all, text, size);
    }
}
