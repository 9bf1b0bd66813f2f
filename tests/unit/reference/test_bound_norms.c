// SPDX-License-Identifier: Apache-2.0
// The bounds of normalisations, log_softmax and local response normalisation: kernels of every
// order and form, with roots, logarithms and quotients as inexact as Vulkan allows, never pass
// them; a variance from the squares does.
#include "tests/unit/reference/emulated_freedom.h"

// 1 / sqrt(x), the root itself being 1 / inversesqrt, or inversesqrt at once.
static float inverse_root(float x, const freedom *f, bool native)
{
    float y = off_by(1 / sqrt((double)x), f->root, 2);
    return native ? y : emulated_div(1, emulated_div(1, y, -f->root), f->root);
}

typedef struct moments {
    float mean, variance;
} moments;

typedef moments kernel(const float *x, int n, const freedom *f);

static moments two_passes(const float *x, int n, const freedom *f)
{
    moments m = {mean_of(x, n, f), 0};
    for (int i = 0; i < n; i++)
        scratch[i] = add(x[i], -m.mean, f);
    float sum = sum_in_mode(f->order, f->mode, scratch, scratch, n);
    m.variance = emulated_div(sum, (float)n, f->quotient);
    return m;
}

static moments welford(const float *x, int n, const freedom *f)
{
    moments m = {x[0], 0};
    for (int i = 1; i < n; i++) {
        float before = add(x[i], -m.mean, f);
        m.mean = add(m.mean, emulated_div(before, (float)(i + 1), f->quotient), f);
        m.variance = multiply_add(before, add(x[i], -m.mean, f), m.variance, f);
    }
    m.variance = emulated_div(m.variance, (float)n, f->quotient);
    return m;
}

// Wrong: the mean of the squares less the square of the mean.
static moments one_pass(const float *x, int n, const freedom *f)
{
    moments m = {mean_of(x, n, f), 0};
    float squares = emulated_div(sum_in_mode(f->order, f->mode, x, x, n), (float)n, f->quotient);
    m.variance = fmaxf(multiply_add(-m.mean, m.mean, squares, f), 0);
    return m;
}

// y of one element: factor by factor, or folded into a x + (b - mean a).
static float finish(float x, moments m, float inverse, float scale, float bias, bool folded,
                    const freedom *f)
{
    float a = multiply(inverse, scale, f);
    if (folded)
        return multiply_add(a, x, multiply_add(-m.mean, a, bias, f), f);
    float d = add(x, -m.mean, f);
    return multiply_add(multiply(d, inverse, f), scale, bias, f);
}

// Rows of mean / deviation `ratio`.
static bench rows_of(int n, double ratio)
{
    assay_problem p = start("instance_norm", nchw(2, 3, 1, n));
    bench b = bench_of(p);
    for (int i = 0; i < 6 * n; i++)
        b.data[0][i] = (float)(ratio + (double)random_float() * sqrt(3.0));
    for (int c = 0; c < 3; c++) {
        b.data[1][c] = 1 + random_float() / 4;
        b.data[2][c] = c ? random_float() : 0;
    }
    return b;
}

static void run_rows(tally *t, const bench *b, int n, kernel *k, const freedom *f, bool folded,
                     int *wrong)
{
    for (int row = 0; row < 6; row++) {
        const float *x = b->data[0] + row * n;
        moments m = k(x, n, f);
        float inverse = inverse_root(add(m.variance, 1e-5F, f), f, folded);
        for (int i = 0; i < n; i++) {
            float y = finish(x[i], m, inverse, b->data[1][row % 3], b->data[2][row % 3], folded, f);
            int64_t at = row * n + i;
            if (wrong)
                *wrong += !(fabs((double)y - b->ref.value[at]) <= b->ref.bound[at]);
            else
                hold(t, y, &b->ref, at, "instance_norm");
        }
    }
}

static void test_norm(void **state)
{
    (void)state;
    static const int lengths[] = {1, 2, 3, 7, 30, 100, 1000};
    static const double ratios[] = {0, 1, 10, 100, 1000};
    tally t = {0, 0}, nearly = {0, 0};
    assay_contract open = nearest(), known = nearest();
    open.rounding = ASSAY_ROUNDING_UNKNOWN;
    for (int k = 0; k < 7 * 5; k++) {
        int n = lengths[k % 7];
        bench b = rows_of(n, ratios[k / 7]);
        solve(&b, ASSAY_METHOD_PLAIN, &open);
        for (int v = 0; v<VARIANTS; v += n> 100 ? 7 : 1) {
            freedom f = freedom_of(v);
            run_rows(&t, &b, n, two_passes, &f, v % 2, NULL);
            run_rows(&t, &b, n, welford, &f, v % 2, NULL);
        }
        assay_bound(&b.p, b.in, &known, &b.ref);
        for (int v = 0; v < SHARES * SHARES; v++) {
            freedom f = freedom_of(v);
            run_rows(&nearly, &b, n, two_passes, &f, v % 2, NULL);
            run_rows(&nearly, &b, n, welford, &f, v % 2, NULL);
        }
        bench_destroy(&b);
    }
    print_message("%d elements, utilisation %.3f any rounding, %.3f to nearest\n",
                  (int)(t.checked + nearly.checked), t.use, nearly.use);
    assert_true(t.use >= 0.3 && nearly.use >= 0.3);
}

// With a mean of 300 .. 1000 scratch the squares have lost the variance.
static void test_one_pass_is_wrong(void **state)
{
    (void)state;
    for (int k = 0; k < 8; k++) {
        int n = k % 2 ? 40 : 99, wrong = 0;
        bench b = rows_of(n, k < 4 ? 300 : 1000);
        assay_contract known = nearest();
        solve(&b, ASSAY_METHOD_PLAIN, &known);
        freedom f = {0, 0, k % ORDERS, FE_TONEAREST};
        run_rows(NULL, &b, n, one_pass, &f, false, &wrong);
        print_message("%d elements, mean / deviation %g: %d wrong\n", 6 * n, k < 4 ? 300.0 : 1000.0,
                      wrong);
        assert_true(wrong > 0);
        bench_destroy(&b);
    }
}

static void test_batch_norm(void **state)
{
    (void)state;
    enum { COUNT = 400 };
    tally t = {0, 0};
    assay_contract open = nearest();
    open.rounding = ASSAY_ROUNDING_UNKNOWN;
    for (int round = 0; round < 12; round++) {
        bench b = bench_of(start("batch_norm", nchw(1, COUNT, 1, 1)));
        for (int i = 0; i < COUNT; i++) {
            b.data[1][i] = random_float();
            b.data[2][i] = i % 3 ? random_float() : 0;
            b.data[3][i] = random_float() * (round % 3 ? 1 : 100);
            b.data[4][i] = random_float() * random_float();
            b.data[0][i] = b.data[3][i] + random_float();
        }
        for (int i = 0; i < COUNT; i++)
            b.data[4][i] = fabsf(b.data[4][i]);
        solve(&b, ASSAY_METHOD_PLAIN, &open);
        for (int v = 0; v < VARIANTS; v++) {
            freedom f = freedom_of(v);
            for (int i = 0; i < COUNT; i++) {
                moments m = {b.data[3][i], b.data[4][i]};
                float inverse = inverse_root(add(m.variance, 1e-5F, &f), &f, v % 4 > 1);
                hold(&t, finish(b.data[0][i], m, inverse, b.data[1][i], b.data[2][i], v % 2, &f),
                     &b.ref, i, "batch_norm");
            }
        }
        bench_destroy(&b);
    }
    print_message("%d elements, utilisation %.3f\n", (int)t.checked, t.use);
    assert_true(t.use >= 0.3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_norm),
        cmocka_unit_test(test_one_pass_is_wrong),
        cmocka_unit_test(test_batch_norm),
    };
    return cmocka_run_group_tests(tests, fill_ones, NULL);
}
