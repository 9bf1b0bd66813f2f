// SPDX-License-Identifier: Apache-2.0
#include "reference/resize_internal.h"

static const char *const modes[] = {"nearest", "linear", NULL};
static const char *const coordinates[] = {"half_pixel", "align_corners", "asymmetric", NULL};
static const char *const roundings[] = {"round_prefer_floor", "floor", "round_prefer_ceil", "ceil",
                                        NULL};

static const assay_attribute attributes[] = {
    {.name = "size",
     .spelling = "size",
     .variable = "size",
     .type = ASSAY_ATTRIBUTE_PAIR,
     .always = true,
     .full = true,
     .least = 1,
     .most = ASSAY_EXTENT_MAX,
     .standard = {.i = {1, 1}},
     .summary = "height x width of the output"},
    {.name = "mode",
     .spelling = "mode=",
     .variable = "mode",
     .type = ASSAY_ATTRIBUTE_WORD,
     .summary = "a copy of the nearest element, or linear between the four around",
     .words = modes },
    {.name = "coordinate_transformation_mode",
     .spelling = "coord=",
     .variable = "coordinates",
     .type = ASSAY_ATTRIBUTE_WORD,
     .summary = "where an output element lies in the input",
     .words = coordinates},
    {.name = "nearest_mode",
     .spelling = "round=",
     .variable = "nearest_mode",
     .type = ASSAY_ATTRIBUTE_WORD,
     .summary = "which element is the nearest one",
     .words = roundings},
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    const int64_t *size = assay_get(problem, "size")->i;
    problem->output = problem->input[0];
    for (int axis = 0; axis < 2; axis++) {
        if (problem->input[0].dim[2 + axis] > ASSAY_EXTENT_MAX)
            return assay_fail(error, ASSAY_SHAPE, "resize: %s exceeds 1048576",
                              axis ? "the width" : "the height");
        problem->output.dim[2 + axis] = size[axis];
    }
    return ASSAY_OK;
}

static bool is_nearest(const assay_problem *problem)
{
    return assay_get(problem, "mode")->i[0] == 0;
}

// The four taps of a cell; those of weight zero are absent.
static double between(const float *plane, const assay__axis *rows, const assay__axis *columns,
                      int64_t y, int64_t x)
{
    double down, right, sum = 0;
    int64_t top = assay__axis_cell(rows, y, &down), left = assay__axis_cell(columns, x, &right);
    for (int64_t corner = 0; corner < 4; corner++) {
        int64_t below = corner / 2, beside = corner % 2;
        double weight = (below ? down : 1 - down) * (beside ? right : 1 - right);
        if (weight != 0)
            sum += weight * (double)plane[(top + below) * columns->in + left + beside];
    }
    return sum;
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    assay__axis rows = assay__axis_of(problem, 0), columns = assay__axis_of(problem, 1);
    bool nearest = is_nearest(problem);
    for (int64_t i = 0; i < result->count; i++) {
        int64_t x = i % columns.out, y = i / columns.out % rows.out;
        const float *plane = in[0] + i / (columns.out * rows.out) * rows.in * columns.in;
        if (nearest)
            result->value[i] = (double)plane[assay__axis_nearest(&rows, y) * columns.in +
                                             assay__axis_nearest(&columns, x)];
        else
            result->value[i] = between(plane, &rows, &columns, y, x);
    }
}

// What lies within reach of a kernel.
typedef struct vicinity {
    double most;           // largest size
    double step_y, step_x; // largest difference of neighbours
    double away;           // largest distance from the value
    double lost;           // largest number that may be flushed
    bool finite, alone;    // alone: one element
} vicinity;

static vicinity look_around(const float *plane, int64_t width, const assay__reach *rows,
                            const assay__reach *columns, double value, double least)
{
    vicinity v = {.finite = true,
                  .alone = rows->low == rows->high && columns->low == columns->high};
    for (int64_t y = rows->low; y <= rows->high; y++)
        for (int64_t x = columns->low; x <= columns->high; x++) {
            const float *at = plane + y * width + x;
            double here = (double)*at;
            v.finite = v.finite && isfinite(here);
            v.most = fmax(v.most, fabs(here));
            v.away = fmax(v.away, fabs(here - value));
            v.lost = fabs(here) < least ? fmax(v.lost, fabs(here)) : v.lost;
            if (y < rows->high)
                v.step_y = fmax(v.step_y, fabs((double)at[width] - here));
            if (x < columns->high)
                v.step_x = fmax(v.step_x, fabs((double)at[1] - here));
        }
    return v;
}

static double nearest_bound(const vicinity *v, double value, const assay_contract *contract)
{
    if (!v->finite)
        return v->alone ? assay__bound_special(contract) : (double)INFINITY;
    double flushed = assay__bound_selection(value, v->lost > 0, contract);
    return v->away > flushed ? v->away : flushed;
}

// The coordinate is off, so the interpolated surface is met elsewhere; the weights, differences in
// f32, are rounded to the accumulator; then at most eight roundings of at most four products, or
// two of three operations each in nested steps. docs/tolerances.md
static double linear_bound(const vicinity *v, double off_y, double off_x, const assay_arithmetic *m)
{
    double weight = m->bits == 11 ? m->r * (1 + 0x1p-13) : m->r,
           steps = v->step_y > v->step_x ? v->step_y : v->step_x;
    if (!v->finite || steps > m->most * (1 - 4 * m->r) || v->most > m->most * (1 - 8 * m->r))
        return (double)INFINITY;
    if (v->most == 0)
        return 0;
    return v->step_y * (off_y + weight) + v->step_x * (off_x + weight) +
           (8 * m->r / (1 - 8 * m->r) + 0x1p-50) * v->most + m->eta * (6 * v->most + 8) +
           (m->eta >= m->least ? v->lost : 0);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay__axis rows = assay__axis_of(problem, 0), columns = assay__axis_of(problem, 1);
    assay_arithmetic m = assay_contract_arithmetic(contract);
    bool nearest = is_nearest(problem);
    for (int64_t i = 0; i < result->count; i++) {
        int64_t x = i % columns.out, y = i / columns.out % rows.out;
        const float *plane = in[0] + i / (columns.out * rows.out) * rows.in * columns.in;
        assay__reach down = assay__axis_reach(&rows, y, nearest, contract);
        assay__reach right = assay__axis_reach(&columns, x, nearest, contract);
        double value = result->value[i];
        vicinity v = look_around(plane, columns.in, &down, &right, value, m.operand);
        result->bound[i] = nearest ? nearest_bound(&v, value, contract)
                                   : linear_bound(&v, down.off, right.off, &m);
    }
}

const assay_operator assay_op_resize = {
    ASSAY_OPERATOR_ROW(resize),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .kind = ASSAY_KIND_SELECT,
    .infer = infer,
    .reference = reference,
    .bound = bound,
    .flops = assay__flops_8,
};
