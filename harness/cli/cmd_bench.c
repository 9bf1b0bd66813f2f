// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/verification.h"

#include "gpu/bench.h"
#include "harness/subject.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct bench_run {
    const char *kernel, *precision, *layout, *device, *suite, *json;
    uint64_t samples;
    assay_kernels kernels;
    assay_device *opened;
    assay_ceiling ceiling;
    cli_output output; // of --json
    FILE *table;
    int timed, left_out;
} bench_run;

// The ceiling of the arithmetic that a kernel does.
static double peak_of(const bench_run *b, const assay_kernel_info *info)
{
    return info->precision == ASSAY_F16A ? b->ceiling.f16_flops_s : b->ceiling.f32_flops_s;
}

// A JSON string; the names of devices are somebody else's.
static void put_string(FILE *file, const char *text)
{
    fputc('"', file);
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == '"' || *text == '\\')
            fprintf(file, "\\u%04x", (unsigned)(unsigned char)*text);
        else
            fputc(*text, file);
    fputc('"', file);
}

static void print_row(bench_run *b, const assay_check *check, const assay_timing *t)
{
    const assay_kernel_info *info = assay_kernel_get_info(check->kernel);
    double flops = assay_problem_flops(&check->c->problem) / t->median_s;
    double bytes = t->moved_bytes / t->median_s;
    double of_copy = b->ceiling.copy_bytes_s > 0 ? bytes / b->ceiling.copy_bytes_s : 0;
    double of_peak = peak_of(b, info) > 0 ? flops / peak_of(b, info) : 0;
    fprintf(b->table, "%10.2f %5.1f%% %10.2f %6.1f%% %9.2f %6.1f%%  %s\n", t->median_s * 1e6,
            100 * (t->high_s - t->low_s) / t->median_s, flops * 1e-9, 100 * of_peak, bytes * 1e-9,
            100 * of_copy, check->text);
    if (b->output.file)
        fprintf(
            b->output.file,
            "%s\n    {\"check\": \"%s\", \"median_s\": %.6g, \"low_s\": %.6g, \"high_s\": %.6g, "
            "\"samples\": %d, \"dispatches\": %d, \"copies\": %d, \"flops_s\": %.6g, "
            "\"bytes_s\": %.6g, \"of_peak\": %.4g, \"of_copy\": %.4g}",
            b->timed ? "," : "", check->text, t->median_s, t->low_s, t->high_s, t->samples,
            t->dispatches, t->copies, flops, bytes, of_peak, of_copy);
    fflush(b->table);
    b->timed++;
}

static assay_status time_check(bench_run *b, const assay_check *check, assay_error *error)
{
    const assay_kernel_info *info = assay_kernel_get_info(check->kernel);
    assay_bench_options options = {.samples = (int)b->samples};
    assay_timing timing;
    assay_subject subject = {.c = check->c, .contract = assay_contract_default()};
    subject.contract.storage = assay_kernel_storage(info, ASSAY_INPUTS_MAX);
    assay_subject_take_inputs(&subject, info);
    assay_status status = assay_subject_fill(&subject);
    if (status != ASSAY_OK)
        *error = subject.error;
    else
        status = assay_bench_run(b->opened, check->kernel, &check->c->problem, subject.in, &options,
                                 &timing, error);
    assay_subject_release(&subject);
    if (status == ASSAY_OK && timing.median_s > 0)
        print_row(b, check, &timing);
    if (status == ASSAY_OK || status == ASSAY_LIMIT) { // a limit is this check's own
        if (status == ASSAY_LIMIT || timing.median_s <= 0) {
            b->left_out++;
            fprintf(b->table, "%10s %s: %s\n", "-", check->text,
                    status == ASSAY_LIMIT ? error->message : "too fast for the device's clock");
        }
        return ASSAY_OK;
    }
    return status;
}

static assay_status time_plan(bench_run *b, const assay_plan *plan, assay_error *error)
{
    const assay_device_info *info = assay_device_get_info(b->opened);
    ASSAY_TRY(assay_bench_ceiling(b->opened, &b->ceiling, error));
    fprintf(
        b->table,
        "%s, %s\nmeasured here: copy %.1f GB/s, multiply-add f32 %.1f GFLOP/s, f16 %.1f GFLOP/s\n\n"
        "%10s %6s %10s %7s %9s %7s  %s\n",
        info->name, info->driver, b->ceiling.copy_bytes_s * 1e-9, b->ceiling.f32_flops_s * 1e-9,
        b->ceiling.f16_flops_s * 1e-9, "median us", "spread", "GFLOP/s", "of peak", "GB/s",
        "of copy", "check");
    if (b->output.file) {
        fputs("{\"device\": ", b->output.file);
        put_string(b->output.file, info->name);
        fprintf(b->output.file,
                ", \"copy_bytes_s\": %.6g, \"f32_flops_s\": %.6g, \"f16_flops_s\": %.6g,\n"
                "  \"checks\": [",
                b->ceiling.copy_bytes_s, b->ceiling.f32_flops_s, b->ceiling.f16_flops_s);
    }
    for (size_t i = 0; i < plan->count; i++)
        if (plan->checks[i].applies)
            ASSAY_TRY(time_check(b, &plan->checks[i], error));
    if (b->output.file)
        fprintf(b->output.file, "\n  ]}\n");
    fprintf(b->table, "\n%d timed, %d left out\n", b->timed, b->left_out);
    if (b->timed == 0)
        return assay_fail(error, ASSAY_NOTHING_SELECTED, "no kernel could be timed");
    return ASSAY_OK;
}

static assay_status plan_bench(bench_run *b, char **patterns, int count, assay_caselist *cases,
                               assay_plan *plan, assay_error *error)
{
    const char *selector = b->device ? b->device : getenv("ASSAY_DEVICE");
    assay_device_options device = {.selector = selector};
    ASSAY_TRY(assay_kernels_builtin(&b->kernels, error));
    ASSAY_TRY(cli_select_cases(b->suite ? b->suite : "bench", patterns, count, NULL, cases, error));
    ASSAY_TRY(assay_device_open(&device, &b->opened, error));
    assay_selection selection = {&b->kernels, b->kernel, b->precision, b->layout,
                                 assay_device_get_info(b->opened)->index};
    for (size_t i = 0; i < cases->count; i++)
        ASSAY_TRY(assay_plan_add(plan, &selection, &cases->cases[i], NULL, NULL, error));
    if (plan->count == 0)
        return assay_fail(error, ASSAY_NOTHING_SELECTED,
                          "no check is selected: no kernel of the chosen cases matches");
    return ASSAY_OK;
}

static assay_status run(bench_run *b, char **patterns, int count, assay_error *error)
{
    assay_caselist cases = {0};
    assay_plan plan = {0};
    b->table = b->json && strcmp(b->json, "-") == 0 ? stderr : stdout;
    assay_status status = plan_bench(b, patterns, count, &cases, &plan, error);
    if (status == ASSAY_OK && b->json)
        status = cli_open(&b->output, b->json, error);
    if (status == ASSAY_OK)
        status = time_plan(b, &plan, error);
    if (b->output.file) {
        assay_error other;
        assay_status closed = cli_close(&b->output, status == ASSAY_OK ? error : &other);
        status = status == ASSAY_OK ? closed : status;
    }
    assay_device_close(b->opened);
    assay_plan_destroy(&plan);
    assay_caselist_destroy(&cases);
    assay_kernels_destroy(&b->kernels);
    return status;
}

int cmd_bench(int argc, char **argv)
{
    bench_run b = {0};
    const cli_option options[] = {
        {"kernel",    'k', CLI_TEXT,   "GLOB",      "only kernels whose name matches",                     &b.kernel,    NULL},
        {"precision", 0,   CLI_TEXT,   "P",         "only f32, f16s or f16a",                              &b.precision, NULL},
        {"layout",    0,   CLI_TEXT,   "L",         "only nchw, nhwc, nc4hw4 or image",                    &b.layout,    NULL},
        {"device",    'd', CLI_TEXT,   "D",         "number, uuid:..., type:cpu or part of the name",      &b.device,
         NULL                                                                                                                },
        {"suite",     's', CLI_TEXT,   "NAME|FILE", "cases to choose from (bench)",                        &b.suite,     NULL},
        {"samples",   0,   CLI_NUMBER, "N",         "spans that are timed for each kernel, 1 to 100 (25)",
         &b.samples,                                                                                                     NULL},
        {"json",      0,   CLI_TEXT,   "F",         "write JSON ('-': stdout)",                            &b.json,      NULL},
    };
    const cli_command command = {
        .usage = "bench [CASE-GLOB...] [options]",
        .about =
            "Times kernels by the device's timestamps: warm, the median of many spans, each of so "
            "many\n"
            "runs that it lasts 200 us or more, on copies of the tensors that take turns and are "
            "larger\n"
            "together than the device's cache. Spread is the distance of the 10th and the 90th\n"
            "percentile. The ceilings (copy, multiply-add) are measured in the same run.",
        .options = options,
        .option_count = sizeof options / sizeof *options,
        .most = -1,
    };
    assay_error error = {0};
    int count, code;
    if (cli_parse(&command, argc, argv, &count, &code) == CLI_EXIT)
        return code;
    if (b.samples > 100)
        return cli_fail_usage("--samples: 1 to 100");
    return run(&b, argv, count, &error) == ASSAY_OK ? 0 : cli_fail(&error);
}
