// SPDX-License-Identifier: Apache-2.0
// The seal around the HDF5 image, and replacing a file as a whole.
#include "reports/store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

static const char seal_head[] = "assay results: ";

static void make_seal(const uint8_t *image, size_t size, char seal[ASSAY__RESULTS_SEAL])
{
    XXH128_hash_t hash = XXH3_128bits(image, size);
    memset(seal, 0, ASSAY__RESULTS_SEAL);
    snprintf(seal, ASSAY__RESULTS_SEAL,
             "%s%zu bytes of HDF5 from byte %d on, XXH3-128 %016" PRIx64 "%016" PRIx64 "\n",
             seal_head, size, ASSAY__RESULTS_SEAL, (uint64_t)hash.high64, (uint64_t)hash.low64);
}

static bool write_all(int file, const void *data, size_t size)
{
    for (const uint8_t *at = data; size;) {
        ssize_t n = write(file, at, size);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            at += n;
            size -= (size_t)n;
        }
    }
    return true;
}

// The new name is on disk only when its folder is. Some file systems cannot sync one: no loss then.
static bool sync_folder(const char *path, char *scratch)
{
    strcpy(scratch, path);
    int folder = open(dirname(scratch), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return false;
    bool done = fsync(folder) == 0 || errno == EINVAL;
    close(folder);
    return done;
}

assay_status assay__results_replace(const char *path, const uint8_t *image, size_t size,
                                    assay_error *error)
{
    char seal[ASSAY__RESULTS_SEAL];
    size_t room = strlen(path) + 32;
    char *beside = malloc(room);
    if (!beside)
        return assay_fail(error, ASSAY_MEMORY, "%s: no memory for a file name", path);
    make_seal(image, size, seal);
    snprintf(beside, room, "%s.%ld.part", path, (long)getpid());
    unlink(beside); // of an earlier process of this number that was killed
    int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    bool made = file >= 0;
    bool done = made && write_all(file, seal, sizeof seal) && write_all(file, image, size) &&
                fsync(file) == 0;
    int reason = errno;
    if (made && close(file) != 0 && done) {
        done = false;
        reason = errno;
    }
    if (done && rename(beside, path) != 0) {
        done = false;
        reason = errno;
    }
    if (!done && made)
        unlink(beside);
    if (done && !sync_folder(path, beside)) {
        done = false;
        reason = errno;
    }
    free(beside);
    return done ? ASSAY_OK
                : assay_fail(error, ASSAY_WRITE, "%s: cannot be written: %s", path,
                             strerror(reason));
}

static assay_status check_seal(const char *path, const uint8_t *bytes, size_t size,
                               assay_error *error)
{
    char expected[ASSAY__RESULTS_SEAL];
    size_t head = sizeof seal_head - 1;
    if (size == 0 || memcmp(bytes, seal_head, size < head ? size : head) != 0)
        return assay_fail(error, ASSAY_FORMAT,
                          "%s: holds no results of assay: it does not begin with \"%s\"", path,
                          seal_head);
    if (size < ASSAY__RESULTS_SEAL)
        return assay_fail(error, ASSAY_FORMAT, "%s: is cut short: %zu bytes are less than its head",
                          path, size);
    make_seal(bytes + ASSAY__RESULTS_SEAL, size - ASSAY__RESULTS_SEAL, expected);
    size_t number = head + strcspn(expected + head, " ") + 1; // with the blank that ends it
    if (memcmp(expected, bytes, number) != 0)
        return assay_fail(error, ASSAY_FORMAT,
                          "%s: was cut short or changed since assay wrote it: %zu bytes follow its "
                          "head, which states "
                          "another number",
                          path, size - ASSAY__RESULTS_SEAL);
    if (memcmp(expected, bytes, sizeof expected) != 0)
        return assay_fail(error, ASSAY_FORMAT,
                          "%s: is damaged: the hash in its head is not that of its bytes", path);
    return ASSAY_OK;
}

static assay_status read_file(const char *path, int file, uint8_t **bytes, size_t *size,
                              assay_error *error)
{
    struct stat about;
    if (fstat(file, &about) != 0)
        return assay_fail(error, ASSAY_READ, "%s: cannot be read: %s", path, strerror(errno));
    if (!S_ISREG(about.st_mode))
        return assay_fail(error, ASSAY_READ, "%s: is not a regular file", path);
    *bytes = malloc((size_t)about.st_size + 1);
    if (!*bytes)
        return assay_fail(error, ASSAY_MEMORY, "%s: no memory for its %" PRId64 " bytes", path,
                          (int64_t)about.st_size);
    while (*size < (size_t)about.st_size) {
        ssize_t n = read(file, *bytes + *size, (size_t)about.st_size - *size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return assay_fail(error, ASSAY_READ, "%s: cannot be read: %s", path, strerror(errno));
        if (n == 0)
            break;
        *size += (size_t)n;
    }
    return check_seal(path, *bytes, *size, error);
}

assay_status assay__results_load(const char *path, uint8_t **image, size_t *size,
                                 assay_error *error)
{
    uint8_t *bytes = NULL;
    size_t got = 0;
    *image = NULL;
    *size = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return assay_fail(error, ASSAY_READ, "%s: cannot be read: %s", path, strerror(errno));
    assay_status status = read_file(path, file, &bytes, &got, error);
    close(file);
    if (status == ASSAY_OK) {
        *size = got - ASSAY__RESULTS_SEAL;
        memmove(bytes, bytes + ASSAY__RESULTS_SEAL, *size);
        *image = bytes;
        bytes = NULL;
    }
    free(bytes);
    return status;
}

assay_status assay_results_write(const char *path, const assay_run_info *run,
                                 const assay_result *results, size_t count, assay_error *error)
{
    uint8_t *image = NULL;
    size_t size = 0;
    ASSAY_TRY(assay__image_write(path, run, results, count, &image, &size, error));
    assay_status status = assay__results_replace(path, image, size, error);
    free(image);
    return status;
}

assay_status assay_results_read(const char *path, assay_run_info *run, assay_result **results,
                                size_t *count, assay_error *error)
{
    uint8_t *image = NULL;
    size_t size = 0;
    *results = NULL;
    *count = 0;
    ASSAY_TRY(assay__results_load(path, &image, &size, error));
    assay_status status = assay__image_read(path, image, size, run, results, count, error);
    free(image);
    return status;
}
