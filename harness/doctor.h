// SPDX-License-Identifier: Apache-2.0
// What this machine has of what assay needs, and how to get the rest.
#ifndef ASSAY_DOCTOR_H
#define ASSAY_DOCTOR_H

#include "reports/result.h"

typedef enum assay_finding_level {
    ASSAY_FINDING_OK,
    ASSAY_FINDING_OPTIONAL, // something can not be done without it, most can
    ASSAY_FINDING_MISSING,  // kernels cannot be verified without it
} assay_finding_level;

typedef struct assay_finding {
    assay_finding_level level;
    char what[48];    // "Vulkan loader"
    char found[256];  // version, path or what was tried
    char remedy[256]; // a command or a sentence; "" when all is well
} assay_finding;

#define ASSAY_FINDINGS_MAX 16

// Looks; changes nothing. Returns how many rows were filled.
int assay_doctor(assay_finding findings[ASSAY_FINDINGS_MAX]);

// "HDF5 1.10.8, OpenBLAS 0.3.21 (SkylakeX), ..."; returns buffer.
const char *assay_libraries(char *buffer, size_t size);

// Fills what is the same for any device: version, command line, host, libraries, environment, time.
void assay_run_info_fill(assay_run_info *run, int argc, char **argv);

#endif
