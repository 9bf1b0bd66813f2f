// SPDX-License-Identifier: Apache-2.0
#include "harness/explain/summation.h"

#include <inttypes.h>
#include <stdio.h>

assay_status assay__probe_summation(assay__workbench *bench, const assay_problem *problem,
                                    assay_error *error)
{
    static const char *const unread[] = {
        [ASSAY__TREE_UNSTEADY] = "differs between runs on the same data",
        [ASSAY__TREE_NONE] =
            "is no tree of additions: terms meet more than once, or what is lost comes back",
        [ASSAY__TREE_LONG] = "takes more runs to find than a probe may take",
    };
    assay__terms terms, other;
    assay__tree tree;
    assay__tree_status found;
    char words[240], part[48] = "";
    bool holds = true;
    ASSAY_TRY(assay__terms_find(bench, problem, false, &terms, error));
    if (terms.count < 3)
        return ASSAY_OK;
    ASSAY_TRY(assay__tree_find(bench, &terms, &tree, &found, error));
    if (found != ASSAY__TREE_READ) {
        assay__note(bench->out, "the order of the sum %s", unread[found]);
        return ASSAY_OK;
    }
    if (terms.count < terms.all)
        snprintf(part, sizeof part, ", of which %d were probed,", terms.count);
    assay__tree_words(&tree, &terms, words, sizeof words);
    assay__note(bench->out, "the sum of %" PRId64 " terms%s is formed %s", terms.all, part, words);
    ASSAY_TRY(assay__terms_find(bench, problem, true, &other, error));
    ASSAY_TRY(assay__tree_holds(bench, &tree, &other, &holds, error));
    if (!holds)
        assay__note(bench->out, "other elements of the output form their sums in another order");
    return ASSAY_OK;
}
