// SPDX-License-Identifier: Apache-2.0
#include "reference/ball.h"
#include "reference/operator_internal.h"

static const assay_tensor_info inputs[] = {
    {"fg",   "nchw", ASSAY_ROLE_DATA, "foreground",                         false},
    {"bg",   "nchw", ASSAY_ROLE_DATA, "background",                         false},
    {"mask", "nchw", ASSAY_ROLE_MASK, "share of the foreground, 1 channel", false},
};

static assay_status infer(assay_problem *problem, assay_error *error)
{
    (void)error;
    problem->output = problem->input[1] = problem->input[2] = problem->input[0];
    problem->input[2].dim[1] = 1;
    return ASSAY_OK;
}

typedef struct layers {
    double fg, bg, mask;
} layers;

static layers layers_at(const assay_problem *problem, const float *const *in, int64_t i)
{
    const int64_t *dim = problem->output.dim;
    int64_t area = dim[2] * dim[3], image = i / (area * dim[1]);
    return (layers){(double)in[0][i], (double)in[1][i], (double)in[2][image * area + i % area]};
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    for (int64_t i = 0; i < result->count; i++) {
        layers l = layers_at(problem, in, i);
        result->value[i] = l.mask * l.fg + (1 - l.mask) * l.bg;
    }
}

// mask fg + (1 - mask) bg. A compiler may multiply it out, or put it together again as one step
// from bg to fg, unless that overflows.
static assay_ball blend(const layers *l, const assay_arithmetic *m)
{
    assay_ball mask = assay_ball_input(l->mask, m), one = assay_ball_exact(1);
    assay_ball fg = assay_ball_input(l->fg, m), bg = assay_ball_input(l->bg, m);
    assay_ball front = assay_ball_mul(mask, fg, m);
    assay_ball back = assay_ball_mul(assay_ball_sub(one, mask, m), bg, m);
    assay_ball less = assay_ball_sub(bg, assay_ball_mul(mask, bg, m), m);
    assay_ball step = assay_ball_mul(mask, assay_ball_sub(fg, bg, m), m);
    assay_ball y = assay_ball_hull(assay_ball_add(front, back, m), assay_ball_add(less, front, m));
    return isfinite(step.value + step.error) ? assay_ball_hull(y, assay_ball_add(bg, step, m)) : y;
}

// Where the mask is 0 or 1, and no operand is flushed, every operation is exact; one step from bg
// is not to be taken there.
static double element_bound(const layers *l, double value, const assay_arithmetic *m,
                            const assay_contract *contract)
{
    bool flushes = m->eta >= m->least;
    double sizes[3] = {fabs(l->fg), fabs(l->bg), fabs(l->mask)};
    bool lost = false, finite = true, large = false;
    for (int k = 0; k < 3; k++) {
        lost = lost || (flushes && sizes[k] != 0 && sizes[k] < m->operand);
        finite = finite && isfinite(sizes[k]);
        large = large || (isfinite(sizes[k]) && sizes[k] > m->most / 4);
    }
    if (!finite) // beside an infinity, the other layer must not overflow, nor the mask become zero
        return lost || large ? (double)INFINITY : assay__bound_special(contract);
    if (!lost && (l->mask == 0 || l->mask == 1))
        return 0;
    return assay_ball_bound(blend(l, m), value);
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    for (int64_t i = 0; i < result->count; i++) {
        layers l = layers_at(problem, in, i);
        result->bound[i] = element_bound(&l, result->value[i], &m, contract);
    }
}

static double flops(const assay_problem *problem)
{
    return 4 * (double)assay_shape_elements(&problem->output);
}

const assay_operator assay_op_alpha_composite = {
    ASSAY_OPERATOR_ROW(alpha_composite),
    ASSAY_INPUTS(inputs, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_LINEAR,
    .kind = ASSAY_KIND_SELECT,
    .infer = infer,
    .reference = reference,
    .bound = bound,
    .flops = flops,
};
