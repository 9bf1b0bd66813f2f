// SPDX-License-Identifier: Apache-2.0
#include "reference/operator.h"

#include "reference/operator_internal.h"

#include <string.h>

#define OP(id, onnx_name, summary_text)                                                            \
    const char assay__onnx_##id[] = onnx_name;                                                     \
    const char assay__summary_##id[] = summary_text;
#include "reference/operators.def"
#undef OP

const assay_operator *const assay_operators[] = {
#define OP(id, onnx_name, summary_text) &assay_op_##id,
#include "reference/operators.def"
#undef OP
};

const int assay_operator_count = (int)(sizeof assay_operators / sizeof *assay_operators);

const assay_operator *assay_operator_find(const char *name)
{
    for (int i = 0; i < assay_operator_count; i++)
        if (strcmp(assay_operators[i]->name, name) == 0)
            return assay_operators[i];
    return NULL;
}

int assay_attribute_index(const assay_operator *op, const char *name)
{
    for (int i = 0; i < op->attribute_count; i++)
        if (strcmp(op->attributes[i].name, name) == 0)
            return i;
    return -1;
}

int assay_input_index(const assay_operator *op, const char *name)
{
    for (int i = 0; i < op->input_count; i++)
        if (strcmp(op->inputs[i].name, name) == 0)
            return i;
    return -1;
}

assay_kind assay_operator_kind(const assay_operator *op)
{
    if (op->kind != ASSAY_KIND_AUTO)
        return op->kind;
    for (int i = 0; i < op->input_count; i++)
        if (op->inputs[i].role == ASSAY_ROLE_WEIGHTS)
            return ASSAY_KIND_PRODUCTS;
    return op->reduction ? ASSAY_KIND_MEAN : ASSAY_KIND_SELECT;
}
