// SPDX-License-Identifier: Apache-2.0
// The runner against executors that crash, hang, lose their device, lie on the wire or fail: every
// check gets exactly one result, the guilty one its verdict, and the others theirs.
#include "harness/runner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECKS 40

typedef enum deed { WELL, DIES, HANGS, LOSES, EXITS, FAILS } deed;

typedef struct world {
    deed deeds[CHECKS];
    int batch, children;
    int open_fails;
    int seen[CHECKS], verdicts[CHECKS];
    char reasons[CHECKS][128];
    int ready, stop_after, results;
} world;

static assay_status fake_open(void *context, assay_run_info *run, assay_error *error)
{
    const world *w = context;
    if (w->open_fails)
        return assay_fail(error, ASSAY_NO_DEVICE, "no such device");
    snprintf(run->device, sizeof run->device, "fake");
    return ASSAY_OK;
}

static void name_check(int check, assay_result *result)
{
    assay_result_init(result);
    snprintf(result->check, sizeof result->check, "%d", check);
}

static assay_status fake_run(void *context, const int *checks, int count, assay_runner_sink *sink,
                             assay_error *error)
{
    const world *w = context;
    for (int i = 0; i < count; i++) {
        assay_result result;
        switch (w->deeds[checks[i]]) {
        case DIES:
            signal(SIGSEGV, SIG_DFL); // not the sanitizer's report
            raise(SIGSEGV);
            break;
        case HANGS:
            for (;;)
                pause();
        case LOSES:
            return assay_fail(error, ASSAY_DEVICE_LOST, "gone with check %d", checks[i]);
        case EXITS:
            _exit(3);
        case FAILS:
            return assay_fail(error, ASSAY_MEMORY, "no memory at check %d", checks[i]);
        case WELL:
            break;
        }
        name_check(checks[i], &result);
        *result.verdict = ASSAY_VERDICT_PASS;
        ASSAY_TRY(assay_runner_put(sink, &result, error));
    }
    return ASSAY_OK;
}

static void fake_describe(void *context, int check, assay_result *result)
{
    (void)context;
    name_check(check, result);
}

static int fake_batch(void *context, const int *checks, int count)
{
    const world *w = context;
    (void)checks;
    return count < w->batch ? count : w->batch;
}

static unsigned fake_kin(void *context, int check)
{
    (void)context;
    return (unsigned)check / 8;
}

static assay_status on_ready(void *context, const assay_run_info *run, assay_error *error)
{
    world *w = context;
    (void)error;
    assert_string_equal(run->device, "fake");
    w->ready++;
    return ASSAY_OK;
}

static assay_status on_result(void *context, const assay_result *result, assay_error *error)
{
    world *w = context;
    int check = atoi(result->check);
    w->seen[check]++;
    w->verdicts[check] = (int)*result->verdict;
    snprintf(w->reasons[check], sizeof w->reasons[check], "%.120s", result->reason);
    if (++w->results == w->stop_after)
        return assay_fail(error, ASSAY_WRITE, "the disk is full");
    return ASSAY_OK;
}

static assay_status run_world(world *w, int batch, assay_error *error)
{
    int checks[CHECKS];
    for (int i = 0; i < CHECKS; i++)
        checks[i] = i;
    w->batch = batch;
    assay_executor executor = {w, fake_open, fake_run, fake_describe, fake_batch, fake_kin};
    assay_runner_options options = {
        .children = w->children,
        .timeout_s = 0.8,
        .open_timeout_s = 10,
        .on_ready = on_ready,
        .on_result = on_result,
        .context = w,
    };
    return assay_runner_run(&options, &executor, checks, CHECKS, error);
}

static void assert_all_once(const world *w)
{
    for (int i = 0; i < CHECKS; i++)
        assert_int_equal(w->seen[i], 1);
    assert_int_equal(w->ready, 1);
}

static void test_all_well(void **state)
{
    (void)state;
    static const int children[] = {0, 1, 2, 5, CHECKS};
    for (size_t i = 0; i < sizeof children / sizeof *children; i++) {
        world w = {.children = children[i]};
        assay_error error = {0};
        assert_int_equal(run_world(&w, 7, &error), ASSAY_OK);
        assert_all_once(&w);
    }
}

static void test_each_deed_gets_its_verdict(void **state)
{
    (void)state;
    static const int batches[] = {1, 3, 16, CHECKS};
    for (size_t b = 0; b < 2 * sizeof batches / sizeof *batches; b++) {
        world w = {.children = b % 2 ? 3 : 1};
        assay_error error = {0};
        w.deeds[0] = DIES;
        w.deeds[5] = HANGS;
        w.deeds[6] = LOSES;
        w.deeds[17] = EXITS;
        w.deeds[CHECKS - 1] = DIES;
        assert_int_equal(run_world(&w, batches[b / 2], &error), ASSAY_OK);
        assert_all_once(&w);
        for (int i = 0; i < CHECKS; i++) {
            int expected = w.deeds[i] == WELL    ? ASSAY_VERDICT_PASS
                           : w.deeds[i] == HANGS ? ASSAY_VERDICT_TIMEOUT
                                                 : ASSAY_VERDICT_CRASH;
            assert_int_equal(w.verdicts[i], expected);
        }
        assert_non_null(strstr(w.reasons[0], "signal 11"));
        assert_non_null(strstr(w.reasons[5], "0.8 s"));
        assert_non_null(strstr(w.reasons[6], "gone with check 6"));
        assert_non_null(strstr(w.reasons[17], "code 3"));
    }
}

static void test_failure_ends_the_run(void **state)
{
    (void)state;
    world w = {0};
    assay_error error = {0};
    w.deeds[9] = FAILS;
    assert_int_equal(run_world(&w, 4, &error), ASSAY_MEMORY);
    assert_string_equal(error.message, "no memory at check 9");
    assert_int_equal(w.results, 9);
}

// Children that are at work when the run ends are gone with it.
static void test_failure_ends_all_children(void **state)
{
    (void)state;
    world w = {.children = 4};
    assay_error error = {0};
    w.deeds[0] = HANGS;
    w.deeds[6] = FAILS;
    assert_int_equal(run_world(&w, 2, &error), ASSAY_MEMORY);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); // no child is left
    assert_int_equal(errno, ECHILD);
}

static void test_no_device(void **state)
{
    (void)state;
    world w = {.open_fails = 1};
    assay_error error = {0};
    assert_int_equal(run_world(&w, 4, &error), ASSAY_NO_DEVICE);
    assert_string_equal(error.message, "no such device");
    assert_int_equal(w.ready, 0);
}

static void test_full_disk_ends_the_run(void **state)
{
    (void)state;
    world w = {.stop_after = 11};
    assay_error error = {0};
    assert_int_equal(run_world(&w, 4, &error), ASSAY_WRITE);
    assert_string_equal(error.message, "the disk is full");
    assert_int_equal(w.results, 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_well),
        cmocka_unit_test(test_each_deed_gets_its_verdict),
        cmocka_unit_test(test_failure_ends_the_run),
        cmocka_unit_test(test_failure_ends_all_children),
        cmocka_unit_test(test_no_device),
        cmocka_unit_test(test_full_disk_ends_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
