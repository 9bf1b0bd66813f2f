// SPDX-License-Identifier: Apache-2.0
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
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define FRAME_MAX (64u << 20)

struct assay_runner_sink {
    int socket;
};

static bool send_all(int socket, const void *data, size_t size)
{
    const char *at = data;
    while (size > 0) {
        ssize_t n = send(socket, at, size, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

bool assay_frame_send(int socket, assay_frame_kind kind, const void *data, size_t size)
{
    assay_frame frame = {(uint32_t)kind, (uint32_t)size};
    return send_all(socket, &frame, sizeof frame) && send_all(socket, data, size);
}

static assay_receipt receive_all(int socket, double deadline, void *data, size_t size)
{
    char *at = data;
    while (size > 0) {
        double left = deadline - assay_now();
        int wait = isinf(left)  ? -1
                   : left <= 0  ? 0
                   : left > 1e6 ? 1000000000
                                : (int)ceil(left * 1e3);
        struct pollfd ready = {.fd = socket, .events = POLLIN};
        int n = poll(&ready, 1, wait);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            return ASSAY_TIMED_OUT;
        ssize_t got = recv(socket, at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return ASSAY_CLOSED;
        at += got;
        size -= (size_t)got;
    }
    return ASSAY_RECEIVED;
}

assay_receipt assay_frame_receive(int socket, double deadline, assay_frame *frame, uint8_t **data,
                                  size_t *capacity)
{
    assay_receipt receipt = receive_all(socket, deadline, frame, sizeof *frame);
    if (receipt != ASSAY_RECEIVED)
        return receipt;
    if (frame->size > FRAME_MAX)
        return ASSAY_CLOSED; // a driver that has written over the child's memory
    if (frame->size > *capacity) {
        uint8_t *grown = realloc(*data, frame->size);
        if (!grown)
            return ASSAY_CLOSED;
        *data = grown;
        *capacity = frame->size;
    }
    return receive_all(socket, deadline, *data, frame->size);
}

assay_status assay_runner_put(assay_runner_sink *sink, const assay_result *result,
                              assay_error *error)
{
    uint8_t record[sizeof *result + 4096];
    size_t size = assay_record_encode(result, record, sizeof record);
    if (size > sizeof record)
        return assay_fail(error, ASSAY_INTERNAL, "a result needs %zu bytes", size);
    if (!assay_frame_send(sink->socket, ASSAY_FRAME_RESULT, record, size))
        return assay_fail(error, ASSAY_INTERNAL, "the parent process is gone");
    return ASSAY_OK;
}

// Everything the child does. Its exit code says nothing: the frames do.
static _Noreturn void live(int socket, const assay_executor *executor)
{
    assay_runner_sink sink = {socket};
    assay_run_info *run = calloc(1, sizeof *run);
    assay_error error = {0};
    uint8_t *data = NULL;
    size_t capacity = 0;
    assay_frame frame;
    // Killed with its parent: a hanging driver must not outlive the run.
    prctl(PR_SET_PDEATHSIG, SIGKILL);

    assay_status status = run ? executor->open(executor->context, run, &error)
                              : assay_fail(&error, ASSAY_MEMORY, "out of memory");
    if (status == ASSAY_OK && !assay_frame_send(socket, ASSAY_FRAME_READY, run, sizeof *run))
        _exit(1);
    while (status == ASSAY_OK) {
        if (assay_frame_receive(socket, (double)INFINITY, &frame, &data, &capacity) !=
                ASSAY_RECEIVED ||
            frame.kind != ASSAY_FRAME_WORK)
            _exit(0); // the parent closed its end: all is done
        int *checks = malloc(frame.size);
        if (!checks)
            status = assay_fail(&error, ASSAY_MEMORY, "out of memory");
        else
            memcpy(checks, data, frame.size);
        if (status == ASSAY_OK)
            status = executor->run(executor->context, checks, (int)(frame.size / sizeof *checks),
                                   &sink, &error);
        free(checks);
    }
    error.status = status;
    assay_frame_send(socket, status == ASSAY_DEVICE_LOST ? ASSAY_FRAME_LOST : ASSAY_FRAME_FATAL,
                     &error, sizeof error);
    _exit(1);
}

assay_status assay_child_start(assay_child *child, const assay_executor *executor,
                               assay_error *error)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return assay_fail(error, ASSAY_INTERNAL, "no socket pair: %s", strerror(errno));
    fflush(NULL); // or the child would print what the parent has buffered, once more
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        live(ends[1], executor);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return assay_fail(error, ASSAY_MEMORY, "no child process: %s", strerror(errno));
    }
    *child = (assay_child){pid, ends[0]};
    return ASSAY_OK;
}

void assay_child_end(assay_child *child, int signal_number, int *wait_status)
{
    int status = 0;
    if (child->pid <= 0)
        return;
    if (signal_number)
        kill(child->pid, signal_number);
    shutdown(child->socket, SHUT_RDWR); // children that were forked later hold it open
    close(child->socket);
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (wait_status)
        *wait_status = status;
    *child = (assay_child){0, -1};
}
