// SPDX-License-Identifier: Apache-2.0
// Random and hostile results for the tests of this room; the same seed gives the same results.
#ifndef ASSAY_SAMPLE_RESULTS_H
#define ASSAY_SAMPLE_RESULTS_H

#include "reports/result.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline uint64_t sample_next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15)); // SplitMix64
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

// Every field random: any bits in numbers, any bytes but NUL in texts, of any length that fits.
static inline void sample_random(assay_result *result, uint64_t *state)
{
    memset(result, 0, sizeof *result);
    for (int f = 0; f < assay_result_field_count; f++) {
        const assay_field *field = &assay_result_fields[f];
        uint8_t *at = (uint8_t *)result + field->offset;
        if (field->kind == ASSAY_FIELD_TEXT) {
            size_t length = (size_t)(sample_next(state) % (uint64_t)field->count);
            for (size_t i = 0; i < length; i++)
                at[i] = (uint8_t)(1 + sample_next(state) % 255);
            continue;
        }
        for (int i = 0; i < field->count; i++) {
            uint64_t bits = sample_next(state);
            memcpy(at + 8 * i, &bits, 8);
        }
    }
    *result->verdict = (int64_t)(sample_next(state) % ASSAY_VERDICT_COUNT);
    *result->caught &= 511;
}

// A result as a run makes it; `i` decides operator, kernel, case and verdict.
static inline void sample_plain(assay_result *result, int i)
{
    static const char *const operators[] = {"conv2d", "max_pool2d", "relu"};
    static const char *const kernels[] = {"conv2d_direct", "max_pool2d", "activation"};
    static const assay_verdict verdicts[] = {ASSAY_VERDICT_PASS, ASSAY_VERDICT_PASS,
                                             ASSAY_VERDICT_SKIP, ASSAY_VERDICT_FAIL,
                                             ASSAY_VERDICT_PASS, ASSAY_VERDICT_VACUOUS};
    assay_result_init(result);
    *result->verdict = verdicts[i % 6];
    snprintf(result->operator_name, sizeof result->operator_name, "%s", operators[i % 3]);
    snprintf(result->kernel, sizeof result->kernel, "%s", kernels[i % 3]);
    snprintf(result->precision, sizeof result->precision, "f32");
    snprintf(result->layout, sizeof result->layout, "nchw");
    snprintf(result->device, sizeof result->device, "0 llvmpipe");
    snprintf(result->case_text, sizeof result->case_text, "%s/n2c3h8w9/i2/%d", operators[i % 3], i);
    snprintf(result->check, sizeof result->check, "%.40s:f32:nchw@0 %.150s", result->kernel,
             result->case_text);
    snprintf(result->reproduce, sizeof result->reproduce, "assay verify --device 0 '%.150s'",
             result->case_text);
    snprintf(result->contract, sizeof result->contract, "f32 rounding=rte(probed)");
    snprintf(result->tier, sizeof result->tier, i % 2 ? "T2" : "T0");
    *result->elements = 720;
    *result->use_max = 0.25;
    *result->ulp_max = 3;
    *result->seconds = 0.001;
    *result->gpu_s = 0.0004;
    result->ulp_histogram[0] = 700;
    result->ulp_histogram[2] = 20;
    if (*result->verdict == ASSAY_VERDICT_SKIP)
        snprintf(result->reason, sizeof result->reason, "the device has no f16 storage");
    if (*result->verdict == ASSAY_VERDICT_VACUOUS)
        snprintf(result->reason, sizeof result->reason, "all expected values are the same");
    if (*result->verdict != ASSAY_VERDICT_FAIL)
        return;
    *result->caught = ASSAY_CAUGHT_T0 | ASSAY_CAUGHT_POISON;
    *result->mismatches = 2;
    snprintf(result->reason, sizeof result->reason,
             "2 of 720 elements wrong; first at n0 c1 h2 w3");
    for (int k = 0; k < 2; k++) {
        result->first_index[k] = 57 + k;
        result->first_actual[k] = 3;
        result->first_expected[k] = 5.5;
        result->first_bound[k] = k * 0.125;
    }
}

static inline void sample_run(assay_run_info *run)
{
    memset(run, 0, sizeof *run);
    snprintf(run->version, sizeof run->version, "0.1.0");
    snprintf(run->device, sizeof run->device, "llvmpipe (LLVM 15.0.6, 256 bits)");
    snprintf(run->driver, sizeof run->driver, "llvmpipe Mesa 22.3.6");
    snprintf(run->arguments, sizeof run->arguments, "assay verify --suite smoke");
    snprintf(run->started, sizeof run->started, "2026-01-02T03:04:05Z");
}

// A verdict that fails, and texts that break whatever does not escape them.
static inline void sample_hostile(assay_result *result, int i)
{
    static const char nasty[] =
        "<&>\"']]> \x01\x1b[31m\x7f\xff\xc3(\xed\xa0\x80\xef\xbf\xbf\t\n```\n"
        "reproduce: rm | `a` *b* </script> \xe2\x82\xac \xc2\x9b %s";
    static const size_t texts[] = {
        offsetof(assay_result, operator_name), offsetof(assay_result, kernel),
        offsetof(assay_result, device),        offsetof(assay_result, case_text),
        offsetof(assay_result, contract),
    };
    sample_plain(result, 3);
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        memcpy((char *)result + texts[k], nasty, 63);
    *result->verdict = i % 3 == 0   ? ASSAY_VERDICT_FAIL
                       : i % 3 == 1 ? ASSAY_VERDICT_CRASH
                                    : ASSAY_VERDICT_SKIP;
    snprintf(result->check, sizeof result->check, "%s %d", nasty, i);
    snprintf(result->reason, sizeof result->reason, "%s", nasty);
    snprintf(result->reproduce, sizeof result->reproduce, "%s", nasty);
    snprintf(result->messages, sizeof result->messages, "%s\n%s", nasty, nasty);
    memset(result->tier, 0xC3, sizeof result->tier - 1);
}

// A folder of this test alone, made once; the test removes its files in it.
static inline const char *sample_folder(void)
{
    static char folder[] = "/tmp/assay-reports-XXXXXX";
    static const char *made;
    if (!made)
        made = mkdtemp(folder);
    return made;
}

static inline const char *sample_path(char *buffer, size_t size, const char *name)
{
    snprintf(buffer, size, "%s/%s", sample_folder(), name);
    return buffer;
}

#endif
