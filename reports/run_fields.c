// SPDX-License-Identifier: Apache-2.0
#include "reports/reports_internal.h"

#include <stdio.h>
#include <xxhash.h>

const assay__run_field assay__run_fields[] = {
#define XX(name, summary) {#name, summary, offsetof(assay_run_info, name)},
    ASSAY_RUN_MAP(XX)
#undef XX
};

const int assay__run_field_count = sizeof assay__run_fields / sizeof *assay__run_fields;

uint64_t assay__fields_hash(void)
{
    uint64_t hash = 0;
    char row[128];
    for (int i = 0; i < assay_result_field_count; i++) {
        const assay_field *field = &assay_result_fields[i];
        int n = snprintf(row, sizeof row, "%s %d %d", field->name, (int)field->kind, field->count);
        hash = XXH3_64bits_withSeed(row, n > 0 ? (size_t)n : 0, hash);
    }
    for (int i = 0; i < assay__run_field_count; i++) {
        int n = snprintf(row, sizeof row, "run %s", assay__run_fields[i].name);
        hash = XXH3_64bits_withSeed(row, n > 0 ? (size_t)n : 0, hash);
    }
    return hash;
}
