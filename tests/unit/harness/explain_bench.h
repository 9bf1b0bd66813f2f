// SPDX-License-Identifier: Apache-2.0
// A workbench with a shader of the test's own on the first device. Includes cmocka in its order.
#ifndef ASSAY_EXPLAIN_BENCH_H
#define ASSAY_EXPLAIN_BENCH_H

#include "harness/explain/explain_internal.h"
#include "tests/unit/gpu/driver_leaks.h"
#include "tests/unit/gpu/shader_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct explain_bench {
    assay__workbench bench;
    assay_kernels kernels;
    assay_explanation out;
    assay_case c;
} explain_bench;

// The device is opened once a program.
static assay_device *bench_device;
static assay_probe bench_probe;

static inline void bench_open(void)
{
    assay_error error = {0};
    if (!bench_device &&
        (assay_device_open(&(assay_device_options){0}, &bench_device, &error) != ASSAY_OK ||
         assay_probe_device(bench_device, false, &bench_probe, &error) != ASSAY_OK))
        fail_msg("%s", error.message);
}

// Ends a program: the device, and what was written.
static inline int bench_close(int failed)
{
    assay_probe_destroy(&bench_probe);
    assay_device_close(bench_device);
    shader_clean((const char *const[]){"shader.comp", NULL});
    return failed;
}

// A kernel of `source`, its first variant, and a case for it.
static inline explain_bench *bench_begin(const char *source, const char *text)
{
    explain_bench *b = calloc(1, sizeof *b);
    assay_error error = {0};
    char reason[160];
    bench_open();
    b->bench.device = bench_device;
    b->bench.probe = bench_probe;
    b->bench.out = &b->out;
    if (shader_load(&b->kernels, source, &error) != ASSAY_OK ||
        assay_case_parse(text, &b->c, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    b->bench.kernel = b->kernels.items[0];
    b->bench.info = assay_kernel_get_info(b->bench.kernel);
    b->bench.contract = assay_probe_contract(&b->bench.probe, b->bench.info);
    if (!assay_kernel_applies(b->bench.kernel, &b->c.problem, reason, sizeof reason))
        fail_msg("%s", reason);
    return b;
}

static inline void bench_end(explain_bench *b)
{
    assay_kernels_destroy(&b->kernels);
    free(b);
}

// Whether a note says so.
static inline bool bench_noted(const explain_bench *b, const char *said)
{
    for (int i = 0; i < b->out.note_count; i++)
        if (strstr(b->out.note[i], said))
            return true;
    return false;
}

static inline void bench_must_note(const explain_bench *b, const char *said)
{
    if (!bench_noted(b, said))
        fail_msg("no note says \"%s\"; the last is \"%s\"", said,
                 b->out.note_count ? b->out.note[b->out.note_count - 1] : "");
}

#endif
