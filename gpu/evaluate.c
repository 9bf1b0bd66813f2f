// SPDX-License-Identifier: Apache-2.0
#include "gpu/expression.h"
#include "gpu/expression_internal.h"

#include <stdio.h>
#include <string.h>

assay_status assay__expression_fail(const assay__expression *e, int column, assay_error *error,
                                    const char *what)
{
    return assay_fail(error, ASSAY_MANIFEST, "\"%.400s\", column %d: %s", e->text, column, what);
}

typedef struct evaluation {
    const assay__expression *e;
    assay__lookup lookup;
    const void *context;
    assay_error *error;
    assay__known *known; // or NULL
} evaluation;

static assay_status unknown_name(const evaluation *v, const assay__node *node)
{
    char what[120];
    snprintf(what, sizeof what, "the operator has no variable \"%s\"", node->name);
    return assay__expression_fail(v->e, node->column, v->error, what);
}

// The same of bits. A number to be shifted is a whole one, not a row of bits: 1 << 63 does not fit.
static bool combine_bits(assay__operation operation, int64_t a, int64_t b, int64_t *value)
{
    switch (operation) {
    case ASSAY__BITS_OR:
        *value = a | b;
        return true;
    case ASSAY__BITS_XOR:
        *value = a ^ b;
        return true;
    case ASSAY__BITS_AND:
        *value = a & b;
        return true;
    case ASSAY__SHIFT_LEFT: // 0 <= b <= 63 was checked
        if (b == 63)
            *value = a ? INT64_MIN : 0;
        return b == 63 ? a == 0 || a == -1 : !__builtin_mul_overflow(a, INT64_C(1) << b, value);
    case ASSAY__SHIFT_RIGHT: // toward minus infinity
        *value = a < 0 ? ~(~a >> b) : a >> b;
        return true;
    case ASSAY__ALIGN: // b > 0 was checked
        return !__builtin_mul_overflow(a / b + (a % b > 0), b, value);
    default:
        return false;
    }
}

// Operators on two values that are both needed. false: out of 64 bits, or no quotient.
static bool combine(assay__operation operation, int64_t a, int64_t b, int64_t *value)
{
    bool quotient = b != 0 && !(a == INT64_MIN && b == -1);
    switch (operation) {
    case ASSAY__EQUAL:
        *value = a == b;
        return true;
    case ASSAY__UNEQUAL:
        *value = a != b;
        return true;
    case ASSAY__LESS:
        *value = a < b;
        return true;
    case ASSAY__LESS_EQUAL:
        *value = a <= b;
        return true;
    case ASSAY__GREATER:
        *value = a > b;
        return true;
    case ASSAY__GREATER_EQUAL:
        *value = a >= b;
        return true;
    case ASSAY__ADD:
        return !__builtin_add_overflow(a, b, value);
    case ASSAY__SUBTRACT:
        return !__builtin_sub_overflow(a, b, value);
    case ASSAY__MULTIPLY:
        return !__builtin_mul_overflow(a, b, value);
    case ASSAY__DIVIDE:
        *value = quotient ? a / b : 0;
        return quotient;
    case ASSAY__REMAINDER:
        *value = quotient ? a % b : 0;
        return quotient;
    case ASSAY__MIN:
        *value = a < b ? a : b;
        return true;
    case ASSAY__MAX:
        *value = a > b ? a : b;
        return true;
    case ASSAY__CEIL_DIV: // toward plus infinity; b > 0 was checked
        *value = a / b + (a % b > 0);
        return true;
    default:
        return combine_bits(operation, a, b, value);
    }
}

static assay_status evaluate(const evaluation *v, int index, int64_t *value);

static assay_status evaluate_pair(const evaluation *v, const assay__node *node, int64_t *value)
{
    int64_t a, b;
    assay__operation operation = node->operation;
    ASSAY_TRY(evaluate(v, node->operand[0], &a));
    ASSAY_TRY(evaluate(v, node->operand[1], &b));
    if (b == 0 && (operation == ASSAY__DIVIDE || operation == ASSAY__REMAINDER))
        return assay__expression_fail(v->e, node->column, v->error, "division by zero");
    if (b <= 0 && (operation == ASSAY__CEIL_DIV || operation == ASSAY__ALIGN))
        return assay__expression_fail(v->e, node->column, v->error,
                                      operation == ASSAY__ALIGN
                                          ? "align to a number that is not positive"
                                          : "ceil_div by a number that is not positive");
    if ((b < 0 || b > 63) && (operation == ASSAY__SHIFT_LEFT || operation == ASSAY__SHIFT_RIGHT))
        return assay__expression_fail(v->e, node->column, v->error,
                                      "a shift by less than 0 or more than 63");
    if (!combine(operation, a, b, value))
        return assay__expression_fail(v->e, node->column, v->error,
                                      "the result does not fit 64 bits");
    return ASSAY_OK;
}

static assay_status fraction_here(const evaluation *v, const assay__node *node)
{
    return assay__expression_fail(v->e, node->column, v->error,
                                  "fractions, floor, ceil and sqrt are for values of type float");
}

// The smallest power of two that is not below a number, and the greatest exponent of one that is
// not above it.
static assay_status power_of_two(const evaluation *v, const assay__node *node, int64_t a,
                                 int64_t *value)
{
    bool ceil = node->operation == ASSAY__POW2_CEIL;
    if (a < 1 && !ceil)
        return assay__expression_fail(v->e, node->column, v->error,
                                      "log2 of a number that is not positive");
    if (a > INT64_C(1) << 62 && ceil)
        return assay__expression_fail(v->e, node->column, v->error,
                                      "the result does not fit 64 bits");
    int64_t exponent = 0;
    while (ceil ? INT64_C(1) << exponent < a : a >> exponent > 1)
        exponent++;
    *value = ceil ? INT64_C(1) << exponent : exponent;
    return ASSAY_OK;
}

static assay_status evaluate_node(const evaluation *v, int index, int64_t *value)
{
    const assay__node *node = &v->e->node[index];
    int64_t a = 0;
    switch (node->operation) {
    case ASSAY__NUMBER:
        *value = node->value;
        return ASSAY_OK;
    case ASSAY__NAME:
        return v->lookup(v->context, node->name, value) ? ASSAY_OK : unknown_name(v, node);
    case ASSAY__NOT:
        ASSAY_TRY(evaluate(v, node->operand[0], &a));
        *value = !a;
        return ASSAY_OK;
    case ASSAY__NEGATE:
    case ASSAY__ABS:
        ASSAY_TRY(evaluate(v, node->operand[0], &a));
        if (a == INT64_MIN)
            return assay__expression_fail(v->e, node->column, v->error,
                                          "the result does not fit 64 bits");
        *value = node->operation == ASSAY__ABS && a >= 0 ? a : -a;
        return ASSAY_OK;
    case ASSAY__POW2_CEIL:
    case ASSAY__LOG2:
        ASSAY_TRY(evaluate(v, node->operand[0], &a));
        return power_of_two(v, node, a, value);
    case ASSAY__FRACTION:
    case ASSAY__FLOOR:
    case ASSAY__CEIL:
    case ASSAY__SQRT:
        return fraction_here(v, node);
    case ASSAY__OR:
    case ASSAY__AND:
        ASSAY_TRY(evaluate(v, node->operand[0], &a));
        *value = a != 0;
        if ((a != 0) == (node->operation == ASSAY__OR))
            return ASSAY_OK;
        ASSAY_TRY(evaluate(v, node->operand[1], &a));
        *value = a != 0;
        return ASSAY_OK;
    case ASSAY__CHOICE:
        ASSAY_TRY(evaluate(v, node->operand[0], &a));
        return evaluate(v, node->operand[a ? 1 : 2], value);
    default:
        return evaluate_pair(v, node, value);
    }
}

// The tree is at most ASSAY__DEPTH_MAX nestings deep, and a chain of operators ASSAY__NODES_MAX.
static assay_status evaluate(const evaluation *v, int index, int64_t *value)
{
    if (!v->known)
        return evaluate_node(v, index, value);
    if (!v->known->is[index]) {
        ASSAY_TRY(evaluate_node(v, index, &v->known->value[index]));
        v->known->is[index] = true;
    }
    *value = v->known->value[index];
    return ASSAY_OK;
}

assay_status assay__expression_value(const assay__expression *expression, assay__lookup lookup,
                                     const void *context, int64_t *value, assay_error *error)
{
    evaluation v = {expression, lookup, context, error, NULL};
    return evaluate(&v, expression->root, value);
}

assay_status assay__expression_again(const assay__expression *expression, assay__known *known,
                                     assay__lookup lookup, const void *context, int64_t *value,
                                     assay_error *error)
{
    evaluation v = {expression, lookup, context, error, known};
    return evaluate(&v, expression->root, value);
}

assay_status assay__expression_node(const assay__expression *e, int index, assay__lookup lookup,
                                    const void *context, int64_t *value, assay_error *error)
{
    evaluation v = {.e = e, .lookup = lookup, .context = context, .error = error};
    return evaluate(&v, index, value);
}

assay_status assay__expression_check(const assay__expression *expression, assay__lookup lookup,
                                     const void *context, assay_error *error)
{
    evaluation v = {expression, lookup, context, error, NULL};
    for (int i = 0; i < expression->count; i++) {
        int64_t value;
        const assay__node *node = &expression->node[i];
        if (node->operation == ASSAY__NAME && !lookup(context, node->name, &value))
            return unknown_name(&v, node);
        if (node->operation == ASSAY__FRACTION || node->operation >= ASSAY__FLOOR)
            return fraction_here(&v, node);
    }
    return ASSAY_OK;
}

bool assay__expression_names(const assay__expression *expression, const char *name)
{
    for (int i = 0; i < expression->count; i++)
        if (expression->node[i].operation == ASSAY__NAME &&
            strcmp(expression->node[i].name, name) == 0)
            return true;
    return false;
}

bool assay__expression_is_name(const assay__expression *expression, const char *name)
{
    const assay__node *node = &expression->node[expression->root];
    return node->operation == ASSAY__NAME && strcmp(node->name, name) == 0;
}
