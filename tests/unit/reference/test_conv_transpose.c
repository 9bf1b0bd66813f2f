// SPDX-License-Identifier: Apache-2.0
// The transposed convolution against what defines it: the adjoint of a convolution, a convolution
// of the input stuffed with zeros, and ONNX's equations for its sizes. Integers throughout, so that
// nothing may differ.
#include "tests/unit/reference/reference_problems.h"

static void fill_integers(bench *b)
{
    for (int i = 0; i < 3; i++)
        for (int64_t k = 0; k < assay_shape_elements(&b->p.input[i]); k++)
            b->data[i][k] = (float)random_integer(-9, 9);
}

static assay_problem random_transposed(void)
{
    int64_t groups = random_integer(0, 2) ? 1 : random_integer(2, 3);
    assay_problem p =
        start("conv_transpose2d", nchw(random_integer(1, 2), groups * random_integer(1, 3),
                                       random_integer(1, 6), random_integer(1, 7)));
    set(&p, "out_channels", groups * random_integer(1, 3), 0);
    set(&p, "group", groups, 0);
    set(&p, "kernel_shape", random_integer(1, 4), random_integer(1, 5));
    set(&p, "strides", random_integer(1, 4), random_integer(1, 4));
    set(&p, "dilations", random_integer(1, 4), random_integer(1, 4));
    set(&p, "output_padding", random_integer(0, 2), random_integer(0, 2));
    set_pads(&p, random_integer(0, 3), random_integer(0, 3), random_integer(0, 3),
             random_integer(0, 3));
    attribute(&p, "pads")->mode = (int)random_integer(0, 3);
    set(&p, "bias", 0, 0);
    return p;
}

// sum of a b, both whole and small.
static int64_t product(const double *a, const float *b, int64_t count)
{
    int64_t sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += (int64_t)a[i] * (int64_t)b[i];
    return sum;
}

// <conv(x), y> = <x, convT(y)>: weights oihw of the convolution are iohw of the transposed one.
// What the stride leaves of x behind the last window is the output padding.
static void test_adjoint(void **state)
{
    (void)state;
    assay_contract c = nearest();
    int done = 0;
    for (int round = 0; done < 400; round++) {
        assay_problem p = random_transposed();
        if (assay_problem_infer(&p, NULL) != ASSAY_OK)
            continue;
        assay_problem q = start("conv2d", p.output);
        set(&q, "out_channels", p.input[0].dim[1], 0);
        static const char *const same[] = {"group", "kernel_shape", "strides", "dilations", "bias"};
        for (int k = 0; k < 5; k++)
            *attribute(&q, same[k]) = *attribute(&p, same[k]);
        set_pads(&q, p.pad[0], p.pad[1], p.pad[2], p.pad[3]);
        if (assay_problem_infer(&q, NULL) != ASSAY_OK || // more output than taps reach
            !assay_shape_equal(&q.output, &p.input[0]))
            continue;
        done++;
        bench t = bench_of(p), conv = bench_of(q);
        assert_true(assay_shape_equal(&t.p.input[1], &conv.p.input[1]));
        fill_integers(&t);
        fill_integers(&conv);
        memcpy(conv.data[1], t.data[1],
               (size_t)assay_shape_elements(&t.p.input[1]) * sizeof(float));
        solve(&t, ASSAY_METHOD_PLAIN, &c);
        solve(&conv, ASSAY_METHOD_PLAIN, &c);
        int64_t a = product(conv.ref.value, t.data[0], conv.ref.count);
        int64_t b = product(t.ref.value, conv.data[0], t.ref.count);
        if (a != b)
            fail_msg("round %d: <conv(x), y> = %lld, <x, convT(y)> = %lld", round, (long long)a,
                     (long long)b);
        bench_destroy(&t);
        bench_destroy(&conv);
    }
}

// Element i of the transposed convolution as a convolution of stuffed input with the flipped
// kernel.
static double stuffed(const bench *b, int64_t index)
{
    const assay_problem *p = &b->p;
    const int64_t *x = p->input[0].dim, *w = p->input[1].dim, *y = p->output.dim;
    const int64_t *s = assay_get(p, "strides")->i, *d = assay_get(p, "dilations")->i;
    int64_t at[] = {index / y[3] / y[2] / y[1], index / y[3] / y[2] % y[1], index / y[3] % y[2],
                    index % y[3]};
    int64_t group = at[1] / w[1], channels = x[1] / assay_get(p, "group")->i[0];
    double sum = 0;
    for (int64_t c = group * channels; c < (group + 1) * channels; c++)
        for (int64_t ky = w[2] - 1; ky >= 0; ky--)
            for (int64_t kx = w[3] - 1; kx >= 0; kx--) {
                // Place in the stuffed image, which has (x - 1) s + 1 rows.
                int64_t in_y = at[2] + p->pad[0] - ky * d[0], in_x = at[3] + p->pad[1] - kx * d[1];
                bool inside = in_y >= 0 && in_y <= (x[2] - 1) * s[0] && in_x >= 0 &&
                              in_x <= (x[3] - 1) * s[1];
                bool zero = !inside || in_y % s[0] || in_x % s[1];
                if (!zero)
                    sum += (double)b->data[1][((c * w[1] + at[1] % w[1]) * w[2] + ky) * w[3] + kx] *
                           (double)b->data[0][((at[0] * x[1] + c) * x[2] + in_y / s[0]) * x[3] +
                                              in_x / s[1]];
            }
    return sum + (b->in[2] ? (double)b->data[2][at[1]] : 0);
}

static void test_stuffed(void **state)
{
    (void)state;
    assay_contract c = nearest();
    int done = 0;
    while (done < 400) {
        assay_problem p = random_transposed();
        set(&p, "bias", random_integer(0, 1), 0);
        if (random_integer(0, 3) == 0)
            set(&p, "output_shape", random_integer(0, 20), random_integer(0, 20));
        if (assay_problem_infer(&p, NULL) != ASSAY_OK)
            continue;
        done++;
        bench b = bench_of(p);
        fill_integers(&b);
        solve(&b, ASSAY_METHOD_PLAIN, &c);
        for (int64_t i = 0; i < b.ref.count; i++) {
            assert_true(b.ref.value[i] == stuffed(&b, i));
            assert_true(b.ref.bound[i] == 0);
        }
        bench_destroy(&b);
    }
}

typedef struct size_row {
    int64_t in, kernel, stride, dilation, begin, end, extra, shape;
    int mode;
    int64_t out, pad_begin, pad_end; // out 0: refused
} size_row;

static void test_sizes(void **state)
{
    (void)state;
    enum { E = ASSAY_PAD_EXPLICIT, U = ASSAY_PAD_SAME_UPPER, L = ASSAY_PAD_SAME_LOWER };
    static const size_row rows[] = {
        {3, 3, 1, 1, 0, 0, 0, 0,  E,               5,  0, 0},
        {3, 3, 2, 1, 0, 0, 0, 0,  E,               7,  0, 0},
        {3, 3, 3, 1, 0, 0, 1, 0,  E,               10, 0, 0},
        {3, 3, 3, 1, 1, 2, 0, 0,  E,               6,  1, 2},
        {3, 2, 1, 2, 0, 0, 0, 0,  E,               5,  0, 0},
        {3, 3, 3, 1, 9, 9, 0, 8,  E,               8,  1, 0}, // the odd element at the beginning
        {3, 3, 3, 1, 0, 0, 0, 8,  U,               8,  0, 1}, // and at the end
        {3, 3, 3, 1, 0, 0, 0, 10, E,               10, 0, 0}, // more than there is: nothing is negative
        {3, 4, 2, 1, 0, 0, 0, 0,  U,               6,  1, 1},
        {3, 3, 2, 1, 0, 0, 0, 0,  U,               6,  0, 1},
        {3, 3, 2, 1, 0, 0, 0, 0,  L,               6,  1, 0},
        {3, 1, 2, 1, 0, 0, 0, 0,  L,               6,  0, 0},
        {3, 3, 2, 1, 5, 5, 0, 0,  ASSAY_PAD_VALID, 7,  0, 0},
        {3, 3, 2, 1, 3, 4, 0, 0,  E,               0,  0, 0}, // nothing is left
        {3, 3, 2, 2, 0, 0, 2, 0,  E,               0,  0, 0}, // neither below the stride nor the dilation
        {3, 3, 2, 3, 0, 0, 2, 0,  E,               13, 0, 0},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        const size_row *row = &rows[r];
        assay_error error = {0};
        assay_problem p = start("conv_transpose2d", nchw(1, 1, row->in, 1));
        set(&p, "kernel_shape", row->kernel, 1);
        set(&p, "strides", row->stride, 1);
        set(&p, "dilations", row->dilation, 1);
        set(&p, "output_padding", row->extra, 0);
        set(&p, "output_shape", row->shape, 0);
        set_pads(&p, row->begin, 0, row->end, 0);
        attribute(&p, "pads")->mode = row->mode;
        assay_status status = assay_problem_infer(&p, &error);
        assert_int_equal(status, row->out ? ASSAY_OK : ASSAY_SHAPE);
        if (!row->out) {
            assert_non_null(strstr(error.message, "height"));
            continue;
        }
        if (p.output.dim[2] != row->out || p.pad[0] != row->pad_begin || p.pad[2] != row->pad_end)
            fail_msg("row %d: %d, padding %d and %d", (int)r, (int)p.output.dim[2], (int)p.pad[0],
                     (int)p.pad[2]);
        assert_int_equal(p.output.dim[3], 1);
    }
}

// 1 x 1 x 2 x 2 with stride 2 and a 3 x 3 kernel of ones: where windows overlap, elements add up.
static void test_by_hand(void **state)
{
    (void)state;
    static const double expected[] = {1, 1, 3,  2, 2, //
                                      1, 1, 3,  2, 2, //
                                      4, 4, 10, 6, 6, //
                                      3, 3, 7,  4, 4, //
                                      3, 3, 7,  4, 4};
    static const double terms[] = {1, 1, 2, 1, 1, 1, 1, 2, 1, 1, 2, 2, 4,
                                   2, 2, 1, 1, 2, 1, 1, 1, 1, 2, 1, 1};
    assay_problem p = start("conv_transpose2d", nchw(1, 1, 2, 2));
    set(&p, "kernel_shape", 3, 3);
    set(&p, "strides", 2, 2);
    set(&p, "bias", 0, 0);
    bench b = bench_of(p);
    for (int k = 0; k < 4; k++)
        b.data[0][k] = (float)(k + 1);
    for (int k = 0; k < 9; k++)
        b.data[1][k] = 1;
    assay_contract c = nearest();
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    assert_int_equal(b.ref.count, 25);
    for (int i = 0; i < 25; i++) {
        assert_true(b.ref.value[i] == expected[i]);
        assert_true((double)b.ref.terms[i] == terms[i]); // n varies with the phase
    }
    assert_true(assay_problem_flops(&b.p) == 72);

    // A weight that is not finite: NaN beside those outputs alone that the tap does not hit.
    b.data[1][0] = INFINITY;
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    assert_true(isinf(b.ref.value[0]) && !b.ref.nan_allowed[0]);
    assert_true(b.ref.value[1] == 1 && b.ref.nan_allowed[1]);
    bench_destroy(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_stuffed),
        cmocka_unit_test(test_adjoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
