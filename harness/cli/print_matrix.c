// SPDX-License-Identifier: Apache-2.0
// `assay list kernels --matrix`
#include "harness/cli/listings.h"

#include <stdio.h>
#include <string.h>

enum { LAYOUTS = ASSAY_IMAGE + 1, PRECISIONS = ASSAY_F16A + 1 };

// Cells that make no sense are marked with a letter, and the letter is explained below the table.
typedef struct gap {
    char letter;
    const char *op; // NULL: every operator of `kind`
    assay_kind kind;
    int layout, precision; // below 0: any
    const char *reason;
} gap;

static const gap gaps[] = {
    {'a', NULL, ASSAY_KIND_MOVE, -1, ASSAY_F16A,
     "moves data and computes nothing: f16a would be f16s"},
};
enum { GAPS = sizeof gaps / sizeof *gaps };

static int gap_of(const assay_operator *op, int layout, int precision)
{
    for (int g = 0; g < GAPS; g++)
        if ((gaps[g].op ? strcmp(gaps[g].op, op->name) == 0 : gaps[g].kind == op->kind) &&
            (gaps[g].layout < 0 || gaps[g].layout == layout) &&
            (gaps[g].precision < 0 || gaps[g].precision == precision))
            return g;
    return -1;
}

static int count_kernels(const assay_kernels *kernels, const assay_operator *op, int layout,
                         int precision)
{
    int count = 0;
    for (int i = 0; i < kernels->count; i++) {
        const assay_kernel_info *info = assay_kernel_get_info(kernels->items[i]);
        count += info->op == op && (int)info->layout == layout && (int)info->precision == precision;
    }
    return count;
}

static void print_head(void)
{
    printf("%-20s", "");
    for (int layout = 0; layout < LAYOUTS; layout++)
        printf("   %-*s", PRECISIONS * 5, assay_layout_name((assay_layout)layout));
    printf("\n%-20s", "");
    for (int layout = 0; layout < LAYOUTS; layout++)
        for (int precision = 0; precision < PRECISIONS; precision++)
            printf("%s%-5s", precision ? "" : "   ",
                   assay_precision_name((assay_precision)precision));
    printf("\n");
}

void cli_print_matrix(const assay_kernels *kernels)
{
    bool used[GAPS] = {false};
    int empty = 0;
    print_head();
    for (int i = 0; i < assay_operator_count; i++) {
        const assay_operator *op = assay_operators[i];
        printf("%-20s", op->name);
        for (int layout = 0; layout < LAYOUTS; layout++)
            for (int precision = 0; precision < PRECISIONS; precision++) {
                int count = count_kernels(kernels, op, layout, precision);
                int g = count ? -1 : gap_of(op, layout, precision);
                printf("%s", precision ? "" : "   ");
                if (count)
                    printf("%-5d", count);
                else
                    printf("%-5c", g < 0 ? '!' : gaps[g].letter);
                if (g >= 0)
                    used[g] = true;
                empty += !count && g < 0;
            }
        printf("\n");
    }
    for (int g = 0; g < GAPS; g++)
        if (used[g])
            printf("%c  %s\n", gaps[g].letter, gaps[g].reason);
    if (empty)
        printf("!  no kernel, for no reason: %d\n", empty);
}
