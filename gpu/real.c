// SPDX-License-Identifier: Apache-2.0
// Expressions whose value is a real number, in double precision.
#include "gpu/expression.h"
#include "gpu/expression_internal.h"

#include <math.h>
#include <stdio.h>

typedef struct evaluation {
    const assay__expression *e;
    assay__lookup lookup;
    assay__lookup_real real;
    const void *context;
    assay_error *error;
} evaluation;

static assay_status failed(const evaluation *v, const assay__node *node, const char *what)
{
    return assay__expression_fail(v->e, node->column, v->error, what);
}

static assay_status unknown_name(const evaluation *v, const assay__node *node)
{
    char what[120];
    snprintf(what, sizeof what, "the operator has no variable \"%s\"", node->name);
    return failed(v, node, what);
}

static bool is_of_whole(assay__operation operation)
{
    return operation == ASSAY__REMAINDER || operation == ASSAY__CEIL_DIV ||
           (operation >= ASSAY__BITS_OR && operation <= ASSAY__LOG2);
}

static double combine(assay__operation operation, double a, double b)
{
    switch (operation) {
    case ASSAY__EQUAL:
        return a == b;
    case ASSAY__UNEQUAL:
        return a != b;
    case ASSAY__LESS:
        return a < b;
    case ASSAY__LESS_EQUAL:
        return a <= b;
    case ASSAY__GREATER:
        return a > b;
    case ASSAY__GREATER_EQUAL:
        return a >= b;
    case ASSAY__ADD:
        return a + b;
    case ASSAY__SUBTRACT:
        return a - b;
    case ASSAY__MULTIPLY:
        return a * b;
    case ASSAY__DIVIDE:
        return a / b;
    case ASSAY__MIN:
        return a < b ? a : b;
    default: // ASSAY__MAX
        return a > b ? a : b;
    }
}

static assay_status evaluate(const evaluation *v, int index, double *value);

static assay_status evaluate_pair(const evaluation *v, const assay__node *node, double *value)
{
    double a, b;
    ASSAY_TRY(evaluate(v, node->operand[0], &a));
    ASSAY_TRY(evaluate(v, node->operand[1], &b));
    if (node->operation == ASSAY__DIVIDE && b == 0)
        return failed(v, node, "division by zero");
    *value = combine(node->operation, a, b);
    if (!isfinite(*value) && isfinite(a) && isfinite(b))
        return failed(v, node, "the result does not fit double precision");
    if (isnan(*value) && !isnan(a) && !isnan(b))
        return failed(v, node, "the result is no number");
    return ASSAY_OK;
}

static assay_status evaluate_name(const evaluation *v, const assay__node *node, double *value)
{
    int64_t whole;
    if (v->real(v->context, node->name, value))
        return ASSAY_OK;
    if (!v->lookup(v->context, node->name, &whole))
        return unknown_name(v, node);
    *value = (double)whole;
    return ASSAY_OK;
}

static assay_status evaluate_one(const evaluation *v, const assay__node *node, double *value)
{
    double a;
    ASSAY_TRY(evaluate(v, node->operand[0], &a));
    switch (node->operation) {
    case ASSAY__NOT:
        *value = a == 0;
        return ASSAY_OK;
    case ASSAY__NEGATE:
        *value = -a;
        return ASSAY_OK;
    case ASSAY__ABS:
        *value = fabs(a);
        return ASSAY_OK;
    case ASSAY__FLOOR:
        *value = floor(a);
        return ASSAY_OK;
    case ASSAY__CEIL:
        *value = ceil(a);
        return ASSAY_OK;
    default: // ASSAY__SQRT
        *value = sqrt(a);
        return a < 0 ? failed(v, node, "the root of a negative number") : ASSAY_OK;
    }
}

static assay_status evaluate(const evaluation *v, int index, double *value)
{
    const assay__node *node = &v->e->node[index];
    int64_t whole = 0;
    double a = 0;
    if (is_of_whole(node->operation)) {
        ASSAY_TRY(assay__expression_node(v->e, index, v->lookup, v->context, &whole, v->error));
        *value = (double)whole;
        return ASSAY_OK;
    }
    switch (node->operation) {
    case ASSAY__NUMBER:
        *value = (double)node->value;
        return ASSAY_OK;
    case ASSAY__FRACTION:
        *value = node->fraction;
        return ASSAY_OK;
    case ASSAY__NAME:
        return evaluate_name(v, node, value);
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
        return evaluate(v, node->operand[a != 0 ? 1 : 2], value);
    default:
        return node->operand[1] < 0 ? evaluate_one(v, node, value) : evaluate_pair(v, node, value);
    }
}

assay_status assay__expression_value_real(const assay__expression *expression, assay__lookup lookup,
                                          assay__lookup_real real, const void *context,
                                          double *value, assay_error *error)
{
    evaluation v = {expression, lookup, real, context, error};
    return evaluate(&v, expression->root, value);
}

// `whole`: below an operation of whole numbers.
static assay_status check(const evaluation *v, int index, bool whole)
{
    const assay__node *node = &v->e->node[index];
    int64_t integer;
    double number;
    if (whole && (node->operation == ASSAY__FRACTION || node->operation >= ASSAY__FLOOR))
        return failed(v, node,
                      "fractions, floor, ceil and sqrt stand in an operation of whole numbers");
    if (node->operation == ASSAY__NAME && (whole || !v->real(v->context, node->name, &number)) &&
        !v->lookup(v->context, node->name, &integer))
        return unknown_name(v, node);
    whole = whole || is_of_whole(node->operation);
    for (int i = 0; i < 3; i++)
        if (node->operand[i] >= 0)
            ASSAY_TRY(check(v, node->operand[i], whole));
    return ASSAY_OK;
}

assay_status assay__expression_check_real(const assay__expression *expression, assay__lookup lookup,
                                          assay__lookup_real real, const void *context,
                                          assay_error *error)
{
    evaluation v = {expression, lookup, real, context, error};
    return check(&v, expression->root, false);
}
