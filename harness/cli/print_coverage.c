// SPDX-License-Identifier: Apache-2.0
// `assay list cases --coverage`
#include "harness/cli/listings.h"

#include <stdio.h>

static void print_goal(const assay_goal *goal)
{
    printf("%s%s%s", goal->first,
           goal->pair     ? " x "
           : goal->second ? " "
                          : "",
           goal->second ? goal->second : "");
}

// Eight to a line.
static void print_missing(const assay_coverage *coverage)
{
    int count = 0;
    for (int g = 0; g < coverage->goal_count; g++) {
        const assay_goal *goal = &coverage->goal[g];
        if (goal->covered || goal->reason)
            continue;
        fputs(count == 0 ? "    missing: " : count % 8 == 0 ? ",\n             " : ", ", stdout);
        print_goal(goal);
        count++;
    }
    if (count)
        printf("\n");
}

static void print_left_out(const assay_coverage *coverage)
{
    for (int g = 0; g < coverage->goal_count; g++)
        if (coverage->goal[g].reason) {
            printf("    left out: ");
            print_goal(&coverage->goal[g]);
            printf(": %s\n", coverage->goal[g].reason);
        }
}

void cli_print_coverage(const assay_caselist *cases, bool verbose)
{
    int covered = 0, total = 0;
    for (int i = 0; i < assay_operator_count; i++) {
        assay_coverage coverage;
        assay_coverage_of(cases, assay_operators[i], &coverage);
        printf("%-20s %5zu cases  %3d of %3d\n", assay_operators[i]->name, coverage.cases,
               coverage.covered, coverage.total);
        if (coverage.cases)
            print_missing(&coverage);
        if (verbose)
            print_left_out(&coverage);
        covered += coverage.covered;
        total += coverage.total;
    }
    printf("%d of %d covered\n", covered, total);
}
