// SPDX-License-Identifier: Apache-2.0
#include "gpu/glslc.h"
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

// One variant from YAML and SPIR-V.
static assay_status add_variant(assay_kernels *kernels, const char *file, const char *text,
                                size_t length, int first_line, assay_precision precision,
                                assay_layout layout, const void *words, size_t bytes,
                                assay_error *error)
{
    assay__manifest manifest;
    assay__module module;
    assay_kernel *kernel;
    ASSAY_TRY(assay__manifest_create(file, text, length, first_line, &manifest, error));
    const char *entry = manifest.data->entry ? manifest.data->entry : "main";
    char module_file[4096]; // a manifest X.yaml stands beside its module X.spv
    size_t stem = strlen(file) > 5 && strcmp(file + strlen(file) - 5, ".yaml") == 0
                      ? strlen(file) - 5
                      : strlen(file);
    snprintf(module_file, sizeof module_file, "%.*s%s", (int)stem, file, file[stem] ? ".spv" : "");
    assay_status status = assay__module_create(words, bytes, module_file, entry, &module, error);
    if (status != ASSAY_OK) {
        assay__manifest_destroy(&manifest);
        return status;
    }
    ASSAY_TRY(assay__kernel_create(&manifest, &module, precision, layout, &kernel, error));
    kernel->info.hash = kernel->module.hash ^ assay__hash(text, length);
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

// The definitions of a variant: its precision and layout in capitals, and those of the manifest.
static assay_status compile(const char *path, const assay__manifest *manifest,
                            assay_precision precision, assay_layout layout, void **words,
                            size_t *bytes, assay_error *error)
{
    const char *definitions[66];
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
    for (unsigned i = 0; i < manifest->data->defines_count && count < 66; i++)
        definitions[count++] = manifest->data->defines[i];
    return assay__glslc(path, definitions, count, words, bytes, error);
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
    if (module && data->precisions_count * data->layouts_count != 1)
        status = assay__manifest_fail(&manifest, error, "precisions",
                                      "a SPIR-V module has one precision and one layout");
    for (unsigned p = 0; p < data->precisions_count; p++)
        for (unsigned l = 0; l < data->layouts_count && status == ASSAY_OK; l++) {
            assay_precision precision;
            assay_layout layout;
            void *words = NULL;
            size_t bytes = 0;
            status = assay__precision_parse(&manifest, p, &precision, error);
            if (status == ASSAY_OK)
                status = assay__layout_parse(&manifest, l, &layout, error);
            if (status == ASSAY_OK && !module)
                status = compile(path, &manifest, precision, layout, &words, &bytes, error);
            if (status == ASSAY_OK)
                status = add_variant(kernels, path, text, length, first_line, precision, layout,
                                     module ? module : words, module ? module_bytes : bytes, error);
            free(words);
        }
    assay__manifest_destroy(&manifest);
    return status;
}
