// SPDX-License-Identifier: Apache-2.0
// Members of blocks, push constants and uniform buffers, held against those that the shader
// declares.
#include "gpu/resolve_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// "uint", "vec3". Arrays come of more values than a type has lanes.
static assay_status parse_type(assay__resolver *r, const char *path, const char *text,
                               assay__type *type)
{
    static const char *const vectors[] = {"ivec", "uvec", "vec"}; // in the order of the scalars
    *type = (assay__type){.lanes = 1};
    for (assay__scalar s = ASSAY__INT; s < ASSAY__OTHER; s++)
        if (strcmp(text, assay__scalar_name(s)) == 0) {
            type->scalar = s;
            return ASSAY_OK;
        }
    for (int i = 0; i < 3; i++) {
        size_t length = strlen(vectors[i]);
        if (strncmp(text, vectors[i], length) != 0 || strlen(text) != length + 1 ||
            text[length] < '2' || text[length] > '4')
            continue;
        type->scalar = (assay__scalar)i;
        type->lanes = (uint32_t)(text[length] - '0');
        return ASSAY_OK;
    }
    return assay__manifest_fail(r->manifest, r->error, path,
                                "type \"%.40s\"; there are int, uint, float, bool, float16_t, "
                                "(u)int8_t, 16 and 64, and ivec, uvec and vec of 2 to 4",
                                text);
}

// The four numbers of a tensor's shape, or of an attribute.
static bool parse_four(const assay__resolver *r, const char *text, assay__parameter *p)
{
    const assay_operator *op = r->kernel->info.op;
    p->tensor = assay__tensor_index(op, text, strlen(text));
    for (int i = 0; i < op->attribute_count && p->tensor < 0; i++)
        if (op->attributes[i].type == ASSAY_ATTRIBUTE_DIMS &&
            strcmp(op->attributes[i].variable, text) == 0) {
            p->attribute = i;
            return true;
        }
    return p->tensor >= 0;
}

static assay_status parse_values(assay__resolver *r, const char *path,
                                 const assay__manifest_member *m, assay__parameter *p)
{
    char *const *texts = m->value ? &m->value : m->values;
    unsigned count = m->value ? 1 : m->values_count;
    bool real = p->type.scalar == ASSAY__FLOAT || p->type.scalar == ASSAY__HALF;
    p->value = calloc(count, sizeof *p->value);
    if (!p->value)
        return assay_fail(r->error, ASSAY_MEMORY, "out of memory for values");
    for (unsigned i = 0; i < count; i++) {
        char at[96];
        if (m->value)
            snprintf(at, sizeof at, "%.70s.value", path);
        else
            snprintf(at, sizeof at, "%.70s.values[%u]", path, i);
        ASSAY_TRY(
            real ? assay__resolve_real(r, at, texts[i], ASSAY__NAMES_LAUNCH, &p->value[i])
                 : assay__resolve_expression(r, at, texts[i], ASSAY__NAMES_LAUNCH, &p->value[i]));
    }
    return ASSAY_OK;
}

static assay_status resolve_values(assay__resolver *r, const char *path,
                                   const assay__manifest_member *m, assay__parameter *p)
{
    char at[96];
    bool four = p->type.lanes == 4 && p->type.scalar <= ASSAY__UINT;
    snprintf(at, sizeof at, "%.70s.values", path);
    if ((m->value != NULL) + (m->values_count > 0) != 1)
        return assay__manifest_fail(r->manifest, r->error, at,
                                    "a member has either a value or values");
    if (m->values_count > ASSAY__NUMBERS_MAX || m->values_count % p->type.lanes)
        return assay__manifest_fail(r->manifest, r->error, at,
                                    "%u values are no multiple of the %u of %s", m->values_count,
                                    p->type.lanes, assay__type_name(p->type).text);
    if (m->values_count > p->type.lanes || (m->values_count == 1 && p->type.lanes == 1))
        p->type.count = m->values_count / p->type.lanes;
    snprintf(at, sizeof at, "%.70s.value", path);
    if (m->value && four) {
        if (!parse_four(r, m->value, p))
            return assay__manifest_fail(
                r->manifest, r->error, at,
                "\"%.60s\" is no tensor of %s, and no attribute of four numbers; other numbers are "
                "a list of values",
                m->value, r->kernel->info.op->name);
        return ASSAY_OK;
    }
    if (m->value && p->type.lanes > 1)
        return assay__manifest_fail(r->manifest, r->error, at, "a value of %s is a list of values",
                                    assay__type_name(p->type).text);
    return parse_values(r, path, m, p);
}

// In std430 as C aligns; in std140 elements of arrays besides at multiples of 16 bytes.
static uint32_t alignment_of(assay__type type, bool std140)
{
    uint32_t lanes = type.lanes == 3 ? 4 : type.lanes,
             bytes = lanes * assay__scalar_bytes(type.scalar);
    return std140 && type.count > 0 && bytes < 16 ? 16 : bytes;
}

static bool same_type(assay__type a, assay__type b)
{
    return a.scalar == b.scalar && a.lanes == b.lanes && a.count == b.count;
}

static assay_status place_member(assay__resolver *r, const assay__target *t, const char *path,
                                 unsigned i, const assay__manifest_member *m, uint32_t *next,
                                 assay__parameter *p)
{
    const assay__module_member *found = &t->module->member[t->declared->first + (int)i];
    char at[96];
    uint32_t bytes = assay__scalar_bytes(p->type.scalar),
             alignment = alignment_of(p->type, t->std140);
    p->at = m->offset       ? *m->offset
            : found->nested ? found->offset // a structure is aligned as its members demand
                            : (*next + alignment - 1) / alignment * alignment;
    snprintf(at, sizeof at, "%.70s.offset", path);
    if (p->at % bytes != 0 || p->at < *next)
        return assay__manifest_fail(r->manifest, r->error, at,
                                    "offset %u: offsets grow by multiples of %u", p->at, bytes);
    if (!same_type(p->type, found->type))
        return assay__manifest_fail(
            r->manifest, r->error, path, "%s %u is %s here and %s in the shader (%s)", t->what,
            i + 1, assay__type_name(p->type).text, assay__type_name(found->type).text, found->name);
    if (p->at != found->offset)
        return assay__manifest_fail(r->manifest, r->error, path,
                                    "%s %u stands at byte %u here and at %u in the shader (%s)",
                                    t->what, i + 1, p->at, found->offset, found->name);
    p->type.stride = found->type.stride;
    uint32_t size = p->type.lanes * bytes;
    *next = p->at + (p->type.count ? p->type.count * p->type.stride : size);
    if (*next > t->declared->bytes)
        return assay__manifest_fail(r->manifest, r->error, path, "%s %u ends behind the block",
                                    t->what, i + 1);
    return ASSAY_OK;
}

assay_status assay__resolve_block(assay__resolver *r, const char *path,
                                  const assay__manifest_member *list, unsigned count,
                                  const assay__target *t, assay__block *block)
{
    uint32_t next = 0;
    if (count != (unsigned)t->declared->count)
        return assay__manifest_fail(r->manifest, r->error, path,
                                    "%u %ss, but the shader's block has %d (%u bytes)", count,
                                    t->what, t->declared->count, t->declared->bytes);
    block->bytes = t->declared->bytes;
    if (count == 0)
        return ASSAY_OK;
    block->member = calloc(count, sizeof *block->member);
    if (!block->member)
        return assay_fail(r->error, ASSAY_MEMORY, "out of memory for a block");
    for (unsigned i = 0; i < count; i++) {
        assay__parameter *p = &block->member[block->count++];
        char at[80], type[96];
        snprintf(at, sizeof at, "%.60s[%u]", path, i);
        snprintf(type, sizeof type, "%.70s.type", at);
        p->tensor = -1;
        p->attribute = -1;
        ASSAY_TRY(parse_type(r, type, list[i].type, &p->type));
        assay_status status = resolve_values(r, at, &list[i], p);
        if (status != ASSAY_OK)
            return status;
        ASSAY_TRY(place_member(r, t, at, i, &list[i], &next, p));
    }
    return ASSAY_OK;
}

void assay__parameter_clear(assay__parameter *p)
{
    uint32_t numbers = p->type.lanes * (p->type.count ? p->type.count : 1);
    for (uint32_t i = 0; p->value && i < numbers; i++)
        assay__expression_destroy(p->value[i]);
    free(p->value);
    p->value = NULL;
}

void assay__block_clear(assay__block *block)
{
    for (int i = 0; i < block->count; i++)
        assay__parameter_clear(&block->member[i]);
    free(block->member);
    block->member = NULL;
    block->count = 0;
}
