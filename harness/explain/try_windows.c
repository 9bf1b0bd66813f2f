// SPDX-License-Identifier: Apache-2.0
// "The windows of the kernel have another stride, dilation, padding or extent."
#include "harness/explain/geometry.h"
#include "harness/explain/hypothesis.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// Padding behind the data that gives the output its extent, or more than that.
static int64_t pad_behind(const assay__window_axis *a, int64_t out_padding)
{
    int64_t extent = a->dilation * (a->kernel - 1) + 1;
    int64_t pad = a->transposed ? (a->in - 1) * a->stride + extent + out_padding - a->pad - a->out
                                : (a->out - 1) * a->stride + extent - a->in - a->pad;
    return pad > 0 ? pad : 0;
}

// Tries the operator with these windows: infer finds an output that is as large or larger.
static void try_axes(assay__court *court, assay_cause cause, const assay__window_axis *axis,
                     const char *what)
{
    assay_problem problem = court->s->c.problem;
    char text[200];
    int stride = assay_attribute_index(problem.op, "strides");
    int dilation = assay_attribute_index(problem.op, "dilations");
    int kernel = assay_attribute_index(problem.op, "kernel_shape");
    int pads = assay_attribute_index(problem.op, "pads");
    int shape = assay_attribute_index(problem.op, "output_shape");
    if (stride < 0 || kernel < 0 || pads < 0)
        return;
    assay_value pad = {.mode = ASSAY_PAD_EXPLICIT};
    for (int k = 0; k < 2; k++) {
        if (axis[k].pad < 0 || axis[k].kernel < 1)
            return;
        problem.attribute[stride].i[k] = axis[k].stride;
        if (dilation >= 0)
            problem.attribute[dilation].i[k] = axis[k].dilation;
        problem.attribute[kernel].i[k] = axis[k].kernel;
        pad.i[k] = axis[k].pad;
        pad.i[2 + k] = pad_behind(&axis[k], assay__integer_of(&problem, "output_padding", k, 0));
        if (shape >= 0)
            problem.attribute[shape].i[k] = 0;
    }
    problem.attribute[pads] = pad;
    if (assay_problem_infer(&problem, NULL) != ASSAY_OK)
        return;
    for (int i = 0; i < problem.op->input_count; i++) {
        bool residual = strcmp(problem.op->inputs[i].name, "residual") == 0;
        if (residual ? problem.input[i].rank > 0 &&
                           !assay_shape_equal(&problem.output, &court->s->c.problem.output)
                     : !assay_shape_equal(&problem.input[i], &court->s->c.problem.input[i]))
            return;
    }
    snprintf(text, sizeof text,
             "windows with %s: stride %" PRId64 "x%" PRId64 ", dilation %" PRId64 "x%" PRId64
             ", padding %" PRId64 "x%" PRId64,
             what, axis[0].stride, axis[1].stride, axis[0].dilation, axis[1].dilation, axis[0].pad,
             axis[1].pad);
    assay__court_try_problem(court, cause, 0.93, &problem, text);
}

// Both axes together, or one of them, get each of the values that a slip may put there.
static void try_field(assay__court *court, assay_cause cause, const assay__window_axis *right,
                      size_t offset, const char *what, int64_t least)
{
    int64_t values[12], count = 0, own[2];
    for (int k = 0; k < 2; k++) {
        memcpy(&own[k], (const char *)&right[k] + offset, sizeof own[k]);
        values[count++] = own[k];
        values[count++] = own[k] - 1;
        values[count++] = own[k] + 1;
    }
    values[count++] = least;
    values[count++] = right[0].kernel;
    values[count++] = right[1].kernel;
    values[count++] = court->s->c.problem.pad[2];
    values[count++] = court->s->c.problem.pad[3];
    values[count++] = 2;
    for (int64_t y = -1; y < count; y++)
        for (int64_t x = -1; x < count; x++) {
            assay__window_axis axis[2] = {right[0], right[1]};
            int64_t v[2] = {y < 0 ? own[0] : values[y], x < 0 ? own[1] : values[x]};
            if ((y >= 0 && x >= 0 && (v[0] != own[1] || v[1] != own[0]) && y != x) ||
                (v[0] == own[0] && v[1] == own[1]) || v[0] < least || v[1] < least)
                continue;
            for (int k = 0; k < 2; k++)
                memcpy((char *)&axis[k] + offset, &v[k], sizeof v[k]);
            try_axes(court, cause, axis, what);
        }
}

void assay__try_windows(assay__court *court)
{
    const assay_problem *problem = &court->s->c.problem;
    assay__window_axis right[2];
    if (!assay__window_axis_of(problem, 0, &right[0]) ||
        !assay__window_axis_of(problem, 1, &right[1]))
        return;
    try_field(court, ASSAY_CAUSE_stride, right, offsetof(assay__window_axis, stride),
              "another stride", 1);
    try_field(court, ASSAY_CAUSE_dilation, right, offsetof(assay__window_axis, dilation),
              "another dilation", 1);
    try_field(court, ASSAY_CAUSE_pad_offset, right, offsetof(assay__window_axis, pad),
              "another beginning", 0);
    if (problem->op->input_count == 1 && assay_operator_kind(problem->op) == ASSAY_KIND_SELECT)
        try_field(court, ASSAY_CAUSE_tap_missing, right, offsetof(assay__window_axis, kernel),
                  "another extent", 1);
}
