// SPDX-License-Identifier: Apache-2.0
#include "reference/binary_internal.h"
#include "reference/operator_internal.h"

#define FLOAT_ATTRIBUTE(word, value, text)                                                         \
    {                                                                                              \
        .name = word, .spelling = word, .variable = word, .type = ASSAY_ATTRIBUTE_FLOAT,           \
        .standard = {.f = (value)}, .summary = text                                                \
    }

static const assay_attribute attributes[] = {
    FLOAT_ATTRIBUTE("alpha", 1e-4F, "factor of the sum of squares, divided by size"),
    FLOAT_ATTRIBUTE("beta", 0.75F, "exponent"),
    FLOAT_ATTRIBUTE("bias", 1, "added to the sum of squares"),
    {.name = "size",
                                                .spelling = "size",
                                                .variable = "size",
                                                .type = ASSAY_ATTRIBUTE_INT,
                                                .always = true,
                                                .least = 1,
                                                .most = ASSAY_EXTENT_MAX,
                                                .standard = {.i = {5}},
                                                .summary = "channels in the sum: floor((size - 1) / 2) before this one, size / 2 behind it"},
};

// The channels around one element.
typedef struct window {
    assay__sum squares;
    double lost; // what flushed operands may lose
    bool finite;
} window;

static window window_at(const assay_problem *problem, const float *in, int64_t i, double operand)
{
    const int64_t *x = problem->input[0].dim, plane = x[2] * x[3];
    int64_t size = assay_get(problem, "size")->i[0], c = i / plane % x[1];
    int64_t first = c - (size - 1) / 2, last = c + size / 2;
    window w = {.finite = true};
    for (int64_t k = first < 0 ? 0 : first; k <= last && k < x[1]; k++) {
        double v = (double)in[i + (k - c) * plane];
        assay__sum_add(&w.squares, v * v);
        w.finite = w.finite && isfinite(v);
        w.lost += fabs(v) < operand ? v * v : 0;
    }
    return w;
}

static void reference(const assay_problem *problem, const float *const *in, assay_reference *result)
{
    double alpha = (double)assay_get(problem, "alpha")->f;
    double beta = (double)assay_get(problem, "beta")->f;
    double bias = (double)assay_get(problem, "bias")->f;
    double size = (double)assay_get(problem, "size")->i[0];
    for (int64_t i = 0; i < result->count; i++) {
        window w = window_at(problem, in[0], i, 0);
        result->value[i] =
            (double)in[0][i] / pow(bias + alpha / size * assay__sum_value(&w.squares), beta);
    }
}

// The sum of squares in any order.
static assay_ball squares_ball(const window *w, const assay_arithmetic *m)
{
    double n = (double)w->squares.terms, sum = w->squares.magnitude;
    double error =
        sum > 0 ? assay__sum_growth(n, m) * sum + 2 * n * m->eta + w->lost + n * 0x1p-50 * sum : 0;
    return sum + error <= m->most ? (assay_ball){sum, error} : (assay_ball){0, (double)INFINITY};
}

// x / pow(base, beta) or x * pow(base, -beta), where base = bias + alpha / size * squares.
static double element_bound(const assay_problem *problem, double x, const window *w, double value,
                            const assay_arithmetic *m)
{
    assay_ball alpha = assay_ball_constant((double)assay_get(problem, "alpha")->f, m);
    assay_ball beta = assay_ball_constant((double)assay_get(problem, "beta")->f, m);
    assay_ball bias = assay_ball_constant((double)assay_get(problem, "bias")->f, m);
    assay_ball size = assay_ball_constant((double)assay_get(problem, "size")->i[0], m);
    assay_ball squares = squares_ball(w, m), in = assay_ball_input(x, m), minus = beta;
    minus.value = -minus.value;
    double most = 0;
    for (int k = 0; k < 2; k++) {
        assay_ball scaled = k ? assay_ball_mul(squares, assay_ball_div(alpha, size, m), m)
                              : assay_ball_div(assay_ball_mul(squares, alpha, m), size, m);
        assay_ball base = assay_ball_add(bias, scaled, m);
        assay_ball up = assay__ball_pow(base, beta, m), down = assay__ball_pow(base, minus, m);
        most = fmax(most, assay_ball_bound(assay_ball_div(in, up, m), value));
        most = fmax(most, assay_ball_bound(assay_ball_mul(in, down, m), value));
    }
    return most;
}

static void bound(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *result)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    double operand = contract->flush == ASSAY_FLUSH_NO ? 0 : m.operand;
    for (int64_t i = 0; i < result->count; i++) {
        window w = window_at(problem, in[0], i, operand);
        double x = (double)in[0][i], value = result->value[i];
        if (w.finite)
            result->bound[i] = element_bound(problem, x, &w, value, &m);
        else // pow of infinity is not bounded by anything
            result->bound[i] =
                isnan(value) && isnan(x) ? assay__bound_special(contract) : (double)INFINITY;
    }
}

// A multiply-add a channel of the window, and some ten operations.
static double flops(const assay_problem *problem)
{
    double size = (double)assay_get(problem, "size")->i[0];
    double channels = (double)problem->input[0].dim[1];
    return (2 * fmin(size, channels) + 10) * (double)assay_shape_elements(&problem->output);
}

const assay_operator assay_op_lrn = {
    ASSAY_OPERATOR_ROW(lrn),
    ASSAY_ATTRIBUTES(attributes),
    ASSAY_INPUTS(assay__input_nchw, 1),
    .output = "nchw",
    .symmetry = ASSAY_SYMMETRY_SIGN,
    .kind = ASSAY_KIND_NORM,
    .infer = assay__infer_same,
    .reference = reference,
    .bound = bound,
    .flops = flops,
};
