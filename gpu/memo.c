// SPDX-License-Identifier: Apache-2.0
// One expression at many places: an index map has a value for every element of a tensor.
#include "gpu/expression_internal.h"

#include <stdlib.h>
#include <string.h>

struct assay__memo {
    const assay__expression *e;
    const char *varies;
    unsigned char names[ASSAY__NODES_MAX]; // by node: the letters below it, a bit each
    assay__known known;
};

// Operands stand before what is made of them.
static unsigned letters_of(const assay__memo *m, const assay__node *node)
{
    unsigned letters = 0;
    if (node->operation == ASSAY__NAME) {
        const char *at = node->name[1] ? NULL : strchr(m->varies, node->name[0]);
        return at ? 1u << (at - m->varies) : 0;
    }
    for (int i = 0; i < 3; i++)
        letters |= node->operand[i] >= 0 && node->operation != ASSAY__NUMBER
                       ? m->names[node->operand[i]]
                       : 0;
    return letters;
}

assay_status assay__memo_create(const assay__expression *expression, const char *varies,
                                assay__memo **memo, assay_error *error)
{
    assay__memo *m = *memo = calloc(1, sizeof *m);
    if (!m)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for an expression");
    m->e = expression;
    m->varies = varies;
    for (int i = 0; i < expression->count; i++)
        m->names[i] = (unsigned char)letters_of(m, &expression->node[i]);
    return ASSAY_OK;
}

void assay__memo_destroy(assay__memo *memo)
{
    free(memo);
}

assay_status assay__memo_value(assay__memo *memo, unsigned changed, assay__lookup lookup,
                               const void *context, int64_t *value, assay_error *error)
{
    for (int i = 0; i < memo->e->count; i++)
        if (memo->names[i] & changed)
            memo->known.is[i] = false;
    return assay__expression_again(memo->e, &memo->known, lookup, context, value, error);
}

static bool linear(const assay__memo *m, int index, unsigned letter)
{
    const assay__node *node = &m->e->node[index];
    const int *operand = node->operand;
    if (!(m->names[index] & letter))
        return true;
    switch (node->operation) {
    case ASSAY__NAME:
        return true;
    case ASSAY__NEGATE:
        return linear(m, operand[0], letter);
    case ASSAY__ADD:
    case ASSAY__SUBTRACT:
        return linear(m, operand[0], letter) && linear(m, operand[1], letter);
    case ASSAY__MULTIPLY:
        return linear(m, operand[0], letter) && linear(m, operand[1], letter) &&
               !(m->names[operand[0]] & m->names[operand[1]] & letter);
    case ASSAY__CHOICE:
        return !(m->names[operand[0]] & letter) && linear(m, operand[1], letter) &&
               linear(m, operand[2], letter);
    default:
        return false;
    }
}

bool assay__memo_linear(const assay__memo *memo, int letter)
{
    return linear(memo, memo->e->root, 1u << letter);
}
