// SPDX-License-Identifier: Apache-2.0
#include "gpu/module.h"

#include <spirv_cross_c.h>
#include <stdio.h>
#include <string.h>

typedef struct reflection {
    assay__module *module;
    const char *file;
    spvc_context context;
    spvc_compiler compiler;
    spvc_resources resources;
    assay_error *error;
} reflection;

static assay_status failed(const reflection *r)
{
    return assay_fail(r->error, ASSAY_SPIRV, "%s: SPIRV-Cross: %.600s", r->file,
                      spvc_context_get_last_error_string(r->context));
}

static assay_status too_many(const reflection *r, const char *what, int most)
{
    return assay_fail(r->error, ASSAY_LIMIT, "%s: the module has more than %d %s", r->file, most,
                      what);
}

#define TRY_SPVC(call)                                                                             \
    do {                                                                                           \
        if ((call) != SPVC_SUCCESS)                                                                \
            return failed(r);                                                                      \
    } while (0)

static void copy_name(char target[ASSAY__LABEL_MAX], const char *name)
{
    snprintf(target, ASSAY__LABEL_MAX, "%s", name ? name : "");
}

static assay_status find_entry(reflection *r)
{
    const spvc_entry_point *points;
    size_t count;
    TRY_SPVC(spvc_compiler_get_entry_points(r->compiler, &points, &count));
    for (size_t i = 0; i < count; i++)
        if (points[i].execution_model == SpvExecutionModelGLCompute &&
            strcmp(points[i].name, r->module->entry) == 0) {
            TRY_SPVC(spvc_compiler_set_entry_point(r->compiler, points[i].name,
                                                   SpvExecutionModelGLCompute));
            return ASSAY_OK;
        }
    return assay_fail(r->error, ASSAY_SPIRV,
                      "%s: the module has no compute entry point \"%s\"; its first is \"%.60s\"",
                      r->file, r->module->entry, count ? points[0].name : "");
}

static assay_status add_binding(reflection *r, const spvc_reflected_resource *resource,
                                spvc_resource_type kind)
{
    assay__module *m = r->module;
    if (m->binding_count == ASSAY__BINDINGS_MAX)
        return too_many(r, "bindings", ASSAY__BINDINGS_MAX);
    assay__module_binding *b = &m->binding[m->binding_count++];
    b->set = spvc_compiler_get_decoration(r->compiler, resource->id, SpvDecorationDescriptorSet);
    b->binding = spvc_compiler_get_decoration(r->compiler, resource->id, SpvDecorationBinding);
    b->storage_buffer = kind == SPVC_RESOURCE_TYPE_STORAGE_BUFFER;
    spvc_type type = spvc_compiler_get_type_handle(r->compiler, resource->type_id);
    b->array = spvc_type_get_num_array_dimensions(type) > 0;
    copy_name(b->name, resource->name);
    if (kind == SPVC_RESOURCE_TYPE_STORAGE_IMAGE) {
        b->storage_image = spvc_type_get_image_dimension(type) == SpvDim2D &&
                           !spvc_type_get_image_multisampled(type);
        b->layers = spvc_type_get_image_arrayed(type);
        b->format = (uint32_t)spvc_type_get_image_storage_format(type);
        b->read_only =
            spvc_compiler_has_decoration(r->compiler, resource->id, SpvDecorationNonWritable);
    }
    if (!b->storage_buffer)
        return ASSAY_OK;
    // NonWritable stands on the variable, or on each member of the block.
    const SpvDecoration *decorations;
    size_t count = 0;
    TRY_SPVC(spvc_compiler_get_buffer_block_decorations(r->compiler, resource->id, &decorations,
                                                        &count));
    for (size_t i = 0; i < count; i++)
        b->read_only = b->read_only || decorations[i] == SpvDecorationNonWritable;
    return ASSAY_OK;
}

// All that take a descriptor. Only storage buffers and images can be bound: the others are kept to
// be named in the message.
static assay_status reflect_bindings(reflection *r)
{
    static const spvc_resource_type kinds[] = {
        SPVC_RESOURCE_TYPE_STORAGE_BUFFER, SPVC_RESOURCE_TYPE_UNIFORM_BUFFER,
        SPVC_RESOURCE_TYPE_STORAGE_IMAGE,  SPVC_RESOURCE_TYPE_SAMPLED_IMAGE,
        SPVC_RESOURCE_TYPE_SEPARATE_IMAGE, SPVC_RESOURCE_TYPE_SEPARATE_SAMPLERS,
        SPVC_RESOURCE_TYPE_ATOMIC_COUNTER, SPVC_RESOURCE_TYPE_ACCELERATION_STRUCTURE,
        SPVC_RESOURCE_TYPE_SUBPASS_INPUT,
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const spvc_reflected_resource *list;
        size_t count;
        TRY_SPVC(spvc_resources_get_resource_list_for_type(r->resources, kinds[k], &list, &count));
        for (size_t i = 0; i < count; i++)
            ASSAY_TRY(add_binding(r, &list[i], kinds[k]));
    }
    return ASSAY_OK;
}

static assay__scalar scalar_of(spvc_type type)
{
    if (spvc_type_get_columns(type) != 1 || spvc_type_get_num_array_dimensions(type) != 0)
        return ASSAY__OTHER;
    if (spvc_type_get_vector_size(type) == 4 && spvc_type_get_basetype(type) == SPVC_BASETYPE_INT32)
        return ASSAY__IVEC4;
    if (spvc_type_get_vector_size(type) != 1)
        return ASSAY__OTHER;
    switch (spvc_type_get_basetype(type)) {
    case SPVC_BASETYPE_INT32:
        return ASSAY__INT;
    case SPVC_BASETYPE_UINT32:
        return ASSAY__UINT;
    case SPVC_BASETYPE_FP32:
        return ASSAY__FLOAT;
    case SPVC_BASETYPE_BOOLEAN:
        return ASSAY__BOOL;
    default:
        return ASSAY__OTHER;
    }
}

static assay_status reflect_push(reflection *r)
{
    assay__module *m = r->module;
    const spvc_reflected_resource *list;
    size_t count, bytes;
    TRY_SPVC(spvc_resources_get_resource_list_for_type(
        r->resources, SPVC_RESOURCE_TYPE_PUSH_CONSTANT, &list, &count));
    if (count == 0)
        return ASSAY_OK;
    spvc_type_id id = list[0].base_type_id;
    spvc_type type = spvc_compiler_get_type_handle(r->compiler, id);
    unsigned members = spvc_type_get_num_member_types(type);
    if (members > ASSAY__MEMBERS_MAX)
        return too_many(r, "push constants", ASSAY__MEMBERS_MAX);
    TRY_SPVC(spvc_compiler_get_declared_struct_size(r->compiler, type, &bytes));
    if (bytes > ASSAY__PUSH_BYTES)
        return too_many(r, "bytes of push constants", ASSAY__PUSH_BYTES);
    m->push_bytes = (uint32_t)bytes;
    for (unsigned i = 0; i < members; i++) {
        assay__module_member *member = &m->member[m->member_count++];
        TRY_SPVC(spvc_compiler_type_struct_member_offset(r->compiler, type, i, &member->offset));
        member->type = scalar_of(
            spvc_compiler_get_type_handle(r->compiler, spvc_type_get_member_type(type, i)));
        copy_name(member->name, spvc_compiler_get_member_name(r->compiler, id, i));
    }
    return ASSAY_OK;
}

static assay_status reflect_constants(reflection *r)
{
    assay__module *m = r->module;
    const spvc_specialization_constant *list;
    spvc_specialization_constant local[3];
    size_t count;
    TRY_SPVC(spvc_compiler_get_specialization_constants(r->compiler, &list, &count));
    if (count > ASSAY__CONSTANTS_MAX)
        return too_many(r, "specialization constants", ASSAY__CONSTANTS_MAX);
    spvc_compiler_get_work_group_size_specialization_constants(r->compiler, &local[0], &local[1],
                                                               &local[2]);
    for (int axis = 0; axis < 3; axis++)
        m->local_constant[axis] = -1;
    for (size_t i = 0; i < count; i++) {
        assay__module_constant *c = &m->constant[m->constant_count++];
        spvc_constant handle = spvc_compiler_get_constant_handle(r->compiler, list[i].id);
        c->id = list[i].constant_id;
        c->type =
            scalar_of(spvc_compiler_get_type_handle(r->compiler, spvc_constant_get_type(handle)));
        c->bits = spvc_constant_get_scalar_u32(handle, 0, 0);
        copy_name(c->name, spvc_compiler_get_name(r->compiler, list[i].id));
        for (int axis = 0; axis < 3; axis++)
            if (local[axis].id != 0 && local[axis].constant_id == c->id)
                m->local_constant[axis] = m->constant_count - 1;
    }
    return ASSAY_OK;
}

static assay_status reflect_local_size(reflection *r)
{
    const SpvExecutionMode *modes;
    size_t count;
    TRY_SPVC(spvc_compiler_get_execution_modes(r->compiler, &modes, &count));
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

static assay_status reflect_capabilities(reflection *r)
{
    const SpvCapability *list;
    size_t count;
    TRY_SPVC(spvc_compiler_get_declared_capabilities(r->compiler, &list, &count));
    if (count > ASSAY__CAPABILITIES_MAX)
        return too_many(r, "capabilities", ASSAY__CAPABILITIES_MAX);
    for (size_t i = 0; i < count; i++)
        r->module->capability[r->module->capability_count++] = (uint32_t)list[i];
    return ASSAY_OK;
}

static assay_status reflect(reflection *r)
{
    spvc_parsed_ir ir;
    TRY_SPVC(spvc_context_parse_spirv(r->context, r->module->words, r->module->word_count, &ir));
    TRY_SPVC(spvc_context_create_compiler(r->context, SPVC_BACKEND_NONE, ir,
                                          SPVC_CAPTURE_MODE_TAKE_OWNERSHIP, &r->compiler));
    ASSAY_TRY(find_entry(r));
    TRY_SPVC(spvc_compiler_create_shader_resources(r->compiler, &r->resources));
    ASSAY_TRY(reflect_bindings(r));
    ASSAY_TRY(reflect_push(r));
    ASSAY_TRY(reflect_constants(r));
    ASSAY_TRY(reflect_local_size(r));
    return reflect_capabilities(r);
}

assay_status assay__module_reflect(assay__module *module, const char *file, assay_error *error)
{
    reflection r = {.module = module, .file = file, .error = error};
    if (spvc_context_create(&r.context) != SPVC_SUCCESS)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for SPIRV-Cross");
    assay_status status = reflect(&r);
    spvc_context_destroy(r.context);
    return status;
}
