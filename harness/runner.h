// SPDX-License-Identifier: Apache-2.0
// Isolation: child processes own the device and run checks in batches; the parent keeps the
// results. A child that dies, hangs past the timeout or loses the device costs one check its
// verdict, and the run goes on with a new child.
#ifndef ASSAY_RUNNER_H
#define ASSAY_RUNNER_H

#include "reports/result.h"

typedef struct assay_runner_sink assay_runner_sink; // where an executor puts its results

// What runs in the child. The same memory as in the parent, as it was when the child was forked.
typedef struct assay_executor {
    void *context;
    // Opens the device; fills what it knows of it. Called once in each child.
    assay_status (*open)(void *context, assay_run_info *run, assay_error *error);
    // Runs the checks of the given numbers in this order and puts a result for each.
    // ASSAY_DEVICE_LOST is a CRASH of one of those not put yet; any other failure ends the whole
    // run.
    assay_status (*run)(void *context, const int *checks, int count, assay_runner_sink *sink,
                        assay_error *error);
    // In the parent: the identity of a check that the child could not report on.
    void (*describe)(void *context, int check, assay_result *result);
    // In the parent: how many of these checks may share a batch; at least 1.
    int (*batch)(void *context, const int *checks, int count);
    // In the parent: a number that checks have in common which had better run in one child.
    unsigned (*kin)(void *context, int check);
} assay_executor;

// Called by an executor, once for each check, in order. Fails when the parent is gone.
ASSAY_CHECKED assay_status assay_runner_put(assay_runner_sink *sink, const assay_result *result,
                                            assay_error *error);

#define ASSAY_CHILDREN_MAX 64

typedef struct assay_runner_options {
    int children;          // that run batches side by side; at least 1
    double timeout_s;      // for a batch, and then for each suspect alone
    double open_timeout_s; // for opening and probing the device
    // The first child is ready, and each result, in the parent. A failure ends the run.
    assay_status (*on_ready)(void *context, const assay_run_info *run, assay_error *error);
    assay_status (*on_result)(void *context, const assay_result *result, assay_error *error);
    void *context;
} assay_runner_options;

// Runs checks[0 .. count-1], numbers that mean something to the executor. Every one gets exactly
// one result; with several children, in any order.
ASSAY_CHECKED assay_status assay_runner_run(const assay_runner_options *options,
                                            const assay_executor *executor, const int *checks,
                                            int count, assay_error *error);

#endif
