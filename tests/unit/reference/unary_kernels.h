// SPDX-License-Identifier: Apache-2.0
// The project's elementwise kernels, and other forms that their bounds have to hold for, on an
// adversarial device.
#ifndef ASSAY_TESTS_UNARY_KERNELS_H
#define ASSAY_TESTS_UNARY_KERNELS_H

#include "tests/unit/reference/adversarial_device.h"

typedef double kernel(adversary *a, double x, const float *p);

static inline double k_relu(adversary *a, double x, const float *p)
{
    (void)p;
    return larger(a, x, 0);
}

static inline double k_clip(adversary *a, double x, const float *p)
{
    double low = constant(a, (double)p[0]), high = constant(a, (double)p[1]);
    return smaller(a, larger(a, x, low), high);
}

static inline double k_leaky_relu(adversary *a, double x, const float *p)
{
    double alpha = constant(a, (double)p[0]);
    return flushed(a, x) >= 0 ? x : mul(a, alpha, x);
}

static inline double k_sigmoid(adversary *a, double x, const float *p)
{
    (void)p;
    return quotient(a, 1, add(a, 1, power(a, -x)));
}

static inline double safe_tanh(adversary *a, double x)
{
    double q = quotient(a, 2, add(a, 1, power(a, mul(a, 2, x))));
    return x > (a->half ? 4.75 : 20) ? 1 : add(a, 1, -q);
}

static inline double k_tanh(adversary *a, double x, const float *p)
{
    (void)p;
    return safe_tanh(a, x);
}

// As Vulkan has it: sinh / cosh, each made of exp.
static inline double k_native_tanh(adversary *a, double x, const float *p)
{
    double up = power(a, x), down = power(a, -x);
    (void)p;
    return quotient(a, mul(a, 0.5, add(a, up, -down)), mul(a, 0.5, add(a, up, down)));
}

static inline double k_elu(adversary *a, double x, const float *p)
{
    double alpha = constant(a, (double)p[0]);
    double below = mul(a, alpha, add(a, power(a, x), -1));
    return flushed(a, x) >= 0 ? x : below;
}

static inline double k_selu(adversary *a, double x, const float *p)
{
    double alpha = constant(a, (double)p[0]), gamma = constant(a, (double)p[1]);
    double below = mul(a, alpha, add(a, power(a, x), -1));
    return mul(a, gamma, flushed(a, x) > 0 ? x : below);
}

static inline double k_hard_sigmoid(adversary *a, double x, const float *p)
{
    double alpha = constant(a, (double)p[0]), beta = constant(a, (double)p[1]);
    return smaller(a, larger(a, add(a, mul(a, alpha, x), beta), 0), 1);
}

static inline double k_hard_swish(adversary *a, double x, const float *p)
{
    double line = smaller(a, larger(a, add(a, x, 3), 0), 6);
    (void)p;
    if (next_bit(a))
        return mul(a, x, quotient(a, line, 6));
    line = add(a, mul(a, x, constant(a, 1.0 / 6)), 0.5);
    return mul(a, x, smaller(a, larger(a, line, 0), 1));
}

static inline double k_silu(adversary *a, double x, const float *p)
{
    double s = quotient(a, 1, add(a, 1, power(a, -x)));
    (void)p;
    return mul(a, x, x < (a->half ? -9.75 : -87.5) ? 0 : s);
}

static inline double k_mish(adversary *a, double x, const float *p)
{
    double most = a->half ? 4.75 : 20;
    double e = power(a, x < most ? x : most), n = mul(a, e, add(a, e, 2));
    double q = quotient(a, n, add(a, n, 2));
    (void)p;
    q = x > most ? 1 : x < (a->half ? -17.5 : -104) ? 0 : q;
    return mul(a, x, q);
}

static inline double k_softplus(adversary *a, double x, const float *p)
{
    (void)p;
    return add(a, larger(a, x, 0), logarithm(a, add(a, 1, power(a, -fabs(x)))));
}

static inline double k_softsign(adversary *a, double x, const float *p)
{
    double q = quotient(a, x, add(a, 1, fabs(x)));
    (void)p;
    return fabs(x) > (a->half ? 0x1p13 : 0x1p30) ? copysign(1, x) : q;
}

static inline double k_exp(adversary *a, double x, const float *p)
{
    (void)p;
    return power(a, x);
}

static inline double k_log(adversary *a, double x, const float *p)
{
    (void)p;
    return logarithm(a, x);
}

static inline double k_sqrt(adversary *a, double x, const float *p)
{
    (void)p;
    return root(a, x);
}

static inline double k_abs(adversary *a, double x, const float *p)
{
    (void)p;
    return fabs(flushed(a, x));
}

static inline double k_neg(adversary *a, double x, const float *p)
{
    (void)p;
    return -flushed(a, x);
}

static inline double k_reciprocal(adversary *a, double x, const float *p)
{
    (void)p;
    return quotient(a, 1, x);
}

// 1 - erf(z), z >= 0.
static inline double rest_of_erf(adversary *a, double z)
{
    static const double c[] = {1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592};
    double t = quotient(a, 1, add(a, 1, mul(a, constant(a, 0.3275911), z)));
    double sum = constant(a, c[0]);
    for (int k = 1; k < 5; k++)
        sum = add(a, mul(a, sum, t), constant(a, c[k]));
    return mul(a, mul(a, sum, t), power(a, -mul(a, z, z)));
}

// The complement of erf as it is, or 1 + erf.
static inline double by_erf(adversary *a, double x)
{
    bool plain = next_bit(a);
    double rest = rest_of_erf(a, mul(a, constant(a, sqrt(0.5)), fabs(x)));
    if (plain)
        return mul(a, 0.5, add(a, 1, x < 0 ? -add(a, 1, -rest) : add(a, 1, -rest)));
    rest = mul(a, 0.5, rest);
    return x < 0 ? rest : add(a, 1, -rest);
}

static inline double by_tanh(adversary *a, double x)
{
    double square = mul(a, x, x), cubic = constant(a, 0.044715), u;
    if (next_bit(a))
        u = add(a, x, mul(a, cubic, mul(a, square, x)));
    else
        u = mul(a, x, add(a, 1, mul(a, cubic, square)));
    return mul(a, 0.5, add(a, 1, safe_tanh(a, mul(a, constant(a, sqrt(2 / acos(-1))), u))));
}

static inline double k_gelu(adversary *a, double x, const float *p)
{
    double most = a->half ? 6 : 14.5, inside = fmin(fmax(x, -most), most);
    double factor = p[0] == 0 ? by_erf(a, inside) : by_tanh(a, inside);
    return mul(a, x, x < -most ? 0 : factor);
}

// PReLU's slope is loaded, not converted.
static inline double k_prelu(adversary *a, double x, const float *p)
{
    double slope = load(a, (double)p[0]);
    return flushed(a, x) >= 0 ? x : mul(a, slope, x);
}

#endif
