// SPDX-License-Identifier: Apache-2.0
// Names of manifest expressions: dimensions of tensors and attributes of the operator.
#include "reference/operator.h"

#include <string.h>

// "in.h" or "in.count" of one tensor.
static bool dimension(const assay_shape *shape, const char *letters, const char *name,
                      int64_t *value)
{
    if (strcmp(name, "count") == 0) {
        *value = assay_shape_elements(shape);
        return true;
    }
    const char *letter = name[0] && !name[1] ? strchr(letters, name[0]) : NULL;
    if (letter)
        *value = shape->rank ? shape->dim[letter - letters] : 0;
    return letter != NULL;
}

static bool tensor_variable(const assay_problem *problem, const char *name, const char *dot,
                            int64_t *value)
{
    const assay_operator *op = problem->op;
    size_t length = (size_t)(dot - name);
    if (length == 3 && strncmp(name, "out", 3) == 0)
        return dimension(&problem->output, op->output, dot + 1, value);
    for (int i = 0; i < op->input_count; i++)
        if (strlen(op->inputs[i].name) == length && strncmp(name, op->inputs[i].name, length) == 0)
            return dimension(&problem->input[i], op->inputs[i].letters, dot + 1, value);
    return false;
}

// `rest` is what follows the stem: "" or "_h", "_w"; "_top", "_left", "_bottom", "_right"; "_n",
// "_c", "_h", "_w".
static bool attribute_variable(const assay_problem *problem, int index, const char *rest,
                               int64_t *value)
{
    static const char *const axes[] = {"_h", "_w"};
    static const char *const sides[] = {"_top", "_left", "_bottom", "_right"};
    static const char *const dims[] = {"_n", "_c", "_h", "_w"};
    assay_attribute_type type = problem->op->attributes[index].type;
    bool pair = type == ASSAY_ATTRIBUTE_PAIR, padding = type == ASSAY_ATTRIBUTE_PADDING;
    const char *const *suffix = pair ? axes : padding ? sides : dims;
    const int64_t *number = padding ? problem->pad : problem->attribute[index].i;
    if (!pair && !padding && type != ASSAY_ATTRIBUTE_DIMS) {
        *value = number[0];
        return *rest == '\0' && type != ASSAY_ATTRIBUTE_FLOAT;
    }
    int count = pair ? 2 : 4;
    bool equal = true;
    for (int k = 0; k < count; k++) {
        if (strcmp(rest, suffix[k]) == 0) {
            *value = number[k];
            return true;
        }
        equal = equal && number[k] == number[0];
    }
    *value = equal ? number[0] : -1;
    return *rest == '\0';
}

bool assay_problem_variable(const assay_problem *problem, const char *name, int64_t *value)
{
    const assay_operator *op = problem->op;
    const char *dot = strchr(name, '.');
    if (dot)
        return tensor_variable(problem, name, dot, value);
    int optional = strncmp(name, "has_", 4) == 0 ? assay_input_index(op, name + 4) : -1;
    if (optional >= 0) {
        *value = problem->input[optional].rank > 0;
        return true;
    }
    for (int i = 0; i < op->attribute_count; i++) {
        const char *stem = op->attributes[i].variable;
        size_t length = strlen(stem);
        if (strncmp(name, stem, length) == 0 &&
            attribute_variable(problem, i, name + length, value))
            return true;
    }
    return false;
}

bool assay_problem_float(const assay_problem *problem, const char *name, float *value)
{
    const assay_operator *op = problem->op;
    for (int i = 0; i < op->attribute_count; i++)
        if (op->attributes[i].type == ASSAY_ATTRIBUTE_FLOAT &&
            strcmp(op->attributes[i].variable, name) == 0) {
            *value = problem->attribute[i].f;
            return true;
        }
    return false;
}
