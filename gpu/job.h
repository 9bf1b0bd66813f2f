// SPDX-License-Identifier: Apache-2.0
// Running kernels: many checks in one submission, each in two placements with guards around every
// tensor.
#ifndef ASSAY_JOB_H
#define ASSAY_JOB_H

#include "gpu/device.h"
#include "gpu/kernel.h"
#include "gpu/sanitize.h"

// Run 0 is guarded: every buffer's bound range goes on over at least ASSAY_GUARD_BYTES of NaN
// behind the tensor, where no driver clips. Run 1 is exact: each buffer has the tensor's size to
// the byte, between poisoned gaps. Outputs are prefilled with a different signalling NaN-box
// pattern in each, so that run 0 == run 1 also proves independence of what was in memory.
enum { ASSAY_RUN_GUARDED, ASSAY_RUN_EXACT, ASSAY_RUNS };

#define ASSAY_GUARD_BYTES    ((size_t)(1 << 20) + 65536)
#define ASSAY_PREFILL_BITS_0 UINT32_C(0x7FC0DEAD)
#define ASSAY_PREFILL_BITS_1 UINT32_C(0x7FC0BEEF)
#define ASSAY_POISON_BITS    UINT32_C(0x7FC0FEED)

typedef struct assay_guard_report {
    int64_t unwritten;       // output elements that still hold the prefill
    int64_t first_unwritten; // linear index, -1 when none
    int64_t stray;           // 4-byte words changed outside of all tensors
    int64_t stray_offset;    // first of them, in bytes from the start of the tensor named below
    int stray_tensor; // index of the input, ASSAY_INPUTS_MAX for the output, ASSAY_INPUTS_MAX + 1
                      // + index for a scratch tensor; -1 when none
    int64_t nonzero;  // 4-byte words of the output that hold no element, and no zero as promised
    int64_t nonzero_offset; // first of them, in bytes from the start of the output
    int64_t changed;        // input elements whose bits changed
    int64_t changed_index;  // first of them, linear index in the tensor below
    int changed_tensor;     // index of the input, -1 when none
} assay_guard_report;

// Which work group writes which element of an output: found by running half of the groups at a
// time. Not asked of kernels of several passes, nor of those that use atomics or coherent memory,
// as a group of theirs may wait for others.
typedef struct assay_writers {
    int32_t (*group)[3]; // caller-owned, elements of the output: x, y and z of the work group, -1
                         // where no one group alone writes the element
    bool observed;       // false: `group` is all -1, the rest is not set
    uint32_t groups[3];  // of the dispatch
    uint32_t local[3];   // invocations of a group
} assay_writers;

typedef struct assay_job {
    // in
    const assay_kernel *kernel;
    const assay_problem *problem;
    const float *const *in; // logical data, one array for each input, NULL where absent
    float *out[ASSAY_RUNS]; // caller-owned, elements of problem->output: filled with what the
                            // kernel wrote
    unsigned sanitize;      // further runs: a bit 1 << assay_sanitizer each
    assay_writers *writers; // filled by further runs where it is not NULL
    // out
    assay_status status; // of this job; its sentence is in error
    assay_error error;
    assay_guard_report guard[ASSAY_RUNS];
    assay_deviation deviation[ASSAY_SANITIZERS];
    uint64_t gpu_ns[ASSAY_RUNS]; // by timestamps; 0 when the device has none
    double pipeline_s, transfer_s,
        gpu_s;      // host time: pipeline creation; pack, copy, verify guards; submit and wait
    char *messages; // validation messages that this job caused, a line each; NULL when none; free()
                    // it
} assay_job;

// Runs all jobs, in as many submissions as the arena asks for. Fails as a whole only when the
// device is lost or no memory is left; a job's own trouble (limit, pipeline) is in its status.
// Outputs of failed jobs are unspecified.
ASSAY_CHECKED assay_status assay_jobs_run(assay_device *device, assay_job *jobs, int count,
                                          assay_error *error);

#endif
