// SPDX-License-Identifier: Apache-2.0
// The bounds of log_softmax, local response normalisation and adaptive means: kernels of every
// order and form, with logarithms, powers and quotients as inexact as Vulkan allows, never pass
// them.
#include "tests/unit/reference/emulated_freedom.h"

// log as Vulkan bounds it.
static float emulated_log(float x, double share)
{
    double y = log((double)x);
    return x >= 0.5F && x <= 2 ? (float)(y + share * 0x1p-21 * 0.999) : off_by(y, share, 3);
}

static void log_softmax_row(tally *t, const bench *b, int n, const freedom *f)
{
    float most = b->data[0][0];
    for (int k = 1; k < n; k++)
        most = fmaxf(most, b->data[0][k]);
    for (int k = 0; k < n; k++)
        scratch[k] = emulated_exp(add(b->data[0][k], -most, f), f->root);
    float sum = sum_in_mode(f->order, f->mode, scratch, ones, n);
    float total = emulated_log(sum, f->quotient);
    for (int i = 0; i < n; i++) {
        float late = add(b->data[0][i], -add(most, total, f), f);
        hold(t, add(add(b->data[0][i], -most, f), -total, f), &b->ref, i, "log_softmax");
        hold(t, late, &b->ref, i, "log_softmax, the sum taken off at once");
    }
}

static void test_log_softmax(void **state)
{
    (void)state;
    static const int lengths[] = {1, 2, 3, 10, 100, 1000};
    static const double ranges[] = {0.01, 1, 10, 60, 120};
    tally t = {0, 0};
    assay_contract c = nearest();
    c.rounding = ASSAY_ROUNDING_UNKNOWN;
    for (int k = 0; k < 6 * 5 * 2; k++) {
        int n = lengths[k % 6];
        bench b = bench_of(start("log_softmax", nchw(1, n, 1, 1)));
        for (int i = 0; i < n; i++)
            b.data[0][i] = (float)(random_uniform() * ranges[k / 6 % 5]) + (k < 30 ? 0 : 50.0F);
        solve(&b, ASSAY_METHOD_PLAIN, &c);
        for (int v = 0; v < VARIANTS; v++) {
            freedom f = freedom_of(v);
            log_softmax_row(&t, &b, n, &f);
        }
        bench_destroy(&b);
    }
    print_message("%d elements, utilisation %.3f\n", (int)t.checked, t.use);
    assert_true(t.use >= 0.3);
}

// x / exp2(beta log2(base)), or times that power with the exponent's sign changed.
static float emulated_lrn(float x, float base, float beta, bool times, const freedom *f)
{
    double exact = log2((double)base);
    float low = base >= 0.5F && base <= 2 ? (float)(exact + f->root * 0x1p-21 * 0.999)
                                          : off_by(exact, f->root, 3);
    float exponent = multiply(times ? -beta : beta, low, f);
    float power =
        off_by(exp2((double)exponent), times ? -f->root : f->root, 3 + 2 * fabs((double)exponent));
    return times ? multiply(x, power, f) : emulated_div(x, power, f->quotient);
}

static void test_lrn(void **state)
{
    (void)state;
    enum { CHANNELS = 40, SIZE = 5 };
    tally t = {0, 0};
    assay_contract c = nearest();
    c.rounding = ASSAY_ROUNDING_UNKNOWN;
    for (int round = 0; round < 40; round++) {
        assay_problem p = start("lrn", nchw(1, CHANNELS, 1, 1));
        set(&p, "size", SIZE, 0);
        float alpha = round % 2 ? 1e-4F : 2, bias = round % 4 > 1 ? 1 : 3;
        attribute(&p, "alpha")->f = alpha;
        attribute(&p, "bias")->f = bias;
        bench b = bench_of(p);
        for (int i = 0; i < CHANNELS; i++)
            b.data[0][i] = random_float() * (round % 3 ? 2 : 30);
        solve(&b, ASSAY_METHOD_PLAIN, &c);
        for (int v = 0; v < 2 * VARIANTS; v++) {
            freedom f = freedom_of(v / 2);
            for (int i = 0; i < CHANNELS; i++) {
                int first = i < 2 ? 0 : i - 2, end = i + 3 > CHANNELS ? CHANNELS : i + 3;
                const float *x = b.data[0] + first;
                float sum = sum_in_mode(f.order, f.mode, x, x, end - first);
                float scaled = emulated_div(multiply(alpha, sum, &f), SIZE, f.quotient);
                hold(&t, emulated_lrn(b.data[0][i], add(scaled, bias, &f), 0.75F, v % 2, &f),
                     &b.ref, i, "lrn");
            }
        }
        bench_destroy(&b);
    }
    print_message("%d elements, utilisation %.3f\n", (int)t.checked, t.use);
    assert_true(t.use >= 0.3);
}

// The mean of an adaptive window is one sum and one quotient.
static void test_adaptive_pool(void **state)
{
    (void)state;
    tally t = {0, 0};
    assay_contract c = nearest();
    c.rounding = ASSAY_ROUNDING_UNKNOWN;
    for (int n = 1; n <= 999; n = 3 * n + 1) {
        assay_problem p = start("adaptive_avg_pool2d", nchw(1, 1, 1, n));
        set(&p, "output_size", 1, 1);
        bench b = bench_of(p);
        for (int i = 0; i < n; i++) // adversarial: ties all the way
            b.data[0][i] = i ? 0x1.fffffep-24F : 1;
        solve(&b, ASSAY_METHOD_PLAIN, &c);
        for (int v = 0; v < VARIANTS; v++) {
            freedom f = freedom_of(v);
            hold(&t, mean_of(b.data[0], n, &f), &b.ref, 0, "adaptive_avg_pool2d");
        }
        bench_destroy(&b);
    }
    print_message("%d elements, utilisation %.3f\n", (int)t.checked, t.use);
    assert_true(t.use >= 0.9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_softmax),
        cmocka_unit_test(test_lrn),
        cmocka_unit_test(test_adaptive_pool),
    };
    return cmocka_run_group_tests(tests, fill_ones, NULL);
}
