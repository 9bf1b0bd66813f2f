// SPDX-License-Identifier: Apache-2.0
// Cases of a suite have several items, because that is where indices go wrong. Kernels of engines
// that know no batch would be given none of them: they get the same cases with one item.
#include "harness/cli/verification.h"

#include <string.h>

// The case with one item; false where it has one, or no such case exists.
static bool make_single(const assay_case *c, assay_case *single)
{
    assay_error none = {0};
    bool changed = false;
    *single = *c;
    for (int i = 0; i < c->problem.op->input_count; i++) {
        const char *letters = c->problem.op->inputs[i].letters;
        for (int d = 0; d < c->problem.input[i].rank; d++)
            if (letters[d] == 'n' && single->problem.input[i].dim[d] > 1) {
                single->problem.input[i].dim[d] = 1;
                changed = true;
            }
    }
    return changed && c->dataset != ASSAY_DATASET_FILE &&
           assay_problem_infer(&single->problem, &none) == ASSAY_OK &&
           assay_case_format(single, &none) == ASSAY_OK;
}

// Whether some kernel takes the case with one item and not as it is.
static bool is_wanted(const assay_kernels *kernels, const assay_case *c, const assay_case *single)
{
    char reason[160];
    for (int k = 0; k < kernels->count; k++)
        if (!assay_kernel_applies(kernels->items[k], &c->problem, reason, sizeof reason) &&
            assay_kernel_applies(kernels->items[k], &single->problem, reason, sizeof reason))
            return true;
    return false;
}

assay_status cli_add_single_items(const assay_kernels *kernels, assay_caselist *cases,
                                  assay_error *error)
{
    size_t count = cases->count;
    for (size_t i = 0; i < count; i++) {
        assay_case single;
        if (make_single(&cases->cases[i], &single) && is_wanted(kernels, &cases->cases[i], &single))
            ASSAY_TRY(assay_caselist_add(cases, &single, error));
    }
    return ASSAY_OK;
}
