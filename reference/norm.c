// SPDX-License-Identifier: Apache-2.0
// Mean and variance, and what a kernel may make of them.
#include "reference/norm_internal.h"

static const assay_ball anything = {0, (double)INFINITY};

assay__moments assay__moments_of(const float *row, int64_t count, double operand)
{
    assay__moments r = {.count = (double)count, .finite = true};
    assay__sum sum = {0}, square = {0};
    for (int64_t i = 0; i < count; i++) {
        double x = (double)row[i], size = fabs(x);
        assay__sum_add(&sum, x);
        r.finite = r.finite && isfinite(x);
        r.lost = size < operand && size > r.lost ? size : r.lost;
    }
    r.mean = assay__sum_value(&sum) / r.count;
    r.size = sum.magnitude / r.count * (1 + r.count * 0x1p-52);
    for (int64_t i = 0; i < count; i++) {
        double d = (double)row[i] - r.mean;
        assay__sum_add(&square, d * d);
    }
    r.variance = assay__sum_value(&square) / r.count;
    return r;
}

// n r / (1 - n r), Higham's gamma.
static double gamma_of(double n, const assay_arithmetic *m)
{
    return n * m->r < 1 ? n * m->r / (1 - n * m->r) : (double)INFINITY;
}

// 3.5 ULP of a quotient or of a product with a reciprocal.
static double division(const assay_arithmetic *m)
{
    return 7 * m->u * (1 + 8 * m->u);
}

// The sum may pass the largest number on the way.
static bool overflows(const assay__moments *row, const assay_arithmetic *m)
{
    double square = row->variance + row->mean * row->mean;
    return !(row->count * (row->size + row->lost) * (1 + assay__sum_growth(row->count, m)) <=
             m->most) ||
           !(row->count * square <= m->most * m->most) || row->count > 1 / m->least;
}

// Two passes: n - 1 additions and a division.
static double two_pass_mean(const assay__moments *row, const assay_arithmetic *m)
{
    double d = assay__sum_growth(row->count - 1, m), q = division(m);
    double e = d * row->size + row->lost + (row->count > 1 ? m->eta : 0);
    return e + q * (row->size + e);
}

// Welford: k mean_k gains r k |mean_k| <= r n mean|x| at each step, and what is lost of the steps
// d_k / k, d_k = x_k - mean_{k-1}, times k / n: of mean|d| <= sqrt(2 v), as the sum of d^2 (k - 1)
// / k is n v. Each quotient and each sum may underflow. `spread`: 1 for the last mean, 1 + ln n for
// the quadratic mean of all of them.
static double welford_mean(const assay__moments *row, double spread, const assay_arithmetic *m)
{
    return gamma_of(row->count, m) * row->size + row->lost +
           (row->count + 1) / 2 * (2 * m->eta + 3.5 * m->spacing) +
           (division(m) + m->r) * sqrt(2 * row->variance * spread);
}

assay_ball assay__mean_ball(const assay__moments *row, const assay_arithmetic *m)
{
    if (overflows(row, m))
        return anything;
    double error = fmax(two_pass_mean(row, m), welford_mean(row, 1, m));
    double fp64 = 0x1p-50 * row->size, size = fabs(row->mean) + error;
    if (size > 0 && fabs(row->mean) - error < m->least)
        error += m->eta + 3.5 * m->spacing;
    return (assay_ball){row->mean, error + fp64};
}

// The mean of (d + c + e)^2: c is the error of the mean, the same for all, and drops out but for
// c^2; e that of the subtraction, whose size is that of its operands where the compiler multiplies
// them out.
static double two_pass_variance(const assay__moments *row, const assay_arithmetic *m)
{
    double v = row->variance, c = two_pass_mean(row, m);
    double e = m->r * (sqrt(v + row->mean * row->mean) + fabs(row->mean) + c) + row->lost;
    double squares = (c + e) * (c + e) + 2 * sqrt(v) * e;
    return squares + assay__sum_growth(row->count, m) * (v + squares);
}

// Sum of (x - mean_{k-1}) (x - mean_k), whose means are off by at most c: by Cauchy and Schwarz 2
// sqrt(2) c sqrt(v).
static double welford_variance(const assay__moments *row, const assay_arithmetic *m)
{
    double v = row->variance, c = welford_mean(row, 1 + log(row->count), m) + row->lost;
    double squares = 2 * sqrt(2) * c * sqrt(v) + 2 * c * c;
    return squares + gamma_of(row->count + 3, m) * (v + squares);
}

assay_ball assay__variance_ball(const assay__moments *row, const assay_arithmetic *m)
{
    double v = row->variance;
    if (overflows(row, m))
        return anything;
    double error = fmax(two_pass_variance(row, m), welford_variance(row, m));
    if (!(row->count * (v + error) <= m->most))
        return anything;
    error += division(m) * (v + error) + 3 * m->eta + 3.5 * m->spacing;
    return (assay_ball){v, error + 0x1p-50 * v};
}

assay_ball assay__inverse_ball(assay_ball variance, float epsilon, const assay_arithmetic *m)
{
    assay_ball sum = assay_ball_add(variance, assay_ball_constant((double)epsilon, m), m);
    if (!isfinite(sum.error) || !(sum.value - sum.error > 0))
        return anything;
    return assay_ball_div(assay_ball_exact(1), assay_ball_sqrt(sum, m), m);
}

double assay__normed_value(const assay__normed *e)
{
    return (e->x - e->mean.value) * e->inverse.value * e->scale + e->bias;
}

static double lost_product(double a, double b, const assay_arithmetic *m)
{
    double product = fabs(a * b);
    return product < 2 * m->least ? m->eta : 0;
}

// The product d * inverse * scale in every order, then + bias.
static double finite_bound(const assay__normed *e, double value, const assay_arithmetic *m)
{
    assay_ball x = assay_ball_input(e->x, m), g = assay_ball_input(e->scale, m);
    assay_ball b = assay_ball_input(e->bias, m), a = assay_ball_mul(e->inverse, g, m);
    assay_ball d = {e->x - e->mean.value, x.error + e->mean.error};
    double sizes = fabs(e->x) + fabs(e->mean.value) + d.error;
    double factor = fabs(a.value) + a.error;
    if (!(factor * sizes + fabs(e->bias) <= m->most) || !(sizes <= m->most))
        return (double)INFINITY;
    // The subtraction may be multiplied out: x a - mean a, each with two roundings, and joined with
    // the bias one by one.
    d.error += m->r * (2 * fabs(e->x) + 3 * fabs(e->mean.value) + 3 * e->mean.error);
    const assay_ball products[] = {
        assay_ball_mul(assay_ball_mul(d, e->inverse, m), g, m),
        assay_ball_mul(assay_ball_mul(d, g, m), e->inverse, m),
        assay_ball_mul(d, a, m),
    };
    double most = 0;
    for (int i = 0; i < 3; i++)
        most = fmax(most, assay_ball_bound(assay_ball_add(products[i], b, m), value));
    return most + m->r * fabs(e->bias) + lost_product(e->x, a.value, m) +
           lost_product(e->mean.value, a.value, m) + 0x1p-50 * factor * sizes;
}

double assay__normed_bound(const assay__normed *e, double value, const assay_contract *contract)
{
    assay_arithmetic m = assay_contract_arithmetic(contract);
    bool finite = isfinite(e->x) && isfinite(e->scale) && isfinite(e->bias);
    if (!isfinite(e->mean.error) || !isfinite(e->inverse.error) || isinf(e->scale))
        return (double)INFINITY;
    if (finite)
        return finite_bound(e, value, &m);
    assay_ball a = assay_ball_mul(e->inverse, assay_ball_input(e->scale, &m), &m);
    bool vanishes = isinf(e->x) && !(fabs(a.value) > a.error);
    bool meets = isinf(e->bias) && !(fabs(e->x) * (fabs(a.value) + a.error) < m.most / 2);
    return vanishes || meets ? (double)INFINITY : assay__bound_special(contract);
}
