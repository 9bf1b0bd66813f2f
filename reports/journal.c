// SPDX-License-Identifier: Apache-2.0
#include "reports/journal.h"

#include "reports/journal_internal.h"
#include "reports/lookup.h"
#include "reports/reports_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct assay_journal {
    int file;
    off_t end; // behind the last whole record
    bool broken;
    char *path;
    uint8_t record[ASSAY__RECORD_MAX];
};

// All bytes or none: a part that was written is cut off again.
static assay_status write_whole(assay_journal *journal, const uint8_t *bytes, size_t size,
                                assay_error *error)
{
    size_t done = 0;
    while (done < size) {
        ssize_t n = write(journal->file, bytes + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            int reason = errno;
            journal->broken = ftruncate(journal->file, journal->end) != 0;
            return assay_fail(error, ASSAY_WRITE, "%s: cannot be written: %s", journal->path,
                              strerror(reason));
        }
        done += (size_t)n;
    }
    journal->end += (off_t)size;
    return ASSAY_OK;
}

static assay_status start(assay_journal *journal, const assay_run_info *run, assay_error *error)
{
    uint8_t *head = malloc(ASSAY__JOURNAL_HEAD_MAX);
    if (!head)
        return assay_fail(error, ASSAY_MEMORY, "%s: no memory to start it", journal->path);
    assay_status status = write_whole(journal, head, assay__journal_head(run, head), error);
    free(head);
    return status;
}

// Finds the end of what is whole, and cuts off what is not.
static assay_status resume_at(assay_journal *journal, const assay_run_info *run, bool *headless,
                              assay_error *error)
{
    assay_run_info *known = malloc(sizeof *known);
    if (!known)
        return assay_fail(error, ASSAY_MEMORY, "%s: no memory to go on with it", journal->path);
    assay__journal_scan scan = {.path = journal->path, .file = journal->file, .run = known};
    assay_status status = assay__journal_read(&scan, error);
    *headless = scan.headless;
    if (status == ASSAY_OK && !scan.headless && strcmp(known->version, run->version) != 0)
        status = assay_fail(error, ASSAY_SCHEMA,
                            "%s: was started by assay %.64s, this is %.64s: results of two "
                            "versions are not mixed",
                            journal->path, known->version, run->version);
    if (status == ASSAY_OK && ftruncate(journal->file, scan.whole) != 0)
        status = assay_fail(error, ASSAY_WRITE, "%s: its torn end cannot be cut off: %s",
                            journal->path, strerror(errno));
    journal->end = scan.whole;
    free(known);
    return status;
}

static assay_status take_over(assay_journal *journal, const assay_run_info *run, bool resume,
                              assay_error *error)
{
    struct stat about;
    bool fresh = true;
    if (flock(journal->file, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK
                   ? assay_fail(error, ASSAY_LOCKED, "%s: another run is writing it", journal->path)
                   : assay_fail(error, ASSAY_WRITE, "%s: cannot be locked: %s", journal->path,
                                strerror(errno));
    if (fstat(journal->file, &about) != 0)
        return assay_fail(error, ASSAY_WRITE, "%s: cannot be opened: %s", journal->path,
                          strerror(errno));
    if (!S_ISREG(about.st_mode))
        return assay_fail(error, ASSAY_WRITE, "%s: is not a regular file", journal->path);
    if (about.st_size > 0 && !resume)
        return assay_fail(error, ASSAY_WRITE,
                          "%s: exists, left by a run that did not end: resume that run or remove "
                          "the file",
                          journal->path);
    if (about.st_size > 0)
        ASSAY_TRY(resume_at(journal, run, &fresh, error));
    return fresh ? start(journal, run, error) : ASSAY_OK;
}

assay_status assay_journal_open(const char *path, const assay_run_info *run, bool resume,
                                assay_journal **journal, assay_error *error)
{
    assay_journal *made = calloc(1, sizeof *made);
    assay_status status;
    *journal = NULL;
    if (made)
        made->path = strdup(path);
    if (!made || !made->path) {
        free(made);
        return assay_fail(error, ASSAY_MEMORY, "%s: no memory to open it", path);
    }
    made->file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (made->file < 0)
        status = assay_fail(error, ASSAY_WRITE, "%s: cannot be opened: %s", path, strerror(errno));
    else
        status = take_over(made, run, resume, error);
    if (status == ASSAY_OK)
        *journal = made;
    else
        assay_journal_close(made);
    return status;
}

assay_status assay_journal_append(assay_journal *journal, const assay_result *result,
                                  assay_error *error)
{
    if (journal->broken)
        return assay_fail(error, ASSAY_WRITE,
                          "%s: an earlier record could not be written nor cut off", journal->path);
    size_t size = assay_record_encode(result, journal->record, sizeof journal->record);
    return write_whole(journal, journal->record, size, error);
}

// Only closes: to unlock here would unlock the parent's journal when a forked child lets go of it.
void assay_journal_close(assay_journal *journal)
{
    if (!journal)
        return;
    if (journal->file >= 0)
        close(journal->file);
    free(journal->path);
    free(journal);
}

typedef struct collection {
    assay_result *results;
    size_t count, capacity;
    assay_lookup lookup;
} collection;

static assay_status collect(void *context, const assay_result *result, assay_error *error)
{
    collection *c = context;
    bool added = false;
    if (c->count == c->capacity) {
        size_t capacity = c->capacity ? c->capacity * 2 : 64;
        assay_result *larger = capacity > SIZE_MAX / sizeof *larger
                                   ? NULL
                                   : realloc(c->results, capacity * sizeof *larger);
        if (!larger)
            return assay_fail(error, ASSAY_MEMORY, "out of memory for %zu results", capacity);
        c->results = larger;
        c->capacity = capacity;
    }
    c->results[c->count] = *result;
    ASSAY_TRY(assay_lookup_add(&c->lookup, c->results, c->count, &added, error));
    c->count += added;
    return ASSAY_OK;
}

assay_status assay_journal_read(const char *path, assay_run_info *run, assay_result **results,
                                size_t *count, assay_error *error)
{
    collection all = {0};
    assay__journal_scan scan = {.path = path, .visit = collect, .context = &all, .run = run};
    *results = NULL;
    *count = 0;
    scan.file = open(path, O_RDONLY | O_CLOEXEC);
    if (scan.file < 0)
        return assay_fail(error, ASSAY_READ, "%s: cannot be read: %s", path, strerror(errno));
    assay_status status = assay__journal_read(&scan, error);
    if (status == ASSAY_OK && scan.headless)
        status = assay_fail(error, ASSAY_FORMAT, "%s: is cut short: its head is not whole", path);
    close(scan.file);
    assay_lookup_destroy(&all.lookup);
    if (status == ASSAY_OK) {
        *results = all.results;
        *count = all.count;
    } else {
        free(all.results);
    }
    return status;
}
