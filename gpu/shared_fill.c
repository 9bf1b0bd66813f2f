// SPDX-License-Identifier: Apache-2.0
// Shared memory that is full of a pattern before the kernel's first instruction: a new entry point
// stores it to every variable, waits at a barrier, and calls the old one. Unlike a dispatch that
// leaves a pattern behind, it does not hope that the driver keeps memory as it was.
#include "gpu/spirv_edit.h"

#include <spirv_cross_c.h>

#define DIMS_MAX     8
#define MEMBERS_MOST 256 // of a struct or an inner array that is stored as one constant

// Types and constants that the new function is made of.
typedef struct filler {
    assay__edit edit;
    uint32_t pattern;
    uint32_t uint_type, bool_type, index; // gl_LocalInvocationIndex, loaded
    uint32_t step;                        // constant: invocations of a work group
    uint32_t block;                       // label of the block that is written
} filler;

static const uint32_t *definition(const assay__edit *edit, uint32_t id)
{
    size_t at = id < edit->module->words[3] ? edit->defined[id] : 0;
    return at ? edit->module->words + at : NULL;
}

static uint32_t operation_of(const uint32_t *word)
{
    return word ? *word & 0xFFFF : SpvOpNop;
}

// A literal length, or 0.
static uint32_t literal(const assay__edit *edit, uint32_t id)
{
    const uint32_t *word = definition(edit, id);
    return operation_of(word) == SpvOpConstant && *word >> 16 == 4 ? word[3] : 0;
}

static uint32_t number(filler *f, uint32_t type, const uint32_t *word)
{
    uint32_t width = word[2], p = f->pattern;
    uint32_t operands[] = {type, f->edit.bound++, p, p};
    bool is_signed = operation_of(word) == SpvOpTypeInt && word[3];
    if (width < 32) // literals fill their word: zeros above, or copies of the sign
        operands[2] = is_signed ? (uint32_t)((int32_t)(p << (32 - width)) >> (32 - width))
                                : p & ((UINT32_C(1) << width) - 1);
    assay__emit(&f->edit.globals, SpvOpConstant, width > 32 ? 4 : 3, operands);
    return operands[1];
}

static uint32_t composite(filler *f, uint32_t type, const uint32_t *parts, uint32_t count)
{
    uint32_t operands[2 + MEMBERS_MOST] = {type, f->edit.bound++};
    for (uint32_t i = 0; i < count; i++)
        operands[2 + i] = parts[i];
    assay__emit(&f->edit.globals, SpvOpConstantComposite, (int)count + 2, operands);
    return operands[1];
}

// A constant of the type, full of the pattern; 0 for a type that has none.
static uint32_t constant_of(filler *f, uint32_t type, int depth)
{
    const uint32_t *word = definition(&f->edit, type);
    uint32_t parts[MEMBERS_MOST], count = 0;
    if (depth > DIMS_MAX)
        return 0;
    switch (operation_of(word)) {
    case SpvOpTypeFloat:
    case SpvOpTypeInt:
        return number(f, type, word);
    case SpvOpTypeBool:
        parts[0] = type;
        parts[1] = f->edit.bound++;
        assay__emit(&f->edit.globals, SpvOpConstantTrue, 2, parts);
        return parts[1];
    case SpvOpTypeVector:
    case SpvOpTypeMatrix:
        count = word[3];
        break;
    case SpvOpTypeArray:
        count = literal(&f->edit, word[3]);
        break;
    case SpvOpTypeStruct:
        count = (*word >> 16) - 2;
        break;
    default:
        return 0;
    }
    if (count == 0 || count > MEMBERS_MOST)
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        bool same = i > 0 && operation_of(word) != SpvOpTypeStruct;
        uint32_t member = operation_of(word) == SpvOpTypeStruct ? word[2 + i] : word[2];
        parts[i] = same ? parts[0] : constant_of(f, member, depth + 1);
        if (!parts[i])
            return 0;
    }
    return composite(f, type, parts, count);
}

static uint32_t compute(filler *f, uint32_t operation, uint32_t type, uint32_t a, uint32_t b)
{
    uint32_t operands[] = {type, f->edit.bound++, a, b};
    assay__emit(&f->edit.code, operation, 4, operands);
    return operands[1];
}

static void label(filler *f, uint32_t id)
{
    assay__emit(&f->edit.code, SpvOpLabel, 1, &id);
    f->block = id;
}

// A length as a uint; it may be a specialization constant of another type.
static uint32_t length_of(filler *f, uint32_t id)
{
    if (definition(&f->edit, id)[1] == f->uint_type)
        return id;
    uint32_t operands[] = {f->uint_type, f->edit.bound++, id};
    assay__emit(&f->edit.code, SpvOpBitcast, 3, operands);
    return operands[1];
}

// var[k / (n1 n2) % n0][k / n2 % n1][k % n2] = value
static void store_element(filler *f, uint32_t variable, uint32_t element, uint32_t value,
                          uint32_t k, const uint32_t *dim, int dims)
{
    uint32_t pointer_type = assay__edit_type(&f->edit, SpvOpTypePointer, 2,
                                             (uint32_t[]){SpvStorageClassWorkgroup, element});
    uint32_t chain[3 + DIMS_MAX] = {pointer_type, 0, variable};
    for (int d = dims - 1; d > 0; d--) {
        chain[3 + d] = compute(f, SpvOpUMod, f->uint_type, k, dim[d]);
        k = compute(f, SpvOpUDiv, f->uint_type, k, dim[d]);
    }
    chain[3] = k;
    chain[1] = f->edit.bound++;
    assay__emit(&f->edit.code, SpvOpAccessChain, 3 + dims, chain);
    assay__emit(&f->edit.code, SpvOpStore, 2, (uint32_t[]){chain[1], value});
}

// for (k = index; k < total; k += step) store
static void store_all(filler *f, uint32_t variable, uint32_t element, uint32_t value,
                      const uint32_t *dim, int dims)
{
    assay__words *code = &f->edit.code;
    uint32_t total = dim[0];
    for (int d = 1; d < dims; d++)
        total = compute(f, SpvOpIMul, f->uint_type, total, dim[d]);
    uint32_t before = f->block, k = f->edit.bound++, next = f->edit.bound++;
    uint32_t head = f->edit.bound++, body = f->edit.bound++;
    uint32_t more = f->edit.bound++, end = f->edit.bound++;
    assay__emit(code, SpvOpBranch, 1, &head);
    label(f, head);
    assay__emit(code, SpvOpPhi, 6, (uint32_t[]){f->uint_type, k, f->index, before, next, more});
    uint32_t goes_on = compute(f, SpvOpULessThan, f->bool_type, k, total);
    assay__emit(code, SpvOpLoopMerge, 3, (uint32_t[]){end, more, SpvLoopControlMaskNone});
    assay__emit(code, SpvOpBranchConditional, 3, (uint32_t[]){goes_on, body, end});
    label(f, body);
    store_element(f, variable, element, value, k, dim, dims);
    assay__emit(code, SpvOpBranch, 1, &more);
    label(f, more);
    assay__emit(code, SpvOpIAdd, 4, (uint32_t[]){f->uint_type, next, k, f->step});
    assay__emit(code, SpvOpBranch, 1, &head);
    label(f, end);
}

static void fill_variable(filler *f, uint32_t variable)
{
    const uint32_t *pointer = definition(&f->edit, definition(&f->edit, variable)[1]);
    uint32_t element = pointer[3], dim[DIMS_MAX];
    int dims = 0;
    const uint32_t *type = definition(&f->edit, element);
    for (; operation_of(type) == SpvOpTypeArray && dims < DIMS_MAX; dims++) {
        dim[dims] = length_of(f, type[3]);
        element = type[2];
        type = definition(&f->edit, element);
    }
    uint32_t value = constant_of(f, element, 0);
    if (value && dims > 0)
        store_all(f, variable, element, value, dim, dims);
    else if (value) // by every invocation alike
        assay__emit(&f->edit.code, SpvOpStore, 2, (uint32_t[]){variable, value});
}

static bool is_shared(const uint32_t *word)
{
    return operation_of(word) == SpvOpVariable && *word >> 16 == 4 && // no initialiser
           word[3] == SpvStorageClassWorkgroup;
}

uint32_t assay__shared_id(const assay__module *module, int i)
{
    const uint32_t *word;
    for (size_t at = ASSAY__SPIRV_FIRST; (word = assay__spirv_at(module, at)); at += *word >> 16)
        if (is_shared(word) && i-- == 0)
            return word[2];
    return 0;
}

int assay__shared_count(const assay__module *module)
{
    int count = 0;
    while (assay__shared_id(module, count))
        count++;
    return count;
}

static uint32_t invocation_index(filler *f)
{
    assay__edit *edit = &f->edit;
    uint32_t variable = assay__edit_builtin(edit, SpvBuiltInLocalInvocationIndex);
    if (!variable) {
        uint32_t pointer = assay__edit_type(edit, SpvOpTypePointer, 2,
                                            (uint32_t[]){SpvStorageClassInput, f->uint_type});
        variable = edit->bound++;
        assay__emit(&edit->marks, SpvOpDecorate, 3,
                    (uint32_t[]){variable, SpvDecorationBuiltIn, SpvBuiltInLocalInvocationIndex});
        assay__emit(&edit->globals, SpvOpVariable, 3,
                    (uint32_t[]){pointer, variable, SpvStorageClassInput});
    }
    if (!assay__edit_in_interface(edit, variable))
        assay__edit_list(edit, variable);
    uint32_t operands[] = {f->uint_type, edit->bound++, variable};
    assay__emit(&edit->code, SpvOpLoad, 3, operands);
    return operands[1];
}

static const uint32_t *function_of(const assay__edit *edit, uint32_t id)
{
    const uint32_t *word;
    for (size_t i = edit->first_function; (word = assay__spirv_at(edit->module, i));
         i += *word >> 16)
        if (operation_of(word) == SpvOpFunction && word[2] == id)
            return word;
    return NULL;
}

static uint32_t write_function(filler *f, const uint32_t *main, uint32_t invocations, int only)
{
    assay__edit *edit = &f->edit;
    uint32_t function = edit->bound++, id;
    assay__emit(&edit->code, SpvOpFunction, 4, (uint32_t[]){main[1], function, 0, main[4]});
    label(f, edit->bound++);
    f->uint_type = assay__edit_type(edit, SpvOpTypeInt, 2, (uint32_t[]){32, 0});
    f->bool_type = assay__edit_type(edit, SpvOpTypeBool, 0, NULL);
    f->step = assay__edit_constant(edit, f->uint_type, invocations);
    f->index = invocation_index(f);
    for (int i = 0; (id = assay__shared_id(edit->module, i)); i++)
        if ((only < 0 || only == i) &&
            (edit->module->version < 0x10400 || assay__edit_in_interface(edit, id)))
            fill_variable(f, id);
    uint32_t scope = assay__edit_constant(edit, f->uint_type, SpvScopeWorkgroup);
    uint32_t semantics = assay__edit_constant(edit, f->uint_type,
                                              SpvMemorySemanticsAcquireReleaseMask |
                                                  SpvMemorySemanticsWorkgroupMemoryMask);
    assay__emit(&edit->code, SpvOpControlBarrier, 3, (uint32_t[]){scope, scope, semantics});
    assay__emit(&edit->code, SpvOpFunctionCall, 3,
                (uint32_t[]){main[1], edit->bound++, edit->main});
    assay__emit(&edit->code, SpvOpReturn, 0, NULL);
    assay__emit(&edit->code, SpvOpFunctionEnd, 0, NULL);
    return function;
}

assay_status assay__shared_fill(const assay__module *module, uint32_t invocations, uint32_t pattern,
                                int only, uint32_t **words, size_t *count, assay_error *error)
{
    filler f = {.pattern = pattern};
    *words = NULL;
    ASSAY_TRY(assay__edit_begin(module, &f.edit, error));
    const uint32_t *main = function_of(&f.edit, f.edit.main);
    assay_status status =
        main ? ASSAY_OK : assay_fail(error, ASSAY_SPIRV, "the entry point has no function");
    if (status == ASSAY_OK) {
        uint32_t function = write_function(&f, main, invocations, only);
        status = assay__edit_write(&f.edit, function, words, count, error);
    }
    assay__edit_end(&f.edit);
    return status;
}
