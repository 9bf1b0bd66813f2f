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
} assay__operation;

typedef struct assay__node {
    assay__operation operation;
    int column;     // from 1
    int operand[3]; // indices of nodes
    int64_t value;  // of a number
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

// ASSAY_MANIFEST: `"<text>", column <column>: <what>`.
assay_status assay__expression_fail(const assay__expression *e, int column, assay_error *error,
                                    const char *what);

#endif
