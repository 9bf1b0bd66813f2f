// SPDX-License-Identifier: Apache-2.0
// The same work for many items, side by side, each on one thread.
#ifndef ASSAY_PARALLEL_H
#define ASSAY_PARALLEL_H

// Processors of this machine, at least 1.
int assay_processors(void);

// Calls work(context, i) once for every i in [0, count), in any order, on at most `threads`
// threads; returns when all are done.
void assay_parallel_for(int threads, int count, void (*work)(void *context, int i), void *context);

// Seconds of a clock that only goes forward.
double assay_now(void);

#endif
