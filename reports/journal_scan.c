// SPDX-License-Identifier: Apache-2.0
// Reading a journal from its head to the first byte that is no whole record.
#include "reports/journal_internal.h"
#include "reports/reports_internal.h"
#include "reports/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

// Head: 16 bytes of magic, u32 schema, u32 length of the texts, u64 hash of the field table, texts
// (u16 length and bytes each), u64 XXH3 of all before.
#define FIXED 32
static const char magic[16] = "assay journal\n";

// A damaged record is told from a torn tail by whole records behind it, looked for this far.
#define LOOK_AHEAD ((size_t)1 << 20)
#define WINDOW     ((size_t)1 << 16)

size_t assay__journal_head(const assay_run_info *run, uint8_t *buffer)
{
    size_t size = FIXED;
    memcpy(buffer, magic, sizeof magic);
    assay__put(buffer + 16, ASSAY_RESULTS_SCHEMA, 4);
    assay__put(buffer + 24, assay__fields_hash(), 8);
    for (int i = 0; i < assay__run_field_count; i++) {
        const char *text = assay__run_text(run, i);
        size_t length = strnlen(text, ASSAY_TEXT_LONG - 1);
        assay__put(buffer + size, length, 2);
        memcpy(buffer + size + 2, text, length);
        size += 2 + length;
    }
    assay__put(buffer + 20, size - FIXED, 4);
    assay__put(buffer + size, XXH3_64bits(buffer, size), 8);
    return size + 8;
}

// Up to `size` bytes from a place on; fewer only at the end of the file.
static assay_status read_at(const assay__journal_scan *scan, uint8_t *buffer, size_t size, off_t at,
                            size_t *got, assay_error *error)
{
    *got = 0;
    while (*got < size) {
        ssize_t n = pread(scan->file, buffer + *got, size - *got, at + (off_t)*got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return assay_fail(error, ASSAY_READ, "%s: cannot be read: %s", scan->path,
                              strerror(errno));
        if (n == 0)
            break;
        *got += (size_t)n;
    }
    return ASSAY_OK;
}

static bool get_run(const uint8_t *at, const uint8_t *end, assay_run_info *run)
{
    memset(run, 0, sizeof *run);
    for (int i = 0; i < assay__run_field_count; i++) {
        size_t left = (size_t)(end - at);
        size_t length = left < 2 ? SIZE_MAX : (size_t)assay__get(at, 2);
        if (length >= ASSAY_TEXT_LONG || length > left - 2 || memchr(at + 2, 0, length))
            return false;
        memcpy((char *)run + assay__run_fields[i].offset, at + 2, length);
        at += 2 + length;
    }
    return at == end;
}

// *size becomes 0 when the head is torn: the file ends before it does.
static assay_status parse_head(assay__journal_scan *scan, const uint8_t *head, size_t *size,
                               assay_error *error)
{
    if (memcmp(head, magic, *size < sizeof magic ? *size : sizeof magic) != 0)
        return assay_fail(error, ASSAY_FORMAT, "%s: is not a journal of assay: its head is another",
                          scan->path);
    size_t texts = *size < FIXED ? 0 : (size_t)assay__get(head + 20, 4);
    if (texts > ASSAY__JOURNAL_HEAD_MAX - FIXED - 8)
        return assay_fail(error, ASSAY_FORMAT, "%s: its head is damaged: %zu bytes of texts",
                          scan->path, texts);
    if (*size < FIXED + texts + 8) {
        *size = 0;
        return ASSAY_OK;
    }
    *size = FIXED + texts + 8;
    if (XXH3_64bits(head, FIXED + texts) != assay__get(head + FIXED + texts, 8))
        return assay_fail(error, ASSAY_FORMAT, "%s: its head is damaged: the checksum is another",
                          scan->path);
    unsigned schema = (unsigned)assay__get(head + 16, 4);
    if (schema != ASSAY_RESULTS_SCHEMA || assay__get(head + 24, 8) != assay__fields_hash())
        return assay_fail(error, ASSAY_SCHEMA,
                          "%s: was written by another version of assay (schema %u, this one has "
                          "%d), which alone can go on with it",
                          scan->path, schema, ASSAY_RESULTS_SCHEMA);
    if (!get_run(head + FIXED, head + FIXED + texts, scan->run))
        return assay_fail(error, ASSAY_FORMAT, "%s: its head is damaged: the texts do not fit",
                          scan->path);
    return ASSAY_OK;
}

// Fails when whole records lie behind the bad place.
static assay_status check_tail(const assay__journal_scan *scan, off_t bad, off_t size,
                               assay_error *error)
{
    assay_result result;
    assay_status decoded;
    size_t wanted = size - bad < (off_t)LOOK_AHEAD ? (size_t)(size - bad) : LOOK_AHEAD;
    uint8_t *bytes = malloc(wanted + 1);
    size_t got = 0;
    if (!bytes)
        return assay_fail(error, ASSAY_MEMORY, "%s: no memory to check its end", scan->path);
    assay_status status = read_at(scan, bytes, wanted, bad, &got, error);
    for (size_t i = 1; i < got && status == ASSAY_OK; i++)
        if (assay_record_decode(bytes + i, got - i, &result, &decoded))
            status = assay_fail(error, ASSAY_FORMAT,
                                "%s: the record at byte %" PRId64
                                " is damaged, whole ones follow at byte %" PRId64
                                "; the file is left as it is",
                                scan->path, (int64_t)bad, (int64_t)bad + (int64_t)i);
    free(bytes);
    return status;
}

static assay_status scan_records(assay__journal_scan *scan, off_t size, uint8_t *window,
                                 assay_error *error)
{
    assay_result result;
    assay_status decoded = ASSAY_OK;
    size_t held = 0, used = 0;
    while (scan->whole < size) {
        size_t n = assay_record_decode(window + used, held - used, &result, &decoded);
        if (n == 0) { // perhaps only the window is short
            off_t left = size - scan->whole;
            size_t wanted = left < (off_t)WINDOW ? (size_t)left : WINDOW;
            ASSAY_TRY(read_at(scan, window, wanted, scan->whole, &held, error));
            used = 0;
            n = assay_record_decode(window, held, &result, &decoded);
        }
        if (n == 0)
            return check_tail(scan, scan->whole, size, error);
        used += n;
        scan->whole += (off_t)n;
        if (scan->visit)
            ASSAY_TRY(scan->visit(scan->context, &result, error));
    }
    return ASSAY_OK;
}

assay_status assay__journal_read(assay__journal_scan *scan, assay_error *error)
{
    struct stat about;
    size_t got = 0;
    scan->whole = 0;
    if (fstat(scan->file, &about) != 0)
        return assay_fail(error, ASSAY_READ, "%s: cannot be read: %s", scan->path, strerror(errno));
    uint8_t *window = malloc(WINDOW > ASSAY__JOURNAL_HEAD_MAX ? WINDOW : ASSAY__JOURNAL_HEAD_MAX);
    if (!window)
        return assay_fail(error, ASSAY_MEMORY, "%s: no memory to read it", scan->path);
    assay_status status = read_at(scan, window, ASSAY__JOURNAL_HEAD_MAX, 0, &got, error);
    if (status == ASSAY_OK)
        status = parse_head(scan, window, &got, error);
    scan->headless = status == ASSAY_OK && got == 0;
    if (scan->headless)
        status = check_tail(scan, 0, about.st_size, error);
    else if (status == ASSAY_OK) {
        scan->whole = (off_t)got;
        status = scan_records(scan, about.st_size, window, error);
    }
    free(window);
    return status;
}
