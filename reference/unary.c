// SPDX-License-Identifier: Apache-2.0
#include "reference/unary_internal.h"

void assay__unary_parameters(const assay_problem *problem, float *p)
{
    const assay_operator *op = problem->op;
    int count = 0;
    for (int k = 0; k < op->attribute_count; k++)
        if (op->attributes[k].type == ASSAY_ATTRIBUTE_FLOAT)
            p[count++] = problem->attribute[k].f;
        else if (op->attributes[k].type == ASSAY_ATTRIBUTE_WORD)
            p[count++] = (float)problem->attribute[k].i[0];
}

// Beyond every format's range a value only has to stay there: a finite number has no infinite
// value, and E can still be taken from it without loss.
static double in_range(double value)
{
    static const double limit = 0x1p150;
    return fabs(value) > limit ? copysign(limit, value) : value;
}

void assay__unary_reference(const assay_problem *problem, const float *const *in,
                            assay_reference *reference)
{
    float p[ASSAY_ATTRIBUTES_MAX] = {0};
    assay__unary_parameters(problem, p);
    for (int64_t i = 0; i < reference->count; i++) {
        double x = (double)in[0][i], value = problem->op->unary->value(x, p);
        reference->value[i] = isfinite(x) && isfinite(value) ? in_range(value) : value;
        // Only max and min lose a NaN, and those may return either operand.
        reference->nan_allowed[i] = (uint8_t)(isnan(x) && !isnan(value));
    }
}

double assay__unary_error(assay_ball y, double value, const assay_arithmetic *m)
{
    if (isnan(value) || isinf(value))
        return (double)INFINITY; // of a finite x: a division by zero, the logarithm of -1
    if (isinf(y.value) && y.value * value > 0) {
        // What overflowed is above half the largest number, or infinity.
        double below = fabs(value) - m->most / 2, above = m->most * (1 + 2 * m->u) - fabs(value);
        return below > above ? below : above;
    }
    return y.error == 0 && y.value == value ? 0 : assay_ball_bound(y, value);
}

double assay__unary_error_at_infinity(const struct assay__unary *unary, double x, const float *p,
                                      const assay_contract *contract)
{
    double error = assay__bound_special(contract);
    return unary->at_infinity ? error + unary->at_infinity(x, p, contract) : error;
}

bool assay__may_vanish(double factor, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    double least = contract->flush == ASSAY_FLUSH_NO ? m.spacing : m.least;
    return factor != 0 && fabs(factor) < least;
}

void assay__unary_bound(const assay_problem *problem, const float *const *in,
                        const assay_contract *contract, assay_reference *reference)
{
    float p[ASSAY_ATTRIBUTES_MAX] = {0};
    assay_arithmetic m = assay_contract_arithmetic(contract);
    assay__unary_parameters(problem, p);
    for (int64_t i = 0; i < reference->count; i++) {
        double x = (double)in[0][i];
        if (isfinite(x)) {
            assay_ball y = problem->op->unary->ball(assay_ball_input(x, &m), p, contract);
            reference->bound[i] = assay__unary_error(y, reference->value[i], &m);
        } else if (isinf(x)) {
            reference->bound[i] =
                assay__unary_error_at_infinity(problem->op->unary, x, p, contract);
        } else {
            reference->bound[i] = assay__bound_special(contract);
        }
    }
}

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

assay_ball assay__ball_capped(assay_ball x, double low, double high)
{
    assay_ball y = assay_ball_exact(clamp(x.value, low, high));
    if (x.error == 0 || !isfinite(x.error) || isinf(y.value))
        return (assay_ball){y.value, x.error};
    double above = clamp(x.value + x.error, low, high) - y.value;
    double below = y.value - clamp(x.value - x.error, low, high);
    y.error = above > below ? above : below;
    return y;
}

assay_ball assay__ball_sigmoid(assay_ball x, const assay_arithmetic *m)
{
    assay_ball one = assay_ball_exact(1), minus = {-x.value, x.error};
    return assay_ball_div(one, assay_ball_add(one, assay_ball_exp(minus, m), m), m);
}

// Its error near zero is absolute, and it is safe where exp overflows. That safety is what the form
// promises: from where the quotient no longer counts, a kernel must give what it gives there, even
// though the specification would let a division by more than 2^126 (f16: 2^14) return anything.
assay_ball assay__ball_safe_tanh(assay_ball x, const assay_arithmetic *m)
{
    assay_ball one = assay_ball_exact(1), two = assay_ball_exact(2);
    x = assay__ball_capped(x, -(double)INFINITY, m->bits == 11 ? 4.75 : 40);
    assay_ball e = assay_ball_exp(assay_ball_mul(two, x, m), m);
    return assay_ball_sub(one, assay_ball_div(two, assay_ball_add(one, e, m), m), m);
}
