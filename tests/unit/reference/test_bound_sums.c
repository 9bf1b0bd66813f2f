// SPDX-License-Identifier: Apache-2.0
// The bounds of convolution, fully connected layers and means hold for every order and every
// rounding, are nearly reached, and are narrow enough to miss no lost tap.
#include "tests/unit/reference/data_kinds.h"
#include "tests/unit/reference/emulated_kernels.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

enum { TAPS = 8192 };
static float xs[TAPS], ws[TAPS];

static void fill(bench *b, data_kind kind)
{
    for (int i = 0; i < b->p.op->input_count; i++)
        for (int64_t k = 0; k < assay_shape_elements(&b->p.input[i]); k++)
            b->data[i][k] = draw(kind, i == 1, false);
}

// The products of output element i of a 3 x 3 convolution with padding 1, the bias as the last one.
static int gather(const bench *b, int64_t i)
{
    const int64_t *in = b->p.input[0].dim, *out = b->p.output.dim;
    int64_t x = i % out[3], y = i / out[3] % out[2], o = i / out[3] / out[2];
    int n = 0;
    for (int64_t c = 0; c < in[1]; c++)
        for (int64_t k = 0; k < 9; k++) {
            int64_t at_y = y - 1 + k / 3, at_x = x - 1 + k % 3;
            if (at_y < 0 || at_y >= in[2] || at_x < 0 || at_x >= in[3])
                continue;
            xs[n] = b->data[0][(c * in[2] + at_y) * in[3] + at_x];
            ws[n++] = b->data[1][(o * in[1] + c) * 9 + k];
        }
    xs[n] = b->data[2][o];
    ws[n++] = 1;
    return n;
}

static bench convolution(int64_t channels)
{
    assay_problem p = start("conv2d", nchw(1, channels, 6, 7));
    set(&p, "out_channels", 5, 0);
    set(&p, "kernel_shape", 3, 3);
    set_pads(&p, 1, 1, 1, 1);
    return bench_of(p);
}

static void test_convolution(void **state)
{
    (void)state;
    static const int64_t channels[] = {1, 2, 3, 5, 8, 13, 21};
    tally rte = {0, 0}, any = {0, 0};
    assay_contract known = nearest(), open = nearest();
    open.rounding = ASSAY_ROUNDING_UNKNOWN;
    for (int round = 0; round < 40; round++)
        for (int c = 0; c < 7; c++) {
            bench b = convolution(channels[c]);
            fill(&b, (data_kind)((round + c) % DATA_KINDS));
            solve(&b, ASSAY_METHOD_PLAIN, &open);
            for (int64_t i = 0; i < b.ref.count; i += 2) {
                int n = gather(&b, i);
                for (int k = 0; k < ORDERS * ROUNDING_MODES; k++)
                    hold(&any, sum_in_mode(k % ORDERS, rounding_modes[k / ORDERS], xs, ws, n),
                         &b.ref, i, orders[k % ORDERS].name);
            }
            assay_bound(&b.p, b.in, &known, &b.ref);
            for (int64_t i = 1; i < b.ref.count; i += 2) {
                int n = gather(&b, i);
                for (int order = 0; order < ORDERS; order++)
                    hold(&rte, sum_in_mode(order, FE_TONEAREST, xs, ws, n), &b.ref, i,
                         orders[order].name);
            }
            bench_destroy(&b);
        }
    print_message("%d and %d elements, utilisation to nearest %.3f, any rounding %.3f\n",
                  (int)rte.checked, (int)any.checked, rte.use, any.use);
    assert_true(rte.checked + any.checked >= 800000);
}

#if defined(__x86_64__)
// Flushed operands and results, on tiny and on normal data.
static void test_flushed(void **state)
{
    (void)state;
    tally t = {0, 0};
    unsigned control = _mm_getcsr();
    assay_contract c = nearest();
    c.flush = ASSAY_FLUSH_YES;
    for (int round = 0; round < 60; round++) {
        bench b = convolution(1 + round % 4);
        fill(&b, round % 6 == 5 ? WIDE : TINY);
        if (round % 3 == 0) // subnormal operands that meet large ones
            for (int64_t k = 0; k < assay_shape_elements(&b.p.input[0]); k += 3) {
                b.data[0][k] = 0x1.8p-128F;
                b.data[1][k % 9] = 0x1p90F;
            }
        solve(&b, ASSAY_METHOD_PLAIN, &c);
        for (int64_t i = 0; i < b.ref.count; i++) {
            int n = gather(&b, i);
            float y[ORDERS];
            _mm_setcsr(control | 0x8040);
            for (int order = 0; order < ORDERS; order++)
                y[order] = orders[order].sum(xs, ws, n);
            _mm_setcsr(control);
            for (int order = 0; order < ORDERS; order++)
                hold(&t, y[order], &b.ref, i, orders[order].name);
        }
        bench_destroy(&b);
    }
    print_message("%d elements, utilisation %.3f\n", (int)t.checked, t.use);
    assert_true(t.use > 0.05);
}
#endif

static void test_linear(void **state)
{
    (void)state;
    static const int64_t depths[] = {1, 2, 9, 64, 300, 1000};
    tally t = {0, 0};
    assay_contract open = nearest();
    open.rounding = ASSAY_ROUNDING_UNKNOWN;
    for (int round = 0; round < 8; round++)
        for (int d = 0; d < 6; d++) {
            assay_problem p = start("linear", (assay_shape){
                                                  2, {3, depths[d], 1, 1}
            });
            set(&p, "out_features", 50, 0);
            set(&p, "bias", 0, 0);
            bench b = bench_of(p);
            fill(&b, (data_kind)((round + d) % DATA_KINDS));
            solve(&b, ASSAY_METHOD_AUTO, &open);
            for (int64_t i = 0; i < b.ref.count; i++)
                for (int k = 0; k < ORDERS * ROUNDING_MODES; k++)
                    hold(&t,
                         sum_in_mode(k % ORDERS, rounding_modes[k / ORDERS],
                                     b.data[0] + i / 50 * depths[d], b.data[1] + i % 50 * depths[d],
                                     (int)depths[d]),
                         &b.ref, i, orders[k % ORDERS].name);
            bench_destroy(&b);
        }
    print_message("%d elements, utilisation %.3f\n", (int)t.checked, t.use);
}

// A mean by division and by multiplication with a reciprocal, both as inexact as Vulkan allows.
static void test_mean(void **state)
{
    (void)state;
    tally t = {0, 0};
    assay_contract open = nearest();
    open.rounding = ASSAY_ROUNDING_UNKNOWN;
    for (int k = 0; k < TAPS; k++)
        ws[k] = 1;
    for (int round = 0; round < 300; round++) {
        int64_t h = random_integer(1, 20), w = random_integer(1, 30), n = h * w;
        bench b = bench_of(start("global_avg_pool", nchw(1, 8, h, w)));
        fill(&b, (data_kind)(round % DATA_KINDS));
        for (int64_t k = 0; round % 3 == 0 && k < 8 * n; k++)
            b.data[0][k] = (float)random_integer(-4, 4); // an exact sum leaves the division alone
        solve(&b, ASSAY_METHOD_PLAIN, &open);
        for (int64_t i = 0; i < 8; i++)
            for (int k = 0; k < ORDERS * ROUNDING_MODES * 4; k++) {
                int mode = rounding_modes[k / ORDERS % ROUNDING_MODES];
                float s = sum_in_mode(k % ORDERS, mode, b.data[0] + i * n, ws, (int)n);
                float share = k / ORDERS / ROUNDING_MODES % 2 ? 1 : -1, divisor = (float)n;
                float reciprocal[] = {emulated_div(1, divisor, (double)share)};
                float y = emulated_div(s, divisor, (double)share);
                if (k / ORDERS / ROUNDING_MODES >= 2)
                    y = sum_in_mode(0, mode, &s, reciprocal, 1);
                hold(&t, y, &b.ref, i, "mean");
            }
        bench_destroy(&b);
    }
    print_message("%d elements, utilisation %.3f\n", (int)t.checked, t.use);
    assert_true(t.use > 0.5);
}

// 1, u, u, ...: every addition is rounded, all the same way. It comes as near to the bound as
// anything can.
static void test_adversarial(void **state)
{
    (void)state;
    enum { DEPTH = 4608 };
    static const struct {
        assay_rounding rounding;
        int mode;
        float addend;
    } rows[] = {
        {ASSAY_ROUNDING_RTE,     FE_TONEAREST,  0x1p-24F       },
        {ASSAY_ROUNDING_UNKNOWN, FE_TOWARDZERO, 0x1.fffffep-24F}
    };
    for (int r = 0; r < 2; r++) {
        tally t = {0, 0};
        assay_contract c = nearest();
        c.rounding = rows[r].rounding;
        assay_problem p = start("linear", (assay_shape){
                                              2, {1, DEPTH, 1, 1}
        });
        set(&p, "bias", 0, 0);
        bench b = bench_of(p);
        for (int k = 0; k < DEPTH; k++) {
            b.data[0][k] = 1;
            b.data[1][k] = k ? rows[r].addend : 1;
        }
        solve(&b, ASSAY_METHOD_PLAIN, &c);
        hold(&t, sum_in_mode(0, rows[r].mode, b.data[0], b.data[1], DEPTH), &b.ref, 0, "linear");
        bench_destroy(&b);

        b = bench_of(start("global_avg_pool", nchw(1, 1, 64, 64)));
        for (int k = 0; k < 4096; k++) {
            b.data[0][k] = k ? rows[r].addend : 1;
            ws[k] = 1;
        }
        solve(&b, ASSAY_METHOD_PLAIN, &c);
        tally mean = {0, 0};
        float s = sum_in_mode(0, rows[r].mode, b.data[0], ws, 4096);
        hold(&mean, s / 4096, &b.ref, 0, "mean");
        bench_destroy(&b);
        print_message("utilisation: sum %.4f, mean %.4f\n", t.use, mean.use);
        assert_true(t.use >= 0.9 && mean.use >= 0.9);
    }
}

// A kernel that loses one tap, the largest of an element, is wrong in each of them.
static void test_lost_tap(void **state)
{
    (void)state;
    assay_contract open = assay_contract_default();
    static const data_kind kinds[] = {NORMAL, POSITIVE, HE};
    int64_t caught = 0, all = 0;
    for (int round = 0; round < 12; round++) {
        bench b = convolution(32);
        fill(&b, kinds[round % 3]);
        solve(&b, ASSAY_METHOD_PLAIN, &open);
        for (int64_t i = 0; i < b.ref.count; i++) {
            int n = gather(&b, i), largest = 0;
            for (int k = 1; k < n; k++)
                if (fabsf(xs[k] * ws[k]) > fabsf(xs[largest] * ws[largest]))
                    largest = k;
            xs[largest] = 0;
            double off = fabs((double)sum_sequential(xs, ws, n) - b.ref.value[i]);
            all++;
            caught += off > b.ref.bound[i] + 2 * unit_of(b.ref.value[i]);
        }
        bench_destroy(&b);
    }
    assert_true(all > 2000);
    assert_int_equal(caught, all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_convolution),
#if defined(__x86_64__)
        cmocka_unit_test(test_flushed),
#endif
        cmocka_unit_test(test_linear),
        cmocka_unit_test(test_mean),
        cmocka_unit_test(test_adversarial),
        cmocka_unit_test(test_lost_tap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
