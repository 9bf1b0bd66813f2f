// SPDX-License-Identifier: Apache-2.0
// A manifest held against the modules that it describes: what does not fit is an error with a line,
// not a wrong answer.
#include "gpu/debug_lines.h"
#include "gpu/layout.h"

#include <spirv_cross_c.h>
#include <stdio.h>

// A pass, and where its bindings stand in the manifest.
typedef struct target {
    assay_kernel *k;
    assay__pass *pass;
    const char *prefix;
} target;

static bool takes_image(const assay_kernel *k, int tensor)
{
    assay_problem problem; // roles and letters decide, not shapes
    if (tensor >= ASSAY__TENSOR_SCRATCH)
        return false;
    assay_problem_init(&problem, k->info.op);
    return assay__packing_of(&k->info, &problem, tensor).image;
}

static assay_status agree_format(const target *t, const char *path, int index,
                                 const assay__module_binding *found, assay_error *error)
{
    static const struct {
        const char *name;
        uint32_t format;
    } formats[2][3] = {
        {{"r32f", SpvImageFormatR32f},
         {"rg32f", SpvImageFormatRg32f},
         {"rgba32f", SpvImageFormatRgba32f}},
        {{"r16f", SpvImageFormatR16f},
         {"rg16f", SpvImageFormatRg16f},
         {"rgba16f", SpvImageFormatRgba16f}},
    };
    int tensor = t->pass->binding[index].tensor, lanes = assay__texel_lanes(&t->k->info, tensor);
    bool half = assay_kernel_storage(&t->k->info, tensor) == ASSAY_STORAGE_F16;
    if (found->kind != ASSAY__STORAGE_IMAGE || found->format == SpvImageFormatUnknown ||
        found->format == formats[half][lanes / 2].format)
        return ASSAY_OK;
    return assay__manifest_fail(&t->k->manifest, error, path,
                                "the image of set %u, binding %u (%s) has another format than "
                                "%s, in which \"%s\" is stored in precision %s%s",
                                found->set, found->binding, found->name,
                                formats[half][lanes / 2].name, assay__tensor_name(t->k, tensor),
                                assay_precision_name(t->k->info.precision),
                                lanes == 4 ? "; lanes are four where they are not said" : "");
}

// An image has one view, whatever passes do with it.
static assay_status agree_image(const target *t, const char *path, int index,
                                const assay__module_binding *found, assay_error *error)
{
    static const char *const kinds[] = {"", "image2DArray", "image2D", "image3D", "image1D"};
    assay__binding *b = &t->pass->binding[index];
    assay__image_kind *kind = &t->k->image[b->tensor];
    assay__image_use *use = &t->k->use[b->tensor];
    ASSAY_TRY(agree_format(t, path, index, found, error));
    if (*kind != ASSAY__IMAGE_NONE && *kind != found->image)
        return assay__manifest_fail(&t->k->manifest, error, path,
                                    "a tensor is bound to an %s and to an %s",
                                    kinds[*kind < found->image ? *kind : found->image],
                                    kinds[*kind < found->image ? found->image : *kind]);
    *kind = found->image;
    if (b->sampling.texels && found->image != ASSAY__IMAGE_FLAT && found->image != ASSAY__IMAGE_ROW)
        return assay__manifest_fail(
            &t->k->manifest, error, path,
            "coordinates in texels are for images of one layer (sampler2D)");
    use->storage = use->storage || found->kind == ASSAY__STORAGE_IMAGE;
    use->sampled = use->sampled || found->kind != ASSAY__STORAGE_IMAGE;
    use->linear = use->linear || b->sampling.linear;
    use->exact = use->exact || t->pass->module->asks_size;
    return ASSAY_OK;
}

// What a shader declares must be what a tensor, or a sampler, can be bound to.
static assay_status agree_kind(const target *t, const char *path, int index,
                               const assay__module_binding *found, assay_error *error)
{
    const assay__manifest *manifest = &t->k->manifest;
    assay__binding *b = &t->pass->binding[index];
    if (found->kind == ASSAY__UNIFORM)
        return assay__manifest_fail(manifest, error, path,
                                    "set %u, binding %u (%s) is a uniform block: its members stand "
                                    "under uniforms",
                                    found->set, found->binding, found->name);
    if (b->tensor < 0) {
        if (found->kind != ASSAY__SAMPLER || found->array)
            return assay__manifest_fail(manifest, error, path,
                                        "set %u, binding %u (%s) is no single sampler without an "
                                        "image",
                                        found->set, found->binding, found->name);
        b->type = VK_DESCRIPTOR_TYPE_SAMPLER;
        return ASSAY_OK;
    }
    bool image = takes_image(t->k, b->tensor);
    if (found->array ||
        (image ? found->image == ASSAY__IMAGE_NONE : found->kind != ASSAY__STORAGE_BUFFER))
        return assay__manifest_fail(
            manifest, error, path,
            "set %u, binding %u (%s) is no single storage %s; only those can be bound%s",
            found->set, found->binding, found->name,
            image ? "image or sampled image of floats, in one to three dimensions or layers"
                  : "buffer",
            image ? " in layout image" : "");
    if (!image) {
        b->type = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
        return ASSAY_OK;
    }
    b->type = found->kind == ASSAY__STORAGE_IMAGE   ? VK_DESCRIPTOR_TYPE_STORAGE_IMAGE
              : found->kind == ASSAY__SAMPLED_IMAGE ? VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER
                                                    : VK_DESCRIPTOR_TYPE_SAMPLED_IMAGE;
    return agree_image(t, path, index, found, error);
}

// The first of what the shader declares there; where it declares more, they must be of one kind.
static assay_status find_declared(const target *t, const char *path, uint32_t set, uint32_t binding,
                                  assay__module_binding *found, assay_error *error)
{
    const assay__module *m = t->pass->module;
    bool any = false;
    for (int i = 0; i < m->binding_count; i++) {
        const assay__module_binding *b = &m->binding[i];
        if (b->set != set || b->binding != binding)
            continue;
        if (any && (b->kind != found->kind || b->image != found->image ||
                    b->array != found->array || b->format != found->format))
            return assay__manifest_fail(&t->k->manifest, error, path,
                                        "the shader declares set %u, binding %u twice (%s, %s), as "
                                        "different things",
                                        set, binding, found->name, b->name);
        bool read_only = b->read_only && (!any || found->read_only);
        bool write_only = b->write_only && (!any || found->write_only);
        if (!any)
            *found = *b;
        found->read_only = read_only;
        found->write_only = write_only;
        any = true;
    }
    if (!any)
        return assay__manifest_fail(&t->k->manifest, error, path,
                                    "the shader has no set %u, binding %u", set, binding);
    return ASSAY_OK;
}

static bool holds_out(const target *t, int index)
{
    int tensor = t->pass->binding[index].tensor;
    return tensor >= 0 && assay__kernel_shares(t->k, tensor, ASSAY__TENSOR_OUT);
}

// A buffer with inputs beside the output may be bound again for those.
static bool is_written_elsewhere(const target *t, int index)
{
    const assay__module *m = t->pass->module;
    bool shared = false, written = false;
    for (int tensor = 0; tensor < ASSAY__TENSOR_OUT; tensor++)
        shared = shared || assay__kernel_shares(t->k, t->pass->binding[index].tensor, tensor);
    for (int j = 0; j < t->pass->binding_count; j++)
        for (int i = 0; i < m->binding_count; i++)
            written = written || (holds_out(t, j) && !m->binding[i].read_only &&
                                  m->binding[i].set == t->pass->binding[j].set &&
                                  m->binding[i].binding == t->pass->binding[j].binding);
    return shared && written;
}

static assay_status agree_binding(const target *t, int index, assay_error *error)
{
    assay__binding *b = &t->pass->binding[index];
    assay__module_binding found;
    char path[64];
    snprintf(path, sizeof path, "%sbindings[%d]", t->prefix, index);
    ASSAY_TRY(find_declared(t, path, b->set, b->binding, &found, error));
    ASSAY_TRY(agree_kind(t, path, index, &found, error));
    char sampler[80];
    snprintf(sampler, sizeof sampler, "%.70s.sampler", path);
    if (assay__manifest_has(&t->k->manifest, sampler) && found.kind != ASSAY__SAMPLED_IMAGE &&
        found.kind != ASSAY__SAMPLER)
        return assay__manifest_fail(&t->k->manifest, error, sampler,
                                    "set %u, binding %u (%s) has no sampler in the shader", b->set,
                                    b->binding, found.name);
    if (!holds_out(t, index))
        return ASSAY_OK;
    if (t->k->manifest.data->passes_count == 0 && found.read_only &&
        !is_written_elsewhere(t, index))
        return assay__manifest_fail(
            &t->k->manifest, error, path,
            "set %u, binding %u (%s) is readonly in the shader, but \"out\" "
            "is bound to it",
            b->set, b->binding, found.name);
    t->k->out_written = t->k->out_written || !found.read_only;
    return ASSAY_OK;
}

static int uses_of(const assay__pass *pass, uint32_t set, uint32_t binding)
{
    int uses = 0;
    for (int j = 0; j < pass->binding_count; j++)
        uses += pass->binding[j].set == set && pass->binding[j].binding == binding;
    for (int j = 0; j < pass->uniform_count; j++)
        uses += pass->uniform[j].set == set && pass->uniform[j].binding == binding;
    return uses;
}

assay_status assay__agree_bindings(assay_kernel *kernel, assay__pass *pass, const char *prefix,
                                   assay_error *error)
{
    const target own = {kernel, pass, prefix}, *t = &own;
    const assay__module *m = t->pass->module;
    char path[64];
    snprintf(path, sizeof path, "%sbindings", t->prefix);
    for (int i = 0; i < t->pass->binding_count; i++)
        ASSAY_TRY(agree_binding(t, i, error));
    for (int i = 0; i < m->binding_count; i++) {
        const assay__module_binding *b = &m->binding[i];
        int uses = uses_of(t->pass, b->set, b->binding);
        if (uses != 1)
            return assay__manifest_fail(&t->k->manifest, error, path,
                                        uses
                                            ? "set %u, binding %u (%s) is under bindings and under "
                                              "uniforms"
                                            : "the shader has set %u, binding %u (%s), which "
                                              "nothing is bound to",
                                        b->set, b->binding, b->name);
        if (b->kind == ASSAY__UNIFORM && b->array)
            return assay__manifest_fail(&t->k->manifest, error, path,
                                        "set %u, binding %u (%s) is an array of uniform blocks; "
                                        "single ones can be bound",
                                        b->set, b->binding, b->name);
        if (b->set >= ASSAY__SETS_MAX)
            return assay__manifest_fail(&t->k->manifest, error, path,
                                        "the shader uses set %u; sets 0 to %d can be bound", b->set,
                                        ASSAY__SETS_MAX - 1);
    }
    return ASSAY_OK;
}

static assay_status agree_constants(const assay_kernel *k, const assay__pass *pass,
                                    assay_error *error)
{
    const assay__module *m = pass->module;
    for (int i = 0; i < m->constant_count; i++)
        if (!pass->constant[i].value)
            return assay__manifest_fail(&k->manifest, error, "constants",
                                        "the shader has specialization constant %u (%s), which is "
                                        "not given",
                                        m->constant[i].id, m->constant[i].name);
    return ASSAY_OK;
}

// A list at the top, a subgroup or a name that no pass takes anything from says nothing.
static assay_status agree_top(const assay_kernel *k, assay_error *error)
{
    static const char *const lists[] = {"bindings", "push", "uniforms", "dispatch"};
    const assay__manifest_data *data = k->manifest.data;
    for (size_t i = 0; data->passes_count > 0 && i < sizeof lists / sizeof *lists; i++) {
        unsigned own = 0;
        for (unsigned pass = 0; pass < data->passes_count; pass++) {
            char path[64];
            snprintf(path, sizeof path, "passes[%u].%s", pass, lists[i]);
            own += assay__manifest_has(&k->manifest, path);
        }
        if (own == data->passes_count && assay__manifest_has(&k->manifest, lists[i]))
            return assay__manifest_fail(&k->manifest, error, lists[i],
                                        "%s of the top has no effect: each pass has its own",
                                        lists[i]);
    }
    return ASSAY_OK;
}

assay_status assay__kernel_agree(assay_kernel *kernel, assay_error *error)
{
    for (int i = 0; i < kernel->pass_count; i++)
        ASSAY_TRY(agree_constants(kernel, &kernel->pass[i], error));
    if (!kernel->out_written)
        return assay__manifest_fail(&kernel->manifest, error,
                                    kernel->manifest.data->bindings_count ? "bindings" : "passes",
                                    "\"out\" is readonly wherever it is bound");
    for (int i = 0; i < kernel->module_count; i++)
        if (kernel->module[i]->relaxed_precision && kernel->info.precision == ASSAY_F32) {
            char place[256];
            assay__relaxed_place(kernel->module[i], place, sizeof place);
            return assay__manifest_fail(&kernel->manifest, error, "precisions",
                                        "the shader asks for relaxed precision (mediump)%s%s, an "
                                        "f32 kernel may not",
                                        place[0] ? ": " : "", place);
        }
    return agree_top(kernel, error);
}
