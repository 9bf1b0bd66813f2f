// SPDX-License-Identifier: Apache-2.0
// What a module writes to: stores and image writes, followed to the variable that is bound.
#include "gpu/draft_internal.h"

#include <spirv_cross_c.h>
#include <stdlib.h>

typedef struct trace {
    const assay__module *module;
    uint32_t *root; // by id: the variable that a pointer or a loaded image comes from
    uint32_t *set, *binding;
    uint8_t *decorated; // bit 0: has a set, bit 1: has a binding
    uint32_t bound;
} trace;

static void note_written(const trace *t, uint32_t id, bool *written)
{
    uint32_t variable = id < t->bound ? t->root[id] : 0;
    if (!variable || !(t->decorated[variable] & 2))
        return;
    for (int i = 0; i < t->module->binding_count; i++)
        if (t->module->binding[i].set == t->set[variable] &&
            t->module->binding[i].binding == t->binding[variable])
            written[i] = true;
}

static void decorate(const trace *t, const uint32_t *word, uint32_t length)
{
    if (length < 4 || word[1] >= t->bound)
        return;
    if (word[2] == SpvDecorationDescriptorSet)
        t->set[word[1]] = word[3];
    if (word[2] == SpvDecorationBinding) {
        t->binding[word[1]] = word[3];
        t->decorated[word[1]] |= 2;
    }
}

// Results that stand for what their operand does.
static void follow(const trace *t, uint32_t result, uint32_t from)
{
    if (result < t->bound && from < t->bound)
        t->root[result] = t->root[from];
}

static void look_at(const trace *t, const uint32_t *word, uint32_t length, bool *written)
{
    switch (word[0] & 0xFFFF) {
    case SpvOpDecorate:
        decorate(t, word, length);
        return;
    case SpvOpVariable:
        if (length >= 4 && word[2] < t->bound)
            t->root[word[2]] = word[2];
        return;
    case SpvOpAccessChain:
    case SpvOpInBoundsAccessChain:
    case SpvOpPtrAccessChain:
    case SpvOpCopyObject:
    case SpvOpLoad:
    case SpvOpImageTexelPointer:
        if (length >= 4)
            follow(t, word[2], word[3]);
        return;
    case SpvOpStore:
    case SpvOpImageWrite:
    case SpvOpAtomicStore:
    case SpvOpCopyMemory:
        if (length >= 2)
            note_written(t, word[1], written);
        return;
    default: // atomics that give the value before: OpAtomicExchange up to OpAtomicXor
        if ((word[0] & 0xFFFF) >= SpvOpAtomicExchange && (word[0] & 0xFFFF) <= SpvOpAtomicXor &&
            length >= 4)
            note_written(t, word[3], written);
    }
}

assay_status assay__module_written(const assay__module *module, bool written[ASSAY__DECLARED_MAX],
                                   assay_error *error)
{
    trace t = {.module = module, .bound = module->words[3]};
    t.root = calloc((size_t)t.bound + 1, sizeof *t.root);
    t.set = calloc((size_t)t.bound + 1, sizeof *t.set);
    t.binding = calloc((size_t)t.bound + 1, sizeof *t.binding);
    t.decorated = calloc((size_t)t.bound + 1, 1);
    bool whole = t.root && t.set && t.binding && t.decorated;
    const uint32_t *word;
    for (size_t i = ASSAY__SPIRV_FIRST; whole && (word = assay__spirv_at(module, i));
         i += *word >> 16)
        look_at(&t, word, *word >> 16, written);
    free(t.root);
    free(t.set);
    free(t.binding);
    free(t.decorated);
    return whole ? ASSAY_OK : assay_fail(error, ASSAY_MEMORY, "out of memory for a draft");
}
