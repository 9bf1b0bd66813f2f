// SPDX-License-Identifier: Apache-2.0
#include "harness/engine_outputs.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// Reading one array that takes longer is taken for a hang.
#define SILENCE_MS 60000

// What comes through the pipe: the file's head once, then one answer for each output, each followed
// by its values where the status is ASSAY_OK.
typedef struct file_head {
    assay_status status;
    assay_error error;
    char foreign[64];
    int foreign_count;
} file_head;

typedef struct answer {
    assay_status status;
    assay_error error;
} answer;

typedef struct request {
    const char *path;
    const assay_fixture *fixture;
    assay_engine_output *outputs;
    int count;
} request;

// ---- the child

static bool put(int pipe, const void *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = write(pipe, (const char *)data + done, size - done);
        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return true;
}

static void find_foreign(const assay_outputs *file, const request *r, file_head *head)
{
    for (int i = 0; i < assay_outputs_count(file); i++) {
        const char *name = assay_outputs_name(file, i);
        char own[ASSAY_OUTPUT_NAME];
        size_t vector = strtoul(name, NULL, 10);
        assay_output_name(vector, own);
        if (vector < r->fixture->count && strcmp(own, name) == 0)
            continue;
        if (head->foreign_count++ == 0)
            snprintf(head->foreign, sizeof head->foreign, "%.63s", name);
    }
}

static answer read_one(assay_outputs *file, const request *r, const assay_engine_output *output,
                       float **values)
{
    const assay_shape *shape = &r->fixture->vectors[output->vector].c.problem.output;
    char name[ASSAY_OUTPUT_NAME];
    answer a = {0};
    assay_output_name(output->vector, name);
    *values = malloc((size_t)assay_shape_elements(shape) * sizeof **values);
    a.status = *values ? assay_outputs_read(file, name, shape, *values, &a.error)
                       : assay_fail(&a.error, ASSAY_MEMORY, "out of memory for %s", name);
    return a;
}

static void serve(const request *r, int pipe)
{
    assay_outputs *file = NULL;
    file_head head = {0};
    head.status = assay_outputs_open(r->path, &file, &head.error);
    if (head.status == ASSAY_OK)
        find_foreign(file, r, &head);
    bool open = put(pipe, &head, sizeof head) && head.status == ASSAY_OK;
    for (int i = 0; i < r->count && open; i++) {
        float *values = NULL;
        answer a = read_one(file, r, &r->outputs[i], &values);
        const assay_shape *shape = &r->fixture->vectors[r->outputs[i].vector].c.problem.output;
        open = put(pipe, &a, sizeof a);
        if (open && a.status == ASSAY_OK)
            open = put(pipe, values, (size_t)assay_shape_elements(shape) * sizeof *values);
        free(values);
    }
    assay_outputs_close(file);
}

// ---- the parent

static bool get(int pipe, void *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        struct pollfd ready = {.fd = pipe, .events = POLLIN};
        int some = poll(&ready, 1, SILENCE_MS);
        if (some < 0 && errno == EINTR)
            continue;
        ssize_t n = some > 0 ? read(pipe, (char *)data + done, size - done) : 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

static bool take_one(const request *r, int pipe, assay_engine_output *output)
{
    const assay_shape *shape = &r->fixture->vectors[output->vector].c.problem.output;
    size_t bytes = (size_t)assay_shape_elements(shape) * sizeof(float);
    answer a;
    if (!get(pipe, &a, sizeof a))
        return false;
    output->status = a.status;
    output->error = a.error;
    if (a.status != ASSAY_OK)
        return true;
    output->values = malloc(bytes);
    if (!output->values) {
        output->status = ASSAY_MEMORY;
        return false;
    }
    return get(pipe, output->values, bytes);
}

static assay_status take_all(const request *r, int pipe, char foreign[64], int *foreign_count,
                             bool *broken, assay_error *error)
{
    file_head head;
    if (!get(pipe, &head, sizeof head)) {
        *broken = true;
        return ASSAY_OK;
    }
    memcpy(foreign, head.foreign, sizeof head.foreign);
    *foreign_count = head.foreign_count;
    if (head.status != ASSAY_OK)
        return assay_fail(error, head.status, "%s", head.error.message);
    for (int i = 0; i < r->count && !*broken; i++)
        *broken = !take_one(r, pipe, &r->outputs[i]);
    return ASSAY_OK;
}

assay_status assay_engine_outputs_read(const char *path, const assay_fixture *fixture,
                                       assay_engine_output *outputs, int count, char foreign[64],
                                       int *foreign_count, assay_error *error)
{
    request r = {path, fixture, outputs, count};
    int ends[2], ended = 0;
    bool broken = false;
    foreign[0] = '\0';
    *foreign_count = 0;
    if (pipe(ends) != 0)
        return assay_fail(error, ASSAY_INTERNAL, "pipe: %s", strerror(errno));
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        serve(&r, ends[1]);
        _exit(0);
    }
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return assay_fail(error, ASSAY_INTERNAL, "fork: %s", strerror(errno));
    }
    assay_status status = take_all(&r, ends[0], foreign, foreign_count, &broken, error);
    close(ends[0]);
    if (broken)
        kill(child, SIGKILL); // a child that has died already minds nothing
    while (waitpid(child, &ended, 0) < 0 && errno == EINTR)
        ;
    if (broken)
        status = assay_fail(error, ASSAY_FORMAT,
                            "%s: reading it ended the process that read it (%s): the file is "
                            "damaged",
                            path,
                            WIFSIGNALED(ended) && WTERMSIG(ended) != SIGKILL
                                ? strsignal(WTERMSIG(ended))
                                : "it hung or took too much memory");
    return status;
}
