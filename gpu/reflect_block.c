// SPDX-License-Identifier: Apache-2.0
// Blocks of a module: what lies where in push constants and uniform buffers.
#include "gpu/reflect_internal.h"

#include <stdio.h>

// Structures in structures in a block.
#define NESTED_MAX 4

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

// A structure of a block, and where it lies: "a[1]." at byte 48.
typedef struct owner {
    spvc_type_id id;
    spvc_type type;
    uint32_t offset;
    char prefix[ASSAY__LABEL_MAX];
    int depth; // of nesting
} owner;

static void name_member(const assay__reflection *r, const owner *o, unsigned index,
                        char name[ASSAY__LABEL_MAX])
{
    const char *own = spvc_compiler_get_member_name(r->compiler, o->id, index);
    if (own && own[0])
        snprintf(name, ASSAY__LABEL_MAX, "%.31s%.31s", o->prefix, own);
    else
        name[0] = '\0';
}

// A matrix lies as an array of vectors: its columns, or its rows.
static assay_status reflect_matrix(assay__reflection *r, const owner *o, unsigned index,
                                   spvc_type type, assay__type *found)
{
    unsigned rows = spvc_type_get_vector_size(type), columns = spvc_type_get_columns(type);
    bool by_rows =
        spvc_compiler_has_member_decoration(r->compiler, o->id, index, SpvDecorationRowMajor);
    found->lanes = by_rows ? columns : rows;
    found->count = by_rows ? rows : columns;
    ASSAY__TRY_SPVC(spvc_compiler_type_struct_member_matrix_stride(r->compiler, o->type, index,
                                                                   &found->stride));
    return ASSAY_OK;
}

static assay_status reflect_type(assay__reflection *r, const owner *o, unsigned index,
                                 spvc_type type, assay__type *found)
{
    unsigned dimensions = spvc_type_get_num_array_dimensions(type);
    bool matrix = spvc_type_get_columns(type) != 1;
    *found = (assay__type){assay__scalar_of(type), spvc_type_get_vector_size(type), 0, 0};
    if (dimensions > 1 || (dimensions == 1 && matrix) ||
        (dimensions == 1 && !spvc_type_array_dimension_is_literal(type, 0)))
        found->scalar = ASSAY__OTHER;
    if (found->scalar == ASSAY__OTHER || (!matrix && dimensions == 0))
        return ASSAY_OK;
    if (matrix)
        return reflect_matrix(r, o, index, type, found);
    found->count = spvc_type_get_array_dimension(type, 0);
    ASSAY__TRY_SPVC(
        spvc_compiler_type_struct_member_array_stride(r->compiler, o->type, index, &found->stride));
    return ASSAY_OK;
}

static assay_status reflect_members(assay__reflection *r, const owner *o);

// The members of a structure in a block are members of the block, those of each element where it is
// an array.
static assay_status reflect_nested(assay__reflection *r, const owner *o, unsigned index,
                                   spvc_type type, uint32_t offset)
{
    unsigned dimensions = spvc_type_get_num_array_dimensions(type), stride = 0;
    unsigned count = dimensions ? spvc_type_get_array_dimension(type, 0) : 1;
    char name[ASSAY__LABEL_MAX];
    if (count > ASSAY__MEMBERS_MAX) // also of structures without members
        return assay__spvc_too_many(r, "members of blocks", ASSAY__MEMBERS_MAX);
    name_member(r, o, index, name);
    if (dimensions)
        ASSAY__TRY_SPVC(
            spvc_compiler_type_struct_member_array_stride(r->compiler, o->type, index, &stride));
    owner inner = {.id = spvc_type_get_base_type_id(type), .depth = o->depth + 1};
    inner.type = spvc_compiler_get_type_handle(r->compiler, inner.id);
    for (unsigned i = 0; i < count; i++) {
        inner.offset = offset + i * stride;
        if (name[0] && dimensions)
            snprintf(inner.prefix, sizeof inner.prefix, "%.48s[%u].", name, i);
        else if (name[0])
            snprintf(inner.prefix, sizeof inner.prefix, "%.60s.", name);
        ASSAY_TRY(reflect_members(r, &inner));
    }
    return ASSAY_OK;
}

static assay_status reflect_members(assay__reflection *r, const owner *o)
{
    assay__module *m = r->module;
    for (unsigned i = 0; i < spvc_type_get_num_member_types(o->type); i++) {
        spvc_type type =
            spvc_compiler_get_type_handle(r->compiler, spvc_type_get_member_type(o->type, i));
        unsigned offset, dimensions = spvc_type_get_num_array_dimensions(type);
        ASSAY__TRY_SPVC(spvc_compiler_type_struct_member_offset(r->compiler, o->type, i, &offset));
        if (spvc_type_get_basetype(type) == SPVC_BASETYPE_STRUCT && o->depth < NESTED_MAX &&
            (dimensions == 0 ||
             (dimensions == 1 && spvc_type_array_dimension_is_literal(type, 0)))) {
            ASSAY_TRY(reflect_nested(r, o, i, type, o->offset + offset));
            continue;
        }
        if (m->member_count == ASSAY__MEMBERS_MAX)
            return assay__spvc_too_many(r, "members of blocks", ASSAY__MEMBERS_MAX);
        assay__module_member *member = &m->member[m->member_count++];
        member->offset = o->offset + offset;
        member->nested = o->depth > 0;
        name_member(r, o, i, member->name);
        ASSAY_TRY(reflect_type(r, o, i, type, &member->type));
    }
    return ASSAY_OK;
}

static assay_status reflect_block(assay__reflection *r, const spvc_reflected_resource *resource,
                                  const char *what, int most, assay__module_block *block)
{
    assay__module *m = r->module;
    owner o = {.id = resource->base_type_id};
    size_t bytes;
    o.type = spvc_compiler_get_type_handle(r->compiler, o.id);
    ASSAY__TRY_SPVC(spvc_compiler_get_declared_struct_size(r->compiler, o.type, &bytes));
    if (bytes > (size_t)most)
        return assay__spvc_too_many(r, what, most);
    block->bytes = (uint32_t)bytes;
    block->first = m->member_count;
    ASSAY_TRY(reflect_members(r, &o));
    block->count = m->member_count - block->first;
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
