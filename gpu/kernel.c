// SPDX-License-Identifier: Apache-2.0
#include "gpu/kernel.h"
#include "gpu/kernel_internal.h"

#include <stdlib.h>
#include <string.h>

assay_status assay__kernel_create(assay__manifest *manifest, assay__modules *modules,
                                  assay_precision precision, assay_layout layout,
                                  assay_kernel **kernel, assay_error *error)
{
    assay_kernel *k = *kernel = calloc(1, sizeof *k);
    if (!k) {
        assay__manifest_destroy(manifest);
        assay__modules_destroy(modules);
        return assay_fail(error, ASSAY_MEMORY, "out of memory for a kernel");
    }
    k->manifest = *manifest;
    memset(manifest, 0, sizeof *manifest);
    k->module_count = modules->count;
    memcpy(k->module, modules->item, sizeof k->module);
    for (int i = 0; i < ASSAY__PASSES_MAX; i++)
        k->pass[i].module = k->module[modules->of_pass[i]];
    memset(modules, 0, sizeof *modules);
    k->info.precision = precision;
    k->info.layout = layout;
    assay_status status = assay__kernel_resolve(k, error);
    if (status == ASSAY_OK)
        status = assay__kernel_agree(k, error);
    if (status != ASSAY_OK) {
        assay__kernel_destroy(k);
        *kernel = NULL;
    }
    return status;
}

static void destroy_view(assay__view *view)
{
    for (int axis = 0; axis < 3; axis++) {
        assay__expression_destroy(view->texel[axis]);
        assay__expression_destroy(view->size[axis]);
    }
    assay__expression_destroy(view->index);
    assay__expression_destroy(view->lane);
    assay__expression_destroy(view->elements);
    assay__expression_destroy(view->offset);
}

void assay__kernel_destroy(assay_kernel *kernel)
{
    if (!kernel)
        return;
    for (int i = 0; i < kernel->pass_count; i++) {
        assay__pass *pass = &kernel->pass[i];
        assay__block_clear(&pass->push);
        for (int j = 0; j < pass->uniform_count; j++)
            assay__block_clear(&pass->uniform[j]);
        for (int j = 0; pass->constant && j < ASSAY__CONSTANTS_MAX; j++)
            assay__parameter_clear(&pass->constant[j]);
        for (int j = 0; j < 3; j++)
            assay__expression_destroy(pass->dispatch[j]);
        free(pass->constant);
    }
    for (int i = 0; i < ASSAY__SCRATCH_MAX; i++) // also one that was not counted, having no meaning
        assay__expression_destroy(kernel->scratch[i]);
    for (int i = 0; i < ASSAY__TENSORS_MAX; i++)
        destroy_view(&kernel->view[i]);
    for (int i = 0; i < kernel->let_count; i++)
        assay__expression_destroy(kernel->let[i].expression);
    assay__expression_destroy(kernel->subgroup);
    assay__expression_destroy(kernel->when);
    for (int i = 0; i < kernel->module_count; i++) {
        assay__module_destroy(kernel->module[i]);
        free(kernel->module[i]);
    }
    assay__manifest_destroy(&kernel->manifest);
    free(kernel);
}

const assay_kernel_info *assay_kernel_get_info(const assay_kernel *kernel)
{
    return &kernel->info;
}

bool assay__kernel_shares(const assay_kernel *kernel, int lead, int tensor)
{
    return kernel->bound[tensor] && kernel->lead[tensor] == lead;
}

const char *assay__tensor_name(const assay_kernel *kernel, int tensor)
{
    if (tensor >= ASSAY__TENSOR_SCRATCH)
        return kernel->manifest.data->scratch[tensor - ASSAY__TENSOR_SCRATCH].name;
    return tensor == ASSAY__TENSOR_OUT ? "out" : kernel->info.op->inputs[tensor].name;
}
