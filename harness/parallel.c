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

int assay_processors(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 1 ? 1 : processors > THREADS_MAX ? THREADS_MAX : (int)processors;
}

void assay_parallel_for(int threads, int count, void (*work)(void *context, int i), void *context)
{
    shared_work shared = {.work = work, .context = context, .count = count};
    pthread_t others[THREADS_MAX];
    int wanted = threads > THREADS_MAX ? THREADS_MAX : threads;
    int started = 0;
    // A thread that cannot be had is no failure: this one does the rest.
    while (started < wanted - 1 && started < count - 1 &&
           pthread_create(&others[started], NULL, take_turns, &shared) == 0)
        started++;
    take_turns(&shared);
    for (int i = 0; i < started; i++)
        pthread_join(others[i], NULL);
}

double assay_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
