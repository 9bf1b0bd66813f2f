// SPDX-License-Identifier: Apache-2.0
// Shaders of tests, written to a folder of their own and loaded like anybody's.
#ifndef ASSAY_SHADER_FILE_H
#define ASSAY_SHADER_FILE_H

#include "gpu/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// "/tmp/assay-XXXXXX/<name>"; the folder is made by the first call.
static inline const char *shader_path(const char *name)
{
    static char folder[64], path[256];
    if (!folder[0]) {
        strcpy(folder, "/tmp/assay-XXXXXX");
        if (!mkdtemp(folder))
            abort();
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static inline void shader_write(const char *name, const void *data, size_t size)
{
    FILE *file = fopen(shader_path(name), "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
        abort();
}

// Removes the files and the folder.
static inline void shader_clean(const char *const *names)
{
    for (; *names; names++)
        unlink(shader_path(*names));
    char folder[256];
    snprintf(folder, sizeof folder, "%s", shader_path(""));
    rmdir(folder);
}

static inline assay_status shader_load(assay_kernels *kernels, const char *source,
                                       assay_error *error)
{
    shader_write("shader.comp", source, strlen(source));
    return assay_kernels_load(kernels, shader_path("shader.comp"), error);
}

// `text` with the first `from` replaced by `to`; free() it. Aborts when `from` is not in it, so
// that no row of a table tests nothing.
static inline char *shader_edit(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    char *result = malloc(strlen(text) + strlen(to) + 1);
    if (!at || !result)
        abort();
    memcpy(result, text, (size_t)(at - text));
    strcpy(result + (at - text), to);
    strcat(result, at + strlen(from));
    return result;
}

#endif
