// SPDX-License-Identifier: Apache-2.0
// Operators of two tensors: values, rules, and bounds against kernels as inexact as Vulkan allows.
#include "tests/unit/reference/emulated_kernels.h"

static const double shares[] = {-1, 1, 0.3};
enum { SHARES = 3, VARIANTS = SHARES * SHARES * ROUNDING_MODES };

static bench pair_of(const char *op, float a, float b)
{
    assay_problem p = start(op, nchw(1, 1, 1, 1));
    p.input[1] = nchw(1, 1, 1, 1);
    bench made = bench_of(p);
    made.data[0][0] = a;
    made.data[1][0] = b;
    return made;
}

typedef struct outcome {
    double value, kept, maybe; // the bound without flushing and with NaN, and Vulkan's own
    bool nan_allowed;
} outcome;

static outcome of(const char *op, float a, float b)
{
    bench made = pair_of(op, a, b);
    assay_contract kept = nearest(), any = assay_contract_default();
    solve(&made, ASSAY_METHOD_PLAIN, &any);
    outcome o = {.maybe = made.ref.bound[0]};
    assay_bound(&made.p, made.in, &kept, &made.ref);
    o.value = made.ref.value[0];
    o.kept = made.ref.bound[0];
    o.nan_allowed = made.ref.nan_allowed[0] != 0;
    bench_destroy(&made);
    return o;
}

static void test_exact(void **state)
{
    (void)state;
    outcome o = of("sub", 5, 3);
    assert_true(o.value == 2 && o.kept == 0 && o.maybe == 0);
    o = of("mul", -3, 7);
    assert_true(o.value == -21 && o.kept == 0 && o.maybe == 0);
    o = of("mul", 0x1.000002p0F, 0x1.000002p0F); // 48 bits
    assert_true(o.kept > 0 && o.kept < 0x1.01p-24 && o.maybe > 0x1p-23);
    o = of("add", 0x1p100F, 0x1p-100F); // fp64 cannot hold it either: the bits that are lost count
    assert_true(o.value == 0x1p100 && o.maybe >= 0x1p-100);
    o = of("div", 0, 7);
    assert_true(o.value == 0 && o.kept == 0 && o.maybe == 0);
    o = of("div", 6, 3); // right is anything near: no quotient is exact
    assert_true(o.value == 2 && o.kept > 0x1p-23 && o.kept < 0x1p-20);
    o = of("pow", 2, 10);
    assert_true(o.value == 1024 && o.kept > 0 && o.kept < 0.01);
    o = of("pow", -2, 3);
    assert_true(o.value == -8 && o.kept > 0 && o.kept < 1e-4);
    o = of("pow", 0, 2.5F);
    assert_true(o.value == 0 && o.kept == 0 && o.maybe == 0);
    o = of("pow", 0, 0);
    assert_true(o.value == 1 && o.kept <= 0x1p-50 && o.maybe <= 0x1p-50);
}

static void test_special(void **state)
{
    (void)state;
    outcome o = of("max", NAN, 3);
    assert_true(o.value == 3 && o.nan_allowed && o.kept == 0 && isinf(o.maybe));
    o = of("min", NAN, NAN);
    assert_true(isnan(o.value) && o.kept == 0);
    o = of("max", 0x1p-140F, 0x1p-141F); // either may be flushed
    assert_true(o.value == 0x1p-140 && o.kept == 0 && o.maybe == 0x1p-125);
    o = of("max", 0x1p-140F, 1);
    assert_true(o.value == 1 && o.maybe == 0);
    o = of("div", 1, 0);
    assert_true(isinf(o.value) && isinf(o.kept));
    o = of("div", 1, INFINITY);
    assert_true(o.value == 0 && o.kept == 0 && isinf(o.maybe));
    o = of("mul", INFINITY, 0x1p-140F); // the other may be flushed, the product NaN
    assert_true(isinf(o.value) && o.kept == 0 && isinf(o.maybe));
    o = of("pow", -2, 0.5F); // no number
    assert_true(isnan(o.value) && o.kept == 0 && isinf(o.maybe));
    o = of("pow", 0, -1);
    assert_true(isinf(o.value) && isinf(o.kept));
    o = of("pow", 0x1p-140F, 0.5F); // the square root, or that of zero
    assert_true(o.kept < 0x1p-80 && o.maybe >= 0x1p-70 && o.maybe < 0x1p-60);
    o = of("pow", 3, 200); // overflows
    assert_true(o.value > 1e38 && isinf(o.maybe));
    o = of("pow", 3, -200);
    assert_true(o.value < 1e-90 && o.maybe < 1e-37);
}

static void test_broadcast(void **state)
{
    (void)state;
    assay_problem p = start("sub", nchw(2, 1, 3, 1));
    p.input[1] = nchw(1, 2, 3, 2);
    bench b = bench_of(p);
    for (int i = 0; i < 6; i++)
        b.data[0][i] = (float)(100 * i);
    for (int i = 0; i < 12; i++)
        b.data[1][i] = (float)i;
    assay_contract c = nearest();
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    assert_int_equal(b.ref.count, 24);
    for (int i = 0; i < 24; i++) // n, c, h, w of 2, 2, 3, 2
        assert_true(b.ref.value[i] ==
                    100 * (i / 12 * 3 + i / 2 % 3) - (i / 6 % 2 * 6 + i / 2 % 3 * 2 + i % 2));
    bench_destroy(&b);
    p.input[1].dim[2] = 2;
    assay_error error = {0};
    assert_int_equal(assay_problem_infer(&p, &error), ASSAY_SHAPE);
}

static float emulated_log2(float x, double share)
{
    double y = log2((double)x);
    return x >= 0.5F && x <= 2
               ? assay_round_f32(y + share * 0x1p-21, share > 0 ? ASSAY_DOWN : ASSAY_UP)
               : off_by(y, share, 3);
}

static float emulated_exp2(float x, double share)
{
    return off_by(exp2((double)x), share, 3 + 2 * fabs((double)x));
}

static float product_in_mode(float a, float b, int mode)
{
    return sum_in_mode(0, mode, &a, &b, 1);
}

static float pow_kernel(float a, float b, double first, double second, int mode)
{
    float size = emulated_exp2(product_in_mode(b, emulated_log2(fabsf(a), first), mode), second);
    return a < 0 && fmodf(b, 2) != 0 ? -size : size;
}

static float div_kernel(float a, float b, double first, double second, int mode)
{
    if (second == 0.3)
        return emulated_div(a, b, first);
    return product_in_mode(a, emulated_div(1, b, first), mode);
}

static float mul_kernel(float a, float b, double first, double second, int mode)
{
    (void)first;
    (void)second;
    return product_in_mode(a, b, mode);
}

static float sub_kernel(float a, float b, double first, double second, int mode)
{
    const float x[] = {a, -b}, one[] = {1, 1};
    (void)first;
    (void)second;
    return sum_in_mode(0, mode, x, one, 2);
}

typedef float (*kernel_of_two)(float a, float b, double first, double second, int mode);

static void check(const char *op, kernel_of_two kernel, float low, float high, float reach)
{
    enum { COUNT = 3000 };
    tally t = {0, 0};
    assay_contract c = nearest();
    c.rounding = ASSAY_ROUNDING_UNKNOWN;
    assay_problem p = start(op, nchw(1, 1, 1, COUNT));
    p.input[1] = nchw(1, 1, 1, COUNT);
    bench b = bench_of(p);
    for (int i = 0; i < COUNT; i++) {
        b.data[0][i] = low + (high - low) * (float)random_uniform();
        b.data[1][i] = reach * random_float();
        if (b.data[0][i] < 0 && !strcmp(op, "pow"))
            b.data[1][i] = rintf(b.data[1][i]);
    }
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    for (int64_t i = 0; i < COUNT; i++)
        for (int k = 0; k < VARIANTS; k++)
            hold(&t,
                 kernel(b.data[0][i], b.data[1][i], shares[k % SHARES], shares[k / SHARES % SHARES],
                        rounding_modes[k / SHARES / SHARES]),
                 &b.ref, i, op);
    bench_destroy(&b);
    print_message("%s: %d elements, utilisation %.3f\n", op, (int)t.checked, t.use);
    assert_true(t.use >= 0.3);
}

static void test_bounds(void **state)
{
    (void)state;
    check("sub", sub_kernel, -3, 3, 3);
    check("mul", mul_kernel, -3, 3, 3);
    check("div", div_kernel, -3, 3, 3);
    check("pow", pow_kernel, 0.4F, 2.2F, 20);
    check("pow", pow_kernel, 3, 1000, 3);
    check("pow", pow_kernel, -9, 0, 6);
}

// A base 2^-14 too large, and a difference that lost its last bits.
static void test_wrong(void **state)
{
    (void)state;
    outcome o = of("pow", 3, 2.5F);
    assert_true(fabs(pow(3 * (1 + 0x1p-14), 2.5) - o.value) > o.maybe);
    o = of("mul", 1.1F, 1.3F);
    assert_true(o.value * 0x1p-20 > o.maybe);
    o = of("div", 1.1F, 1.3F);
    assert_true(o.value * 0x1p-20 > o.maybe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),     cmocka_unit_test(test_special),
        cmocka_unit_test(test_broadcast), cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
