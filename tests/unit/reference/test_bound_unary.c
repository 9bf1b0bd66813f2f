// SPDX-License-Identifier: Apache-2.0
// The bounds of functions of one number hold for kernels on a device as bad as Vulkan allows, in
// f32, in f16, and in f32 over f16 storage; and such a device comes near them.
#include "tests/unit/reference/adversarial_checks.h"
#include "tests/unit/reference/unary_kernels.h"

static const struct row {
    const char *op;
    kernel *kernel;
    float p[4]; // an attribute each: a number, or the index of a word
    bool positive;
    double use; // how near the bound it comes at least; 0 where nothing is rounded
} rows[] = {
    {"relu",         k_relu,         {0, 0},                   false, 0  },
    {"clip",         k_clip,         {-1.5F, 2.3F},            false, 0  },
    {"leaky_relu",   k_leaky_relu,   {0.3F, 0},                false, 0.3},
    {"sigmoid",      k_sigmoid,      {0, 0},                   false, 0.3},
    {"tanh",         k_tanh,         {0, 0},                   false, 0.3},
    {"tanh",         k_native_tanh,  {0, 0},                   false, 0.3},
    {"elu",          k_elu,          {1, 0},                   false, 0.3},
    {"elu",          k_elu,          {-0.7F, 0},               false, 0.3},
    {"selu",         k_selu,         {1.6732632F, 1.0507010F}, false, 0.3},
    {"hard_sigmoid", k_hard_sigmoid, {0.2F, 0.5F},             false, 0.3},
    {"hard_sigmoid", k_hard_sigmoid, {-3.3F, 0.1F},            false, 0.3},
    {"hard_swish",   k_hard_swish,   {0, 0},                   false, 0.3},
    {"gelu",         k_gelu,         {0, 0},                   false, 0.3},
    {"gelu",         k_gelu,         {1, 0},                   false, 0.3},
    {"silu",         k_silu,         {0, 0},                   false, 0.3},
    {"mish",         k_mish,         {0, 0},                   false, 0.3},
    {"softplus",     k_softplus,     {0, 0},                   false, 0.3},
    {"softsign",     k_softsign,     {0, 0},                   false, 0.3},
    {"exp",          k_exp,          {0, 0},                   false, 0.3},
    {"log",          k_log,          {0, 0},                   true,  0.3},
    {"sqrt",         k_sqrt,         {0, 0},                   true,  0.3},
    {"abs",          k_abs,          {0, 0},                   false, 0  },
    {"neg",          k_neg,          {0, 0},                   false, 0  },
    {"reciprocal",   k_reciprocal,   {0, 0},                   false, 0.3},
    {"prelu",        k_prelu,        {0.3F, 0},                false, 0.3},
};

enum { COUNT = 1500, PATTERNS = 32 };

// Ordinary numbers, small and large ones, the format's smallest and largest, and what lies around
// the places where exp ends.
static float input(int i, bool half, bool positive)
{
    static const double edges[] = {
        0,    0x1p-149, 0x1p-126, 0x1p-24, 0x1p-14, 65504, 0x1.fffffep127,
        9.7,  9.75,     11.09,    17.33,   87.4,    88.7,  104,
        4.75, 3,        1,        20};
    double x = 2 * random_uniform() - 1;
    switch (i % 5) {
    case 0:
        x *= 10;
        break;
    case 1:
        x = ldexp(x, (int)random_integer(half ? -24 : -149, half ? 16 : 128));
        break;
    case 2:
        x *= half ? 20 : 110;
        break;
    case 3:
        x *= 1;
        break;
    default:
        x = copysign(edges[random_integer(0, 17)] * (1 + (double)random_integer(-2, 2) * 0x1p-11),
                     x);
    }
    x = positive ? fabs(x) : x;
    return stored(x, half);
}

// Fills attributes in the order of the table; the slope of PReLU is data.
static bench bench_for(const struct row *row)
{
    assay_problem p = start(row->op, nchw(1, 1, 1, COUNT));
    for (int k = 0; k < p.op->attribute_count; k++) {
        p.attribute[k].f = row->p[k];
        if (p.op->attributes[k].type == ASSAY_ATTRIBUTE_WORD)
            p.attribute[k].i[0] = (int64_t)row->p[k];
    }
    return bench_of(p);
}

static void check_row(const struct row *row, int precision)
{
    usage u = {0};
    for (int k = 0; k < SETTINGS; k++) {
        setting s = setting_of(precision, k);
        bench b = bench_for(row);
        s.contract.form = row->kernel == k_native_tanh ? ASSAY_FORM_NATIVE : ASSAY_FORM_STANDARD;
        struct row held = *row;
        for (int i = 0; i < COUNT; i++)
            b.data[0][i] = input(i, precision > 0, row->positive);
        if (b.data[1]) // the slope of PReLU
            held.p[0] = b.data[1][0] = stored((double)row->p[0], precision);
        solve(&b, ASSAY_METHOD_PLAIN, &s.contract);
        for (int i = 0; i < COUNT; i++)
            for (int pattern = 0; pattern < PATTERNS; pattern++) {
                double x = (double)b.data[0][i];
                begin(&s.device, pattern);
                double y = held.kernel(&s.device, load(&s.device, x), held.p);
                judge(&u, &s.device, &b.ref, i, y, fabs(x) >= 0x1p-4 && fabs(x) <= 8, row->op);
            }
        bench_destroy(&b);
    }
    assert_true(u.checked >= COUNT * PATTERNS * SETTINGS / 2);
    // A product of two numbers of f16 is exact in f32.
    bool exact = precision == 1 && strcmp(row->op, "prelu") == 0;
    conclude(&u, row->op, precision, exact ? 0 : row->use);
}

// Base 2.7182 instead of e, and a slope that is off by 2^-18: wrong.
static void test_wrong_chain(void **state)
{
    (void)state;
    assay_contract c = assay_contract_default();
    bench b = bench_of(start("sigmoid", nchw(1, 1, 1, 1)));
    b.data[0][0] = 1.5F;
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    assert_true(fabs(1 / (1 + pow(2.7182, -1.5)) - b.ref.value[0]) > b.ref.bound[0]);
    bench_destroy(&b);
    b = bench_of(start("leaky_relu", nchw(1, 1, 1, 1)));
    b.data[0][0] = -3;
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    assert_true(fabs(b.ref.value[0] * 0x1p-18) > b.ref.bound[0]);
    bench_destroy(&b);
}

// A function of one number without a row has a bound that nothing has tried.
static void test_every_function_has_a_row(void **state)
{
    (void)state;
    for (int i = 0; i < assay_operator_count; i++) {
        const assay_operator *op = assay_operators[i];
        size_t r = 0;
        while (op->unary && r < sizeof rows / sizeof *rows && strcmp(rows[r].op, op->name) != 0)
            r++;
        if (r == sizeof rows / sizeof *rows)
            fail_msg("%s has no row in test_bound_unary.c", op->name);
        assert_in_range(op->unary ? op->attribute_count : 0, 0, sizeof rows->p / sizeof *rows->p);
    }
}

static void test_f32(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        check_row(&rows[r], 0);
}

static void test_f16_storage(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        check_row(&rows[r], 1);
}

static void test_f16_arithmetic(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        check_row(&rows[r], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_chain),
        cmocka_unit_test(test_every_function_has_a_row),
        cmocka_unit_test(test_f32),
        cmocka_unit_test(test_f16_storage),
        cmocka_unit_test(test_f16_arithmetic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
