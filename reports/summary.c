// SPDX-License-Identifier: Apache-2.0
// Counting results, and joining those that are alike.
#include "reports/report_internal.h"

#include <stdlib.h>
#include <string.h>

static void count_in(assay_tally *tally, const assay_result *result)
{
    tally->count[assay__verdict(result)]++;
    tally->total++;
}

assay_tally assay_tally_of(const assay_result *results, size_t count)
{
    assay_tally tally = {0};
    for (size_t i = 0; i < count; i++)
        count_in(&tally, &results[i]);
    return tally;
}

static const assay_result *at(const void *place)
{
    return *(const assay_result *const *)place;
}

int assay__by_kernel(const void *a, const void *b)
{
    int order = strcmp(at(a)->operator_name, at(b)->operator_name);
    return order ? order : strcmp(at(a)->kernel, at(b)->kernel);
}

int assay__by_suite(const void *a, const void *b)
{
    int order = strcmp(at(a)->operator_name, at(b)->operator_name);
    return order ? order : strcmp(at(a)->device, at(b)->device);
}

int assay__by_reason(const void *a, const void *b)
{
    int order = (int)assay__verdict(at(a)) - (int)assay__verdict(at(b));
    return order ? order : strcmp(at(a)->reason, at(b)->reason);
}

int assay__by_contract(const void *a, const void *b)
{
    return strcmp(at(a)->contract, at(b)->contract);
}

int assay__by_tier(const void *a, const void *b)
{
    return strcmp(at(a)->tier, at(b)->tier);
}

// Merges two sorted halves. Written out because qsort() does not promise to leave ties as they
// stand.
static void merge_sort(const assay_result **rows, const assay_result **scratch, size_t count,
                       assay__order order)
{
    if (count < 2)
        return;
    size_t half = count / 2, i = 0, j = half, n = 0;
    merge_sort(rows, scratch, half, order);
    merge_sort(rows + half, scratch, count - half, order);
    while (i < half && j < count)
        scratch[n++] = order(&rows[j], &rows[i]) < 0 ? rows[j++] : rows[i++];
    while (i < half)
        scratch[n++] = rows[i++];
    memcpy(rows, scratch, n * sizeof *rows);
}

const assay_result **assay__sorted(const assay_result *results, size_t count, unsigned verdicts,
                                   assay__order order, size_t *found)
{
    const assay_result **rows = malloc((count + 1) * sizeof *rows);
    const assay_result **scratch = malloc((count + 1) * sizeof *scratch);
    *found = 0;
    if (rows && scratch) {
        for (size_t i = 0; i < count; i++)
            if (verdicts >> assay__verdict(&results[i]) & 1)
                rows[(*found)++] = &results[i];
        merge_sort(rows, scratch, *found, order);
    } else {
        free(rows);
        rows = NULL;
    }
    free(scratch);
    return rows;
}

static int by_place(const void *a, const void *b)
{
    const assay__group *x = a, *y = b;
    return x->first < y->first ? -1 : x->first > y->first;
}

assay__groups assay__group_by(const assay_result *results, size_t count, unsigned verdicts,
                              assay__order order)
{
    assay__groups groups = {0};
    size_t found;
    const assay_result **rows = assay__sorted(results, count, verdicts, order, &found);
    if (rows && found)
        groups.rows = calloc(found, sizeof *groups.rows);
    for (size_t i = 0; groups.rows && i < found; i++) {
        if (i == 0 || order(&rows[i - 1], &rows[i]) != 0)
            groups.rows[groups.count++].first = rows[i];
        assay__group *group = &groups.rows[groups.count - 1];
        count_in(&group->tally, rows[i]);
        if (*rows[i]->use_max > group->use_max)
            group->use_max = *rows[i]->use_max;
        if (*rows[i]->ulp_max > group->ulp_max)
            group->ulp_max = *rows[i]->ulp_max;
        group->seconds += *rows[i]->seconds;
    }
    free(rows);
    if (groups.rows)
        qsort(groups.rows, groups.count, sizeof *groups.rows, by_place);
    return groups;
}

void assay__groups_free(assay__groups *groups)
{
    free(groups->rows);
    memset(groups, 0, sizeof *groups);
}
