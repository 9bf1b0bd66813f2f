// SPDX-License-Identifier: Apache-2.0
// Expressions of manifests: `ceil_div(out.w, 8)`, `kernel_h == 3 && groups == 1`. Whole numbers of
// 64 bits, or real ones where a value of type float is computed; an overflow or a division by zero
// is an error that quotes the text and the column. Language: docs/manifests.md.
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

// What an evaluation found out, for the next one of the same expression (memo.c). Parts of it that
// name only what has not changed in between are not evaluated again.
typedef struct assay__memo assay__memo;

// `varies` are the letters whose values will change, each one a name; null-terminated, at most 8.
// ASSAY_MEMORY.
ASSAY_CHECKED assay_status assay__memo_create(const assay__expression *expression,
                                              const char *varies, assay__memo **memo,
                                              assay_error *error);
void assay__memo_destroy(assay__memo *memo);

// As assay__expression_value. `changed` is a bit for each letter that has another value than at the
// last call.
ASSAY_CHECKED assay_status assay__memo_value(assay__memo *memo, unsigned changed,
                                             assay__lookup lookup, const void *context,
                                             int64_t *value, assay_error *error);

// Whether the value is a * letter + b for every value of that letter, a and b not depending on it,
// and so is each step to it: between two values of the letter that can be evaluated, all can.
bool assay__memo_linear(const assay__memo *memo, int letter);
// The value of a name that is a real number ("alpha"); false when there is no such name.
typedef bool (*assay__lookup_real)(const void *context, const char *name, double *value);

// The same in double precision (real.c): `/` divides without rounding to whole numbers. % << >> & ^
// | ceil_div, align, pow2_ceil and log2 are of whole numbers, and what stands in them is evaluated
// so. Names are looked up among the real ones first. A result that is not finite though what it is
// made of is, is an error.
ASSAY_CHECKED assay_status assay__expression_check_real(const assay__expression *expression,
                                                        assay__lookup lookup,
                                                        assay__lookup_real real,
                                                        const void *context, assay_error *error);
ASSAY_CHECKED assay_status assay__expression_value_real(const assay__expression *expression,
                                                        assay__lookup lookup,
                                                        assay__lookup_real real,
                                                        const void *context, double *value,
                                                        assay_error *error);

// Whether the name stands in the expression.
bool assay__expression_names(const assay__expression *expression, const char *name);

// True when the whole expression is this name and nothing else.
bool assay__expression_is_name(const assay__expression *expression, const char *name);

#endif
