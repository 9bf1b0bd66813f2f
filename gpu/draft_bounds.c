// SPDX-License-Identifier: Apache-2.0
// How many invocations a shader is written for, read from its instructions: what it compares
// gl_GlobalInvocationID with. Values are followed from where they are loaded to the comparison:
// what is made of the invocation's place, and numbers of blocks whose meaning was guessed.
#include "gpu/draft_internal.h"

#include <spirv_cross_c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A number or a vector, lane by lane.
typedef struct lane {
    int64_t step[3]; // x * step[0] + y * step[1] + z * step[2] of the invocation; zeros: none
    int member;      // index in the module, -1: none
    uint32_t number; // of that member
    char text[ASSAY__GUESS_TEXT]; // what it is guessed to be; "": unknown
    bool constant;
    int64_t value; // of a constant
} lane;

typedef struct value {
    lane lane[4];
    bool pointer_to_id;               // gl_GlobalInvocationID, or a lane of it
    const assay__module_block *block; // a pointer into it, at
    uint32_t offset;
    uint32_t type; // of a structure that was loaded from there
} value;

#define LOOKED_MAX 100000000 // instructions, for decorations: a module that is meant has far fewer

typedef struct follower {
    const assay__members *known;
    int64_t looked;
    value **of;                // by id; NULL: nothing is known
    const uint32_t **declared; // by id: types and variables
    uint32_t bound;
    assay__bounds *bounds;
    bool failed;
} follower;

static value *take(follower *f, uint32_t id)
{
    if (id >= f->bound)
        return NULL;
    if (!f->of[id]) {
        f->of[id] = calloc(1, sizeof *f->of[id]);
        for (int i = 0; f->of[id] && i < 4; i++)
            f->of[id]->lane[i].member = -1;
    }
    f->failed = f->failed || !f->of[id];
    return f->of[id];
}

static const value *get(const follower *f, uint32_t id)
{
    return id < f->bound ? f->of[id] : NULL;
}

static bool is_place(const lane *l)
{
    return l->step[0] || l->step[1] || l->step[2];
}

static const uint32_t *result_of(const follower *f, uint32_t id)
{
    return id < f->bound ? f->declared[id] : NULL;
}

static void declare(follower *f, uint32_t id, const uint32_t *word)
{
    if (id < f->bound)
        f->declared[id] = word;
}

// The place of the invocation along an axis is taken for itself.
static void see_use(follower *f, const lane *l)
{
    for (int axis = 0; axis < 3; axis++)
        f->bounds->used[axis] = f->bounds->used[axis] || l->step[axis];
}

// Decorations, of which a module has one a line: a literal of `kind` of an id, or of a member.
static bool decoration(follower *f, uint32_t id, uint32_t kind, int member, uint32_t *literal)
{
    const uint32_t *word;
    for (size_t i = ASSAY__SPIRV_FIRST; (word = assay__spirv_at(f->known->module, i));
         i += *word >> 16) {
        uint32_t length = *word >> 16, operation = *word & 0xFFFF;
        if (operation == SpvOpFunction || f->looked++ > LOOKED_MAX)
            return false;
        bool hit = member < 0 ? operation == SpvOpDecorate && length >= 4 && word[1] == id &&
                                    word[2] == kind
                              : operation == SpvOpMemberDecorate && length >= 5 && word[1] == id &&
                                    word[2] == (uint32_t)member && word[3] == kind;
        if (hit) {
            *literal = word[length - 1];
            return true;
        }
    }
    return false;
}

static void see_variable(follower *f, const uint32_t *word)
{
    const assay__module *m = f->known->module;
    uint32_t literal, set = 0, id = word[2];
    const assay__module_block *block = NULL;
    if (word[3] == SpvStorageClassInput && decoration(f, id, SpvDecorationBuiltIn, -1, &literal) &&
        literal == SpvBuiltInGlobalInvocationId) {
        value *v = take(f, id);
        f->bounds->reads_place = true;
        if (v)
            v->pointer_to_id = true;
        for (int i = 0; v && i < 3; i++)
            v->lane[i].step[i] = 1;
    }
    if (word[3] == SpvStorageClassPushConstant)
        block = &m->push;
    if (word[3] == SpvStorageClassUniform &&
        decoration(f, id, SpvDecorationBinding, -1, &literal)) {
        (void)decoration(f, id, SpvDecorationDescriptorSet, -1, &set);
        for (int i = 0; i < m->uniform_count; i++)
            if (m->uniform[i].binding == literal && m->uniform[i].set == set)
                block = &m->uniform[i];
    }
    value *v = block ? take(f, id) : NULL;
    if (v)
        v->block = block;
}

static void see_constant(follower *f, const uint32_t *word)
{
    value *v = take(f, word[2]);
    if (!v)
        return;
    v->lane[0].constant = true;
    v->lane[0].value = (int32_t)word[3];
    snprintf(v->lane[0].text, sizeof v->lane[0].text, "%d", (int32_t)word[3]);
}

// What the member at an offset of a block holds: its lanes.
static void load_block(follower *f, const assay__module_block *block, uint32_t offset, value *v)
{
    const assay__module *m = f->known->module;
    for (int k = block->first; k < block->first + block->count; k++) {
        const assay__module_member *member = &m->member[k];
        uint32_t bytes = assay__scalar_bytes(member->type.scalar), first = offset - member->offset;
        if (!bytes || member->type.count || offset < member->offset ||
            first >= member->type.lanes * bytes)
            continue;
        for (uint32_t i = 0; i < member->type.lanes - first / bytes; i++) {
            lane *l = &v->lane[i];
            l->member = k;
            l->number = first / bytes + i;
            snprintf(l->text, sizeof l->text, "%s",
                     assay__guess_member(f->known, member, l->number).value);
        }
    }
}

// One index further into a type: the offset of it, and the type there; 0 where it is not followed.
static uint32_t step_into(follower *f, uint32_t type, uint32_t index, uint32_t *offset)
{
    const uint32_t *word = result_of(f, type);
    uint32_t literal;
    if (!word)
        return 0;
    if ((*word & 0xFFFF) == SpvOpTypeStruct && index + 2 < *word >> 16) {
        if (!decoration(f, type, SpvDecorationOffset, (int)index, &literal))
            return 0;
        *offset += literal;
        return word[2 + index];
    }
    if ((*word & 0xFFFF) == SpvOpTypeVector) {
        *offset += 4 * index;
        return word[2];
    }
    return 0;
}

static void see_chain(follower *f, const uint32_t *word, uint32_t length)
{
    const value *from = get(f, word[3]);
    const uint32_t *variable = result_of(f, word[3]), *pointer;
    if (!from || !variable)
        return;
    if (from->pointer_to_id && length == 5) {
        const value *index = get(f, word[4]);
        if (index && index->lane[0].constant && index->lane[0].value >= 0 &&
            index->lane[0].value < 3) {
            lane kept = from->lane[index->lane[0].value];
            value *v = take(f, word[2]);
            if (v) {
                v->pointer_to_id = true;
                v->lane[0] = kept;
                see_use(f, &kept);
            }
        }
        return;
    }
    pointer = result_of(f, variable[1]);
    if (!from->block || !pointer || (*pointer & 0xFFFF) != SpvOpTypePointer)
        return;
    const assay__module_block *block = from->block;
    uint32_t type = pointer[3], offset = from->offset;
    for (uint32_t i = 4; i < length; i++) {
        const value *index = get(f, word[i]);
        if (!index || !index->lane[0].constant ||
            !(type = step_into(f, type, (uint32_t)index->lane[0].value, &offset)))
            return;
    }
    value *v = take(f, word[2]);
    if (v) {
        v->block = block;
        v->offset = offset;
    }
}

static void copy(follower *f, uint32_t id, const value *from)
{
    if (!from || f->of[id] == from)
        return;
    value kept = *from;
    value *v = take(f, id);
    if (v)
        *v = kept;
}

static void see_load(follower *f, const uint32_t *word)
{
    const value *from = get(f, word[3]);
    const uint32_t *type = result_of(f, word[1]);
    if (!from)
        return;
    if (!from->block || (type && (*type & 0xFFFF) == SpvOpTypeStruct)) {
        copy(f, word[2], from); // a structure is followed as the pointer to it was
        value *whole = get(f, word[2]) ? take(f, word[2]) : NULL;
        if (whole)
            whole->type = word[1];
        return;
    }
    const assay__module_block *block = from->block;
    uint32_t offset = from->offset;
    value *v = take(f, word[2]);
    if (v)
        load_block(f, block, offset, v);
}

static void see_store(follower *f, const uint32_t *word)
{
    const uint32_t *variable = result_of(f, word[1]);
    if (!variable || (*variable & 0xFFFF) != SpvOpVariable ||
        variable[3] != SpvStorageClassFunction)
        return;
    static const value anything = {
        .lane = {{.member = -1}, {.member = -1}, {.member = -1}, {.member = -1}}
    };
    bool again = get(f, word[1]) != NULL;
    copy(f, word[1], again || !get(f, word[2]) ? &anything : get(f, word[2]));
}

static void see_extract(follower *f, const uint32_t *word, uint32_t length)
{
    const value *from = get(f, word[3]);
    if (!from)
        return;
    if (from->block && from->type) {
        const assay__module_block *block = from->block;
        uint32_t type = from->type, offset = from->offset;
        for (uint32_t i = 4; i < length; i++)
            if (!(type = step_into(f, type, word[i], &offset)))
                return;
        value *number = take(f, word[2]);
        if (number)
            load_block(f, block, offset, number);
        return;
    }
    if (length != 5 || word[4] > 3)
        return;
    lane kept = from->lane[word[4]];
    value *v = take(f, word[2]);
    if (v)
        v->lane[0] = kept;
    see_use(f, &kept);
}

static void see_shuffle(follower *f, const uint32_t *word, uint32_t length)
{
    const value *from = get(f, word[3]);
    uint32_t lanes = word[3] == word[4] ? 4 : 2; // of the first vector, at least
    if (!from)
        return;
    value kept = *from;
    value *v = take(f, word[2]);
    for (uint32_t i = 5; v && i < length && i < 9; i++)
        if (word[i] < lanes) {
            v->lane[i - 5] = kept.lane[word[i]];
            see_use(f, &v->lane[i - 5]);
        }
}

static void see_construct(follower *f, const uint32_t *word, uint32_t length)
{
    value made = {0};
    for (uint32_t i = 0; i < 4; i++) {
        const value *from = i + 3 < length ? get(f, word[i + 3]) : NULL;
        made.lane[i].member = -1;
        if (from)
            made.lane[i] = from->lane[0];
    }
    copy(f, word[2], &made);
}

// Sums and products: of the invocation's place with constants, or of guessed numbers.
static void see_arithmetic(follower *f, const uint32_t *word, bool product)
{
    const value *a = get(f, word[3]), *b = get(f, word[4]);
    lane made = {.member = -1};
    if (!a || !b)
        return;
    const lane *x = &a->lane[0], *y = &b->lane[0];
    if (product && is_place(y)) {
        const lane *other = x;
        x = y;
        y = other;
    }
    for (int i = 0; i < 3; i++)
        if (product && is_place(x) && y->constant && y->value > 0 && y->value < 1 << 30)
            made.step[i] = x->step[i] * y->value;
        else if (!product && (is_place(x) && is_place(y)))
            made.step[i] = x->step[i] + y->step[i];
    if (product && x->text[0] && y->text[0] &&
        strlen(x->text) + strlen(y->text) + 4 < sizeof made.text)
        snprintf(made.text, sizeof made.text, "%.46s * %.46s", x->text, y->text);
    value *v = take(f, word[2]);
    if (v)
        v->lane[0] = made;
}

// `x == 0 ? p.x : x`: a constant stands for the number of a block, which stands for both.
static void see_choice(follower *f, const uint32_t *word, uint32_t first, uint32_t second)
{
    const value *a = get(f, first), *b = get(f, second);
    if (a && a->lane[0].member >= 0)
        copy(f, word[2], a);
    else if (b && b->lane[0].member >= 0)
        copy(f, word[2], b);
}

static void end_at(follower *f, const lane *place, const lane *end)
{
    assay__bounds *b = f->bounds;
    const assay__module *m = f->known->module;
    int axis = -1;
    if (!is_place(place) || end->member >= m->member_count || !end->text[0] || end->constant)
        return;
    for (int i = 0; i < 3; i++)
        if (place->step[i] == 1 && !place->step[(i + 1) % 3] && !place->step[(i + 2) % 3])
            axis = i;
    if (axis < 0 && place->step[0] == 1 && place->step[1] > 1) {
        b->pitch[0] = place->step[1];
        b->pitch[1] = place->step[2];
        axis = 0;
    }
    if (axis == 0 && end->member >= 0 && m->member[end->member].type.lanes > 2 &&
        end->number + 1 == m->member[end->member].type.lanes)
        b->turned = true;
    if (axis < 0 || b->threads[axis].value[0])
        return;
    snprintf(b->threads[axis].value, sizeof b->threads[axis].value, "%s", end->text);
    snprintf(b->threads[axis].reason, sizeof b->threads[axis].reason, "%s",
             end->member >= 0 ? m->member[end->member].name : "");
    if (axis == 2 && end->member >= 0) {
        b->z = &m->member[end->member];
        b->z_number = end->number;
    }
}

static void see_comparison(follower *f, const uint32_t *word, bool turned)
{
    const value *place = get(f, word[turned ? 4 : 3]), *end = get(f, word[turned ? 3 : 4]);
    for (int i = 0; place && end && i < 4; i++)
        end_at(f, &place->lane[i], &end->lane[i]);
}

static void look_at(follower *f, const uint32_t *word, uint32_t length)
{
    uint32_t operation = *word & 0xFFFF;
    switch (operation) {
    case SpvOpTypeStruct:
    case SpvOpTypeVector:
    case SpvOpTypePointer:
        declare(f, word[1], word);
        return;
    case SpvOpVariable:
        declare(f, word[2], word);
        see_variable(f, word);
        return;
    case SpvOpConstant:
        if (length == 4)
            see_constant(f, word);
        return;
    case SpvOpAccessChain:
    case SpvOpInBoundsAccessChain:
        declare(f, word[2], word); // another may begin there
        see_chain(f, word, length);
        return;
    case SpvOpLoad:
        see_load(f, word);
        return;
    case SpvOpStore:
        see_store(f, word);
        return;
    case SpvOpBitcast:
    case SpvOpUConvert:
    case SpvOpSConvert:
    case SpvOpCopyObject:
        copy(f, word[2], get(f, word[3]));
        return;
    case SpvOpCompositeExtract:
        see_extract(f, word, length);
        return;
    case SpvOpVectorShuffle:
        see_shuffle(f, word, length);
        return;
    case SpvOpCompositeConstruct:
        see_construct(f, word, length);
        return;
    case SpvOpIAdd:
    case SpvOpIMul:
        see_arithmetic(f, word, operation == SpvOpIMul);
        return;
    case SpvOpSelect:
        see_choice(f, word, word[4], word[5]);
        return;
    case SpvOpPhi:
        if (length == 7)
            see_choice(f, word, word[3], word[5]);
        return;
    case SpvOpSLessThan:
    case SpvOpULessThan:
    case SpvOpSGreaterThanEqual:
    case SpvOpUGreaterThanEqual:
        see_comparison(f, word, false);
        return;
    case SpvOpSGreaterThan:
    case SpvOpUGreaterThan:
    case SpvOpSLessThanEqual:
    case SpvOpULessThanEqual:
        see_comparison(f, word, true);
        return;
    default:
        return;
    }
}

assay_status assay__guess_bounds(const assay__members *known, assay__bounds *bounds,
                                 assay_error *error)
{
    follower f = {.known = known, .bound = known->module->words[3], .bounds = bounds};
    const uint32_t *word;
    memset(bounds, 0, sizeof *bounds);
    f.of = calloc((size_t)f.bound + 1, sizeof(value *));
    f.declared = calloc((size_t)f.bound + 1, sizeof(uint32_t *));
    f.failed = !f.of || !f.declared;
    for (size_t i = ASSAY__SPIRV_FIRST; !f.failed && (word = assay__spirv_at(known->module, i));
         i += *word >> 16)
        look_at(&f, word, *word >> 16);
    for (uint32_t i = 0; f.of && i < f.bound; i++)
        free(f.of[i]);
    free(f.of);
    free(f.declared);
    return f.failed ? assay_fail(error, ASSAY_MEMORY, "out of memory for a draft") : ASSAY_OK;
}
