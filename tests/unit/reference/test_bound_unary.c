// SPDX-License-Identifier: Apache-2.0
// The bounds of functions of one number hold for kernels on a device as bad as Vulkan allows, in
// f32, in f16, and in f32 over f16 storage; and such a device comes near them.
#include "tests/unit/reference/reference_problems.h"
#include "tests/unit/reference/unary_kernels.h"

static const struct row {
    const char *op;
    kernel *kernel;
    float p[2]; // numbers, or the index of a word
    bool positive;
    double use; // how near the bound it comes at least; 0 where nothing is rounded
} rows[] = {
    {"relu",         k_relu,         {0, 0},                   false, 0  },
    {"clip",         k_clip,         {-1.5F, 2.3F},            false, 0  },
    {"leaky_relu",   k_leaky_relu,   {0.3F, 0},                false, 0.3},
    {"sigmoid",      k_sigmoid,      {0, 0},                   false, 0.3},
    {"tanh",         k_tanh,         {0, 0},                   false, 0.3},
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

enum { COUNT = 1500, PATTERNS = 48 };

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
    return half ? assay_round_f16(fmin(fmax(x, -65504), 65504), ASSAY_TO_NEAREST)
                : assay_round_f32(fmin(fmax(x, -0x1.fffffep127), 0x1.fffffep127), ASSAY_TO_NEAREST);
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

static double check(const struct row *row, const bench *b, int64_t i, adversary *a)
{
    double value = b->ref.value[i], bound = b->ref.bound[i];
    double most = a->half ? 65504 : 0x1.fffffep127;
    double y = row->kernel(a, load(a, (double)b->data[0][i]), row->p);
    if (isinf(bound))
        return -1; // nothing is promised
    if (isinf(y))
        y = copysign(most * (1 + (a->half ? 0x1p-11 : 0x1p-24)), y);
    if (!(fabs(y - value) <= bound))
        fail_msg("%s(%g) of %.9g is %.9g, the reference %.17g, off by %g times the bound %g "
                 "(half %d, storage %d, nearest %d, flush %d)",
                 row->op, (double)row->p[0], (double)b->data[0][i], y, value,
                 fabs(y - value) / bound, bound, a->half, a->stored, a->nearest, a->flush);
    // How near is asked where nothing underflows: a flushed number is its whole bound.
    double x = fabs((double)b->data[0][i]);
    bool ordinary = !a->flush && x >= 0x1p-4 && x <= 8;
    return ordinary && bound > 0 ? fabs(y - value) / bound : 0;
}

static void check_row(const struct row *row, int precision)
{
    double use[2] = {0, 0};
    int checked = 0, open = 0;
    bool half = precision == 2;
    for (int setting = 0; setting < 4; setting++) {
        assay_contract c = nearest();
        adversary a = {.half = half, .stored = precision > 0};
        c.storage = precision > 0 ? ASSAY_STORAGE_F16 : ASSAY_STORAGE_F32;
        c.accumulator = half ? ASSAY_ACCUMULATOR_F16 : ASSAY_ACCUMULATOR_F32;
        a.nearest = setting & 1;
        a.flush = setting & 2;
        c.rounding = a.nearest ? ASSAY_ROUNDING_RTE : ASSAY_ROUNDING_UNKNOWN;
        c.flush = a.flush ? ASSAY_FLUSH_MAYBE : ASSAY_FLUSH_NO;
        bench b = bench_for(row);
        for (int i = 0; i < COUNT; i++)
            b.data[0][i] = input(i, precision > 0, row->positive);
        if (b.data[1]) {
            float slope = assay_round_f16((double)row->p[0], ASSAY_TO_NEAREST);
            b.data[1][0] = precision > 0 ? slope : row->p[0];
        }
        solve(&b, ASSAY_METHOD_PLAIN, &c);
        struct row held = *row;
        if (b.data[1])
            held.p[0] = b.data[1][0];
        for (int i = 0; i < COUNT; i++)
            for (int k = 0; k < PATTERNS; k++) {
                a.step = 0;
                a.pattern = k == 0   ? 0
                            : k == 1 ? ~UINT64_C(0)
                                     : random_bits() << 11 ^ random_bits();
                double used = check(&held, &b, i, &a);
                checked += used >= 0;
                open += used < 0;
                use[a.nearest] = fmax(use[a.nearest], used);
            }
        bench_destroy(&b);
    }
    static const char *const precisions[] = {"f32", "f16s", "f16a"};
    print_message("%-12s %-4s utilisation %.3f, to nearest %.3f; %d results, %d of any value\n",
                  row->op, precisions[precision], use[0], use[1], checked, open);
    assert_true(checked >= COUNT * PATTERNS * 2);
    // A product of two numbers of f16 is exact in f32.
    bool exact = precision == 1 && strcmp(row->op, "prelu") == 0;
    assert_true(fmax(use[0], use[1]) >= (exact ? 0 : row->use));
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
        cmocka_unit_test(test_f32),
        cmocka_unit_test(test_f16_storage),
        cmocka_unit_test(test_f16_arithmetic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
