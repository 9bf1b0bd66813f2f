// SPDX-License-Identifier: Apache-2.0
// Integer expressions of manifests: `ceil_div(out.w, 8)`, `kernel_h == 3 && groups == 1`. 64-bit;
// an overflow or a division by zero is an error that quotes the text and the column. Language:
// docs/manifests.md.
#ifndef ASSAY_EXPRESSION_H
#define ASSAY_EXPRESSION_H

#include "reference/status.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct assay__expression assay__expression;

// The value of a name ("in.h", "stride_w"); false when there is no such name.
typedef bool (*assay__lookup)(const void *context, const char *name, int64_t *value);

// ASSAY_MANIFEST with text and column when `text` is not an expression, or nests too deeply.
ASSAY_CHECKED assay_status assay__expression_parse(const char *text, assay__expression **expression,
                                                   assay_error *error);
void assay__expression_destroy(assay__expression *expression);

// Fails with ASSAY_MANIFEST when lookup does not know a name, in a branch that would not be taken
// too.
ASSAY_CHECKED assay_status assay__expression_check(const assay__expression *expression,
                                                   assay__lookup lookup, const void *context,
                                                   assay_error *error);

// && || ?: evaluate only what they need.
ASSAY_CHECKED assay_status assay__expression_value(const assay__expression *expression,
                                                   assay__lookup lookup, const void *context,
                                                   int64_t *value, assay_error *error);

// True when the whole expression is this name and nothing else.
bool assay__expression_is_name(const assay__expression *expression, const char *name);

#endif
