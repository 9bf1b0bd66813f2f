// SPDX-License-Identifier: Apache-2.0
// Sanitizers on the command line: --sanitize, and the line that says which ran.
#ifndef ASSAY_CLI_SANITIZERS_H
#define ASSAY_CLI_SANITIZERS_H

#include "gpu/device.h"
#include "gpu/kernel.h"

// "repeat,order", "all", "none" -> a bit 1 << assay_sanitizer each; NULL leaves *bits alone.
ASSAY_CHECKED assay_status cli_sanitizers(const char *text, unsigned *bits, assay_error *error);

// What of the bits of ASSAY_VALIDATE_ suits all the kernels.
unsigned cli_validation_of(unsigned validate, const assay_kernels *kernels);

// "sanitizers: repeat, order; left out: shared (no shared memory)" to stderr. `validate`: bits of
// ASSAY_VALIDATE_.
void cli_tell_sanitizers(unsigned sanitize, unsigned validate, const assay_device_info *device,
                         const assay_kernels *kernels);

#endif
