// SPDX-License-Identifier: Apache-2.0
#include "reference/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    assay_status status;
    const char *name;
    int exit_code;
    const char *sentence;
} table[] = {
#define XX(name, code, exit_code, sentence) {ASSAY_##name, #name, exit_code, sentence},
    ASSAY_STATUS_MAP(XX)
#undef XX
};

static size_t row_of(assay_status status)
{
    size_t rows = sizeof table / sizeof *table;
    for (size_t i = 0; i < rows; i++)
        if (table[i].status == status)
            return i;
    return rows - 1; // an unknown code is our own defect: INTERNAL is the last row
}

const char *assay_status_name(assay_status status)
{
    return table[row_of(status)].name;
}

const char *assay_status_sentence(assay_status status)
{
    return table[row_of(status)].sentence;
}

int assay_status_exit_code(assay_status status)
{
    return table[row_of(status)].exit_code;
}

assay_status assay_fail(assay_error *error, assay_status status, const char *format, ...)
{
    if (error) {
        va_list arguments;
        error->status = status;
        va_start(arguments, format);
        vsnprintf(error->message, sizeof error->message, format, arguments);
        va_end(arguments);
    }
    return status;
}

assay_status assay_fail_in(assay_error *error, assay_status status, const char *format, ...)
{
    if (error) {
        char inner[sizeof error->message];
        va_list arguments;
        memcpy(inner, error->message, sizeof inner);
        error->status = status;
        va_start(arguments, format);
        int used = vsnprintf(error->message, sizeof error->message, format, arguments);
        va_end(arguments);
        size_t at = used < 0 ? 0 : (size_t)used;
        if (at < sizeof error->message)
            snprintf(error->message + at, sizeof error->message - at, ": %s", inner);
    }
    return status;
}
