// SPDX-License-Identifier: Apache-2.0
// GLSL to SPIR-V through the program glslc, at run time. No shell is involved.
#ifndef ASSAY_GLSLC_H
#define ASSAY_GLSLC_H

#include "gpu/kernel.h"

#include <stddef.h>

// Compiles a compute shader. *words gets what glslc wrote (free() it). Its messages come in the
// error: ASSAY_SHADER.
ASSAY_CHECKED assay_status assay__glslc(const char *file, const assay_compile_options *options,
                                        void **words, size_t *bytes, assay_error *error);

#endif
