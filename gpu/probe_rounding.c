// SPDX-License-Identifier: Apache-2.0
// How add, sub, mul, fma, div and the conversion to f16 round, on hard cases and random operands.
#include "gpu/probe_internal.h"

#include "reference/format.h"

#include <float.h>
#include <math.h>

assay__rounding assay__rounding_start(void)
{
    return (assay__rounding){.rte = true, .rtz = true, .up = true, .down = true};
}

void assay__rounding_note(assay__rounding *r, float actual, float nearest, double rest, float other)
{
    if (rest == 0 || actual == nearest) {
        r->wrong |= actual != nearest;
        if (rest == 0)
            return;
        r->up &= rest < 0;
        r->down &= rest > 0;
        r->rtz &= (rest > 0) == (nearest > 0);
        return;
    }
    r->wrong |= actual != other;
    r->rte = false;
    r->up &= rest > 0;
    r->down &= rest < 0;
    r->rtz &= fabsf(other) < fabsf(nearest);
}

const char *assay__rounding_name(const assay__rounding *r)
{
    if (r->wrong)
        return "wrong";
    return r->rte ? "rte" : r->rtz ? "rtz" : r->up ? "up" : r->down ? "down" : "mixed";
}

float assay__next_f32(float x, bool up)
{
    if (x == 0)
        return up ? FLT_TRUE_MIN : -FLT_TRUE_MIN;
    uint32_t bits = assay_bits_of_float(x);
    return assay_float_of_bits((x > 0) == up ? bits + 1 : bits - 1);
}

double assay__ulp_f32(double x)
{
    int exponent = -150;
    if (x != 0)
        (void)frexp(x, &exponent);
    return ldexp(1.0, exponent - 24 < -149 ? -149 : exponent - 24);
}

// The exact result of an operation as its nearest f32 and the sign of what is left.
typedef struct exact {
    float nearest;
    double rest;
} exact;

// s + e == a + b exactly (Knuth's TwoSum).
static double two_sum(double a, double b, double *e)
{
    double s = a + b, t = s - a;
    *e = (a - (s - t)) + (b - t);
    return s;
}

static exact exact_add(float a, float b)
{
    double e = 0, s = two_sum((double)a, (double)b, &e);
    float nearest = a + b;
    return (exact){nearest, s - (double)nearest + e};
}

static exact exact_sub(float a, float b)
{
    return exact_add(a, -b);
}

static exact exact_mul(float a, float b)
{
    float nearest = a * b;
    return (exact){nearest, (double)a * (double)b - (double)nearest};
}

// Operands on which the directions differ: ties, and values just beside them.
static const float hard[][3] = {
    {1,              0x1p-24F,        1          },
    {0x1.000002p0F,  0x1p-24F,        -1         },
    {1,              0x1.8p-24F,      0x1p-24F   },
    {-1,             -0x1.8p-24F,     1          },
    {-1,             -0x1p-24F,       -0x1p-24F  },
    {1,              -0x1p-25F,       0x1p-30F   },
    {1,              0x1.000002p-24F, 0x1p-48F   },
    {0x1p24F,        1,               1          },
    {0x1.000002p24F, 1,               -1         },
    {0x1.001p0F,     0x1.001p0F,      -0x1.002p0F},
    {0x1.000002p0F,  0x1.fffffep-1F,  0x1p-24F   },
    {0x1.fffffep0F,  0x1.fffffep0F,   -0x1p-40F  },
    {-0x1.001p0F,    0x1.003p0F,      0x1p-24F   },
};

static float random_number(uint64_t bits, int exponent)
{
    float significand = assay_float_of_bits(UINT32_C(0x3F800000) | (uint32_t)(bits & 0x7FFFFF));
    return ldexpf(bits >> 63 ? -significand : significand, exponent);
}

// Operands whose exponents lie close enough for most results to be inexact, far from overflow and
// subnormals.
static void fill_pairs(assay__bench *bench, uint32_t count)
{
    float *operand[3];
    for (int k = 0; k < 3; k++)
        operand[k] = assay__bench_operand(bench, k);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t r = assay__probe_random(3 * (uint64_t)i);
        int ea = (int)(r >> 24 & 31) - 16;
        int eb = ea + (int)((r >> 32 & 0xFFFF) % 53) - 26;
        int ec = ea + eb + (int)((r >> 48 & 0x7FFF) % 53) - 26;
        operand[0][i] = random_number(r, ea);
        operand[1][i] = random_number(assay__probe_random(3 * (uint64_t)i + 1), eb);
        operand[2][i] = random_number(assay__probe_random(3 * (uint64_t)i + 2), ec);
    }
    for (uint32_t i = 0; i < sizeof hard / sizeof hard[0]; i++)
        for (int k = 0; k < 3; k++)
            operand[k][i] = hard[i][k];
}

static void set_rounding(assay_probe *probe, assay__probe_row_id row, const assay__rounding *r)
{
    assay__probe_set(probe, row, !r->wrong, "one of the two neighbours", "%s",
                     assay__rounding_name(r));
}

static assay_status probe_operation(assay__bench *bench, assay__probe_op op,
                                    assay__probe_row_id row, exact (*f)(float, float),
                                    assay_probe *probe, assay_error *error)
{
    ASSAY_TRY(assay__bench_arithmetic(bench, op, ASSAY__PROBE_PAIRS, error));
    const float *a = assay__bench_operand(bench, 0), *b = assay__bench_operand(bench, 1);
    const float *out = assay__bench_result(bench);
    assay__rounding r = assay__rounding_start();
    for (uint32_t i = 0; i < ASSAY__PROBE_PAIRS; i++) {
        exact x = f(a[i], b[i]);
        assay__rounding_note(&r, out[i], x.nearest, x.rest, assay__next_f32(x.nearest, x.rest > 0));
    }
    set_rounding(probe, row, &r);
    probe->rte_f32 = probe->rte_f32 && r.rte && !r.wrong;
    return ASSAY_OK;
}

// fma() may be one operation or two, and so may a * b + c: how many results are explained by one
// rounding to nearest alone, by two alone, and by neither.
typedef struct fusion {
    uint32_t one, two, neither;
} fusion;

static fusion count_fusion(assay__bench *bench)
{
    const float *a = assay__bench_operand(bench, 0), *b = assay__bench_operand(bench, 1);
    const float *c = assay__bench_operand(bench, 2), *out = assay__bench_result(bench);
    fusion n = {0, 0, 0};
    for (uint32_t i = 0; i < ASSAY__PROBE_PAIRS; i++) {
        float product = a[i] * b[i];
        float one = fmaf(a[i], b[i], c[i]), two = product + c[i];
        n.one += out[i] == one && out[i] != two;
        n.two += out[i] == two && out[i] != one;
        n.neither += out[i] != one && out[i] != two;
    }
    return n;
}

static const char *fusion_name(fusion n)
{
    return n.neither ? "unknown" : n.one && n.two ? "mixed" : n.one ? "yes" : "no";
}

static assay_status probe_fma(assay__bench *bench, assay_probe *probe, assay_error *error)
{
    ASSAY_TRY(assay__bench_arithmetic(bench, ASSAY__OP_FMA, ASSAY__PROBE_PAIRS, error));
    fusion n = count_fusion(bench);
    probe->fused_fma = !n.neither && !n.two;
    assay__probe_set(probe, ASSAY__ROW_FMA_FUSED, true, "", "%s", fusion_name(n));
    // Inherited from a multiplication and an addition: not to nearest is conformant, and which way
    // cannot be told.
    probe->rte_f32 = probe->rte_f32 && !n.neither;
    assay__probe_set(probe, ASSAY__ROW_FMA, true, "as * and +", "%s", n.neither ? "other" : "rte");
    ASSAY_TRY(assay__bench_arithmetic(bench, ASSAY__OP_MUL_ADD, ASSAY__PROBE_PAIRS, error));
    assay__probe_set(probe, ASSAY__ROW_CONTRACTED, true, "", "%s",
                     fusion_name(count_fusion(bench)));
    return ASSAY_OK;
}

static assay_status probe_division(assay__bench *bench, assay_probe *probe, assay_error *error)
{
    ASSAY_TRY(assay__bench_arithmetic(bench, ASSAY__OP_DIV, ASSAY__PROBE_PAIRS, error));
    const float *a = assay__bench_operand(bench, 0), *b = assay__bench_operand(bench, 1);
    const float *out = assay__bench_result(bench);
    double most = 0;
    for (uint32_t i = 0; i < ASSAY__PROBE_PAIRS; i++) {
        double quotient = (double)a[i] / (double)b[i];
        double distance = fabs((double)out[i] - quotient) / assay__ulp_f32(quotient);
        most = distance <= most ? most : distance; // a NaN stays
    }
    assay__probe_set(probe, ASSAY__ROW_DIV, most <= 2.5, "2.5 ULP", "%.4g ULP", most);
    return ASSAY_OK;
}

// Both neighbours of a number of normal f16 range: the nearest and the one on the other side.
static void f16_neighbours(float x, float *nearest, float *other)
{
    uint16_t code = assay_to_f16((double)x);
    *nearest = assay_from_f16(code);
    bool away = fabsf(x) > fabsf(*nearest);
    *other = assay_from_f16((uint16_t)(away ? code + 1 : code - 1));
}

static assay_status probe_f16(assay__bench *bench, assay_probe *probe, assay_error *error)
{
    float *a = assay__bench_operand(bench, 0);
    for (uint32_t i = 0; i < ASSAY__PROBE_ARGUMENTS; i++) {
        uint64_t r = assay__probe_random(i);
        a[i] = random_number(r, (int)(r >> 32 & 0xFFFF) % 29 - 14);
        if (i % 4 == 0) // half way between two f16
            a[i] = assay_float_of_bits((assay_bits_of_float(a[i]) & ~UINT32_C(0x1FFF)) | 0x1000);
    }
    ASSAY_TRY(assay__bench_arithmetic(bench, ASSAY__OP_PACK, ASSAY__PROBE_ARGUMENTS, error));
    const float *out = assay__bench_result(bench);
    assay__rounding r = assay__rounding_start();
    for (uint32_t i = 0; i < ASSAY__PROBE_ARGUMENTS; i++) {
        float nearest = 0, other = 0;
        f16_neighbours(a[i], &nearest, &other);
        bool code = out[i] >= 0 && out[i] < 65536;
        float actual = code ? assay_from_f16((uint16_t)out[i]) : NAN;
        assay__rounding_note(&r, actual, nearest, (double)a[i] - (double)nearest, other);
    }
    set_rounding(probe, ASSAY__ROW_F16_ROUNDING, &r);
    return ASSAY_OK;
}

assay_status assay__probe_rounding(assay__bench *bench, assay_probe *probe, assay_error *error)
{
    static const struct {
        assay__probe_op op;
        assay__probe_row_id row;
        exact (*f)(float, float);
    } operations[] = {
        {ASSAY__OP_ADD, ASSAY__ROW_ADD, exact_add},
        {ASSAY__OP_SUB, ASSAY__ROW_SUB, exact_sub},
        {ASSAY__OP_MUL, ASSAY__ROW_MUL, exact_mul}
    };
    fill_pairs(bench, ASSAY__PROBE_PAIRS);
    probe->rte_f32 = true;
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
        ASSAY_TRY(probe_operation(bench, operations[i].op, operations[i].row, operations[i].f,
                                  probe, error));
    ASSAY_TRY(probe_fma(bench, probe, error));
    ASSAY_TRY(probe_division(bench, probe, error));
    return probe_f16(bench, probe, error);
}
