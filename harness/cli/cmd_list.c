// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/cli.h"

#include "harness/cli/listings.h"
#include "harness/cli/verification.h"

#include <float.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct listing {
    const char *suite, *kernel;
    bool verbose, matrix, coverage;
    assay_kernels kernels;
} listing;

static assay_status list_ops(const listing *v, assay_error *error)
{
    (void)error;
    cli_print_ops(v->verbose);
    return ASSAY_OK;
}

static assay_status list_kernels(const listing *v, assay_error *error)
{
    (void)error;
    if (v->matrix) {
        cli_print_matrix(&v->kernels);
        return ASSAY_OK;
    }
    for (int i = 0; i < v->kernels.count; i++) {
        const assay_kernel_info *info = assay_kernel_get_info(v->kernels.items[i]);
        if (v->kernel && !assay_glob_match(v->kernel, info->name))
            continue;
        printf("%-24s %-20s %-5s %-7s %s%s%s\n", info->name, info->op->name,
               assay_precision_name(info->precision), assay_layout_name(info->layout),
               info->summary, info->when[0] ? "; when " : "", info->when);
    }
    return ASSAY_OK;
}

static assay_status list_cases(const listing *v, assay_error *error)
{
    assay_caselist cases = {0};
    assay_status status = assay_caselist_load(&cases, v->suite ? v->suite : "smoke", error);
    if (status == ASSAY_OK && v->coverage)
        cli_print_coverage(&cases, v->verbose);
    for (size_t i = 0; status == ASSAY_OK && !v->coverage && i < cases.count; i++)
        puts(cases.cases[i].text);
    assay_caselist_destroy(&cases);
    return status;
}

static assay_status list_suites(const listing *v, assay_error *error)
{
    (void)v;
    for (int i = 0; i < assay_suite_count; i++) {
        assay_caselist cases = {0};
        assay_status status = assay_caselist_load(&cases, assay_suites[i].name, error);
        printf("%-14s %6zu cases  %s\n", assay_suites[i].name, cases.count,
               assay_suites[i].summary);
        assay_caselist_destroy(&cases);
        ASSAY_TRY(status);
    }
    return ASSAY_OK;
}

static assay_status list_layouts(const listing *v, assay_error *error)
{
    (void)v;
    (void)error;
    puts("nchw    dense buffer, width fastest; weights oihw");
    puts("nhwc    dense buffer, channels fastest; weights ohwi4");
    puts("nc4hw4  buffer of texels of four channels, [n][slice][h][w]; weights ohwi4");
    puts("image   2D-array texture of such texels, layer n * slices + slice; weights ohwi4");
    puts("ohwi4: a buffer [o][h][w][slice] of four input channels each");
    return ASSAY_OK;
}

int cmd_list(int argc, char **argv)
{
    listing v = {0};
    const cli_option options[] = {
        {"suite",    's', CLI_TEXT, "NAME|FILE", "for cases: the suite (smoke)",                   &v.suite,   NULL},
        {"coverage", 'c', CLI_FLAG, NULL,        "for cases: what of each operator they exercise",
         &v.coverage,                                                                                          NULL},
        {"kernel",   'k', CLI_TEXT, "GLOB",      "for kernels: whose name matches",                &v.kernel,  NULL},
        {"matrix",   'm', CLI_FLAG, NULL,        "for kernels: operators by layout and precision", &v.matrix,
         NULL                                                                                                      },
        {"verbose",  'v', CLI_FLAG, NULL,
         "for ops: case strings, tensors, attributes; with --coverage: what cannot be",            &v.verbose,
         NULL                                                                                                      },
    };
    const cli_command command = {
        .usage = "list ops|kernels|cases|suites|layouts [options]",
        .about = "Lists what there is. Lines of `list cases` are case strings as `assay verify` "
                 "takes them.",
        .options = options,
        .option_count = sizeof options / sizeof *options,
        .least = 1,
        .most = 1,
    };
    static const struct {
        const char *name;
        assay_status (*list)(const listing *v, assay_error *error);
    } lists[] = {
        {"ops",     list_ops    },
        {"kernels", list_kernels},
        {"cases",   list_cases  },
        {"suites",  list_suites },
        {"layouts", list_layouts},
    };
    assay_error error = {0};
    int count, code;
    if (cli_parse(&command, argc, argv, &count, &code) == CLI_EXIT)
        return code;
    size_t row = 0;
    while (row < sizeof lists / sizeof *lists && strcmp(lists[row].name, argv[0]) != 0)
        row++;
    if (row == sizeof lists / sizeof *lists)
        return cli_fail_usage("\"%s\" is none of ops, kernels, cases, suites, layouts", argv[0]);
    assay_status status = assay_kernels_builtin(&v.kernels, &error);
    if (status == ASSAY_OK)
        status = lists[row].list(&v, &error);
    assay_kernels_destroy(&v.kernels);
    return status == ASSAY_OK ? 0 : cli_fail(&error);
}
