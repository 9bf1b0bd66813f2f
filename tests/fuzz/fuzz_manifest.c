// SPDX-License-Identifier: Apache-2.0
// Manifests of anybody's: YAML, keys, every expression in them, and where tensors lie according to
// those.
#include "gpu/kernel_internal.h"
#include "gpu/map.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool any_name(const void *context, const char *name, int64_t *value)
{
    (void)context;
    *value = (int64_t)strlen(name) - 3; // some names are zero, some negative
    return true;
}

// The maps of a kernel for a small problem, if its operator has one.
static void make_maps(const assay_kernel *kernel, assay_error *error)
{
    assay_problem problem;
    assay_problem_init(&problem, kernel->info.op);
    for (int i = 0; i < problem.op->input_count && i < problem.op->given; i++)
        problem.input[i] = (assay_shape){
            4, {2, 5, 3, 4}
        };
    if (assay_problem_infer(&problem, error) != ASSAY_OK)
        return;
    for (int tensor = 0; tensor <= ASSAY__TENSOR_OUT; tensor++) {
        assay__map *map;
        bool here = tensor == ASSAY__TENSOR_OUT || problem.input[tensor].rank > 0;
        if (!here || kernel->info.mapping[tensor] == ASSAY_MAPPING_LAYOUT)
            continue;
        if (assay__map_create(kernel, &problem, tensor, 1 << 20, &map, error) != ASSAY_OK)
            continue;
        for (int64_t i = 0; i < map->count; i++)
            if (map->at[i] >= map->elements || !assay__map_uses(map, map->at[i]))
                abort();
        assay__map_destroy(map);
    }
}

// A module of plain buffers, which every pass runs: what a manifest says is held against it.
static assay__module *make_module(void)
{
    assay__module *module = calloc(1, sizeof *module);
    if (!module)
        abort();
    for (int axis = 0; axis < 3; axis++) {
        module->local[axis] = 1;
        module->local_constant[axis] = -1;
    }
    for (uint32_t i = 0; i < 8; i++) {
        assay__module_binding *b = &module->binding[module->binding_count++];
        *b = (assay__module_binding){.binding = i, .kind = ASSAY__STORAGE_BUFFER};
    }
    return module;
}

static void resolve(assay__manifest *manifest, assay_error *error)
{
    assay_kernel *kernel;
    assay__modules modules = {.item = {make_module()}, .count = 1};
    if (assay__kernel_create(manifest, &modules, ASSAY_F32, ASSAY_NC4HW4, &kernel, error) !=
        ASSAY_OK)
        return;
    make_maps(kernel, error);
    assay__kernel_destroy(kernel);
}

static bool some_number(const void *context, const char *name, double *value)
{
    (void)context;
    *value = (double)name[0] / 64 - 1;
    return name[1] == '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    assay__manifest manifest = {0};
    assay_error error = {0};
    if (assay__manifest_create("fuzz.yaml", (const char *)data, size, 1, &manifest, &error) ==
        ASSAY_OK)
        resolve(&manifest, &error);
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    assay__expression *expression = NULL;
    int64_t value;
    if (assay__expression_parse(text, &expression, &error) == ASSAY_OK) {
        assay_status status = assay__expression_value(expression, any_name, NULL, &value, &error);
        if (status != ASSAY_OK && status != ASSAY_MANIFEST)
            abort(); // an expression fails as the manifest it stands in
        double number;
        status = assay__expression_check_real(expression, any_name, some_number, NULL, &error);
        if (status == ASSAY_OK)
            status = assay__expression_value_real(expression, any_name, some_number, NULL, &number,
                                                  &error);
        if (status != ASSAY_OK && status != ASSAY_MANIFEST)
            abort();
        assay__expression_destroy(expression);
    }
    free(text);
    return 0;
}
