// SPDX-License-Identifier: Apache-2.0
// Source lines of SPIR-V instructions, where a module has them (glslc -g).
#ifndef ASSAY_DEBUG_LINES_H
#define ASSAY_DEBUG_LINES_H

#include "gpu/module.h"

// "x.comp:21" for the instruction at a word offset; "" without debug information. Returns buffer.
const char *assay__line_of(const assay__module *module, size_t offset, char *buffer, size_t size);

// The name of an id in the source; "" when it was stripped.
const char *assay__name_of(const assay__module *module, uint32_t id);

// Word offset of the first instruction that reads the variable, whole or a part of it; 0: none
// does.
size_t assay__first_read(const assay__module *module, uint32_t variable);

// What asks for relaxed precision first: its name and line, as far as they are known, in words:
// "\"sum\" at x.comp:21". "" where nothing is known, or nothing asks.
const char *assay__relaxed_place(const assay__module *module, char *buffer, size_t size);

#endif
