// SPDX-License-Identifier: Apache-2.0
// A manifest held against the module that it describes: what does not fit is an error with a line,
// not a wrong answer.
#include "gpu/layout.h"

#include <spirv_cross_c.h>
#include <stdio.h>

// A tensor is an image or a buffer by the variant's layout and its role; its binding must be it.
static assay_status agree_kind(assay_kernel *k, int index, const assay__module_binding *found,
                               assay_error *error)
{
    static const char *const formats[] = {"rgba32f", "rgba16f"};
    int tensor = k->binding[index].tensor;
    bool image = false, half = false;
    char path[32];
    snprintf(path, sizeof path, "bindings[%d]", index);
    if (tensor < ASSAY__TENSOR_SCRATCH) {
        assay_problem problem; // roles and letters decide, not shapes
        assay_problem_init(&problem, k->info.op);
        image = assay__packing_of(&k->info, &problem, tensor).image;
        half = assay_kernel_storage(&k->info, tensor) == ASSAY_STORAGE_F16;
    }
    if (found->array || (image ? !found->storage_image : !found->storage_buffer))
        return assay__manifest_fail(&k->manifest, error, path,
                                    "set %u, binding %u (%s) is no single storage %s; only those "
                                    "can be bound%s",
                                    found->set, found->binding, found->name,
                                    image ? "image of two dimensions" : "buffer",
                                    image ? " in layout image" : "");
    if (!image)
        return ASSAY_OK;
    if (found->format != (half ? SpvImageFormatRgba16f : SpvImageFormatRgba32f))
        return assay__manifest_fail(&k->manifest, error, path,
                                    "the image of set %u, binding %u (%s) has another format than "
                                    "%s, in which \"%s\" is stored in precision %s",
                                    found->set, found->binding, found->name, formats[half],
                                    assay__tensor_name(k, tensor),
                                    assay_precision_name(k->info.precision));
    bool other = k->image[tensor] == (found->layers ? ASSAY__IMAGE_FLAT : ASSAY__IMAGE_ARRAY);
    if (other)
        return assay__manifest_fail(&k->manifest, error, path,
                                    "a tensor is bound to an image2D and to an image2DArray");
    k->image[tensor] = found->layers ? ASSAY__IMAGE_ARRAY : ASSAY__IMAGE_FLAT;
    return ASSAY_OK;
}

static bool holds_out(const assay_kernel *k, int index)
{
    return assay__kernel_shares(k, k->binding[index].tensor, ASSAY__TENSOR_OUT);
}

// A buffer with inputs beside the output may be bound again for those.
static bool is_written_elsewhere(const assay_kernel *k, int index)
{
    const assay__module *m = &k->module;
    bool shared = false, written = false;
    for (int tensor = 0; tensor < ASSAY__TENSOR_OUT; tensor++)
        shared = shared || assay__kernel_shares(k, k->binding[index].tensor, tensor);
    for (int j = 0; j < k->binding_count; j++)
        for (int i = 0; i < m->binding_count; i++)
            written = written || (holds_out(k, j) && !m->binding[i].read_only &&
                                  m->binding[i].set == k->binding[j].set &&
                                  m->binding[i].binding == k->binding[j].binding);
    return shared && written;
}

static assay_status agree_binding(assay_kernel *k, int index, assay_error *error)
{
    const assay__module *m = &k->module;
    const assay__module_binding *found = NULL;
    char path[32];
    snprintf(path, sizeof path, "bindings[%d]", index);
    uint32_t set = k->binding[index].set, binding = k->binding[index].binding;
    for (int i = 0; i < m->binding_count; i++)
        if (m->binding[i].set == set && m->binding[i].binding == binding)
            found = &m->binding[i];
    if (!found)
        return assay__manifest_fail(&k->manifest, error, path,
                                    "the shader has no set %u, binding %u", set, binding);
    ASSAY_TRY(agree_kind(k, index, found, error));
    if (found->read_only && holds_out(k, index) && !is_written_elsewhere(k, index))
        return assay__manifest_fail(
            &k->manifest, error, path,
            "set %u, binding %u (%s) is readonly in the shader, but \"out\" "
            "is bound to it",
            set, binding, found->name);
    return ASSAY_OK;
}

static assay_status agree_bindings(assay_kernel *k, assay_error *error)
{
    const assay__module *m = &k->module;
    for (int i = 0; i < k->binding_count; i++)
        ASSAY_TRY(agree_binding(k, i, error));
    for (int i = 0; i < m->binding_count; i++) {
        int uses = 0;
        for (int j = 0; j < k->binding_count; j++)
            uses += m->binding[i].set == k->binding[j].set &&
                    m->binding[i].binding == k->binding[j].binding;
        if (uses == 0)
            return assay__manifest_fail(&k->manifest, error, "bindings",
                                        "the shader has set %u, binding %u (%s), which nothing is "
                                        "bound to",
                                        m->binding[i].set, m->binding[i].binding,
                                        m->binding[i].name);
        for (int j = 0; j < i; j++)
            if (m->binding[i].set == m->binding[j].set &&
                m->binding[i].binding == m->binding[j].binding)
                return assay__manifest_fail(&k->manifest, error, "bindings",
                                            "the shader declares set %u, binding %u twice (%s, %s)",
                                            m->binding[i].set, m->binding[i].binding,
                                            m->binding[j].name, m->binding[i].name);
        if (m->binding[i].set >= ASSAY__SETS_MAX)
            return assay__manifest_fail(&k->manifest, error, "bindings",
                                        "the shader uses set %u; sets 0 to %d can be bound",
                                        m->binding[i].set, ASSAY__SETS_MAX - 1);
    }
    return ASSAY_OK;
}

static assay_status agree_push(const assay_kernel *k, const assay__pass *pass, const char *prefix,
                               assay_error *error)
{
    const assay__module *m = &k->module;
    char path[64];
    snprintf(path, sizeof path, "%spush", prefix);
    if (pass->push_count != m->member_count)
        return assay__manifest_fail(&k->manifest, error, path,
                                    "%d push constants, but the shader's block has %d (%u bytes)",
                                    pass->push_count, m->member_count, m->push_bytes);
    for (int i = 0; i < m->member_count; i++) {
        const assay__module_member *member = &m->member[i];
        snprintf(path, sizeof path, "%spush[%d]", prefix, i);
        if (member->type != pass->push[i].type)
            return assay__manifest_fail(&k->manifest, error, path,
                                        "push constant %d is %s here and %s in the shader (%s)",
                                        i + 1, assay__scalar_name(pass->push[i].type),
                                        assay__scalar_name(member->type), member->name);
        if (member->offset != pass->push[i].at)
            return assay__manifest_fail(&k->manifest, error, path,
                                        "push constant %d stands at byte %u here and at %u in the "
                                        "shader (%s)",
                                        i + 1, pass->push[i].at, member->offset, member->name);
    }
    return ASSAY_OK;
}

static assay_status agree_constants(const assay_kernel *k, const assay__pass *pass,
                                    assay_error *error)
{
    const assay__module *m = &k->module;
    for (int i = 0; i < m->constant_count; i++)
        if (!pass->constant[i].expression)
            return assay__manifest_fail(&k->manifest, error, "constants",
                                        "the shader has specialization constant %u (%s), which is "
                                        "not given",
                                        m->constant[i].id, m->constant[i].name);
    return ASSAY_OK;
}

assay_status assay__kernel_agree(assay_kernel *kernel, assay_error *error)
{
    ASSAY_TRY(agree_bindings(kernel, error));
    for (int i = 0; i < kernel->pass_count; i++) {
        const assay__manifest_data *data = kernel->manifest.data;
        char prefix[24] = ""; // of the list that the pass has its push constants from
        if (data->passes_count > 0 && data->passes[i].push)
            snprintf(prefix, sizeof prefix, "passes[%d].", i);
        ASSAY_TRY(agree_push(kernel, &kernel->pass[i], prefix, error));
        ASSAY_TRY(agree_constants(kernel, &kernel->pass[i], error));
    }
    if (kernel->module.relaxed_precision && kernel->info.precision == ASSAY_F32)
        return assay__manifest_fail(&kernel->manifest, error, "precisions",
                                    "the shader asks for relaxed precision (mediump), an f32 "
                                    "kernel may not");
    return ASSAY_OK;
}
