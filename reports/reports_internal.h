// SPDX-License-Identifier: Apache-2.0
// What the files of this room share.
#ifndef ASSAY_REPORTS_INTERNAL_H
#define ASSAY_REPORTS_INTERNAL_H

#include "reports/result.h"

// The fields of assay_run_info: name, summary, place. Each is a text of ASSAY_TEXT_LONG bytes.
typedef struct assay__run_field {
    const char *name;
    const char *summary;
    size_t offset;
} assay__run_field;

extern const assay__run_field assay__run_fields[];
extern const int assay__run_field_count;

static inline const char *assay__run_text(const assay_run_info *run, int field)
{
    return (const char *)run + assay__run_fields[field].offset;
}

// Hash of the names, kinds and sizes of all fields: two programs that differ in it cannot read each
// other's records.
uint64_t assay__fields_hash(void);

// Whole numbers of the file, lowest byte first, whatever the machine.
static inline void assay__put(uint8_t *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static inline uint64_t assay__get(const uint8_t *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

// No record is larger: each text has two bytes of length in place of its NUL.
#define ASSAY__RECORD_MAX (sizeof(assay_result) + 256)

// Whether what a file says can be a result: a known verdict, known bits.
static inline bool assay__result_plausible(const assay_result *result)
{
    const int64_t all = ASSAY_CAUGHT_ALL;
    return *result->verdict >= 0 && *result->verdict < ASSAY_VERDICT_COUNT &&
           (*result->caught & ~all) == 0;
}

#endif
