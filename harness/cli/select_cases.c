// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/verification.h"

#include <string.h>

static bool is_glob(const char *pattern)
{
    return strpbrk(pattern, "*?[") != NULL;
}

assay_status cli_select_cases(const char *suite, char **patterns, int count, const uint64_t *seed,
                              assay_caselist *list, assay_error *error)
{
    assay_caselist all = {0};
    assay_status status = ASSAY_OK;
    bool globs = count == 0;
    for (int i = 0; i < count && status == ASSAY_OK; i++) {
        if (is_glob(patterns[i]))
            globs = true;
        else
            status = assay_caselist_expand(list, patterns[i], error);
    }
    if (status == ASSAY_OK && globs)
        status = assay_caselist_load(&all, suite ? suite : "smoke", error);
    for (size_t c = 0; c < all.count && status == ASSAY_OK; c++) {
        bool matches = count == 0;
        for (int i = 0; i < count && !matches; i++)
            matches = is_glob(patterns[i]) && assay_glob_match(patterns[i], all.cases[c].text);
        if (matches)
            status = assay_caselist_add(list, &all.cases[c], error);
    }
    assay_caselist_destroy(&all);
    if (status == ASSAY_OK && seed)
        status = assay_caselist_reseed(list, *seed, error);
    if (status == ASSAY_OK && list->count == 0)
        status = assay_fail(error, ASSAY_NOTHING_SELECTED, "no case of suite \"%s\" matches",
                            suite ? suite : "smoke");
    return status;
}
