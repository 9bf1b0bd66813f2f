// SPDX-License-Identifier: Apache-2.0
// The same work for many items, on all processors. Cases run side by side, each on one thread.
#ifndef ASSAY_PARALLEL_H
#define ASSAY_PARALLEL_H

// Calls work(context, i) once for every i in [0, count), in any order; returns when all are done.
void assay_parallel_for(int count, void (*work)(void *context, int i), void *context);

// Seconds of a clock that only goes forward.
double assay_now(void);

#endif
