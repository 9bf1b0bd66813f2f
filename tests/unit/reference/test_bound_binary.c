// SPDX-License-Identifier: Apache-2.0
// The bounds of operators of two tensors hold for kernels on a device as bad as Vulkan allows, in
// f32, in f16, and in f32 over f16 storage; and such a device comes near them.
#include "tests/unit/reference/adversarial_checks.h"

typedef double kernel_of_two(adversary *a, double x, double y);

static double k_add(adversary *a, double x, double y)
{
    return add(a, x, y);
}

static double k_sub(adversary *a, double x, double y)
{
    return add(a, x, -y);
}

static double k_mul(adversary *a, double x, double y)
{
    return mul(a, x, y);
}

static double k_div(adversary *a, double x, double y)
{
    return next_bit(a) ? quotient(a, x, y) : mul(a, x, quotient(a, 1, y));
}

static double k_max(adversary *a, double x, double y)
{
    return larger(a, x, y);
}

static double k_min(adversary *a, double x, double y)
{
    return smaller(a, x, y);
}

// exp2(y log2(|x|)), with the sign of an odd power.
static double k_pow(adversary *a, double x, double y)
{
    double size = fabs(x), power = binary_power(a, mul(a, y, binary_logarithm(a, size)));
    return x < 0 && fmod(y, 2) != 0 ? -power : power;
}

// Ranges of the operands; `wide`: of every size that the format has. What has to be reached in f16s
// is less where f32 holds the result of two numbers of f16.
static const struct row {
    const char *op;
    kernel_of_two *kernel;
    double x[2], y[2];
    bool wide, whole; // whole: y is a whole number
    double near, near_f16s;
} rows[] = {
    {"add", k_add, {-3, 3},    {-3, 3}, false, false, 0.3, 0  },
    {"add", k_add, {-1, 1},    {-1, 1}, true,  false, 0.3, 0  },
    {"sub", k_sub, {-3, 3},    {-3, 3}, false, false, 0.3, 0  },
    {"sub", k_sub, {-1, 1},    {-1, 1}, true,  false, 0.3, 0  },
    {"mul", k_mul, {-3, 3},    {-3, 3}, false, false, 0.3, 0  },
    {"mul", k_mul, {-1, 1},    {-1, 1}, true,  false, 0.3, 0  },
    {"div", k_div, {-3, 3},    {-3, 3}, false, false, 0.3, 0.3},
    {"div", k_div, {-1, 1},    {-1, 1}, true,  false, 0.3, 0.3},
    {"max", k_max, {-1, 1},    {-1, 1}, true,  false, 0,   0  },
    {"min", k_min, {-1, 1},    {-1, 1}, true,  false, 0,   0  },
    {"pow", k_pow, {0.4, 2.2}, {-9, 9}, false, false, 0.3, 0.3},
    {"pow", k_pow, {3, 1000},  {-2, 2}, false, false, 0.3, 0.3},
    {"pow", k_pow, {-9, 0},    {-4, 4}, false, true,  0.3, 0.3},
    {"pow", k_pow, {0, 1},     {-3, 3}, true,  false, 0.3, 0.3},
};

enum { COUNT = 1500, PATTERNS = 32 };

static float operand(const double range[2], const struct row *row, bool first, int precision)
{
    double x = range[0] + (range[1] - range[0]) * random_uniform();
    bool power = row->kernel == k_pow && !first;
    if (row->wide && !power)
        x = ldexp(x, precision > 0 ? (int)random_integer(-24, 16) : (int)random_integer(-149, 128));
    return stored(row->whole && !first ? rint(x) : x, precision);
}

static int64_t check_row(const struct row *row, int precision)
{
    usage u = {0};
    for (int k = 0; k < SETTINGS; k++) {
        setting s = setting_of(precision, k);
        assay_problem p = start(row->op, nchw(1, 1, 1, COUNT));
        p.input[1] = p.input[0];
        bench b = bench_of(p);
        for (int i = 0; i < COUNT; i++) {
            b.data[0][i] = operand(row->x, row, true, precision);
            b.data[1][i] = operand(row->y, row, false, precision);
        }
        solve(&b, ASSAY_METHOD_PLAIN, &s.contract);
        for (int i = 0; i < COUNT; i++)
            for (int pattern = 0; pattern < PATTERNS; pattern++) {
                begin(&s.device, pattern);
                double x = load(&s.device, (double)b.data[0][i]);
                double y = load(&s.device, (double)b.data[1][i]);
                double size = fabs(b.ref.value[i]);
                judge(&u, &s.device, &b.ref, i, row->kernel(&s.device, x, y),
                      size >= 0x1p-10 && size <= 0x1p10, row->op);
            }
        bench_destroy(&b);
    }
    conclude(&u, row->op, precision, precision == 1 ? row->near_f16s : row->near);
    return u.checked;
}

static void test_precision(int precision)
{
    int64_t checked = 0;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        checked += check_row(&rows[r], precision);
    assert_true(checked >= 1000000);
}

TESTS_OF_PRECISIONS(test_precision)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PRECISION_TESTS,
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
