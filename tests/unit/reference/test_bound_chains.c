// SPDX-License-Identifier: Apache-2.0
// The bounds of sigmoid, tanh, softmax and the one-operation operators, against kernels whose exp
// and division are as inexact as Vulkan allows.
#include "tests/unit/reference/emulated_kernels.h"

static const double shares[] = {-1, 1, 0.3};
enum { SHARES = 3, VARIANTS = SHARES * SHARES * ROUNDING_MODES };

// a + b in a rounding mode.
static float add_in_mode(float a, float b, int mode)
{
    const float x[] = {a, b}, one[] = {1, 1};
    return sum_in_mode(0, mode, x, one, 2);
}

static float emulated_sigmoid(float x, double e_share, double d_share, int mode)
{
    float e = emulated_exp(-x, e_share);
    return emulated_div(1, add_in_mode(1, e, mode), d_share);
}

static float emulated_tanh(float x, double e_share, double d_share, int mode)
{
    float e = emulated_exp(2 * x, e_share);
    return add_in_mode(1, -emulated_div(2, add_in_mode(1, e, mode), d_share), mode);
}

static float native_tanh(float x, double e_share, double d_share, int mode)
{
    float up = emulated_exp(x, e_share), down = emulated_exp(-x, -e_share);
    return emulated_div(0.5F * add_in_mode(up, -down, mode), 0.5F * add_in_mode(up, down, mode),
                        d_share);
}

typedef float (*chain)(float x, double e_share, double d_share, int mode);

static void check_chain(const char *op, chain kernel, assay_form form, float range)
{
    enum { COUNT = 4000 };
    tally t = {0, 0};
    assay_contract c = nearest();
    c.rounding = ASSAY_ROUNDING_UNKNOWN;
    c.form = form;
    bench b = bench_of(start(op, nchw(1, 1, 1, COUNT)));
    for (int i = 0; i < COUNT; i++) {
        double x = 2 * random_uniform() - 1;
        b.data[0][i] = (float)(i % 4 ? x * (double)range : ldexp(x, (int)random_integer(-40, 3)));
    }
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    for (int64_t i = 0; i < COUNT; i++)
        for (int k = 0; k < VARIANTS; k++)
            hold(&t,
                 kernel(b.data[0][i], shares[k % SHARES], shares[k / SHARES % SHARES],
                        rounding_modes[k / SHARES / SHARES]),
                 &b.ref, i, op);
    bench_destroy(&b);
    print_message("%s: %d elements, utilisation %.3f\n", op, (int)t.checked, t.use);
    assert_true(t.use >= 0.3);
}

static void test_sigmoid(void **state)
{
    (void)state;
    check_chain("sigmoid", emulated_sigmoid, ASSAY_FORM_STANDARD, 86);
}

static void test_tanh(void **state)
{
    (void)state;
    check_chain("tanh", emulated_tanh, ASSAY_FORM_STANDARD, 43);
    check_chain("tanh", native_tanh, ASSAY_FORM_NATIVE, 86);
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

// One row: all powers off one way, the element's own the other, then the sum in some order.
static void softmax_row(tally *t, const bench *b, int64_t n, int variant, bool flush)
{
    static float e[2048], one[2048];
    double share = shares[variant % SHARES], div = shares[variant / SHARES % SHARES];
    int mode = rounding_modes[variant / SHARES / SHARES % ROUNDING_MODES];
    float most = b->data[0][0];
    for (int64_t k = 1; k < n; k++)
        most = fmaxf(most, b->data[0][k]);
    for (int64_t i = 0; i < n; i += 1 + n / 7) {
        for (int64_t k = 0; k < n; k++) {
            float shifted = add_in_mode(b->data[0][k], -most, mode);
            e[k] = emulated_exp(shifted, k == i ? -share : share);
            e[k] = flush && e[k] < 0x1p-126F ? 0 : e[k];
            one[k] = 1;
        }
        float sum = sum_in_mode(variant % ORDERS, mode, e, one, (int)n);
        float y = emulated_div(e[i], sum, div);
        hold(t, flush && y < 0x1p-126F ? 0 : y, &b->ref, i, "softmax");
    }
}

static void test_softmax(void **state)
{
    (void)state;
    static const int64_t lengths[] = {1, 2, 3, 10, 100, 1000};
    static const double ranges[] = {0.01, 1, 10, 60, 120};
    tally t = {0, 0};
    assay_contract c = nearest();
    c.rounding = ASSAY_ROUNDING_UNKNOWN;
    for (int k = 0; k < 6 * 5 * 4; k++) {
        int64_t n = lengths[k % 6];
        assay_problem p = start("softmax", nchw(1, n, 1, 1));
        set(&p, "axis", 1, 0);
        bench b = bench_of(p);
        for (int64_t i = 0; i < n; i++)
            b.data[0][i] = (float)(random_uniform() * ranges[k / 6 % 5]);
        bool flush = k >= 60;
        c.flush = flush ? ASSAY_FLUSH_MAYBE : ASSAY_FLUSH_NO;
        solve(&b, ASSAY_METHOD_PLAIN, &c);
        for (int variant = 0; variant < VARIANTS; variant++)
            softmax_row(&t, &b, n, variant, flush);
        bench_destroy(&b);
    }
    print_message("%d elements, utilisation %.3f\n", (int)t.checked, t.use);
    assert_true(t.use >= 0.3);
}

// One rounding, in either direction.
static void test_one_operation(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    tally t = {0, 0}, leaky = {0, 0};
    assay_contract c = nearest();
    c.rounding = ASSAY_ROUNDING_UNKNOWN;
    assay_problem p = start("add", nchw(1, 1, 1, COUNT));
    p.input[1] = nchw(1, 1, 1, COUNT);
    bench b = bench_of(p), l = bench_of(start("leaky_relu", nchw(1, 1, 1, COUNT)));
    for (int i = 0; i < COUNT; i++) {
        b.data[0][i] = (float)ldexp((double)random_float(), (int)random_integer(-149, 100));
        b.data[1][i] =
            (float)ldexp((double)b.data[0][i], (int)random_integer(-30, 4)) * (i % 2 ? -1 : 1);
        l.data[0][i] = b.data[0][i];
    }
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    solve(&l, ASSAY_METHOD_PLAIN, &c);
    for (int64_t i = 0; i < COUNT; i++)
        for (int k = 0; k < ROUNDING_MODES; k++) {
            const float alpha[] = {0.01F};
            float x = l.data[0][i];
            hold(&t, add_in_mode(b.data[0][i], b.data[1][i], rounding_modes[k]), &b.ref, i, "add");
            hold(&leaky, x >= 0 ? x : sum_in_mode(2, rounding_modes[k], &x, alpha, 1), &l.ref, i,
                 "leaky_relu");
        }
    bench_destroy(&b);
    bench_destroy(&l);
    print_message("utilisation: add %.3f, leaky_relu %.3f\n", t.use, leaky.use);
    assert_true(t.use > 0.9 && leaky.use > 0.9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sigmoid),       cmocka_unit_test(test_tanh),
        cmocka_unit_test(test_wrong_chain),   cmocka_unit_test(test_softmax),
        cmocka_unit_test(test_one_operation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
