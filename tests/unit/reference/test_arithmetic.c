// SPDX-License-Identifier: Apache-2.0
// Operators of two tensors: values and rules.
#include "tests/unit/reference/reference_problems.h"

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
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_special),
        cmocka_unit_test(test_broadcast),
        cmocka_unit_test(test_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
