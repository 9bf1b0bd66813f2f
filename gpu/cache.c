// SPDX-License-Identifier: Apache-2.0
#include "gpu/gpu_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CACHE_FILE_MAX ((long)64 << 20)

// Makes every folder above the last component of path.
static bool make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return false;
    }
    return true;
}

bool assay__cache_path(const char *name, char *path, size_t size)
{
    const char *base = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    int length;
    if (base && base[0] == '/') // the base directory specification: a relative path is ignored
        length = snprintf(path, size, "%s/assay/%s", base, name);
    else if (home && home[0] == '/')
        length = snprintf(path, size, "%s/.cache/assay/%s", home, name);
    else
        return false;
    return length > 0 && (size_t)length < size && make_folders(path);
}

bool assay__cache_read(const char *path, void **data, size_t *bytes)
{
    FILE *file = fopen(path, "rb");
    bool whole = false;
    *data = NULL;
    *bytes = 0;
    if (!file)
        return false;
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        if (size > 0 && size <= CACHE_FILE_MAX && fseek(file, 0, SEEK_SET) == 0 &&
            (*data = malloc((size_t)size)) != NULL) {
            *bytes = fread(*data, 1, (size_t)size, file);
            whole = *bytes == (size_t)size;
        }
    }
    fclose(file);
    if (!whole) {
        free(*data);
        *data = NULL;
    }
    return whole;
}

void assay__cache_write(const char *path, const void *data, size_t bytes)
{
    char beside[1024];
    int length = snprintf(beside, sizeof beside, "%s.%ld", path, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof beside)
        return;
    FILE *file = fopen(beside, "wb");
    if (!file)
        return;
    bool written = fwrite(data, 1, bytes, file) == bytes;
    written = fclose(file) == 0 && written;
    if (!written || rename(beside, path) != 0)
        unlink(beside);
}

double assay__seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
