// SPDX-License-Identifier: Apache-2.0
// What the tests of the judge share. Includes cmocka in its order.
#ifndef ASSAY_JUDGE_TRIAL_H
#define ASSAY_JUDGE_TRIAL_H

#include "harness/judge.h"

#include "harness/subject.h"
#include "reference/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct trial {
    assay_case c;
    assay_subject subject;
    float *run[ASSAY_RUNS];
    assay_guard_report guard[ASSAY_RUNS];
    char *messages;
    assay_deviation deviation[ASSAY_SANITIZERS];
} trial;

// A case with the outputs that a perfect kernel gives.
static inline void begin(trial *t, const char *text, assay_contract contract)
{
    assay_error error = {0};
    memset(t, 0, sizeof *t);
    if (assay_case_parse(text, &t->c, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    t->subject.c = &t->c;
    t->subject.contract = contract;
    assay_subject_prepare(&t->subject);
    assert_int_equal(t->subject.status, ASSAY_OK);
    int64_t n = t->subject.reference.count;
    for (int r = 0; r < ASSAY_RUNS; r++) {
        t->run[r] = malloc((size_t)n * sizeof(float));
        const assay_format *format = assay_format_of(contract.storage);
        for (int64_t i = 0; i < n; i++)
            t->run[r][i] = format->round(t->subject.reference.value[i], ASSAY_TO_NEAREST);
    }
}

static inline assay_result judged(const trial *t)
{
    assay_result result;
    assay_error error = {0};
    assay_evidence evidence = {
        .c = &t->c,
        .in = t->subject.in,
        .reference = &t->subject.reference,
        .contract = &t->subject.contract,
        .run = {t->run[0], t->run[1]},
        .guard = t->guard,
        .messages = t->messages,
        .deviation = t->deviation,
    };
    assay_result_init(&result);
    assert_int_equal(assay_judge(&evidence, &result, &error), ASSAY_OK);
    return result;
}

static inline void end(trial *t)
{
    assay_subject_release(&t->subject);
    free(t->run[0]);
    free(t->run[1]);
}

static inline assay_contract rte(void)
{
    assay_contract c = assay_contract_default();
    c.rounding = ASSAY_ROUNDING_RTE;
    c.nan = ASSAY_NAN_KEPT;
    return c;
}

static inline void both(trial *t, int64_t i, float x)
{
    t->run[0][i] = t->run[1][i] = x;
}

#endif
