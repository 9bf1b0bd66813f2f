// SPDX-License-Identifier: Apache-2.0
#include "gpu/expression.h"
#include "gpu/expression_internal.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Binary operators; a higher level binds tighter. Two-letter spellings stand before their first
// letters.
static const struct {
    char spelling[3];
    int level;
    assay__operation operation;
} binary[] = {
    {"||", 1,  ASSAY__OR           },
    {"&&", 2,  ASSAY__AND          },
    {"|",  3,  ASSAY__BITS_OR      },
    {"^",  4,  ASSAY__BITS_XOR     },
    {"&",  5,  ASSAY__BITS_AND     },
    {"==", 6,  ASSAY__EQUAL        },
    {"!=", 6,  ASSAY__UNEQUAL      },
    {"<<", 8,  ASSAY__SHIFT_LEFT   },
    {">>", 8,  ASSAY__SHIFT_RIGHT  },
    {"<=", 7,  ASSAY__LESS_EQUAL   },
    {">=", 7,  ASSAY__GREATER_EQUAL},
    {"<",  7,  ASSAY__LESS         },
    {">",  7,  ASSAY__GREATER      },
    {"+",  9,  ASSAY__ADD          },
    {"-",  9,  ASSAY__SUBTRACT     },
    {"*",  10, ASSAY__MULTIPLY     },
    {"/",  10, ASSAY__DIVIDE       },
    {"%",  10, ASSAY__REMAINDER    },
};

#define TIGHTEST 10

static const struct {
    const char *name;
    int arguments;
    assay__operation operation;
} functions[] = {
    {"min",       2, ASSAY__MIN      },
    {"max",       2, ASSAY__MAX      },
    {"ceil_div",  2, ASSAY__CEIL_DIV },
    {"align",     2, ASSAY__ALIGN    },
    {"abs",       1, ASSAY__ABS      },
    {"pow2_ceil", 1, ASSAY__POW2_CEIL},
    {"log2",      1, ASSAY__LOG2     },
    {"floor",     1, ASSAY__FLOOR    },
    {"ceil",      1, ASSAY__CEIL     },
    {"sqrt",      1, ASSAY__SQRT     },
};

typedef struct parser {
    assay__expression *e;
    const char *at;
    int depth;
    assay_error *error;
} parser;

// Each returns the index of the node that it made, or -1 after an error.
static int parse_choice(parser *p);
static int parse_unary(parser *p);

static int fail(parser *p, const char *at, const char *what)
{
    (void)assay__expression_fail(p->e, (int)(at - p->e->text) + 1, p->error, what);
    return -1;
}

static void skip_blanks(parser *p)
{
    while (isspace((unsigned char)*p->at))
        p->at++;
}

static bool accept(parser *p, const char *spelling)
{
    size_t length = strlen(spelling);
    skip_blanks(p);
    if (strncmp(p->at, spelling, length) != 0)
        return false;
    p->at += length;
    return true;
}

static int make(parser *p, assay__operation operation, const char *at, int a, int b, int c)
{
    assay__expression *e = p->e;
    if (e->count == e->capacity)
        return fail(p, at, "the expression is too long");
    e->node[e->count] = (assay__node){
        .operation = operation, .column = (int)(at - e->text) + 1, .operand = {a, b, c}
    };
    return e->count++;
}

// A number that has a point or an exponent. strtod alone would take "0x1" and "inf" as well.
static int parse_fraction(parser *p, const char *start)
{
    char *end;
    double value = strtod(start, &end);
    if (isalnum((unsigned char)*end) || *end == '_' || *end == '.')
        return fail(p, end, "numbers are decimal");
    if (isinf(value))
        return fail(p, start, "the number is too large");
    p->at = end;
    int node = make(p, ASSAY__FRACTION, start, -1, -1, -1);
    if (node >= 0)
        p->e->node[node].fraction = value;
    return node;
}

static int parse_number(parser *p)
{
    const char *start = p->at;
    size_t digits = strspn(start, "0123456789");
    if (start[digits] == '.' || start[digits] == 'e')
        return parse_fraction(p, start);
    int64_t value = 0;
    for (; isdigit((unsigned char)*p->at); p->at++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *p->at - '0', &value))
            return fail(p, start, "the number does not fit 64 bits");
    if (isalpha((unsigned char)*p->at) || *p->at == '_')
        return fail(p, p->at, "numbers are decimal");
    int node = make(p, ASSAY__NUMBER, start, -1, -1, -1);
    if (node >= 0)
        p->e->node[node].value = value;
    return node;
}

static int parse_call(parser *p, const char *start, size_t length)
{
    for (size_t f = 0; f < sizeof functions / sizeof *functions; f++) {
        if (strlen(functions[f].name) != length || strncmp(functions[f].name, start, length) != 0)
            continue;
        int argument[2] = {-1, -1};
        for (int i = 0; i < functions[f].arguments; i++) {
            if (i > 0 && !accept(p, ","))
                return fail(p, p->at, "\",\" and another argument are missing");
            if ((argument[i] = parse_choice(p)) < 0)
                return -1;
        }
        if (!accept(p, ")"))
            return fail(p, p->at, "\")\" after the arguments is missing");
        return make(p, functions[f].operation, start, argument[0], argument[1], -1);
    }
    return fail(
        p, start,
        "the functions are min, max, abs, ceil_div, align, pow2_ceil, log2, floor, ceil and "
        "sqrt");
}

static int parse_name(parser *p)
{
    const char *start = p->at;
    while (isalnum((unsigned char)*p->at) || *p->at == '_' || *p->at == '.')
        p->at++;
    size_t length = (size_t)(p->at - start);
    if (accept(p, "("))
        return parse_call(p, start, length);
    if (length >= ASSAY__NAME_MAX)
        return fail(p, start, "the name is too long");
    int node = make(p, ASSAY__NAME, start, -1, -1, -1);
    if (node >= 0)
        memcpy(p->e->node[node].name, start, length); // the rest is zero
    return node;
}

static int parse_primary(parser *p)
{
    skip_blanks(p);
    if (isdigit((unsigned char)*p->at))
        return parse_number(p);
    if (isalpha((unsigned char)*p->at) || *p->at == '_')
        return parse_name(p);
    if (!accept(p, "("))
        return fail(p, p->at, "a number, a name or \"(\" is missing");
    int node = parse_choice(p);
    if (node >= 0 && !accept(p, ")"))
        return fail(p, p->at, "\")\" is missing");
    return node;
}

static int parse_unary(parser *p)
{
    skip_blanks(p);
    const char *start = p->at;
    bool minus = accept(p, "-");
    if (!minus && (strncmp(p->at, "!=", 2) == 0 || !accept(p, "!")))
        return parse_primary(p);
    if (++p->depth > ASSAY__DEPTH_MAX)
        return fail(p, start, "the expression nests too deeply");
    int node = parse_unary(p);
    p->depth--;
    return node < 0 ? -1 : make(p, minus ? ASSAY__NEGATE : ASSAY__NOT, start, node, -1, -1);
}

// Operators of `level` and tighter, left to right.
static int parse_binary(parser *p, int level)
{
    int left = level > TIGHTEST ? parse_unary(p) : parse_binary(p, level + 1);
    while (left >= 0 && level <= TIGHTEST) {
        size_t found = sizeof binary / sizeof *binary;
        skip_blanks(p);
        const char *start = p->at;
        for (size_t i = 0; i < sizeof binary / sizeof *binary; i++) {
            if (strncmp(start, binary[i].spelling, strlen(binary[i].spelling)) == 0) {
                found = i;
                break;
            }
        }
        if (found == sizeof binary / sizeof *binary || binary[found].level != level)
            break;
        p->at += strlen(binary[found].spelling);
        int right = parse_binary(p, level + 1);
        left = right < 0 ? -1 : make(p, binary[found].operation, start, left, right, -1);
    }
    return left;
}

static int parse_choice(parser *p)
{
    if (++p->depth > ASSAY__DEPTH_MAX)
        return fail(p, p->at, "the expression nests too deeply");
    int node = parse_binary(p, 1);
    const char *start = p->at;
    if (node >= 0 && accept(p, "?")) {
        int yes = parse_choice(p), no = -1;
        if (yes >= 0 && !accept(p, ":"))
            return fail(p, p->at, "\":\" is missing");
        if (yes >= 0)
            no = parse_choice(p);
        node = no < 0 ? -1 : make(p, ASSAY__CHOICE, start, node, yes, no);
    }
    p->depth--;
    return node;
}

assay_status assay__expression_parse(const char *text, assay__expression **expression,
                                     assay_error *error)
{
    size_t length = strlen(text);
    *expression = NULL;
    if (length > ASSAY__EXPRESSION_MAX)
        return assay_fail(error, ASSAY_MANIFEST, "an expression is longer than %d characters",
                          ASSAY__EXPRESSION_MAX);
    size_t nodes =
        length < ASSAY__NODES_MAX ? length + 1 : ASSAY__NODES_MAX; // at most one a letter
    assay__expression *e = calloc(1, sizeof *e + nodes * sizeof *e->node + length + 1);
    if (!e)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for an expression");
    e->capacity = (int)nodes;
    e->text = memcpy(e->node + nodes, text, length + 1);
    parser p = {.e = e, .at = e->text, .error = error};
    e->root = parse_choice(&p);
    skip_blanks(&p);
    if (e->root >= 0 && *p.at)
        e->root = fail(&p, p.at, "an operator is missing");
    if (e->root < 0) {
        assay__expression_destroy(e);
        return ASSAY_MANIFEST;
    }
    *expression = e;
    return ASSAY_OK;
}

void assay__expression_destroy(assay__expression *expression)
{
    free(expression);
}
