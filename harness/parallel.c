// SPDX-License-Identifier: Apache-2.0
#include "harness/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#define THREADS_MAX 64

typedef struct shared_work {
    void (*work)(void *context, int i);
    void *context;
    int count;
    atomic_int next;
} shared_work;

static void *take_turns(void *argument)
{
    shared_work *shared = argument;
    for (;;) {
        int i = atomic_fetch_add(&shared->next, 1);
        if (i >= shared->count)
            return NULL;
        shared->work(shared->context, i);
    }
}

void assay_parallel_for(int count, void (*work)(void *context, int i), void *context)
{
    shared_work shared = {.work = work, .context = context, .count = count};
    pthread_t threads[THREADS_MAX];
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int wanted = processors > THREADS_MAX ? THREADS_MAX : (int)processors;
    int started = 0;
    // A thread that cannot be had is no failure: this one does the rest.
    while (started < wanted - 1 && started < count - 1 &&
           pthread_create(&threads[started], NULL, take_turns, &shared) == 0)
        started++;
    take_turns(&shared);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}

double assay_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
