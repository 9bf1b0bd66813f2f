// SPDX-License-Identifier: Apache-2.0
// Runs checks of a plan on a Vulkan device: generate, reference, dispatch, judge. Lives in the
// child of the runner.
#ifndef ASSAY_EXECUTOR_H
#define ASSAY_EXECUTOR_H

#include "gpu/job.h"
#include "gpu/probe.h"
#include "harness/plan.h"
#include "harness/runner.h"

typedef struct assay_lab {
    const assay_plan *plan;
    assay_device_options device_options;
    char command[600]; // how a reproduce line begins and ends: "assay verify", " --fixture F.h5"
    char trailer[300];
    unsigned sanitize;  // further runs of each check, as in assay_job
    int threads;        // that one child may use; at least 1
    assay_run_info run; // what the parent knows; the child adds its device
    assay_device *device;
    assay_probe probe;
} assay_lab;

// The executor that runs lab->plan. The lab must outlive it.
assay_executor assay_lab_executor(assay_lab *lab);

#endif
