// SPDX-License-Identifier: Apache-2.0
#include "harness/explain/geometry.h"

#include <string.h>

int64_t assay__integer_of(const assay_problem *problem, const char *name, int k, int64_t otherwise)
{
    int a = assay_attribute_index(problem->op, name);
    return a < 0 ? otherwise : problem->attribute[a].i[k];
}

bool assay__window_axis_of(const assay_problem *problem, int which, assay__window_axis *axis)
{
    if (assay_attribute_index(problem->op, "kernel_shape") < 0)
        return false;
    *axis = (assay__window_axis){
        .in = problem->input[0].dim[2 + which],
        .out = problem->output.dim[2 + which],
        .kernel = assay__integer_of(problem, "kernel_shape", which, 1),
        .stride = assay__integer_of(problem, "strides", which, 1),
        .dilation = assay__integer_of(problem, "dilations", which, 1),
        .pad = problem->pad[which],
        .transposed = strcmp(problem->op->name, "conv_transpose2d") == 0,
    };
    return true;
}
