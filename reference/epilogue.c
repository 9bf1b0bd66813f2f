// SPDX-License-Identifier: Apache-2.0
#include "reference/epilogue.h"

#include "reference/unary_internal.h"

#include <string.h>

enum { NONE, RELU, RELU6, LEAKY_RELU };

const char *const assay__epilogue_words[] = {"none", "relu",    "relu6", "leaky_relu", "hard_swish",
                                             "silu", "sigmoid", "tanh",  NULL};

static int word_of(const assay_problem *problem)
{
    return (int)assay_get(problem, "act")->i[0];
}

// relu6 is no operator of its own: it is clip with limits.
static const assay_operator *operator_of(int word)
{
    return assay_operator_find(word == RELU6 ? "clip" : assay__epilogue_words[word]);
}

assay_status assay__epilogue_infer(assay_problem *problem, assay_error *error)
{
    int word = word_of(problem);
    const assay_operator *op = word == NONE ? NULL : operator_of(word);
    if (word != NONE && !(op && op->unary))
        return assay_fail(error, ASSAY_UNSUPPORTED, "%s: there is no activation \"%s\"",
                          problem->op->name, assay__epilogue_words[word]);
    if (assay_get(problem, "residual")->i[0])
        problem->input[3] = problem->output;
    return ASSAY_OK;
}

assay__epilogue assay__epilogue_of(const assay_problem *problem, const float *const *in)
{
    int word = word_of(problem);
    assay__epilogue e = {.residual = in[3], .selects = word == RELU || word == RELU6};
    if (word == NONE)
        return e;
    e.act = operator_of(word)->unary;
    if (word == RELU6)
        e.p[1] = 6;
    else if (word == LEAKY_RELU)
        e.p[0] = assay_get(problem, "alpha")->f;
    return e;
}

void assay__epilogue_add_all(const assay__epilogue *e, assay_reference *reference)
{
    for (int64_t i = 0; e->residual && i < reference->count; i++) {
        double r = (double)e->residual[i];
        reference->value[i] += r;
        if (!reference->magnitude)
            continue;
        reference->magnitude[i] += fabs(r);
        reference->square[i] += r * r;
        reference->terms[i] += r != 0 ? 1.0F : 0.0F;
    }
}

// max and min lose a NaN: it may come out, or one of the limits.
static double selected(const assay__epilogue *e, double sum)
{
    return isnan(sum) ? 0 : e->act->value(sum, e->p);
}

void assay__epilogue_activate(const assay__epilogue *e, assay_reference *reference)
{
    if (!e->act)
        return;
    memcpy(reference->sum, reference->value, (size_t)reference->count * sizeof *reference->sum);
    for (int64_t i = 0; i < reference->count; i++) {
        double sum = reference->sum[i];
        reference->value[i] = e->selects ? selected(e, sum) : e->act->value(sum, e->p);
        if (e->selects && isnan(sum))
            reference->nan_allowed[i] = 1;
    }
}

// The sum as the kernel holds it. What overflowed is an infinity, or the format's largest number.
static assay_ball sum_ball(double sum, double error, const assay_arithmetic *m)
{
    if (fabs(sum) + error <= m->most)
        return (assay_ball){sum, error};
    if (fabs(sum) - error >= m->most / 2)
        return assay_ball_exact(copysign((double)INFINITY, sum));
    return (assay_ball){0, (double)INFINITY};
}

// E of act(sum), where E of the sum is `error`.
static double bound_of(const assay__epilogue *e, const assay_reference *reference, int64_t i,
                       const assay_contract *contract, const assay_arithmetic *m)
{
    double sum = reference->sum[i], error = reference->bound[i];
    if (isinf(error))
        return error;
    if (!isfinite(sum)) {
        if (contract->nan == ASSAY_NAN_IGNORED || (reference->nan_allowed[i] && !isnan(sum)))
            return (double)INFINITY; // NaN is legal in place of the sum, and then any limit may be
        if (isinf(sum) && !e->selects)
            return assay__unary_error_at_infinity(e->act, sum, e->p, contract);
        return e->selects && isnan(sum) ? (double)e->p[1] : 0;
    }
    // Neither stretches a distance nor rounds: what is exact stays exact, and a sum that overflowed
    // is stored as one.
    if (e->selects) {
        bool flat = e->act->value(sum - error, e->p) == e->act->value(sum + error, e->p);
        return flat ? 0 : error;
    }
    assay_ball y = e->act->ball(sum_ball(sum, error, m), e->p, contract);
    return assay__unary_error(y, reference->value[i], m);
}

void assay__epilogue_bound(const assay_problem *problem, const float *const *in,
                           const assay_contract *contract, assay_reference *reference)
{
    assay__epilogue e = assay__epilogue_of(problem, in);
    assay_arithmetic m = assay_contract_arithmetic(contract);
    assay__bound_products(problem, in, contract, reference);
    for (int64_t i = 0; e.act && i < reference->count; i++)
        reference->bound[i] = bound_of(&e, reference, i, contract, &m);
}

double assay__epilogue_flops(const assay_problem *problem)
{
    double each = word_of(problem) == NONE ? 0 : operator_of(word_of(problem))->flops(problem);
    double residual = assay_get(problem, "residual")->i[0] ? 1 : 0;
    return each + residual * (double)assay_shape_elements(&problem->output);
}
