// SPDX-License-Identifier: Apache-2.0
// The modules of a kernel: its manifest's own shader, and those that its passes name.
#include "gpu/glslc.h"
#include "gpu/kernel_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Of a variant, a manifest, a pass and the command line.
#define DEFINITIONS_MAX (2 + 2 * 64 + ASSAY__DEFINITIONS_MAX)

// What a module is made from. Equal sources give one module.
typedef struct source {
    const char *shader; // as the pass names it; NULL: the manifest's own
    const char *entry;
    char *const *defines; // of the pass
    unsigned define_count;
    char file[4096];
} source;

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_source(const source *a, const source *b)
{
    bool same = same_text(a->shader, b->shader) && same_text(a->entry, b->entry) &&
                a->define_count == b->define_count;
    for (unsigned i = 0; same && i < a->define_count; i++)
        same = strcmp(a->defines[i], b->defines[i]) == 0;
    return same;
}

static source source_of(const assay__manifest *manifest, const char *path, unsigned pass)
{
    const assay__manifest_data *data = manifest->data;
    const assay__manifest_pass *p = data->passes_count ? &data->passes[pass] : NULL;
    source s = {.shader = p ? p->shader : NULL,
                .entry = p && p->entry ? p->entry
                         : data->entry ? data->entry
                                       : "main",
                .defines = p ? p->defines : NULL,
                .define_count = p ? p->defines_count : 0};
    const char *slash = strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash - path) + 1 : 0, stem = strlen(path);
    if (s.shader) { // beside the manifest
        snprintf(s.file, sizeof s.file, "%.*s%s", s.shader[0] == '/' ? 0 : (int)folder, path,
                 s.shader);
    } else if (!assay__manifest_source(path, s.file, sizeof s.file)) {
        snprintf(s.file, sizeof s.file, "%.*s", (int)stem, path);
    }
    return s;
}

bool assay__manifest_source(const char *path, char *file, size_t size)
{
    static const char *const endings[] = {".spv", ".comp"};
    if (!assay__has_ending(path, ".yaml"))
        return false;
    for (int i = 0; i < 2; i++) {
        snprintf(file, size, "%.*s%s", (int)strlen(path) - 5, path, endings[i]);
        if (access(file, F_OK) == 0)
            return true;
    }
    return false;
}

// The definitions of a variant: its precision and layout in capitals, those of the manifest, those
// of the pass, and those of the command line.
static assay_status compile(const source *s, const assay__manifest *manifest,
                            const assay_compile_options *extra, assay_precision precision,
                            assay_layout layout, void **words, size_t *bytes, assay_error *error)
{
    const char *definitions[DEFINITIONS_MAX];
    char own[2][40];
    snprintf(own[0], sizeof own[0], "ASSAY_PRECISION_%s", assay_precision_name(precision));
    snprintf(own[1], sizeof own[1], "ASSAY_LAYOUT_%s", assay_layout_name(layout));
    int count = 0;
    for (; count < 2; count++) {
        for (char *c = own[count]; *c; c++)
            if (*c >= 'a' && *c <= 'z')
                *c = (char)(*c - 'a' + 'A');
        definitions[count] = own[count];
    }
    for (unsigned i = 0; i < manifest->data->defines_count; i++)
        definitions[count++] = manifest->data->defines[i];
    for (unsigned i = 0; i < s->define_count; i++)
        definitions[count++] = s->defines[i];
    if (extra->definition_count > ASSAY__DEFINITIONS_MAX)
        return assay_fail(error, ASSAY_USAGE, "more than %d definitions", ASSAY__DEFINITIONS_MAX);
    for (int i = 0; i < extra->definition_count; i++)
        definitions[count++] = extra->definitions[i];
    const assay_compile_options options = {definitions, count, extra->folders, extra->folder_count};
    return assay__glslc(s->file, &options, words, bytes, error);
}

static assay_status refuse_defines(const source *s, const assay__manifest *manifest, unsigned pass,
                                   assay_error *error)
{
    char path[48];
    snprintf(path, sizeof path, "passes[%u].defines", pass);
    if (s->define_count > 0)
        return assay__manifest_fail(
            manifest, error, path, "defines have no effect on %s: it is compiled already", s->file);
    return ASSAY_OK;
}

static assay_status make(const source *s, const assay__manifest *manifest,
                         const assay_compile_options *extra, unsigned pass,
                         assay_precision precision, assay_layout layout, const void *own_words,
                         size_t own_bytes, assay__module *module, assay_error *error)
{
    void *words = NULL;
    char *file = NULL, path[48];
    size_t bytes = own_bytes;
    assay_status status;
    snprintf(path, sizeof path, "passes[%u].shader", pass);
    if (s->shader && assay__has_ending(s->shader, ".spv")) {
        status = refuse_defines(s, manifest, pass, error);
        if (status == ASSAY_OK)
            status = assay__file_read(s->file, &file, &bytes, error);
        words = file;
    } else if (s->shader && !assay__has_ending(s->shader, ".comp")) {
        return assay__manifest_fail(manifest, error, path, "\"%.80s\" is no X.comp and no X.spv",
                                    s->shader);
    } else if (!s->shader && own_words) {
        status = refuse_defines(s, manifest, pass, error);
    } else {
        status = compile(s, manifest, extra, precision, layout, &words, &bytes, error);
    }
    if (status == ASSAY_OK)
        status = assay__module_create(words ? words : own_words, bytes, s->file, s->entry, module,
                                      error);
    free(words);
    return status;
}

assay_status assay__modules_load(const assay__manifest *manifest, const char *path,
                                 const assay_compile_options *extra, assay_precision precision,
                                 assay_layout layout, const void *words, size_t bytes,
                                 assay__modules *modules, assay_error *error)
{
    source list[ASSAY__PASSES_MAX];
    unsigned passes = manifest->data->passes_count ? manifest->data->passes_count : 1;
    memset(modules, 0, sizeof *modules);
    if (passes > ASSAY__PASSES_MAX)
        return assay__manifest_fail(manifest, error, "passes", "more than %d passes",
                                    ASSAY__PASSES_MAX);
    for (unsigned pass = 0; pass < passes; pass++) {
        int at = 0, count = modules->count;
        list[count] = source_of(manifest, path, pass);
        while (!same_source(&list[at], &list[count]))
            at++;
        modules->of_pass[pass] = at;
        if (at < count)
            continue;
        modules->item[count] = calloc(1, sizeof **modules->item);
        assay_status status = modules->item[count]
                                  ? make(&list[at], manifest, extra, pass, precision, layout, words,
                                         bytes, modules->item[count], error)
                                  : assay_fail(error, ASSAY_MEMORY, "out of memory for a module");
        modules->count++;
        if (status != ASSAY_OK) {
            assay__modules_destroy(modules);
            return status;
        }
    }
    return ASSAY_OK;
}

void assay__modules_destroy(assay__modules *modules)
{
    for (int i = 0; i < modules->count; i++) {
        if (modules->item[i])
            assay__module_destroy(modules->item[i]);
        free(modules->item[i]);
    }
    memset(modules, 0, sizeof *modules);
}

bool assay__manifest_runs_own(const assay__manifest *manifest)
{
    bool own = manifest->data->passes_count == 0;
    for (unsigned i = 0; i < manifest->data->passes_count; i++)
        own = own || !manifest->data->passes[i].shader;
    return own;
}
