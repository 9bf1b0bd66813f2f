// SPDX-License-Identifier: Apache-2.0
// Blocks of a module: what lies where in push constants and uniform buffers.
#include "gpu/reflect_internal.h"

#include <string.h>

assay__scalar assay__scalar_of(spvc_type type)
{
    static const struct {
        spvc_basetype base;
        assay__scalar scalar;
    } table[] = {
        {SPVC_BASETYPE_INT32,   ASSAY__INT   },
        {SPVC_BASETYPE_UINT32,  ASSAY__UINT  },
        {SPVC_BASETYPE_FP32,    ASSAY__FLOAT },
        {SPVC_BASETYPE_BOOLEAN, ASSAY__BOOL  },
        {SPVC_BASETYPE_FP16,    ASSAY__HALF  },
        {SPVC_BASETYPE_INT16,   ASSAY__SHORT },
        {SPVC_BASETYPE_UINT16,  ASSAY__USHORT},
        {SPVC_BASETYPE_INT8,    ASSAY__BYTE  },
        {SPVC_BASETYPE_UINT8,   ASSAY__UBYTE },
        {SPVC_BASETYPE_INT64,   ASSAY__LONG  },
        {SPVC_BASETYPE_UINT64,  ASSAY__ULONG },
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (spvc_type_get_basetype(type) == table[i].base)
            return table[i].scalar;
    return ASSAY__OTHER;
}

static assay_status reflect_member(assay__reflection *r, spvc_type block, spvc_type_id id,
                                   unsigned index, assay__module_member *member)
{
    spvc_type type =
        spvc_compiler_get_type_handle(r->compiler, spvc_type_get_member_type(block, index));
    ASSAY__TRY_SPVC(
        spvc_compiler_type_struct_member_offset(r->compiler, block, index, &member->offset));
    assay__copy_label(member->name, spvc_compiler_get_member_name(r->compiler, id, index));
    unsigned dimensions = spvc_type_get_num_array_dimensions(type);
    member->type = (assay__type){assay__scalar_of(type), spvc_type_get_vector_size(type), 0, 0};
    if (spvc_type_get_columns(type) != 1 || dimensions > 1 ||
        (dimensions == 1 && !spvc_type_array_dimension_is_literal(type, 0)))
        member->type.scalar = ASSAY__OTHER;
    if (dimensions != 1 || member->type.scalar == ASSAY__OTHER)
        return ASSAY_OK;
    member->type.count = spvc_type_get_array_dimension(type, 0);
    ASSAY__TRY_SPVC(spvc_compiler_type_struct_member_array_stride(r->compiler, block, index,
                                                                  &member->type.stride));
    return ASSAY_OK;
}

static assay_status reflect_block(assay__reflection *r, const spvc_reflected_resource *resource,
                                  const char *what, int most, assay__module_block *block)
{
    assay__module *m = r->module;
    spvc_type_id id = resource->base_type_id;
    spvc_type type = spvc_compiler_get_type_handle(r->compiler, id);
    unsigned members = spvc_type_get_num_member_types(type);
    size_t bytes;
    if (members > (unsigned)(ASSAY__MEMBERS_MAX - m->member_count))
        return assay__spvc_too_many(r, "members of blocks", ASSAY__MEMBERS_MAX);
    ASSAY__TRY_SPVC(spvc_compiler_get_declared_struct_size(r->compiler, type, &bytes));
    if (bytes > (size_t)most)
        return assay__spvc_too_many(r, what, most);
    block->bytes = (uint32_t)bytes;
    block->first = m->member_count;
    block->count = (int)members;
    for (unsigned i = 0; i < members; i++)
        ASSAY_TRY(reflect_member(r, type, id, i, &m->member[m->member_count++]));
    return ASSAY_OK;
}

assay_status assay__reflect_blocks(assay__reflection *r)
{
    assay__module *m = r->module;
    const spvc_reflected_resource *list;
    size_t count;
    ASSAY__TRY_SPVC(spvc_resources_get_resource_list_for_type(
        r->resources, SPVC_RESOURCE_TYPE_PUSH_CONSTANT, &list, &count));
    if (count > 0)
        ASSAY_TRY(
            reflect_block(r, &list[0], "bytes of push constants", ASSAY__PUSH_BYTES, &m->push));
    ASSAY__TRY_SPVC(spvc_resources_get_resource_list_for_type(
        r->resources, SPVC_RESOURCE_TYPE_UNIFORM_BUFFER, &list, &count));
    for (size_t i = 0; i < count; i++) {
        if (m->uniform_count == ASSAY__UNIFORMS_MAX)
            return assay__spvc_too_many(r, "uniform blocks", ASSAY__UNIFORMS_MAX);
        assay__module_block *block = &m->uniform[m->uniform_count++];
        block->set =
            spvc_compiler_get_decoration(r->compiler, list[i].id, SpvDecorationDescriptorSet);
        block->binding =
            spvc_compiler_get_decoration(r->compiler, list[i].id, SpvDecorationBinding);
        ASSAY_TRY(
            reflect_block(r, &list[i], "bytes in a uniform block", ASSAY__UNIFORM_BYTES, block));
    }
    return ASSAY_OK;
}
