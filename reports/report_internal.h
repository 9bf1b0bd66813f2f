// SPDX-License-Identifier: Apache-2.0
// What the writers share. Texts of results come from anywhere (a driver, a shader's author): none
// reaches a terminal or a file without passing here.
#ifndef ASSAY_REPORT_INTERNAL_H
#define ASSAY_REPORT_INTERNAL_H

#include "reports/report.h"

#include <locale.h>

#define ASSAY__REPLACEMENT UINT32_C(0xFFFD)

// The next code point, 0 at the end; a byte that is no UTF-8 is U+FFFD.
uint32_t assay__text_next(const char **text);
void assay__text_put(FILE *out, uint32_t code);
// For a person: control characters are replaced, line ends and tabs become blanks. Returns the code
// points written.
int assay__text_line(FILE *out, const char *text);
int assay__text_width(const char *text);

// Decimal points, whatever the program's locale: between begin and end of a report.
typedef struct assay__numbers {
    locale_t plain, before;
} assay__numbers;
assay__numbers assay__numbers_begin(void);
void assay__numbers_end(const assay__numbers *numbers);

// "1.24 s", "35.1 ms"; returns buffer.
const char *assay__format_seconds(double seconds, char *buffer, size_t size);

// A verdict of any stored value.
static inline assay_verdict assay__verdict(const assay_result *result)
{
    return *result->verdict >= 0 && *result->verdict < ASSAY_VERDICT_COUNT
               ? (assay_verdict)*result->verdict
               : ASSAY_VERDICT_ERROR;
}

// The command of the `reproduce:` line, without that word; "" when there is none.
const char *assay__reproduce(const assay_result *result);

// The command that explains a failure, made of the check's name and of what reproduces it; "" of
// other verdicts, and where it cannot be made. Returns buffer.
#define ASSAY__COMMAND_SIZE (2 * ASSAY_TEXT_LONG + 64)
const char *assay__explanation(const assay_result *result, char *buffer, size_t size);

// A table of the first wrong elements, each line behind `indent`; nothing when none is kept.
void assay__put_first_wrong(FILE *out, const assay_result *result, const char *indent);

// Results that are alike in some field.
typedef struct assay__group {
    const assay_result *first;
    assay_tally tally;
    double use_max, ulp_max, seconds;
} assay__group;

typedef struct assay__groups {
    assay__group *rows; // in the order in which their first results stand
    size_t count;
} assay__groups;

// Compares two `const assay_result *const *`, 0 when they belong together.
typedef int (*assay__order)(const void *a, const void *b);
int assay__by_kernel(const void *a, const void *b); // operator and kernel
int assay__by_suite(const void *a, const void *b);  // operator and device
int assay__by_reason(const void *a, const void *b); // verdict and reason
int assay__by_contract(const void *a, const void *b);
int assay__by_tier(const void *a, const void *b);

// All results whose verdict is in the mask (bits 1 << verdict), sorted, ties as they stand; NULL
// without memory.
const assay_result **assay__sorted(const assay_result *results, size_t count, unsigned verdicts,
                                   assay__order order, size_t *found);
// Empty when there is no memory: a report then lacks the table, never a failure.
assay__groups assay__group_by(const assay_result *results, size_t count, unsigned verdicts,
                              assay__order order);
void assay__groups_free(assay__groups *groups);

#define ASSAY__EVERY_VERDICT ((1u << ASSAY_VERDICT_COUNT) - 1)

#endif
