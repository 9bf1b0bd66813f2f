// SPDX-License-Identifier: Apache-2.0
// The tree of a parsed expression, shared by its parser and its evaluator.
#ifndef ASSAY_EXPRESSION_INTERNAL_H
#define ASSAY_EXPRESSION_INTERNAL_H

#include "gpu/expression.h"

#define ASSAY__EXPRESSION_MAX 1000 // characters
#define ASSAY__NODES_MAX      256
#define ASSAY__DEPTH_MAX      64 // of nesting, so that hostile text cannot exhaust the stack
#define ASSAY__NAME_MAX       48

typedef enum assay__operation {
    ASSAY__NUMBER,
    ASSAY__FRACTION, // a number with a point or an exponent
    ASSAY__NAME,
    ASSAY__NEGATE,
    ASSAY__NOT,
    ASSAY__OR,
    ASSAY__AND,
    ASSAY__CHOICE, // operand[0] ? operand[1] : operand[2]
    ASSAY__EQUAL,
    ASSAY__UNEQUAL,
    ASSAY__LESS,
    ASSAY__LESS_EQUAL,
    ASSAY__GREATER,
    ASSAY__GREATER_EQUAL,
    ASSAY__ADD,
    ASSAY__SUBTRACT,
    ASSAY__MULTIPLY,
    ASSAY__DIVIDE,
    ASSAY__REMAINDER,
    ASSAY__MIN,
    ASSAY__MAX,
    ASSAY__CEIL_DIV,
    ASSAY__ABS,
    ASSAY__BITS_OR, // from here on up to LOG2: of whole numbers alone, as REMAINDER and CEIL_DIV
    ASSAY__BITS_XOR,
    ASSAY__BITS_AND,
    ASSAY__SHIFT_LEFT,
    ASSAY__SHIFT_RIGHT,
    ASSAY__ALIGN,
    ASSAY__POW2_CEIL,
    ASSAY__LOG2,
    ASSAY__FLOOR, // from here on: of real numbers alone
    ASSAY__CEIL,
    ASSAY__SQRT,
} assay__operation;

typedef struct assay__node {
    assay__operation operation;
    int column;     // from 1
    int operand[3]; // indices of nodes
    int64_t value;  // of a number
    double fraction;
    char name[ASSAY__NAME_MAX];
} assay__node;

struct assay__expression {
    char *text; // behind the nodes
    int capacity, count;
    int root;
    assay__node node[];
};

// By node: whether its value is known from an evaluation before, and the value.
typedef struct assay__known {
    bool is[ASSAY__NODES_MAX];
    int64_t value[ASSAY__NODES_MAX];
} assay__known;

// As assay__expression_value; takes from `known` and adds to it.
ASSAY_CHECKED assay_status assay__expression_again(const assay__expression *expression,
                                                   assay__known *known, assay__lookup lookup,
                                                   const void *context, int64_t *value,
                                                   assay_error *error);
// The value of one node, as assay__expression_value gives that of the root.
ASSAY_CHECKED assay_status assay__expression_node(const assay__expression *e, int index,
                                                  assay__lookup lookup, const void *context,
                                                  int64_t *value, assay_error *error);

// ASSAY_MANIFEST: `"<text>", column <column>: <what>`.
assay_status assay__expression_fail(const assay__expression *e, int column, assay_error *error,
                                    const char *what);

#endif
