// SPDX-License-Identifier: Apache-2.0
// The order in which a sum is formed, as a tree of additions, and the tree in words.
#ifndef ASSAY_EXPLAIN_SUMMATION_H
#define ASSAY_EXPLAIN_SUMMATION_H

#include "harness/explain/terms.h"

#define ASSAY__NODES_MAX (2 * ASSAY__TERMS_MAX)

// Nodes below `leaves` are the terms, in the order of assay__terms; the others are additions. Which
// operand of an addition stands left is not known.
typedef struct assay__tree {
    int leaves, nodes, root;
    int left[ASSAY__NODES_MAX], right[ASSAY__NODES_MAX];
    int size[ASSAY__NODES_MAX];           // terms below a node
    const struct assay__numbers *numbers; // with which it was found
} assay__tree;

typedef enum assay__tree_status {
    ASSAY__TREE_READ,
    ASSAY__TREE_UNSTEADY, // two runs on the same data differ
    ASSAY__TREE_NONE,     // what comes out fits no tree of additions
    ASSAY__TREE_LONG,     // more runs would be needed than a probe may take
} assay__tree_status;

// Finds the tree by swamping (Xie et al., "FPRev: Revealing the Order of Floating-Point Summation",
// 2024): M at one term, -M at another and ones elsewhere leave the ones that are added after the
// two have met. terms->count becomes the number of leaves that the formats leave room for.
ASSAY_CHECKED assay_status assay__tree_find(assay__workbench *bench, assay__terms *terms,
                                            assay__tree *tree, assay__tree_status *found,
                                            assay_error *error);

// Whether another element of the output forms its sum in the same way: a few pairs are asked.
ASSAY_CHECKED assay_status assay__tree_holds(assay__workbench *bench, const assay__tree *tree,
                                             const assay__terms *other, bool *holds,
                                             assay_error *error);

// How the sum is formed: "one after the other, in one accumulator, in order: columns innermost,
// then rows"; "in 4 partial sums of 16 terms, of every 4th term, ...; joined pairwise".
void assay__tree_words(const assay__tree *tree, const assay__terms *terms, char *text, size_t size);

#endif
