// SPDX-License-Identifier: Apache-2.0
// Kernels from files.
#include "gpu/kernel.h"
#include "gpu/kernel_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool assay__has_ending(const char *name, const char *ending)
{
    size_t n = strlen(name), e = strlen(ending);
    return n > e && strcmp(name + n - e, ending) == 0;
}

assay_status assay__file_read(const char *path, char **data, size_t *size, assay_error *error)
{
    FILE *file = fopen(path, "rb");
    assay_status status = ASSAY_OK;
    *data = NULL;
    *size = 0;
    if (!file)
        return assay_fail(error, ASSAY_READ, "%s cannot be read: %s", path, strerror(errno));
    for (size_t capacity = 0; status == ASSAY_OK && !feof(file);) {
        if (*size == capacity) {
            capacity = capacity ? 2 * capacity : 65536;
            char *grown = capacity > 2 * ASSAY__MODULE_BYTES_MAX ? NULL : realloc(*data, capacity);
            if (!grown) {
                status = assay_fail(error, ASSAY_READ, "%s is too large", path);
                break;
            }
            *data = grown;
        }
        *size += fread(*data + *size, 1, capacity - *size, file);
        if (ferror(file))
            status = assay_fail(error, ASSAY_READ, "%s cannot be read: %s", path, strerror(errno));
    }
    fclose(file);
    if (status != ASSAY_OK) {
        free(*data);
        *data = NULL;
    }
    return status;
}

// X.yaml for X.comp, if it is there.
static bool yaml_beside(const char *path, char *yaml, size_t size)
{
    snprintf(yaml, size, "%.*s.yaml", (int)strlen(path) - 5, path);
    return access(yaml, F_OK) == 0;
}

// Whether a line of the source begins a manifest.
static bool has_head(const char *source, size_t size)
{
    for (const char *at = source, *end = source + size; at && end - at >= 5;) {
        if (memcmp(at, "/*---", 5) == 0)
            return true;
        at = memchr(at, '\n', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    return false;
}

static assay_status load_pair(assay_kernels *kernels, const char *stem, assay_error *error);

// A source without a manifest has it beside itself.
static assay_status load_comp(assay_kernels *kernels, const char *path, assay_error *error)
{
    char *source, yaml[4096];
    const char *text;
    size_t size, length;
    int line;
    ASSAY_TRY(assay__file_read(path, &source, &size, error));
    assay_status status;
    if (!has_head(source, size) && yaml_beside(path, yaml, sizeof yaml)) {
        yaml[strlen(yaml) - 5] = '\0';
        status = load_pair(kernels, yaml, error);
    } else {
        status = assay__manifest_head(path, source, size, &text, &length, &line, error);
        if (status == ASSAY_OK)
            status = assay__kernels_add_variants(kernels, path, text, length, line, NULL, 0, error);
    }
    free(source);
    return status;
}

// `stem` is the path without its ending.
static assay_status load_pair(assay_kernels *kernels, const char *stem, assay_error *error)
{
    char yaml[4096], spv[4096];
    char *text = NULL, *module = NULL;
    size_t length = 0, bytes = 0;
    snprintf(yaml, sizeof yaml, "%.4000s.yaml", stem);
    snprintf(spv, sizeof spv, "%.4000s.spv", stem);
    assay_status status = assay__file_read(yaml, &text, &length, error);
    if (status == ASSAY_OK && access(spv, F_OK) == 0) // where it is not, passes may have shaders
        status = assay__file_read(spv, &module, &bytes, error);
    if (status == ASSAY_OK)
        status = assay__kernels_add_variants(kernels, yaml, text, length, 1, module, bytes, error);
    free(text);
    free(module);
    return status;
}

static int is_kernel(const struct dirent *entry)
{
    return assay__has_ending(entry->d_name, ".comp") || assay__has_ending(entry->d_name, ".yaml");
}

static assay_status load_file(assay_kernels *kernels, const char *path, assay_error *error)
{
    char stem[4096];
    if (assay__has_ending(path, ".comp"))
        return load_comp(kernels, path, error);
    if (!assay__has_ending(path, ".yaml") && !assay__has_ending(path, ".spv"))
        return assay_fail(
            error, ASSAY_USAGE,
            "%s: kernels are X.comp, X.yaml beside X.spv or X.comp, or a folder of them", path);
    snprintf(stem, sizeof stem, "%.4000s", path);
    *strrchr(stem, '.') = '\0';
    return load_pair(kernels, stem, error);
}

// The manifest of a file, if it has one that can be read.
static bool peek(const char *path, assay__manifest *manifest)
{
    char *source;
    const char *text;
    size_t size, length;
    int line = 1;
    assay_error none = {0};
    if (assay__file_read(path, &source, &size, &none) != ASSAY_OK)
        return false;
    assay_status status = ASSAY_OK;
    text = source;
    length = size;
    if (assay__has_ending(path, ".comp"))
        status = assay__manifest_head(path, source, size, &text, &length, &line, &none);
    if (status == ASSAY_OK)
        status = assay__manifest_create(path, text, length, line, manifest, &none);
    free(source);
    return status == ASSAY_OK;
}

// A source whose manifest stands in a file of its own.
static bool is_described(const char *path)
{
    char *source, yaml[4096];
    size_t size;
    assay_error none = {0};
    if (!assay__has_ending(path, ".comp") || !yaml_beside(path, yaml, sizeof yaml) ||
        assay__file_read(path, &source, &size, &none) != ASSAY_OK)
        return false;
    bool head = has_head(source, size);
    free(source);
    return !head;
}

// Marks the files that a pass of another file names, or that a manifest stands beside: they are no
// kernels of their own.
static void mark_helpers(const char *folder, struct dirent **entries, int count, bool *helper)
{
    for (int i = 0; i < count; i++) {
        char path[4096];
        assay__manifest manifest;
        int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (length < 0 || (size_t)length >= sizeof path)
            continue;
        helper[i] = helper[i] || is_described(path);
        if (!peek(path, &manifest))
            continue;
        for (unsigned pass = 0; pass < manifest.data->passes_count; pass++)
            for (int k = 0; k < count; k++)
                if (k != i && manifest.data->passes[pass].shader &&
                    strcmp(manifest.data->passes[pass].shader, entries[k]->d_name) == 0)
                    helper[k] = true;
        assay__manifest_destroy(&manifest);
    }
}

static assay_status load_folder(assay_kernels *kernels, const char *path, assay_error *error)
{
    struct dirent **entries;
    assay_status status = ASSAY_OK;
    int count = scandir(path, &entries, is_kernel, alphasort);
    if (count < 0)
        return assay_fail(error, ASSAY_READ, "%s cannot be read: %s", path, strerror(errno));
    bool *helper = calloc((size_t)count + 1, sizeof *helper);
    if (helper)
        mark_helpers(path, entries, count, helper);
    else
        status = assay_fail(error, ASSAY_MEMORY, "out of memory for %s", path);
    for (int i = 0; i < count; i++) {
        char file[4096];
        int length = snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
        if (status == ASSAY_OK && (length < 0 || (size_t)length >= sizeof file))
            status = assay_fail(error, ASSAY_READ, "%s: the path is too long", path);
        if (status == ASSAY_OK && !helper[i])
            status = load_file(kernels, file, error);
        free(entries[i]);
    }
    free(entries);
    free(helper);
    if (count == 0)
        return assay_fail(error, ASSAY_READ, "%s holds no kernel: no *.comp and no *.yaml", path);
    return status;
}

assay_status assay_kernels_load(assay_kernels *kernels, const char *path, assay_error *error)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return assay_fail(error, ASSAY_READ, "%s cannot be read: %s", path, strerror(errno));
    if (S_ISDIR(info.st_mode))
        return load_folder(kernels, path, error);
    return load_file(kernels, path, error);
}
