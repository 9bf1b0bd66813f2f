// SPDX-License-Identifier: Apache-2.0
#include "harness/runner.h"

#include "harness/child.h"
#include "harness/parallel.h"
#include "reports/journal.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// One child and the batch that it works on.
typedef struct worker {
    assay_child child;
    bool ready;        // the child has opened its device
    const int *checks; // the batch: the first `at` of `count` have their results
    int at, count;
    int step;       // so many are sent at once: all, or one when a child went down in the batch
    int sent, left; // of what was sent last; left == 0: nothing is with the child
    double deadline;
} worker;

// Checks that wait for a worker: those from `at` on.
typedef struct queue {
    int *checks;
    int at, count;
} queue;

typedef struct runner {
    const assay_runner_options *options;
    const assay_executor *executor;
    worker workers[ASSAY_CHILDREN_MAX];
    queue queues[ASSAY_CHILDREN_MAX]; // one for each worker
    int worker_count;
    int *sorted; // the checks of all queues
    bool ready_once;
    uint8_t *data; // of the last frame
    size_t capacity;
} runner;

typedef enum downfall {
    DIED, // the child is gone
    LOST, // the child is gone because its device is
    HUNG, // the time was up
} downfall;

// A frame that carries an assay_error, as a status here.
static assay_status take_error(const runner *r, const assay_frame *frame, assay_error *error)
{
    assay_error told = {ASSAY_INTERNAL, "the child process failed"};
    if (frame->size == sizeof told)
        memcpy(&told, r->data, sizeof told);
    told.message[sizeof told.message - 1] = '\0';
    return assay_fail(error, told.status, "%s", told.message);
}

// The verdict of the one check that killed the child.
static assay_status convict(runner *r, int check, downfall why, int wait_status,
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

// The child went down in its batch. The checks that are left are suspects and run alone, so that
// the one that is guilty is the one that is convicted.
static assay_status go_down(runner *r, worker *w, downfall how, const assay_error *told,
                            assay_error *error)
{
    int wait_status = 0;
    assay_child_end(&w->child, how == HUNG ? SIGKILL : 0, &wait_status);
    w->left = 0;
    if (w->sent > 1 && w->step > 1) {
        w->step = 1;
        return ASSAY_OK;
    }
    return convict(r, w->checks[w->at++], how, wait_status, told, error);
}

// Deals the checks out, kin to the same worker, in their order.
static assay_status deal(runner *r, const int *checks, int count, assay_error *error)
{
    int *next = r->sorted = malloc(((size_t)count + 1) * sizeof *checks);
    if (!next)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for %d checks", count);
    for (int k = 0; k < r->worker_count; k++) {
        queue *q = &r->queues[k];
        q->checks = next;
        for (int i = 0; i < count; i++)
            if (r->executor->kin(r->executor->context, checks[i]) % (unsigned)r->worker_count ==
                (unsigned)k)
                q->checks[q->count++] = checks[i];
        next += q->count;
    }
    return ASSAY_OK;
}

// A worker's own queue while it lasts, then the longest.
static queue *queue_for(runner *r, const worker *w)
{
    queue *own = &r->queues[w - r->workers], *longest = own;
    for (int i = 0; i < r->worker_count && own->at == own->count; i++)
        if (r->queues[i].count - r->queues[i].at > longest->count - longest->at)
            longest = &r->queues[i];
    return longest;
}

static void take_batch(runner *r, worker *w)
{
    queue *q = queue_for(r, w);
    w->checks = q->checks + q->at;
    w->at = w->count = 0;
    if (q->at < q->count)
        w->count = r->executor->batch(r->executor->context, w->checks, q->count - q->at);
    w->step = w->count;
    q->at += w->count;
}

static bool has_work(runner *r, const worker *w)
{
    const queue *q = queue_for(r, w);
    return w->at < w->count || q->at < q->count;
}

// Gives an idle worker what it needs next: a batch, a child, checks to run.
static assay_status advance(runner *r, worker *w, assay_error *error)
{
    if (w->left > 0)
        return ASSAY_OK;
    if (w->at == w->count)
        take_batch(r, w);
    if (w->at == w->count)
        return ASSAY_OK;
    if (w->child.pid == 0) {
        w->ready = false;
        w->deadline = assay_now() + r->options->open_timeout_s;
        return assay_child_start(&w->child, r->executor, error);
    }
    if (!w->ready)
        return ASSAY_OK;
    w->sent = w->left = w->step < w->count - w->at ? w->step : w->count - w->at;
    w->deadline = assay_now() + r->options->timeout_s;
    if (!assay_frame_send(w->child.socket, ASSAY_FRAME_WORK, w->checks + w->at,
                          (size_t)w->sent * sizeof *w->checks))
        return go_down(r, w, DIED, NULL, error);
    return ASSAY_OK;
}

static bool is_busy(const worker *w)
{
    return w->child.pid != 0 && (!w->ready || w->left > 0);
}

// What a child says, or does not say, while it opens its device.
static assay_status meet(runner *r, worker *w, assay_receipt receipt, const assay_frame *frame,
                         assay_error *error)
{
    if (receipt == ASSAY_RECEIVED && frame->kind == ASSAY_FRAME_READY &&
        frame->size == sizeof(assay_run_info)) {
        bool first = !r->ready_once;
        w->ready = r->ready_once = true;
        return first && r->options->on_ready
                   ? r->options->on_ready(r->options->context,
                                          (const assay_run_info *)(void *)r->data, error)
                   : ASSAY_OK;
    }
    if (receipt == ASSAY_RECEIVED)
        return take_error(r, frame, error);
    if (receipt == ASSAY_TIMED_OUT)
        return assay_fail(error, ASSAY_TIMEOUT, "the device did not open within %g s",
                          r->options->open_timeout_s);
    int status = 0;
    assay_child_end(&w->child, 0, &status);
    return assay_fail(error, ASSAY_NO_DEVICE,
                      "the driver died (signal %d) while the device was opened",
                      WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

// The next frame of a busy worker, or its deadline.
static assay_status listen_to(runner *r, worker *w, assay_error *error)
{
    assay_frame frame = {0};
    assay_error told = {0};
    assay_result result;
    assay_status status;
    assay_receipt receipt =
        assay_frame_receive(w->child.socket, w->deadline, &frame, &r->data, &r->capacity);
    if (!w->ready)
        return meet(r, w, receipt, &frame, error);
    if (receipt != ASSAY_RECEIVED)
        return go_down(r, w, receipt == ASSAY_TIMED_OUT ? HUNG : DIED, NULL, error);
    if (frame.kind == ASSAY_FRAME_FATAL)
        return take_error(r, &frame, error);
    if (frame.kind == ASSAY_FRAME_LOST) {
        take_error(r, &frame, &told);
        return go_down(r, w, LOST, &told, error);
    }
    if (frame.kind != ASSAY_FRAME_RESULT ||
        assay_record_decode(r->data, frame.size, &result, &status) == 0)
        // Nonsense on the wire: the driver has written over the child's memory.
        return go_down(r, w, DIED, NULL, error);
    w->at++;
    w->left--;
    return r->options->on_result(r->options->context, &result, error);
}

// Waits until a busy worker says something or its time is up, and listens to all that are due.
static assay_status listen_to_all(runner *r, assay_error *error)
{
    struct pollfd ready[ASSAY_CHILDREN_MAX];
    double next = (double)INFINITY;
    for (int i = 0; i < r->worker_count; i++) {
        const worker *w = &r->workers[i];
        ready[i] = (struct pollfd){.fd = is_busy(w) ? w->child.socket : -1, .events = POLLIN};
        if (is_busy(w) && w->deadline < next)
            next = w->deadline;
    }
    double left = next - assay_now();
    int wait = left <= 0 ? 0 : left > 1e6 ? 1000000000 : (int)ceil(left * 1e3);
    if (poll(ready, (nfds_t)r->worker_count, wait) < 0 && errno != EINTR)
        return assay_fail(error, ASSAY_INTERNAL, "poll: %s", strerror(errno));
    for (int i = 0; i < r->worker_count; i++) {
        worker *w = &r->workers[i];
        if (ready[i].fd >= 0 && (ready[i].revents || assay_now() >= w->deadline))
            ASSAY_TRY(listen_to(r, w, error));
    }
    return ASSAY_OK;
}

// The first child opens the device alone: the others find what it has probed.
static assay_status run_all(runner *r, assay_error *error)
{
    for (;;) {
        bool busy = false;
        for (int i = 0; i < (r->ready_once ? r->worker_count : 1); i++) {
            worker *w = &r->workers[i];
            while (!is_busy(w) && has_work(r, w))
                ASSAY_TRY(advance(r, w, error));
            busy = busy || is_busy(w);
        }
        if (!busy)
            return ASSAY_OK;
        ASSAY_TRY(listen_to_all(r, error));
    }
}

assay_status assay_runner_run(const assay_runner_options *options, const assay_executor *executor,
                              const int *checks, int count, assay_error *error)
{
    runner r = {.options = options, .executor = executor};
    r.worker_count = options->children < 1                    ? 1
                     : options->children > ASSAY_CHILDREN_MAX ? ASSAY_CHILDREN_MAX
                                                              : options->children;
    assay_status status = deal(&r, checks, count, error);
    if (status == ASSAY_OK)
        status = run_all(&r, error);
    for (int i = 0; i < r.worker_count; i++)
        assay_child_end(&r.workers[i].child, status == ASSAY_OK ? 0 : SIGKILL, NULL);
    free(r.sorted);
    free(r.data);
    return status;
}
