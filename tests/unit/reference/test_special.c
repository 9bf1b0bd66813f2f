// SPDX-License-Identifier: Apache-2.0
// The written rules for NaN, infinity, subnormal numbers and flushing (docs/tolerances.md).
#include "tests/unit/reference/reference_problems.h"

#include <float.h>

static const float nan_value = NAN, infinite = INFINITY, tiny = 0x1p-140F;

// One element through a one-input operator; the bound under a contract that keeps NaN, or the
// default.
typedef struct outcome {
    double value, kept, ignored;
    bool nan_allowed;
} outcome;

static outcome element(assay_problem p, const float *data, int64_t i)
{
    bench b = bench_of(p);
    memcpy(b.data[0], data, (size_t)assay_shape_elements(&b.p.input[0]) * sizeof(float));
    assay_contract kept = nearest(), ignored = assay_contract_default();
    solve(&b, ASSAY_METHOD_PLAIN, &kept);
    outcome o = {b.ref.value[i], b.ref.bound[i], 0, b.ref.nan_allowed[i] != 0};
    assay_bound(&b.p, b.in, &ignored, &b.ref);
    o.ignored = b.ref.bound[i];
    bench_destroy(&b);
    return o;
}

static outcome of(const char *op, float x)
{
    return element(start(op, nchw(1, 1, 1, 1)), &x, 0);
}

static void test_elementwise(void **state)
{
    (void)state;
    outcome o = of("relu", nan_value);
    assert_true(o.value == 0 && o.nan_allowed && o.kept == 0 && isinf(o.ignored));
    o = of("relu", infinite);
    assert_true(isinf(o.value) && !o.nan_allowed && o.kept == 0 && isinf(o.ignored));
    o = of("relu", -infinite);
    assert_true(o.value == 0 && o.kept == 0 && isinf(o.ignored));
    static const char *const chains[] = {"leaky_relu", "sigmoid", "tanh"};
    for (int k = 0; k < 3; k++) {
        o = of(chains[k], nan_value);
        assert_true(isnan(o.value) && !o.nan_allowed && o.kept == 0 && isinf(o.ignored));
    }
    o = of("sigmoid", -infinite);
    assert_true(o.value == 0 && o.kept == 0 && isinf(o.ignored));
    o = of("tanh", infinite);
    assert_true(o.value == 1 && o.kept == 0 && isinf(o.ignored));
    o = of("leaky_relu", -infinite);
    assert_true(o.value < 0 && isinf(o.value) && o.kept == 0 && isinf(o.ignored));
}

static void test_clip(void **state)
{
    (void)state;
    assay_problem p = start("clip", nchw(1, 1, 1, 1));
    outcome o = element(p, &infinite, 0); // no limit: infinity, or the largest number
    assert_true(o.value == (double)FLT_MAX && o.kept == 0x1p103);
    attribute(&p, "min")->f = 0;
    attribute(&p, "max")->f = 6;
    o = element(p, &infinite, 0);
    assert_true(o.value == 6 && o.kept == 0);
    o = element(p, &nan_value, 0); // NaN, or any of the limits
    assert_true(o.nan_allowed && o.value - o.kept <= 0 && o.value + o.kept >= 6);
    assert_true(isinf(o.ignored));
}

static void test_max_pool(void **state)
{
    (void)state;
    assay_problem p = start("global_max_pool", nchw(1, 1, 1, 3));
    float data[] = {5, nan_value, -1};
    outcome o = element(p, data, 0); // max(max(5, NaN), -1) may be 5, -1 or NaN
    assert_true(o.value == 5 && o.nan_allowed && o.kept == 6 && isinf(o.ignored));
    data[1] = -infinite;
    o = element(p, data, 0);
    assert_true(o.value == 5 && !o.nan_allowed && o.kept == 0 && isinf(o.ignored));
    data[1] = 4;
    o = element(p, data, 0);
    assert_true(o.value == 5 && o.kept == 0 && o.ignored == 0);
    p = start("max_pool2d", nchw(1, 1, 1, 1));
    set_pads(&p, 1, 0, 0, 0);
    o = element(p, data, 0);
    assert_true(isinf(o.value) && o.value < 0 && o.kept == 0 && isinf(o.ignored));
    o = element(p, data, 1);
    assert_true(o.value == 5 && o.ignored == 0);
}

static void test_softmax(void **state)
{
    (void)state;
    assay_problem p = start("softmax", nchw(1, 1, 1, 3));
    set(&p, "axis", 3, 0);
    float data[] = {1, nan_value, 2};
    outcome o = element(p, data, 0);
    assert_true(isnan(o.value) && o.kept == 0 && isinf(o.ignored));
    data[1] = infinite;
    o = element(p, data, 2);
    assert_true(isnan(o.value) && o.kept == 0 && isinf(o.ignored));
    data[1] = -infinite;
    o = element(p, data, 1);
    assert_true(o.value == 0 && o.kept < 1e-30 && isinf(o.ignored));
    o = element(p, data, 0);
    assert_true(o.value > 0.26 && o.value < 0.27 && o.kept < 1e-5 && isinf(o.ignored));
    float none[] = {-infinite, -infinite, -infinite};
    o = element(p, none, 0);
    assert_true(isnan(o.value) && o.kept == 0);
    float wide[] = {-FLT_MAX, 0, FLT_MAX}; // the difference overflows
    o = element(p, wide, 0);
    assert_true(o.value == 0 && isfinite(o.ignored));
}

static void test_overflow_in_chains(void **state)
{
    (void)state;
    // exp overflows, the quotient vanishes: a NaN there is no right answer.
    outcome o = of("sigmoid", -1000);
    assert_true(o.value == 0 && o.ignored < 1e-30);
    o = of("tanh", 1e30F);
    assert_true(o.value == 1 && o.ignored < 1e-5);
    o = of("tanh", -1e30F);
    assert_true(o.value == -1 && o.ignored < 1e-5);
    // The built-in tanh may be infinity over infinity.
    bench b = bench_of(start("tanh", nchw(1, 1, 1, 3)));
    b.data[0][0] = 88;
    b.data[0][1] = 100;
    b.data[0][2] = 5;
    assay_contract c = nearest();
    c.form = ASSAY_FORM_NATIVE;
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    assert_true(isinf(b.ref.bound[1]));
    assert_true(b.ref.bound[2] < 1e-5);
    bench_destroy(&b);
}

// A convolution of one row with three taps.
static bench three_taps(float a, float x, float c, const float *weights)
{
    assay_problem p = start("conv2d", nchw(1, 1, 1, 3));
    set(&p, "kernel_shape", 1, 3);
    set_pads(&p, 0, 1, 0, 0);
    set(&p, "bias", 0, 0);
    bench b = bench_of(p);
    b.data[0][0] = a;
    b.data[0][1] = x;
    b.data[0][2] = c;
    memcpy(b.data[1], weights, 3 * sizeof(float));
    return b;
}

static void test_conv2d_special(void **state)
{
    (void)state;
    static const float weights[] = {1, 2, 0};
    assay_contract kept = nearest(), ignored = assay_contract_default();
    for (int method = ASSAY_METHOD_PLAIN; method <= ASSAY_METHOD_FAST; method++) {
        bench b = three_taps(1, 2, infinite, weights); // windows (., 1, 2) and (1, 2, inf)
        solve(&b, (assay_method)method, &kept);
        assert_true(b.ref.value[0] == 2 && isnan(b.ref.value[1])); // 0 times infinity
        assert_true(isfinite(b.ref.bound[0]) && b.ref.bound[1] == 0);
        assay_bound(&b.p, b.in, &ignored, &b.ref);
        assert_true(isfinite(b.ref.bound[0]) && isinf(b.ref.bound[1]));
        bench_destroy(&b);
        // Minus infinity alone.
        b = three_taps(-infinite, 2, 3, weights);
        solve(&b, (assay_method)method, &kept);
        assert_true(isinf(b.ref.value[1]) && b.ref.value[1] < 0 && b.ref.bound[1] == 0);
        bench_destroy(&b);
        // A weight that is not finite meets the padding: absent by definition, 0 times infinity for
        // some kernels.
        const float odd[] = {infinite, 1, 1};
        b = three_taps(1, 2, 3, odd);
        solve(&b, (assay_method)method, &kept);
        assert_true(b.ref.value[0] == 3 && b.ref.nan_allowed[0] && !b.ref.nan_allowed[1]);
        assert_true(isinf(b.ref.value[1]));
        bench_destroy(&b);
    }
}

static void test_overflow(void **state)
{
    (void)state;
    assay_contract c = nearest();
    static const float weights[] = {1, 1, 1};
    bench b = three_taps(FLT_MAX, FLT_MAX, -FLT_MAX, weights);
    solve(&b, ASSAY_METHOD_PLAIN, &c); // a partial sum may overflow: anything
    assert_true(b.ref.value[1] == (double)FLT_MAX && isinf(b.ref.bound[1]));
    bench_destroy(&b);
    b = three_taps(FLT_MAX, FLT_MAX, FLT_MAX, weights);
    solve(&b, ASSAY_METHOD_PLAIN, &c); // of one sign: it is infinity for sure
    assert_true(b.ref.value[1] > (double)FLT_MAX && isfinite(b.ref.bound[1]));
    assert_true(b.ref.value[1] - b.ref.bound[1] > (double)FLT_MAX);
    bench_destroy(&b);
    b = three_taps(infinite, FLT_MAX, -FLT_MAX, weights);
    solve(&b, ASSAY_METHOD_PLAIN, &c); // beside an infinity, the other one may come up
    assert_true(isinf(b.ref.value[1]) && isinf(b.ref.bound[1]));
    bench_destroy(&b);
}

// What a flushed operand takes with it, and what does not change where nothing is subnormal.
static void test_flush(void **state)
{
    (void)state;
    assay_contract keep = nearest(), maybe = nearest();
    maybe.flush = ASSAY_FLUSH_MAYBE;
    static const float weights[] = {0x1p100F, 1, 1};
    bench b = three_taps(tiny, 1, 1, weights);
    solve(&b, ASSAY_METHOD_PLAIN, &maybe);
    assert_true(b.ref.bound[1] >= 0x1p-40); // 2^-140 2^100
    assert_true(b.ref.quantum == 0);
    bench_destroy(&b);

    static const struct {
        const char *op;
        float x;
        double flushed; // the bound with flushing must cover this distance
    } rows[] = {
        {"relu",            0x1p-140F,  0x1p-140},
        {"relu",            -0x1p-140F, 0x1p-140},
        {"leaky_relu",      0x1p-130F,  0x1p-130},
        {"leaky_relu",      -0x1p-126F, 0x1p-133},
        {"clip",            0x1p-140F,  0x1p-140},
        {"global_max_pool", 0x1p-140F,  0x1p-140},
        {"global_avg_pool", 0x1p-140F,  0x1p-140}
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        b = bench_of(start(rows[r].op, nchw(1, 1, 1, 1)));
        b.data[0][0] = rows[r].x;
        solve(&b, ASSAY_METHOD_PLAIN, &maybe);
        assert_true(b.ref.bound[0] >= rows[r].flushed && b.ref.bound[0] <= 0x1p-122);
        solve(&b, ASSAY_METHOD_PLAIN, &keep);
        assert_true(b.ref.bound[0] <= 0x1p-146);
        b.data[0][0] = 1; // nothing subnormal: as exact as ever
        solve(&b, ASSAY_METHOD_PLAIN, &maybe);
        assert_true(strcmp(rows[r].op, "global_avg_pool") == 0 || b.ref.bound[0] == 0);
        bench_destroy(&b);
    }
    assay_problem p = start("add", nchw(1, 1, 1, 1));
    p.input[1] = nchw(1, 1, 1, 1);
    b = bench_of(p);
    b.data[0][0] = 0x1.8p-126F; // normal operands, subnormal sum
    b.data[1][0] = -0x1p-126F;
    solve(&b, ASSAY_METHOD_PLAIN, &maybe);
    assert_true(b.ref.value[0] == 0x1p-127 && b.ref.bound[0] >= 0x1p-127);
    b.data[1][0] = infinite;
    solve(&b, ASSAY_METHOD_PLAIN, &keep);
    assert_true(isinf(b.ref.value[0]) && b.ref.bound[0] == 0);
    b.data[0][0] = -infinite;
    solve(&b, ASSAY_METHOD_PLAIN, &keep);
    assert_true(isnan(b.ref.value[0]) && b.ref.bound[0] == 0);
    bench_destroy(&b);
}

static void test_exactness(void **state)
{
    (void)state;
    assert_true(assay_quantum((const float[]){0, 6, -4, 0.5F}, 4) == 0.5);
    assert_true(assay_quantum((const float[]){8, -24}, 2) == 8);
    assert_true(assay_quantum((const float[]){0x1p-149F, 1}, 2) == 0x1p-149);
    assert_true(assay_quantum((const float[]){0x1.8p-127F, 1}, 2) == 0x1p-128);
    assert_true(assay_quantum((const float[]){0, -0.0F}, 2) == 0);
    assert_true(assay_quantum((const float[]){1, infinite}, 2) == 0);
    assert_true(assay_quantum((const float[]){nan_value, 1}, 2) == 0);
    double value = 0, magnitude = 0x1p25; // P = N = 2^24
    assay_reference ref = {.count = 1, .value = &value, .magnitude = &magnitude, .quantum = 1};
    assert_true(assay_sum_is_exact(&ref, 0, 24));
    assert_false(assay_sum_is_exact(&ref, 0, 11));
    value = 2; // P = 2^24 + 1
    assert_false(assay_sum_is_exact(&ref, 0, 24));
    ref.quantum = 2;
    assert_true(assay_sum_is_exact(&ref, 0, 24));
    ref.quantum = 0;
    assert_false(assay_sum_is_exact(&ref, 0, 24));
    ref.quantum = 0x1p-140; // sums of subnormal numbers may be flushed
    magnitude = value = 0x1p-130;
    assert_false(assay_sum_is_exact(&ref, 0, 24));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elementwise),        cmocka_unit_test(test_clip),
        cmocka_unit_test(test_max_pool),           cmocka_unit_test(test_softmax),
        cmocka_unit_test(test_overflow_in_chains), cmocka_unit_test(test_conv2d_special),
        cmocka_unit_test(test_overflow),           cmocka_unit_test(test_flush),
        cmocka_unit_test(test_exactness),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
