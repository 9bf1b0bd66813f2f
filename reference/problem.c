// SPDX-License-Identifier: Apache-2.0
// Problems: attributes and shapes that were checked.
#include "reference/operator.h"

#include "reference/operator_internal.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

const assay_tensor_info assay__input_nchw[1] = {
    {"in", "nchw", ASSAY_ROLE_DATA, "data", false}
};

const assay_value *assay_get(const assay_problem *problem, const char *name)
{
    int index = assay_attribute_index(problem->op, name);
    assert(index >= 0);
    return &problem->attribute[index];
}

void assay_problem_init(assay_problem *problem, const assay_operator *op)
{
    memset(problem, 0, sizeof *problem);
    problem->op = op;
    for (int i = 0; i < op->attribute_count; i++)
        problem->attribute[i] = op->attributes[i].standard;
}

// How many integers an attribute of each type has.
static int integers_of(const assay_attribute *attribute, const assay_value *value)
{
    switch (attribute->type) {
    case ASSAY_ATTRIBUTE_INT:
    case ASSAY_ATTRIBUTE_FLAG:
    case ASSAY_ATTRIBUTE_WORD:
        return 1;
    case ASSAY_ATTRIBUTE_DIMS:
        return 4;
    case ASSAY_ATTRIBUTE_PAIR:
        return 2;
    case ASSAY_ATTRIBUTE_PADDING:
        return value->mode == ASSAY_PAD_EXPLICIT ? 4 : 0;
    case ASSAY_ATTRIBUTE_FLOAT:
        break;
    }
    return 0;
}

static assay_status check_attribute(const assay_operator *op, const assay_attribute *attribute,
                                    const assay_value *value, assay_error *error)
{
    int integers = integers_of(attribute, value);
    int64_t most = attribute->most;
    if (attribute->type == ASSAY_ATTRIBUTE_WORD)
        for (most = 0; attribute->words[most + 1];)
            most++;
    for (int k = 0; k < integers; k++)
        if (value->i[k] < attribute->least || value->i[k] > most)
            return assay_fail(error, ASSAY_SHAPE,
                              "%s: attribute \"%s\" is %" PRId64 ", expected %" PRId64
                              " to %" PRId64,
                              op->name, attribute->name, value->i[k], attribute->least, most);
    if (attribute->type == ASSAY_ATTRIBUTE_FLOAT && !isfinite(value->f))
        return assay_fail(error, ASSAY_SHAPE, "%s: attribute \"%s\" is not a finite number",
                          op->name, attribute->name);
    if (attribute->type == ASSAY_ATTRIBUTE_PADDING &&
        (value->mode < ASSAY_PAD_EXPLICIT || value->mode > ASSAY_PAD_VALID))
        return assay_fail(error, ASSAY_SHAPE, "%s: attribute \"%s\" has the unknown mode %d",
                          op->name, attribute->name, value->mode);
    return ASSAY_OK;
}

assay_status assay_problem_infer(assay_problem *problem, assay_error *error)
{
    const assay_operator *op = problem->op;
    int64_t count;
    for (int i = 0; i < op->attribute_count; i++)
        ASSAY_TRY(check_attribute(op, &op->attributes[i], &problem->attribute[i], error));
    for (int i = 0; i < op->given; i++) {
        int rank = (int)strlen(op->inputs[i].letters);
        if (problem->input[i].rank == 0 && op->inputs[i].optional)
            continue;
        if (problem->input[i].rank != rank)
            return assay_fail(error, ASSAY_SHAPE,
                              "%s: tensor \"%s\" has %d dimensions, expected %d", op->name,
                              op->inputs[i].name, problem->input[i].rank, rank);
        ASSAY_TRY(assay_shape_count(&problem->input[i], op->inputs[i].name, &count, error));
    }
    for (int i = op->given; i < op->input_count; i++)
        problem->input[i] = (assay_shape){0};
    ASSAY_TRY(op->infer(problem, error));
    for (int i = op->given; i < op->input_count; i++)
        ASSAY_TRY(assay_shape_count(&problem->input[i], op->inputs[i].name, &count, error));
    return assay_shape_count(&problem->output, "out", &count, error);
}

double assay_problem_bytes(const assay_problem *problem)
{
    double elements = (double)assay_shape_elements(&problem->output);
    for (int i = 0; i < problem->op->input_count; i++)
        elements += (double)assay_shape_elements(&problem->input[i]);
    return elements * sizeof(float);
}

double assay_problem_flops(const assay_problem *problem)
{
    return problem->op->flops(problem);
}

assay_status assay__infer_same(assay_problem *problem, assay_error *error)
{
    (void)error;
    problem->output = problem->input[0];
    return ASSAY_OK;
}

double assay__flops_1(const assay_problem *problem)
{
    return (double)assay_shape_elements(&problem->output);
}

double assay__flops_2(const assay_problem *problem)
{
    return 2 * (double)assay_shape_elements(&problem->output);
}

double assay__flops_8(const assay_problem *problem)
{
    return 8 * (double)assay_shape_elements(&problem->output);
}
