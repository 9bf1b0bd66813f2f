// SPDX-License-Identifier: Apache-2.0
// What a report wrote, as a string and as a file.
#ifndef ASSAY_CAPTURED_REPORT_H
#define ASSAY_CAPTURED_REPORT_H

#include "reports/report.h"
#include "tests/unit/reports/sample_results.h"

typedef void captured_writer(FILE *out, const assay_run_info *run, const assay_result *results,
                             size_t count);

// free() the answer.
static inline char *captured(captured_writer *write, const assay_run_info *run,
                             const assay_result *results, size_t count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        abort();
    write(out, run, results, count);
    if (fclose(out) != 0)
        abort();
    return text;
}

static inline void captured_save(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
}

static inline size_t captured_count(const char *text, const char *word)
{
    size_t count = 0;
    for (; (text = strstr(text, word)) != NULL; text += strlen(word))
        count++;
    return count;
}

#endif
