// SPDX-License-Identifier: Apache-2.0
// Any bytes as results.h5, as a journal, and as a record whose checksum is right. What lies behind
// the seal of results.h5 is not fuzzed: libhdf5 1.10 crashes on such files, which is why there is a
// seal.
#include "reports/journal.h"
#include "reports/store.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as_files(const uint8_t *data, size_t size)
{
    static assay_run_info run;
    char path[] = "/tmp/fuzz-results-XXXXXX";
    assay_result *results;
    size_t count;
    int file = mkstemp(path);
    if (file < 0 || write(file, data, size) != (ssize_t)size)
        abort();
    if (assay_results_read(path, &run, &results, &count, NULL) == ASSAY_OK)
        free(results);
    if (assay_journal_read(path, &run, &results, &count, NULL) == ASSAY_OK)
        free(results);
    close(file);
    unlink(path);
}

// Behind a whole head: what is read must be what a resumed journal goes on from.
static void read_as_tail(const uint8_t *data, size_t size)
{
    static assay_run_info run;
    char path[] = "/tmp/fuzz-results-XXXXXX";
    assay_journal *journal = NULL;
    assay_result *results = NULL;
    size_t before = 0, after = 0;
    int file = mkstemp(path);
    if (file < 0 || assay_journal_open(path, &run, true, &journal, NULL) != ASSAY_OK)
        abort();
    assay_journal_close(journal);
    if (lseek(file, 0, SEEK_END) < 0 || write(file, data, size) != (ssize_t)size)
        abort();
    if (assay_journal_read(path, &run, &results, &before, NULL) == ASSAY_OK) {
        free(results);
        if (assay_journal_open(path, &run, true, &journal, NULL) != ASSAY_OK)
            abort();
        assay_journal_close(journal);
        if (assay_journal_read(path, &run, &results, &after, NULL) != ASSAY_OK || after != before)
            abort();
        free(results);
    }
    close(file);
    unlink(path);
}

// The payload reaches the parser of the fields; what that accepts must be written as it was read.
static void read_as_record(const uint8_t *data, size_t size)
{
    static uint8_t record[16384], again[16384];
    static assay_result result;
    assay_status status;
    if (size > sizeof record - 12)
        return;
    uint64_t hash = XXH3_64bits_withSeed(data, size, size);
    for (int i = 0; i < 4; i++)
        record[i] = (uint8_t)(size >> (8 * i));
    for (int i = 0; i < 8; i++)
        record[4 + i] = (uint8_t)(hash >> (8 * i));
    memcpy(record + 12, data, size);
    size_t used = assay_record_decode(record, size + 12, &result, &status);
    if (used && (used != size + 12 || assay_record_encode(&result, again, sizeof again) != used ||
                 memcmp(record, again, used) != 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_as_files(data, size);
    read_as_tail(data, size);
    read_as_record(data, size);
    return 0;
}
