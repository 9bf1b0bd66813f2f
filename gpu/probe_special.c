// SPDX-License-Identifier: Apache-2.0
// Subnormal numbers, NaN, infinity, the range of f16 and the order of a sum: a few operands each.
#include "gpu/probe_internal.h"

#include "reference/format.h"

#include <math.h>

typedef struct question {
    assay__probe_op op;
    float a, b, c;
    float expected; // NAN: a NaN
} question;

static bool agrees(float x, float expected)
{
    return isnan(expected) ? isnan(x) : x == expected;
}

// Runs one question; `answer` is what came out.
static assay_status ask(assay__bench *bench, const question *q, float *answer, assay_error *error)
{
    assay__bench_operand(bench, 0)[0] = q->a;
    assay__bench_operand(bench, 1)[0] = q->b;
    assay__bench_operand(bench, 2)[0] = q->c;
    ASSAY_TRY(assay__bench_arithmetic(bench, q->op, 1, error));
    *answer = assay__bench_result(bench)[0];
    return ASSAY_OK;
}

// Asks all questions: how many answers were as expected, and how many zero.
static assay_status ask_all(assay__bench *bench, const question *questions, int count, int *right,
                            int *zero, assay_error *error)
{
    *right = *zero = 0;
    for (int i = 0; i < count; i++) {
        float answer = 0;
        ASSAY_TRY(ask(bench, &questions[i], &answer, error));
        *right += agrees(answer, questions[i].expected);
        *zero += answer == 0;
    }
    return ASSAY_OK;
}

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static const question copies[] = {
    {ASSAY__OP_COPY, 0x1p-130F,  0, 0, 0x1p-130F },
    {ASSAY__OP_COPY, -0x1p-149F, 0, 0, -0x1p-149F}
};
static const question operands[] = {
    {ASSAY__OP_ADD, 0x1p-127F, 0x1p-126F, 0,         0x1.8p-126F},
    {ASSAY__OP_SUB, 0x1p-125F, 0x1p-127F, 0,         0x1.8p-126F},
    {ASSAY__OP_MUL, 0x1p-130F, 0x1p20F,   0,         0x1p-110F  },
    {ASSAY__OP_FMA, 0x1p-130F, 0x1p20F,   0x1p-112F, 0x1.4p-110F},
    {ASSAY__OP_DIV, 0x1p-130F, 0x1p-20F,  0,         0x1p-110F  }
};
static const question results[] = {
    {ASSAY__OP_ADD, 0x1.8p-126F, -0x1p-126F, 0,         0x1p-127F  },
    {ASSAY__OP_SUB, 0x1.8p-126F, 0x1p-126F,  0,         0x1p-127F  },
    {ASSAY__OP_MUL, 0x1p-100F,   0x1p-30F,   0,         0x1p-130F  },
    {ASSAY__OP_FMA, 0x1p-100F,   0x1p-30F,   0x1p-131F, 0x1.8p-130F},
    {ASSAY__OP_DIV, 0x1p-100F,   0x1p30F,    0,         0x1p-130F  }
};
static const question f16_pack[] = {
    {ASSAY__OP_PACK, 0x1p-15F, 0, 0, 0x200},
    {ASSAY__OP_PACK, 0x1p-24F, 0, 0, 1    }
};
static const question f16_unpack[] = {
    {ASSAY__OP_UNPACK, 0x200, 0, 0, 0x1p-15F},
    {ASSAY__OP_UNPACK, 1,     0, 0, 0x1p-24F}
};
static const question nan_copies[] = {
    {ASSAY__OP_COPY, NAN,       0, 0, NAN      },
    {ASSAY__OP_COPY, INFINITY,  0, 0, INFINITY },
    {ASSAY__OP_COPY, -INFINITY, 0, 0, -INFINITY}
};
static const question nan_arithmetic[] = {
    {ASSAY__OP_ADD,     NAN,      1,         0,   NAN},
    {ASSAY__OP_SUB,     1,        NAN,       0,   NAN},
    {ASSAY__OP_MUL,     NAN,      0,         0,   NAN},
    {ASSAY__OP_MUL,     INFINITY, 0,         0,   NAN},
    {ASSAY__OP_DIV,     NAN,      2,         0,   NAN},
    {ASSAY__OP_DIV,     0,        0,         0,   NAN},
    {ASSAY__OP_DIV,     INFINITY, INFINITY,  0,   NAN},
    {ASSAY__OP_FMA,     0,        INFINITY,  1,   NAN},
    {ASSAY__OP_FMA,     1,        1,         NAN, NAN},
    {ASSAY__OP_MUL_ADD, NAN,      0,         1,   NAN},
    {ASSAY__OP_ADD,     INFINITY, -INFINITY, 0,   NAN},
    {ASSAY__OP_SUB,     INFINITY, INFINITY,  0,   NAN}
};
static const question infinities[] = {
    {ASSAY__OP_ADD, INFINITY, -1,       0, INFINITY },
    {ASSAY__OP_SUB, 1,        INFINITY, 0, -INFINITY},
    {ASSAY__OP_MUL, INFINITY, -2,       0, -INFINITY},
    {ASSAY__OP_FMA, INFINITY, 2,        1, INFINITY },
    {ASSAY__OP_MUL, 0x1p127F, 4,        0, INFINITY },
    {ASSAY__OP_DIV, 1,        INFINITY, 0, 0        },
    {ASSAY__OP_DIV, -1,       0,        0, -INFINITY}
};
static const question comparisons[] = {
    {ASSAY__OP_COMPARE, NAN,      1,   0, 8 },
    {ASSAY__OP_COMPARE, 1,        NAN, 0, 8 },
    {ASSAY__OP_COMPARE, NAN,      NAN, 0, 8 },
    {ASSAY__OP_COMPARE, 1,        2,   0, 11},
    {ASSAY__OP_COMPARE, 2,        2,   0, 38},
    {ASSAY__OP_COMPARE, INFINITY, 2,   0, 56}
};

static assay_status probe_flush(assay__bench *bench, assay_probe *probe, assay_error *error)
{
    static const struct {
        assay__probe_row_id row;
        const question *questions;
        int count;
        bool preserving; // by specification
        bool counts;     // in flush_f32
    } groups[] = {
        {ASSAY__ROW_SUBNORMAL_COPY,       copies,     COUNT(copies),     true,  true },
        {ASSAY__ROW_SUBNORMAL_OPERAND,    operands,   COUNT(operands),   false, true },
        {ASSAY__ROW_SUBNORMAL_RESULT,     results,    COUNT(results),    false, true },
        {ASSAY__ROW_F16_SUBNORMAL_PACK,   f16_pack,   COUNT(f16_pack),   false, false},
        {ASSAY__ROW_F16_SUBNORMAL_UNPACK, f16_unpack, COUNT(f16_unpack), false, false},
    };
    probe->flush_f32 = false;
    for (int i = 0; i < COUNT(groups); i++) {
        int right = 0, zero = 0, count = groups[i].count;
        ASSAY_TRY(ask_all(bench, groups[i].questions, count, &right, &zero, error));
        bool kept = right == count;
        const char *value = kept ? "kept" : zero == count ? "flushed" : "mixed";
        assay__probe_set(probe, groups[i].row, kept || !groups[i].preserving,
                         groups[i].preserving ? "kept" : "", "%s", value);
        probe->flush_f32 = probe->flush_f32 || (groups[i].counts && !kept);
    }
    return ASSAY_OK;
}

// Built-in functions may flush where arithmetic does not. Right to a hundredth is enough to tell.
static assay_status probe_function_flush(assay__bench *bench, assay_probe *probe,
                                         assay_error *error)
{
    static const struct {
        assay__probe_function function;
        float x;
        double (*exact)(double);
    } calls[] = {
        {ASSAY__FN_EXP,  -88.5F,    exp },
        {ASSAY__FN_EXP2, -127.5F,   exp2},
        {ASSAY__FN_LOG,  0x1p-130F, log },
        {ASSAY__FN_LOG2, 0x1p-130F, log2},
        {ASSAY__FN_SQRT, 0x1p-130F, sqrt},
    };
    int kept = 0;
    for (int i = 0; i < COUNT(calls); i++) {
        assay__bench_operand(bench, 0)[0] = calls[i].x;
        ASSAY_TRY(assay__bench_function(bench, calls[i].function, 1, error));
        double expected = calls[i].exact((double)calls[i].x);
        double answer = (double)assay__bench_result(bench)[0];
        kept += fabs(answer - expected) <= 0.01 * fabs(expected);
    }
    const char *value = kept == COUNT(calls) ? "kept" : kept ? "mixed" : "flushed";
    assay__probe_set(probe, ASSAY__ROW_SUBNORMAL_FUNCTION, true, "", "%s", value);
    probe->flush_f32 = probe->flush_f32 || kept < COUNT(calls);
    return ASSAY_OK;
}

static assay_status probe_nan(assay__bench *bench, assay_probe *probe, assay_error *error)
{
    static const struct {
        assay__probe_row_id row;
        const question *questions;
        int count;
    } groups[] = {
        {ASSAY__ROW_NAN_COPY,       nan_copies,     COUNT(nan_copies)    },
        {ASSAY__ROW_NAN_ARITHMETIC, nan_arithmetic, COUNT(nan_arithmetic)},
        {ASSAY__ROW_INF_ARITHMETIC, infinities,     COUNT(infinities)    },
        {ASSAY__ROW_NAN_COMPARE,    comparisons,    COUNT(comparisons)   },
    };
    // Only a device that says so promises what IEEE 754 has for these: elsewhere anything is
    // conformant.
    probe->keeps_nan_f32 = true;
    for (int i = 0; i < COUNT(groups); i++) {
        int right = 0, zero = 0, count = groups[i].count;
        ASSAY_TRY(ask_all(bench, groups[i].questions, count, &right, &zero, error));
        if (right == count)
            assay__probe_set(probe, groups[i].row, true, "", "as IEEE 754");
        else
            assay__probe_set(probe, groups[i].row, true, "", "%d of %d as IEEE 754", right, count);
        probe->keeps_nan_f32 = probe->keeps_nan_f32 && right == count;
    }
    return ASSAY_OK;
}

static const char *operand_name(float x)
{
    return isnan(x) ? "NaN" : x == 1 ? "the number" : "another";
}

// min and max may return either operand; clamp may return anything of NaN and the limits.
static assay_status probe_extremes(assay__bench *bench, assay_probe *probe, assay_error *error)
{
    static const assay__probe_op ops[] = {ASSAY__OP_MIN, ASSAY__OP_MAX};
    static const assay__probe_row_id rows[] = {ASSAY__ROW_NAN_MIN, ASSAY__ROW_NAN_MAX};
    for (int i = 0; i < 2; i++) {
        float first = 0, second = 0;
        ASSAY_TRY(ask(bench, &(question){ops[i], NAN, 1, 0, 0}, &first, error));
        ASSAY_TRY(ask(bench, &(question){ops[i], 1, NAN, 0, 0}, &second, error));
        bool legal = (isnan(first) || first == 1) && (isnan(second) || second == 1);
        if (isnan(first) == isnan(second))
            assay__probe_set(probe, rows[i], legal, "either operand", "%s", operand_name(first));
        else
            assay__probe_set(probe, rows[i], legal, "either operand", "the %s operand",
                             isnan(first) ? "first" : "second");
    }
    float clamped = 0;
    ASSAY_TRY(ask(bench, &(question){ASSAY__OP_CLAMP, NAN, -1, 1, 0}, &clamped, error));
    bool legal = isnan(clamped) || clamped == -1 || clamped == 1;
    assay__probe_set(probe, ASSAY__ROW_NAN_CLAMP, legal, "NaN or a limit", "%s",
                     isnan(clamped) ? "NaN"
                     : clamped < 0  ? "lower limit"
                                    : "upper limit");
    return ASSAY_OK;
}

// Too large for f16: the largest finite number or infinity, and below 65520 no rounding to nearest
// gives infinity.
static assay_status probe_f16_range(assay__bench *bench, assay_probe *probe, assay_error *error)
{
    static const float numbers[] = {65519, 65520, 1e5F};
    for (int i = 0; i < COUNT(numbers); i++) {
        float code = 0;
        ASSAY_TRY(ask(bench, &(question){ASSAY__OP_PACK, numbers[i], 0, 0, 0}, &code, error));
        bool finite = code == 0x7BFF, infinite = code == 0x7C00;
        assay__probe_set(probe, (assay__probe_row_id)(ASSAY__ROW_F16_65519 + i), finite || infinite,
                         "65504 or inf", "%s",
                         finite     ? "65504"
                         : infinite ? "inf"
                                    : "neither");
    }
    return ASSAY_OK;
}

// In f32, one after the other and to nearest, every 1 drowns. More than 0 means a wider accumulator
// or another order.
static assay_status probe_sum(assay__bench *bench, assay_probe *probe, assay_error *error)
{
    static const float terms[8] = {0x1p24F, 1, 1, 1, 1, 1, 1, -0x1p24F};
    for (int i = 0; i < 8; i++)
        assay__bench_operand(bench, 0)[i] = terms[i];
    ASSAY_TRY(assay__bench_arithmetic(bench, ASSAY__OP_SUM, 1, error));
    assay__probe_set(probe, ASSAY__ROW_SWAMPED, true, "", "%g",
                     (double)assay__bench_result(bench)[0]);
    return ASSAY_OK;
}

assay_status assay__probe_special(assay__bench *bench, assay_probe *probe, assay_error *error)
{
    ASSAY_TRY(probe_flush(bench, probe, error));
    ASSAY_TRY(probe_function_flush(bench, probe, error));
    ASSAY_TRY(probe_nan(bench, probe, error));
    ASSAY_TRY(probe_extremes(bench, probe, error));
    ASSAY_TRY(probe_f16_range(bench, probe, error));
    return probe_sum(bench, probe, error);
}
