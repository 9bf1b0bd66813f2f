// SPDX-License-Identifier: Apache-2.0
#include "gpu/kernel.h"
#include "gpu/kernel_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void assay_kernels_destroy(assay_kernels *kernels)
{
    for (int i = 0; kernels && i < kernels->count; i++)
        assay__kernel_destroy(kernels->items[i]);
    if (kernels) {
        free(kernels->items);
        memset(kernels, 0, sizeof *kernels);
    }
}

assay_status assay__kernels_add(assay_kernels *kernels, assay_kernel *kernel, assay_error *error)
{
    const assay_kernel_info *info = &kernel->info;
    assay_status status = ASSAY_OK;
    for (int i = 0; i < kernels->count && status == ASSAY_OK; i++) {
        const assay_kernel_info *other = &kernels->items[i]->info;
        if (strcmp(other->name, info->name) == 0 && other->precision == info->precision &&
            other->layout == info->layout)
            status = assay__manifest_fail(&kernel->manifest, error, "kernel",
                                          "kernel \"%s\" is there already, from %s", info->name,
                                          other->file);
    }
    if (status == ASSAY_OK && kernels->count == kernels->capacity) {
        int capacity = kernels->capacity ? 2 * kernels->capacity : 16;
        assay_kernel **grown = realloc(kernels->items, (size_t)capacity * sizeof *grown);
        if (grown) {
            kernels->items = grown;
            kernels->capacity = capacity;
        } else {
            status = assay_fail(error, ASSAY_MEMORY, "out of memory for %d kernels", capacity);
        }
    }
    if (status == ASSAY_OK)
        kernels->items[kernels->count++] = kernel;
    else
        assay__kernel_destroy(kernel);
    return status;
}

// One variant from YAML and SPIR-V; `words` is NULL for what is to be compiled.
static assay_status add_variant(assay_kernels *kernels, const char *file, const char *text,
                                size_t length, int first_line, assay_precision precision,
                                assay_layout layout, const void *words, size_t bytes,
                                assay_error *error)
{
    assay__manifest manifest;
    assay__modules modules;
    assay_kernel *kernel;
    ASSAY_TRY(assay__manifest_create(file, text, length, first_line, &manifest, error));
    assay_status status = assay__modules_load(&manifest, file, &kernels->compile, precision, layout,
                                              words, bytes, &modules, error);
    if (status != ASSAY_OK) {
        assay__manifest_destroy(&manifest);
        return status;
    }
    ASSAY_TRY(assay__kernel_create(&manifest, &modules, precision, layout, &kernel, error));
    kernel->info.hash = assay__hash(text, length);
    for (int i = 0; i < kernel->module_count; i++) {
        uint64_t hash = kernel->module[i]->hash; // turned, so that equal modules do not cancel out
        kernel->info.hash ^= i ? hash << i | hash >> (64 - i) : hash;
    }
    return assay__kernels_add(kernels, kernel, error);
}

assay_status assay_kernels_builtin(assay_kernels *kernels, assay_error *error)
{
    for (int i = 0; i < assay__builtin_count; i++) {
        const assay__builtin *b = &assay__builtins[i];
        const char *text;
        size_t length;
        int line;
        ASSAY_TRY(
            assay__manifest_head(b->file, b->text, b->text_length, &text, &length, &line, error));
        ASSAY_TRY(add_variant(kernels, b->file, text, length, line, (assay_precision)b->precision,
                              (assay_layout)b->layout, b->words, b->word_count * 4, error));
    }
    return ASSAY_OK;
}

// Whether something is compiled, which a variant makes a difference to; `module` is that of the
// manifest, if it has one.
static bool is_compiled(const assay__manifest *manifest, const char *module)
{
    const assay__manifest_data *data = manifest->data;
    bool compiled = !module && assay__manifest_runs_own(manifest);
    for (unsigned i = 0; i < data->passes_count; i++) {
        const char *shader = data->passes[i].shader;
        size_t length = shader ? strlen(shader) : 0;
        compiled = compiled || (length > 5 && strcmp(shader + length - 5, ".comp") == 0);
    }
    return compiled;
}

static assay_status check_shaders(const assay__manifest *manifest, const char *module, bool yaml,
                                  assay_error *error)
{
    const assay__manifest_data *data = manifest->data;
    bool own = assay__manifest_runs_own(manifest), spv = module != NULL;
    for (unsigned i = 0; i < data->passes_count; i++) {
        const char *shader = data->passes[i].shader;
        size_t length = shader ? strlen(shader) : 0;
        spv = spv || (length > 4 && strcmp(shader + length - 4, ".spv") == 0);
    }
    if (!own && (module || !yaml))
        return assay__manifest_fail(manifest, error, "passes",
                                    yaml
                                        ? "every pass has a shader: nothing runs the module beside "
                                          "the manifest"
                                        : "every pass has a shader: nothing runs this one; the "
                                          "manifest may stand in an X.yaml of its own");
    char beside[4096];
    if (own && yaml && !module && !assay__manifest_source(manifest->file, beside, sizeof beside))
        return assay_fail(
            error, ASSAY_READ,
            "there is no %.*s.spv and no .comp of that name, and not every pass has a "
            "shader of its own",
            (int)strlen(manifest->file) - 5, manifest->file);
    if (spv && data->precisions_count * data->layouts_count != 1)
        return assay__manifest_fail(manifest, error, "precisions",
                                    "a SPIR-V module has one precision and one layout");
    if (data->defines_count > 0 && !is_compiled(manifest, module))
        return assay__manifest_fail(manifest, error, "defines",
                                    "defines have no effect: nothing is compiled");
    return ASSAY_OK;
}

assay_status assay__kernels_add_variants(assay_kernels *kernels, const char *path, const char *text,
                                         size_t length, int first_line, const char *module,
                                         size_t module_bytes, assay_error *error)
{
    assay__manifest manifest;
    assay_status status = assay__manifest_create(path, text, length, first_line, &manifest, error);
    if (status != ASSAY_OK)
        return status;
    const assay__manifest_data *data = manifest.data;
    size_t end = strlen(path);
    bool yaml = end > 5 && strcmp(path + end - 5, ".yaml") == 0;
    status = check_shaders(&manifest, module, yaml, error);
    for (unsigned p = 0; p < data->precisions_count; p++)
        for (unsigned l = 0; l < data->layouts_count && status == ASSAY_OK; l++) {
            assay_precision precision;
            assay_layout layout;
            status = assay__precision_parse(&manifest, p, &precision, error);
            if (status == ASSAY_OK)
                status = assay__layout_parse(&manifest, l, &layout, error);
            if (status == ASSAY_OK)
                status = add_variant(kernels, path, text, length, first_line, precision, layout,
                                     module, module_bytes, error);
        }
    assay__manifest_destroy(&manifest);
    return status;
}
