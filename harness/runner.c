// SPDX-License-Identifier: Apache-2.0
#include "harness/runner.h"

#include "harness/child.h"
#include "harness/parallel.h"
#include "reports/journal.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct runner {
    const assay_runner_options *options;
    const assay_executor *executor;
    assay_child child;
    bool ready_once;
    uint8_t *data; // of the last frame
    size_t capacity;
} runner;

typedef enum outcome {
    DONE,  // every check of the batch has its result
    DIED,  // the child is gone
    LOST,  // the child is gone because its device is
    HUNG,  // the time was up
    ENDED, // the run cannot go on
} outcome;

// A frame that carries an assay_error, as a status here.
static assay_status take_error(const runner *r, const assay_frame *frame, assay_error *error)
{
    assay_error told = {ASSAY_INTERNAL, "the child process failed"};
    if (frame->size == sizeof told)
        memcpy(&told, r->data, sizeof told);
    told.message[sizeof told.message - 1] = '\0';
    return assay_fail(error, told.status, "%s", told.message);
}

static assay_status start_child(runner *r, assay_error *error)
{
    assay_frame frame = {0};
    ASSAY_TRY(assay_child_start(&r->child, r->executor, error));
    double deadline = assay_now() + r->options->open_timeout_s;
    assay_receipt receipt =
        assay_frame_receive(r->child.socket, deadline, &frame, &r->data, &r->capacity);
    if (receipt == ASSAY_RECEIVED && frame.kind == ASSAY_FRAME_READY &&
        frame.size == sizeof(assay_run_info)) {
        if (r->ready_once || !r->options->on_ready)
            return ASSAY_OK;
        r->ready_once = true;
        return r->options->on_ready(r->options->context, (const assay_run_info *)(void *)r->data,
                                    error);
    }
    if (receipt == ASSAY_RECEIVED)
        return take_error(r, &frame, error);
    if (receipt == ASSAY_TIMED_OUT) {
        assay_child_end(&r->child, SIGKILL, NULL);
        return assay_fail(error, ASSAY_TIMEOUT, "the device did not open within %g s",
                          r->options->open_timeout_s);
    }
    int status = 0;
    assay_child_end(&r->child, 0, &status);
    return assay_fail(error, ASSAY_NO_DEVICE,
                      "the driver died (signal %d) while the device was opened",
                      WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

// One batch in the child; *done counts the checks that got their result.
static outcome run_batch(runner *r, const int *checks, int count, int *done, assay_error *error)
{
    *done = 0;
    if (r->child.pid == 0 && start_child(r, error) != ASSAY_OK)
        return ENDED;
    double deadline = assay_now() + r->options->timeout_s;
    if (!assay_frame_send(r->child.socket, ASSAY_FRAME_WORK, checks,
                          (size_t)count * sizeof *checks))
        return DIED;
    while (*done < count) {
        assay_frame frame;
        assay_status status;
        assay_receipt receipt =
            assay_frame_receive(r->child.socket, deadline, &frame, &r->data, &r->capacity);
        if (receipt == ASSAY_TIMED_OUT)
            return HUNG;
        if (receipt == ASSAY_CLOSED)
            return DIED;
        if (frame.kind == ASSAY_FRAME_LOST || frame.kind == ASSAY_FRAME_FATAL) {
            take_error(r, &frame, error);
            return frame.kind == ASSAY_FRAME_LOST ? LOST : ENDED;
        }
        assay_result result;
        if (frame.kind != ASSAY_FRAME_RESULT ||
            assay_record_decode(r->data, frame.size, &result, &status) == 0)
            return DIED; // nonsense on the wire: the driver has written over the child's memory
        if (r->options->on_result(r->options->context, &result, error) != ASSAY_OK)
            return ENDED;
        (*done)++;
    }
    return DONE;
}

// The verdict of the one check that killed the child.
static assay_status convict(runner *r, int check, outcome why, int wait_status,
                            const assay_error *told, assay_error *error)
{
    assay_result result;
    assay_result_init(&result);
    r->executor->describe(r->executor->context, check, &result);
    *result.verdict = why == HUNG ? ASSAY_VERDICT_TIMEOUT : ASSAY_VERDICT_CRASH;
    *result.seconds = why == HUNG ? r->options->timeout_s : 0;
    if (why == HUNG)
        snprintf(result.reason, sizeof result.reason, "did not end within %g s and was killed",
                 r->options->timeout_s);
    else if (why == LOST)
        snprintf(result.reason, sizeof result.reason, "the device was lost: %.900s", told->message);
    else if (WIFSIGNALED(wait_status))
        snprintf(result.reason, sizeof result.reason, "the driver died of signal %d (%s)",
                 WTERMSIG(wait_status), strsignal(WTERMSIG(wait_status)));
    else
        snprintf(result.reason, sizeof result.reason, "the driver ended the process with code %d",
                 WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 0);
    return r->options->on_result(r->options->context, &result, error);
}

// Runs a batch to its end. When the child goes down in it, the checks that are left are suspects
// and run alone, so that the one that is guilty is the one that is convicted.
static assay_status run_to_end(runner *r, const int *checks, int count, assay_error *error)
{
    int at = 0, step = count;
    while (at < count) {
        int done = 0, wait_status = 0;
        int size = step < count - at ? step : count - at;
        assay_error told = {0};
        outcome how = run_batch(r, checks + at, size, &done, &told);
        at += done;
        if (how == DONE)
            continue;
        if (how == ENDED) {
            assay_child_end(&r->child, SIGKILL, NULL);
            return assay_fail(error, told.status, "%s", told.message);
        }
        assay_child_end(&r->child, how == HUNG ? SIGKILL : 0, &wait_status);
        if (size > 1 && step > 1) {
            step = 1;
            continue;
        }
        ASSAY_TRY(convict(r, checks[at], how, wait_status, &told, error));
        at++;
    }
    return ASSAY_OK;
}

assay_status assay_runner_run(const assay_runner_options *options, const assay_executor *executor,
                              const int *checks, int count, assay_error *error)
{
    runner r = {
        .options = options, .executor = executor, .child = {0, -1}
    };
    assay_status status = ASSAY_OK;
    for (int at = 0; at < count && status == ASSAY_OK;) {
        int size = executor->batch(executor->context, checks + at, count - at);
        status = run_to_end(&r, checks + at, size, error);
        at += size;
    }
    assay_child_end(&r.child, 0, NULL);
    free(r.data);
    return status;
}
