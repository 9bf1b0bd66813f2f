// SPDX-License-Identifier: Apache-2.0
// How fast a kernel is, by the device's own timestamps, and what the device could do at best.
#ifndef ASSAY_BENCH_H
#define ASSAY_BENCH_H

#include "gpu/device.h"
#include "gpu/kernel.h"

// What a device reached here, measured, not quoted. 0 where it could not be measured (no timestamps, no f16).
typedef struct assay_ceiling {
    double copy_bytes_s; // read and written, of a vec4 copy between buffers larger than its cache
    double f32_flops_s;  // multiply-adds in registers, each counted as two
    double f16_flops_s;
} assay_ceiling;

ASSAY_CHECKED assay_status assay_bench_ceiling(assay_device *device, assay_ceiling *ceiling,
                                               assay_error *error);

typedef struct assay_bench_options {
    int samples;           // spans that are timed; 0: 25
    uint64_t rotate_bytes; // copies of the tensors take turns until they are this large together; 0: 256 MiB, and 64 MiB
                           // on a CPU
    double seconds;        // about the longest that one kernel may take on the device; 0: 2
} assay_bench_options;

typedef struct assay_timing {
    int samples;       // spans that were timed, each of `dispatches` runs of the kernel with a barrier between them
    int dispatches;    // so many that a span takes 200 us or more
    int copies;        // of all tensors, used in turn
    double median_s;   // of one run of the kernel, all its passes
    double low_s, high_s; // 10th and 90th percentile
    double moved_bytes;   // inputs and output once, as they lie in memory: spare lanes included
} assay_timing;

// Times a kernel on a problem, warm: `in` holds logical data for each input, NULL where absent. Fails with ASSAY_LIMIT
// (and the reason) where the kernel does not apply or the device has no timestamps.
ASSAY_CHECKED assay_status assay_bench_run(assay_device *device, const assay_kernel *kernel,
                                           const assay_problem *problem, const float *const *in,
                                           const assay_bench_options *options, assay_timing *timing,
                                           assay_error *error);

#endif
