// SPDX-License-Identifier: Apache-2.0
#include "gpu/reflect_internal.h"

#include <stdio.h>
#include <string.h>

assay_status assay__spvc_failed(const assay__reflection *r)
{
    return assay_fail(r->error, ASSAY_SPIRV, "%s: SPIRV-Cross: %.600s", r->file,
                      spvc_context_get_last_error_string(r->context));
}

assay_status assay__spvc_too_many(const assay__reflection *r, const char *what, int most)
{
    return assay_fail(r->error, ASSAY_LIMIT, "%s: the module has more than %d %s", r->file, most,
                      what);
}

void assay__copy_label(char target[ASSAY__LABEL_MAX], const char *name)
{
    snprintf(target, ASSAY__LABEL_MAX, "%s", name ? name : "");
}

static assay_status find_entry(assay__reflection *r)
{
    const spvc_entry_point *points;
    size_t count;
    ASSAY__TRY_SPVC(spvc_compiler_get_entry_points(r->compiler, &points, &count));
    for (size_t i = 0; i < count; i++)
        if (points[i].execution_model == SpvExecutionModelGLCompute &&
            (!r->module->entry[0] || strcmp(points[i].name, r->module->entry) == 0)) {
            assay__copy_label(r->module->entry, points[i].name);
            ASSAY__TRY_SPVC(spvc_compiler_set_entry_point(r->compiler, points[i].name,
                                                          SpvExecutionModelGLCompute));
            return ASSAY_OK;
        }
    return assay_fail(r->error, ASSAY_SPIRV,
                      "%s: the module has no compute entry point \"%s\"; its first is \"%.60s\"",
                      r->file, r->module->entry, count ? points[0].name : "");
}

// What can be bound of an image: floats, one sample, one to three dimensions, or layers.
static assay__image_kind image_kind(const assay__reflection *r, spvc_type type)
{
    SpvDim dimension = spvc_type_get_image_dimension(type);
    bool layers = spvc_type_get_image_arrayed(type);
    spvc_type sampled =
        spvc_compiler_get_type_handle(r->compiler, spvc_type_get_image_sampled_type(type));
    if (spvc_type_get_image_multisampled(type) || spvc_type_get_image_is_depth(type) ||
        spvc_type_get_basetype(sampled) != SPVC_BASETYPE_FP32)
        return ASSAY__IMAGE_NONE;
    if (dimension == SpvDim3D)
        return ASSAY__IMAGE_VOLUME;
    if (dimension == SpvDim1D && !layers)
        return ASSAY__IMAGE_ROW;
    if (dimension != SpvDim2D)
        return ASSAY__IMAGE_NONE;
    return layers ? ASSAY__IMAGE_ARRAY : ASSAY__IMAGE_FLAT;
}

// What a buffer is an array of.
static assay_status reflect_element(assay__reflection *r, spvc_type_id block, assay__type *element)
{
    spvc_type type = spvc_compiler_get_type_handle(r->compiler, block);
    unsigned members = spvc_type_get_num_member_types(type);
    *element = (assay__type){.scalar = ASSAY__OTHER};
    if (members == 0)
        return ASSAY_OK;
    type = spvc_compiler_get_type_handle(r->compiler, spvc_type_get_member_type(type, members - 1));
    if (spvc_type_get_columns(type) == 1)
        *element = (assay__type){assay__scalar_of(type), spvc_type_get_vector_size(type), 0, 0};
    return ASSAY_OK;
}

static assay_status add_binding(assay__reflection *r, const spvc_reflected_resource *resource,
                                assay__declared kind)
{
    assay__module *m = r->module;
    if (m->binding_count == ASSAY__DECLARED_MAX)
        return assay__spvc_too_many(r, "bindings", ASSAY__DECLARED_MAX);
    assay__module_binding *b = &m->binding[m->binding_count++];
    b->set = spvc_compiler_get_decoration(r->compiler, resource->id, SpvDecorationDescriptorSet);
    b->binding = spvc_compiler_get_decoration(r->compiler, resource->id, SpvDecorationBinding);
    b->kind = kind;
    spvc_type type = spvc_compiler_get_type_handle(r->compiler, resource->type_id);
    b->array = spvc_type_get_num_array_dimensions(type) > 0;
    assay__copy_label(b->name, resource->name);
    if (kind >= ASSAY__STORAGE_IMAGE && kind <= ASSAY__TEXTURE)
        b->image = image_kind(r, type);
    b->read_only = kind == ASSAY__SAMPLED_IMAGE || kind == ASSAY__TEXTURE;
    if (kind == ASSAY__STORAGE_IMAGE) {
        b->format = (uint32_t)spvc_type_get_image_storage_format(type);
        b->read_only =
            spvc_compiler_has_decoration(r->compiler, resource->id, SpvDecorationNonWritable);
        b->write_only =
            spvc_compiler_has_decoration(r->compiler, resource->id, SpvDecorationNonReadable);
    }
    if (kind != ASSAY__STORAGE_BUFFER)
        return ASSAY_OK;
    ASSAY_TRY(reflect_element(r, resource->base_type_id, &b->element));
    // NonWritable stands on the variable, or on each member of the block.
    const SpvDecoration *decorations;
    size_t count = 0;
    ASSAY__TRY_SPVC(spvc_compiler_get_buffer_block_decorations(r->compiler, resource->id,
                                                               &decorations, &count));
    for (size_t i = 0; i < count; i++)
        b->read_only = b->read_only || decorations[i] == SpvDecorationNonWritable;
    return ASSAY_OK;
}

// All that take a descriptor. What cannot be bound is kept to be named in the message.
static assay_status reflect_bindings(assay__reflection *r)
{
    static const struct {
        spvc_resource_type type;
        assay__declared kind;
    } kinds[] = {
        {SPVC_RESOURCE_TYPE_STORAGE_BUFFER,         ASSAY__STORAGE_BUFFER},
        {SPVC_RESOURCE_TYPE_UNIFORM_BUFFER,         ASSAY__UNIFORM       },
        {SPVC_RESOURCE_TYPE_STORAGE_IMAGE,          ASSAY__STORAGE_IMAGE },
        {SPVC_RESOURCE_TYPE_SAMPLED_IMAGE,          ASSAY__SAMPLED_IMAGE },
        {SPVC_RESOURCE_TYPE_SEPARATE_IMAGE,         ASSAY__TEXTURE       },
        {SPVC_RESOURCE_TYPE_SEPARATE_SAMPLERS,      ASSAY__SAMPLER       },
        {SPVC_RESOURCE_TYPE_ATOMIC_COUNTER,         ASSAY__UNBOUND       },
        {SPVC_RESOURCE_TYPE_ACCELERATION_STRUCTURE, ASSAY__UNBOUND       },
        {SPVC_RESOURCE_TYPE_SUBPASS_INPUT,          ASSAY__UNBOUND       },
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const spvc_reflected_resource *list;
        size_t count;
        ASSAY__TRY_SPVC(
            spvc_resources_get_resource_list_for_type(r->resources, kinds[k].type, &list, &count));
        for (size_t i = 0; i < count; i++)
            ASSAY_TRY(add_binding(r, &list[i], kinds[k].kind));
    }
    return ASSAY_OK;
}

// The constant of an id, which several names may share: a size that the shader computes with and
// local_size_x_id. The one that has a name stands for all of them.
static int add_constant(assay__reflection *r, const spvc_specialization_constant *declared)
{
    assay__module *m = r->module;
    spvc_constant handle = spvc_compiler_get_constant_handle(r->compiler, declared->id);
    const char *name = spvc_compiler_get_name(r->compiler, declared->id);
    int at = 0;
    while (at < m->constant_count && m->constant[at].id != declared->constant_id)
        at++;
    assay__module_constant *c = &m->constant[at];
    if (at == m->constant_count)
        m->constant_count++;
    else if (c->name[0] || !name || !name[0])
        return at;
    c->id = declared->constant_id;
    c->type = assay__scalar_of(
        spvc_compiler_get_type_handle(r->compiler, spvc_constant_get_type(handle)));
    if (c->type > ASSAY__BOOL) // of another size than four bytes
        c->type = ASSAY__OTHER;
    c->bits = spvc_constant_get_scalar_u32(handle, 0, 0);
    assay__copy_label(c->name, name);
    return at;
}

static assay_status reflect_constants(assay__reflection *r)
{
    assay__module *m = r->module;
    const spvc_specialization_constant *list;
    spvc_specialization_constant local[3];
    size_t count;
    ASSAY__TRY_SPVC(spvc_compiler_get_specialization_constants(r->compiler, &list, &count));
    if (count > ASSAY__CONSTANTS_MAX)
        return assay__spvc_too_many(r, "specialization constants", ASSAY__CONSTANTS_MAX);
    spvc_compiler_get_work_group_size_specialization_constants(r->compiler, &local[0], &local[1],
                                                               &local[2]);
    for (int axis = 0; axis < 3; axis++)
        m->local_constant[axis] = -1;
    for (size_t i = 0; i < count; i++) {
        int at = add_constant(r, &list[i]);
        for (int axis = 0; axis < 3; axis++)
            if (local[axis].id != 0 && local[axis].constant_id == list[i].constant_id)
                m->local_constant[axis] = at;
    }
    return ASSAY_OK;
}

static assay_status reflect_local_size(assay__reflection *r)
{
    const SpvExecutionMode *modes;
    size_t count;
    ASSAY__TRY_SPVC(spvc_compiler_get_execution_modes(r->compiler, &modes, &count));
    for (size_t i = 0; i < count; i++)
        if (modes[i] == SpvExecutionModeLocalSize || modes[i] == SpvExecutionModeLocalSizeId)
            for (unsigned axis = 0; axis < 3; axis++)
                r->module->local[axis] =
                    spvc_compiler_get_execution_mode_argument_by_index(r->compiler, modes[i], axis);
    for (int axis = 0; axis < 3; axis++)
        if (r->module->local_constant[axis] >= 0)
            r->module->local[axis] = r->module->constant[r->module->local_constant[axis]].bits;
    if (!r->module->local[0] || !r->module->local[1] || !r->module->local[2])
        return assay_fail(r->error, ASSAY_SPIRV, "%s: the entry point has no work group size",
                          r->file);
    return ASSAY_OK;
}

static assay_status reflect_capabilities(assay__reflection *r)
{
    const SpvCapability *list;
    size_t count;
    ASSAY__TRY_SPVC(spvc_compiler_get_declared_capabilities(r->compiler, &list, &count));
    if (count > ASSAY__CAPABILITIES_MAX)
        return assay__spvc_too_many(r, "capabilities", ASSAY__CAPABILITIES_MAX);
    for (size_t i = 0; i < count; i++)
        r->module->capability[r->module->capability_count++] = (uint32_t)list[i];
    return ASSAY_OK;
}

static assay_status reflect(assay__reflection *r)
{
    spvc_parsed_ir ir;
    ASSAY__TRY_SPVC(
        spvc_context_parse_spirv(r->context, r->module->words, r->module->word_count, &ir));
    ASSAY__TRY_SPVC(spvc_context_create_compiler(r->context, SPVC_BACKEND_NONE, ir,
                                                 SPVC_CAPTURE_MODE_TAKE_OWNERSHIP, &r->compiler));
    ASSAY_TRY(find_entry(r));
    ASSAY__TRY_SPVC(spvc_compiler_create_shader_resources(r->compiler, &r->resources));
    ASSAY_TRY(reflect_bindings(r));
    ASSAY_TRY(assay__reflect_blocks(r));
    ASSAY_TRY(reflect_constants(r));
    ASSAY_TRY(reflect_local_size(r));
    return reflect_capabilities(r);
}

assay_status assay__module_reflect(assay__module *module, const char *file, assay_error *error)
{
    assay__reflection r = {.module = module, .file = file, .error = error};
    if (spvc_context_create(&r.context) != SPVC_SUCCESS)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for SPIRV-Cross");
    assay_status status = reflect(&r);
    spvc_context_destroy(r.context);
    return status;
}
