// SPDX-License-Identifier: Apache-2.0
#include "gpu/spirv_edit.h"

#include <spirv_cross_c.h>
#include <stdlib.h>
#include <string.h>

static void append(assay__words *words, const uint32_t *from, size_t count)
{
    if (words->failed || count == 0)
        return;
    if (words->count + count > words->capacity) {
        size_t capacity = 2 * (words->count + count) + 64;
        uint32_t *grown = realloc(words->at, capacity * sizeof *grown);
        if (!grown) {
            words->failed = true;
            return;
        }
        words->at = grown;
        words->capacity = capacity;
    }
    memcpy(words->at + words->count, from, count * sizeof *from);
    words->count += count;
}

void assay__emit(assay__words *words, uint32_t operation, int count, const uint32_t *operands)
{
    uint32_t head = (uint32_t)(count + 1) << 16 | operation;
    append(words, &head, 1);
    append(words, operands, (size_t)count);
}

// The result of what declares a type, a constant or a variable; 0 for other instructions.
static uint32_t declared(const uint32_t *word)
{
    uint32_t operation = *word & 0xFFFF;
    if (operation >= SpvOpTypeVoid && operation <= SpvOpTypeFunction)
        return word[1];
    if ((operation >= SpvOpConstantTrue && operation <= SpvOpSpecConstantOp) ||
        operation == SpvOpVariable)
        return word[2];
    return 0;
}

static bool is_entry(const assay__module *module, const uint32_t *word)
{
    return word[1] == SpvExecutionModelGLCompute &&
           strcmp((const char *)(word + 3), module->entry) == 0;
}

static void look_through(assay__edit *edit)
{
    const uint32_t *word;
    for (size_t i = ASSAY__SPIRV_FIRST; (word = assay__spirv_at(edit->module, i));
         i += *word >> 16) {
        uint32_t operation = *word & 0xFFFF, id = declared(word);
        if (id > 0 && id < edit->bound)
            edit->defined[id] = i;
        if (id > 0 && !edit->first_type)
            edit->first_type = i;
        if (operation == SpvOpFunction && !edit->first_function)
            edit->first_function = i;
        if (operation == SpvOpEntryPoint && !edit->entry && is_entry(edit->module, word)) {
            edit->entry = i;
            edit->entry_names = i + 3 + strlen((const char *)(word + 3)) / 4 + 1;
            edit->main = word[2];
        }
    }
}

assay_status assay__edit_begin(const assay__module *module, assay__edit *edit, assay_error *error)
{
    *edit = (assay__edit){.module = module, .bound = module->words[3]};
    edit->defined = calloc(edit->bound, sizeof *edit->defined);
    if (!edit->defined)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for a module");
    look_through(edit);
    if (edit->first_type && edit->first_function && edit->entry)
        return ASSAY_OK;
    assay__edit_end(edit);
    return assay_fail(error, ASSAY_SPIRV, "the module has no entry point \"%s\"", module->entry);
}

void assay__edit_end(assay__edit *edit)
{
    free(edit->defined);
    free(edit->marks.at);
    free(edit->globals.at);
    free(edit->code.at);
    free(edit->listed.at);
    memset(edit, 0, sizeof *edit);
}

// The type among instructions from `i` on up to `end`, or 0.
static uint32_t find_type(const uint32_t *words, size_t i, size_t end, uint32_t operation,
                          int count, const uint32_t *operands)
{
    uint32_t head = (uint32_t)(count + 2) << 16 | operation;
    for (; i < end; i += words[i] >> 16)
        if (words[i] == head &&
            (count == 0 || memcmp(words + i + 2, operands, (size_t)count * 4) == 0))
            return words[i + 1];
    return 0;
}

uint32_t assay__edit_type(assay__edit *edit, uint32_t operation, int count,
                          const uint32_t *operands)
{
    uint32_t type[8] = {find_type(edit->module->words, edit->first_type, edit->first_function,
                                  operation, count, operands)};
    if (!type[0] && !edit->globals.failed)
        type[0] = find_type(edit->globals.at, 0, edit->globals.count, operation, count, operands);
    if (type[0])
        return type[0];
    type[0] = edit->bound++;
    if (count > 0)
        memcpy(type + 1, operands, (size_t)count * 4);
    assay__emit(&edit->globals, operation, count + 1, type);
    return type[0];
}

uint32_t assay__edit_constant(assay__edit *edit, uint32_t type, uint32_t bits)
{
    uint32_t operands[] = {type, edit->bound++, bits};
    assay__emit(&edit->globals, SpvOpConstant, 3, operands);
    return operands[1];
}

uint32_t assay__edit_builtin(const assay__edit *edit, uint32_t builtin)
{
    const uint32_t *word;
    for (size_t i = ASSAY__SPIRV_FIRST; (word = assay__spirv_at(edit->module, i)); i += *word >> 16)
        if ((*word & 0xFFFF) == SpvOpDecorate && *word >> 16 == 4 &&
            word[2] == SpvDecorationBuiltIn && word[3] == builtin)
            return word[1];
    return 0;
}

bool assay__edit_in_interface(const assay__edit *edit, uint32_t id)
{
    const uint32_t *words = edit->module->words;
    for (size_t i = edit->entry_names; i < edit->entry + (words[edit->entry] >> 16); i++)
        if (words[i] == id)
            return true;
    return false;
}

void assay__edit_list(assay__edit *edit, uint32_t id)
{
    append(&edit->listed, &id, 1);
}

static void copy_entry(const assay__edit *edit, uint32_t main, assay__words *out)
{
    const uint32_t *word = edit->module->words + edit->entry;
    size_t start = out->count, fixed = edit->entry_names - edit->entry, length = *word >> 16;
    append(out, word, fixed);
    for (size_t i = fixed; i < length; i++) // before 1.4 it lists inputs and outputs alone
        if (word[i] != edit->replaced || edit->module->version >= 0x10400)
            append(out, word + i, 1);
    append(out, edit->listed.at, edit->listed.count);
    if (out->failed)
        return;
    out->at[start] = (uint32_t)(out->count - start) << 16 | SpvOpEntryPoint;
    out->at[start + 2] = main;
}

// The instruction at `i`, as it stands in the new module.
static void copy_one(const assay__edit *edit, size_t i, uint32_t main, assay__words *out)
{
    const uint32_t *word = edit->module->words + i;
    uint32_t operation = *word & 0xFFFF, length = *word >> 16;
    size_t start = out->count;
    bool replaced = edit->replaced && ((operation == SpvOpDecorate && word[1] == edit->replaced) ||
                                       (operation == SpvOpVariable && word[2] == edit->replaced));
    if (i == edit->entry)
        copy_entry(edit, main, out);
    else if (!replaced)
        append(out, word, length);
    if (out->failed || replaced)
        return;
    if ((operation == SpvOpExecutionMode || operation == SpvOpExecutionModeId) &&
        word[1] == edit->main)
        out->at[start + 1] = main;
    if ((operation == SpvOpAccessChain || operation == SpvOpInBoundsAccessChain) &&
        edit->replaced && word[3] == edit->replaced)
        out->at[start + 1] = edit->part;
}

assay_status assay__edit_write(const assay__edit *edit, uint32_t main, uint32_t **words,
                               size_t *count, assay_error *error)
{
    assay__words out = {0};
    const uint32_t *word;
    append(&out, edit->module->words, ASSAY__SPIRV_FIRST);
    for (size_t i = ASSAY__SPIRV_FIRST; (word = assay__spirv_at(edit->module, i));
         i += *word >> 16) {
        if (i == edit->first_type)
            append(&out, edit->marks.at, edit->marks.count);
        if (i == edit->first_function)
            append(&out, edit->globals.at, edit->globals.count);
        copy_one(edit, i, main, &out);
    }
    append(&out, edit->code.at, edit->code.count);
    if (out.failed || edit->marks.failed || edit->globals.failed || edit->code.failed ||
        edit->listed.failed) {
        free(out.at);
        return assay_fail(error, ASSAY_MEMORY, "out of memory for a module");
    }
    out.at[3] = edit->bound;
    *words = out.at;
    *count = out.count;
    return ASSAY_OK;
}
