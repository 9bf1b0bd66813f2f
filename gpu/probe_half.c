// SPDX-License-Identifier: Apache-2.0
// Arithmetic of f16, where the device has it: rounding, subnormal numbers, NaN and infinity.
#include "gpu/probe_internal.h"

#include "reference/format.h"

#include <math.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

float assay__probe_half(uint64_t bits, int exponent)
{
    float significand = 1 + (float)(bits & 0x3FF) * 0x1p-10F;
    return ldexpf(bits >> 63 ? -significand : significand, exponent);
}

void assay__rounding_note_half(assay__rounding *r, float actual, double exact)
{
    uint16_t code = assay_to_f16(exact);
    float nearest = assay_from_f16(code);
    bool away = fabs(exact) > fabs((double)nearest);
    float other = assay_from_f16((uint16_t)(away ? code + 1 : code - 1));
    assay__rounding_note(r, actual, nearest, exact - (double)nearest, other);
}

// Exponents that keep every exact result within the normal range of f16 and within a double.
static void fill(assay__bench *bench)
{
    for (uint32_t i = 0; i < ASSAY__PROBE_ARGUMENTS; i++) {
        uint64_t r = assay__probe_random(i);
        int ea = (int)(r >> 24 & 7) - 4, eb = (int)(r >> 32 & 7) - 4;
        assay__bench_operand(bench, 0)[i] = assay__probe_half(r, ea);
        assay__bench_operand(bench, 1)[i] = assay__probe_half(r << 12, eb);
        int ec = ea + eb + (int)((r >> 48 & 0xFF) % 11) - 4;
        assay__bench_operand(bench, 2)[i] = assay__probe_half((r >> 10) ^ (r << 40), ec);
    }
}

static double exact_result(assay__probe_op op, double a, double b)
{
    return op == ASSAY__OP_ADD ? a + b : op == ASSAY__OP_SUB ? a - b : a * b;
}

static assay_status probe_operation(assay__bench *bench, assay__probe_op op,
                                    assay__probe_row_id row, assay_probe *probe, assay_error *error)
{
    ASSAY_TRY(assay__bench_half(bench, op, ASSAY__PROBE_ARGUMENTS, error));
    const float *a = assay__bench_operand(bench, 0), *b = assay__bench_operand(bench, 1);
    assay__rounding r = assay__rounding_start();
    for (uint32_t i = 0; i < ASSAY__PROBE_ARGUMENTS; i++)
        assay__rounding_note_half(&r, assay__bench_result(bench)[i],
                                  exact_result(op, (double)a[i], (double)b[i]));
    assay__probe_set(probe, row, !r.wrong, "one of the two neighbours", "%s",
                     assay__rounding_name(&r));
    probe->rte_f16 = probe->rte_f16 && r.rte && !r.wrong;
    return ASSAY_OK;
}

static double nearest(double x)
{
    return (double)assay_from_f16(assay_to_f16(x));
}

// fma(a, b, c) and a * b + c, of one rounding to nearest or of two.
static assay_status probe_fma(assay__bench *bench, assay_probe *probe, assay_error *error)
{
    static const assay__probe_op ops[] = {ASSAY__OP_FMA, ASSAY__OP_MUL_ADD};
    uint32_t neither = 0;
    for (int k = 0; k < COUNT(ops); k++) {
        ASSAY_TRY(assay__bench_half(bench, ops[k], ASSAY__PROBE_ARGUMENTS, error));
        for (uint32_t i = 0; i < ASSAY__PROBE_ARGUMENTS; i++) {
            double a = (double)assay__bench_operand(bench, 0)[i];
            double b = (double)assay__bench_operand(bench, 1)[i];
            double c = (double)assay__bench_operand(bench, 2)[i];
            double out = (double)assay__bench_result(bench)[i];
            neither += out != nearest(a * b + c) && out != nearest(nearest(a * b) + c);
        }
    }
    probe->rte_f16 = probe->rte_f16 && neither == 0;
    assay__probe_set(probe, ASSAY__ROW_HALF_FMA, true, "as * and +", "%s",
                     neither ? "other" : "rte");
    return ASSAY_OK;
}

typedef struct question {
    assay__probe_op op;
    float a, b, c;
    float expected;
} question;

static const question subnormals[] = {
    {ASSAY__OP_COPY, 0x1p-24F,   0,         0,        0x1p-24F  },
    {ASSAY__OP_COPY, -0x1p-15F,  0,         0,        -0x1p-15F },
    {ASSAY__OP_ADD,  0x1p-15F,   0x1p-14F,  0,        0x1.8p-14F},
    {ASSAY__OP_SUB,  0x1p-13F,   0x1p-15F,  0,        0x1.8p-14F},
    {ASSAY__OP_MUL,  0x1p-20F,   0x1p10F,   0,        0x1p-10F  },
    {ASSAY__OP_FMA,  0x1p-20F,   0x1p10F,   0x1p-12F, 0x1.4p-10F},
    {ASSAY__OP_DIV,  0x1p-20F,   0x1p-10F,  0,        0x1p-10F  },
    {ASSAY__OP_ADD,  0x1.8p-14F, -0x1p-14F, 0,        0x1p-15F  },
    {ASSAY__OP_SUB,  0x1.8p-14F, 0x1p-14F,  0,        0x1p-15F  },
    {ASSAY__OP_MUL,  0x1p-10F,   0x1p-8F,   0,        0x1p-18F  },
    {ASSAY__OP_FMA,  0x1p-10F,   0x1p-8F,   0x1p-19F, 0x1.8p-18F},
    {ASSAY__OP_DIV,  0x1p-10F,   0x1p8F,    0,        0x1p-18F  },
};
static const question specials[] = {
    {ASSAY__OP_ADD,     NAN,      1,         0,   NAN      },
    {ASSAY__OP_MUL,     NAN,      0,         0,   NAN      },
    {ASSAY__OP_MUL,     INFINITY, 0,         0,   NAN      },
    {ASSAY__OP_DIV,     0,        0,         0,   NAN      },
    {ASSAY__OP_FMA,     0,        INFINITY,  1,   NAN      },
    {ASSAY__OP_FMA,     1,        1,         NAN, NAN      },
    {ASSAY__OP_MUL_ADD, NAN,      0,         1,   NAN      },
    {ASSAY__OP_ADD,     INFINITY, -INFINITY, 0,   NAN      },
    {ASSAY__OP_SUB,     1,        INFINITY,  0,   -INFINITY},
    {ASSAY__OP_MUL,     0x1p15F,  4,         0,   INFINITY },
    {ASSAY__OP_ADD,     65504,    65504,     0,   INFINITY },
    {ASSAY__OP_DIV,     -1,       0,         0,   -INFINITY},
    {ASSAY__OP_COMPARE, NAN,      1,         0,   8        },
    {ASSAY__OP_COMPARE, NAN,      NAN,       0,   8        },
    {ASSAY__OP_COMPARE, INFINITY, 2,         0,   56       },
};

// How many answers are as expected.
static assay_status ask(assay__bench *bench, const question *questions, int count, int *right,
                        assay_error *error)
{
    *right = 0;
    for (int i = 0; i < count; i++) {
        const question *q = &questions[i];
        assay__bench_operand(bench, 0)[0] = q->a;
        assay__bench_operand(bench, 1)[0] = q->b;
        assay__bench_operand(bench, 2)[0] = q->c;
        ASSAY_TRY(assay__bench_half(bench, q->op, 1, error));
        float answer = assay__bench_result(bench)[0];
        *right += isnan(q->expected) ? isnan(answer) : answer == q->expected;
    }
    return ASSAY_OK;
}

assay_status assay__probe_half_arithmetic(assay__bench *bench, assay_probe *probe,
                                          assay_error *error)
{
    int right = 0;
    if (!assay__bench_has_half(bench)) {
        for (int row = ASSAY__ROW_HALF_ADD; row <= ASSAY__ROW_HALF_NAN; row++)
            assay__probe_set(probe, (assay__probe_row_id)row, true, "", "no f16 arithmetic");
        return ASSAY_OK;
    }
    fill(bench);
    probe->rte_f16 = true;
    ASSAY_TRY(probe_operation(bench, ASSAY__OP_ADD, ASSAY__ROW_HALF_ADD, probe, error));
    ASSAY_TRY(probe_operation(bench, ASSAY__OP_SUB, ASSAY__ROW_HALF_SUB, probe, error));
    ASSAY_TRY(probe_operation(bench, ASSAY__OP_MUL, ASSAY__ROW_HALF_MUL, probe, error));
    ASSAY_TRY(probe_fma(bench, probe, error));
    ASSAY_TRY(ask(bench, subnormals, COUNT(subnormals), &right, error));
    probe->keeps_subnormal_f16 = right == COUNT(subnormals);
    assay__probe_set(probe, ASSAY__ROW_HALF_SUBNORMAL, true, "", "%s",
                     probe->keeps_subnormal_f16 ? "kept"
                     : right                    ? "mixed"
                                                : "flushed");
    ASSAY_TRY(ask(bench, specials, COUNT(specials), &right, error));
    probe->keeps_nan_f16 = right == COUNT(specials);
    if (probe->keeps_nan_f16)
        assay__probe_set(probe, ASSAY__ROW_HALF_NAN, true, "", "as IEEE 754");
    else
        assay__probe_set(probe, ASSAY__ROW_HALF_NAN, true, "", "%d of %d as IEEE 754", right,
                         COUNT(specials));
    return ASSAY_OK;
}
