// SPDX-License-Identifier: Apache-2.0
// Every operator against tiny values that were worked out by hand.
#include "tests/unit/reference/reference_problems.h"

static void fill(bench *b, int input, const float *values)
{
    memcpy(b->data[input], values,
           (size_t)assay_shape_elements(&b->p.input[input]) * sizeof(float));
}

static void check(bench *b, assay_method method, int64_t count, const double *expected)
{
    assay_contract c = nearest();
    solve(b, method, &c);
    assert_int_equal(b->ref.count, count);
    for (int64_t i = 0; i < count; i++)
        if (!(fabs(b->ref.value[i] - expected[i]) <= 1e-15 * fabs(expected[i])))
            fail_msg("element %d is %.17g, expected %.17g", (int)i, b->ref.value[i], expected[i]);
}

// 1 .. n
static void count_up(bench *b, int input)
{
    int64_t count = assay_shape_elements(&b->p.input[input]);
    for (int64_t i = 0; i < count; i++)
        b->data[input][i] = (float)(i + 1);
}

static void test_conv2d(void **state)
{
    (void)state;
    assay_problem p = start("conv2d", nchw(1, 1, 2, 3)); // 1 2 3 / 4 5 6
    set(&p, "kernel_shape", 2, 2);
    set_pads(&p, 1, 0, 0, 1);
    bench b = bench_of(p);
    count_up(&b, 0);
    count_up(&b, 1); // 1 2 / 3 4
    b.data[2][0] = 100;
    // A zero row above and a zero column on the right.
    static const double expected[] = {111, 118, 109, 137, 147, 121};
    check(&b, ASSAY_METHOD_PLAIN, 6, expected);
    static const float terms[] = {3, 3, 2, 5, 5, 3};
    for (int i = 0; i < 6; i++)
        assert_true(b.ref.terms[i] == terms[i] && b.ref.magnitude[i] == expected[i]);
    assert_true(b.ref.square[2] == 9 * 9 + 100 * 100);
    assert_true(b.ref.quantum == 1 && b.ref.bound[0] == 0);
    check(&b, ASSAY_METHOD_FAST, 6, expected);
    for (int i = 0; i < 6; i++)
        assert_true(b.ref.terms[i] == terms[i] && b.ref.magnitude[i] == expected[i]);
    bench_destroy(&b);
}

static void test_conv2d_strides_and_dilations(void **state)
{
    (void)state;
    assay_problem p = start("conv2d", nchw(2, 1, 5, 4));
    set(&p, "kernel_shape", 2, 2);
    set(&p, "strides", 2, 1);
    set(&p, "dilations", 1, 3);
    set(&p, "bias", 0, 0);
    bench b = bench_of(p);
    count_up(&b, 0);
    static const float weights[] = {1, 10, 100, 1000};
    fill(&b, 1, weights);
    static const double expected[] = {1 + 40 + 500 + 8000, 9 + 120 + 1300 + 16000,
                                      21 + 240 + 2500 + 28000, 29 + 320 + 3300 + 36000};
    check(&b, ASSAY_METHOD_PLAIN, 4, expected);
    check(&b, ASSAY_METHOD_FAST, 4, expected);
    bench_destroy(&b);
}

// Two channels a group with a multiplier of two: outputs 0, 1 see channel 0, outputs 2, 3
// channel 1.
static void test_conv2d_groups(void **state)
{
    (void)state;
    assay_problem p = start("conv2d", nchw(1, 2, 1, 2));
    set(&p, "out_channels", 4, 0);
    set(&p, "group", 2, 0);
    bench b = bench_of(p);
    static const float data[] = {1, 2, 3, 4}, weights[] = {1, 10, 100, 1000}, bias[] = {0, 0, 0, 5};
    fill(&b, 0, data);
    fill(&b, 1, weights);
    fill(&b, 2, bias);
    static const double expected[] = {1, 2, 10, 20, 300, 400, 3005, 4005};
    check(&b, ASSAY_METHOD_PLAIN, 8, expected);
    check(&b, ASSAY_METHOD_FAST, 8, expected);
    bench_destroy(&b);
}

static void test_linear(void **state)
{
    (void)state;
    assay_problem p = start("linear", (assay_shape){
                                          2, {2, 3, 1, 1}
    });
    set(&p, "out_features", 2, 0);
    bench b = bench_of(p);
    count_up(&b, 0);
    static const float weights[] = {1, 10, 100, -1, 0, 1}, bias[] = {0, 0.5F};
    fill(&b, 1, weights);
    fill(&b, 2, bias);
    static const double expected[] = {321, 2.5, 654, 2.5};
    check(&b, ASSAY_METHOD_PLAIN, 4, expected);
    assert_true(b.ref.terms[1] == 3 && b.ref.magnitude[1] == 4.5 && b.ref.quantum == 0.5);
    check(&b, ASSAY_METHOD_FAST, 4, expected);
    assert_true(b.ref.terms[1] == 3 && b.ref.magnitude[1] == 4.5 && b.ref.quantum == 0.5);
    bench_destroy(&b);
}

static void test_max_pool2d(void **state)
{
    (void)state;
    assay_problem p = start("max_pool2d", nchw(1, 1, 2, 3));
    set(&p, "kernel_shape", 2, 2);
    set_pads(&p, 0, 1, 1, 0);
    bench b = bench_of(p);
    static const float data[] = {-1, -2, -3, -4, -5, -6};
    fill(&b, 0, data); // zero padding would win everywhere at the border
    static const double expected[] = {-1, -1, -2, -4, -4, -5};
    check(&b, ASSAY_METHOD_PLAIN, 6, expected);
    assert_true(b.ref.bound[0] == 0);
    bench_destroy(&b);

    p = start("max_pool2d", nchw(1, 1, 1, 5));
    set(&p, "kernel_shape", 1, 2);
    set(&p, "strides", 1, 2);
    set(&p, "dilations", 1, 2);
    set(&p, "ceil_mode", 1, 0);
    b = bench_of(p);
    static const float row[] = {5, 9, 4, 9, 6};
    fill(&b, 0, row);
    static const double stepped[] = {5, 6};
    check(&b, ASSAY_METHOD_PLAIN, 2, stepped);
    bench_destroy(&b);

    b = bench_of(start("global_max_pool", nchw(1, 2, 2, 2)));
    static const float planes[] = {-4, -2, -3, -8, 1, 2, 8, 4};
    fill(&b, 0, planes);
    static const double tops[] = {-2, 8};
    check(&b, ASSAY_METHOD_PLAIN, 2, tops);
    bench_destroy(&b);
}

static void test_avg_pool2d(void **state)
{
    (void)state;
    assay_problem p = start("avg_pool2d", nchw(1, 1, 1, 4)); // 1 2 3 4, padded and in ceil mode
    set(&p, "kernel_shape", 1, 3);
    set(&p, "strides", 1, 2);
    set_pads(&p, 0, 1, 0, 0);
    set(&p, "ceil_mode", 1, 0);
    bench b = bench_of(p);
    count_up(&b, 0);
    static const double excluded[] = {1.5, 3}; // (1 + 2) / 2, (2 + 3 + 4) / 3
    check(&b, ASSAY_METHOD_PLAIN, 2, excluded);
    assert_true(b.ref.magnitude[1] == 3 && b.ref.terms[1] == 3);
    bench_destroy(&b);

    set_pads(&p, 0, 1, 0, 1);
    set(&p, "strides", 1, 3);
    set(&p, "count_include_pad", 1, 0);
    b = bench_of(p);
    count_up(&b, 0);
    static const double included[] = {1, 7.0 / 3}; // (0 + 1 + 2) / 3, (3 + 4 + 0) / 3
    check(&b, ASSAY_METHOD_PLAIN, 2, included);
    bench_destroy(&b);

    set_pads(&p, 0, 0, 0,
             0); // the window of output 1 has 4 and two places that are not even padding
    b = bench_of(p);
    count_up(&b, 0);
    static const double hanging[] = {2, 4};
    check(&b, ASSAY_METHOD_PLAIN, 2, hanging);
    bench_destroy(&b);

    b = bench_of(start("global_avg_pool", nchw(1, 2, 1, 3)));
    count_up(&b, 0);
    static const double means[] = {2, 5};
    check(&b, ASSAY_METHOD_PLAIN, 2, means);
    bench_destroy(&b);
}

static void test_activations(void **state)
{
    (void)state;
    static const float data[] = {-2, -0.5F, 0, 3};
    static const struct {
        const char *op;
        double expected[4];
    } rows[] = {
        {"relu",       {0, 0, 0, 3}                                                        },
        {"clip",       {-1, -0.5, 0, 2}                                                    },
        {"leaky_relu", {-0.5, -0.125, 0, 3}                                                },
        {"sigmoid",    {0.11920292202211755, 0.37754066879814541, 0.5, 0.95257412682243336}},
        {"tanh",       {-0.9640275800758169, -0.46211715726000973, 0, 0.99505475368673045} },
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        assay_problem p = start(rows[r].op, nchw(1, 1, 1, 4));
        if (strcmp(rows[r].op, "clip") == 0) {
            attribute(&p, "min")->f = -1;
            attribute(&p, "max")->f = 2;
        }
        if (strcmp(rows[r].op, "leaky_relu") == 0)
            attribute(&p, "alpha")->f = 0.25F;
        bench b = bench_of(p);
        fill(&b, 0, data);
        check(&b, ASSAY_METHOD_PLAIN, 4, rows[r].expected);
        bench_destroy(&b);
    }
}

static void test_softmax(void **state)
{
    (void)state;
    // Along c the pairs are (x, x + log 3): 1/4 and 3/4. The last pair would overflow without a
    // shift.
    static const float data[] = {0,           1,           -5,           1000,
                                 1.09861229F, 2.09861229F, -3.90138771F, 1001.0986F};
    assay_problem p = start("softmax", nchw(1, 2, 2, 2));
    set(&p, "axis", 1, 0);
    bench b = bench_of(p);
    fill(&b, 0, data);
    assay_contract c = nearest();
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    for (int i = 0; i < 4; i++) {
        assert_true(fabs(b.ref.value[i] - 0.25) < 1e-4);
        assert_true(fabs(b.ref.value[4 + i] - 0.75) < 1e-4);
        assert_true(b.ref.bound[i] > 0 && b.ref.bound[i] < 1e-5);
    }
    bench_destroy(&b);
    for (int axis = 0; axis < 4; axis++) { // each axis sums to one, and only along itself
        p = start("softmax", nchw(2, 3, 4, 5));
        set(&p, "axis", axis, 0);
        b = bench_of(p);
        for (int i = 0; i < 120; i++)
            b.data[0][i] = random_float();
        solve(&b, ASSAY_METHOD_PLAIN, &c);
        int64_t step = axis == 3 ? 1 : axis == 2 ? 5 : axis == 1 ? 20 : 60;
        double sum = 0;
        for (int64_t k = 0; k < b.p.input[0].dim[axis]; k++)
            sum += b.ref.value[k * step];
        assert_true(fabs(sum - 1) < 1e-14);
        bench_destroy(&b);
    }
}

static void test_add(void **state)
{
    (void)state;
    assay_problem p = start("add", nchw(1, 2, 1, 3));
    p.input[1] = nchw(2, 1, 1, 1);
    bench b = bench_of(p);
    count_up(&b, 0);
    static const float other[] = {10, 100};
    fill(&b, 1, other);
    static const double expected[] = {11, 12, 13, 14, 15, 16, 101, 102, 103, 104, 105, 106};
    check(&b, ASSAY_METHOD_PLAIN, 12, expected);
    for (int i = 0; i < 12; i++)
        assert_true(b.ref.bound[i] == 0); // exact in f32
    bench_destroy(&b);
}

static void test_methods(void **state)
{
    (void)state;
    assay_error error = {0};
    assay_reference ref;
    bench b = bench_of(start("relu", nchw(1, 1, 1, 1)));
    assert_int_equal(assay_reference_create(&b.p, b.in, ASSAY_METHOD_FAST, &ref, &error),
                     ASSAY_UNSUPPORTED);
    assert_non_null(strstr(error.message, "relu"));
    assert_null(ref.value);
    assert_int_equal(assay_reference_create(&b.p, b.in, ASSAY_METHOD_AUTO, &ref, &error), ASSAY_OK);
    assert_null(ref.magnitude);
    assay_reference_destroy(&ref);
    assay_reference_destroy(&ref);
    assay_reference_destroy(NULL);
    bench_destroy(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conv2d),        cmocka_unit_test(test_conv2d_strides_and_dilations),
        cmocka_unit_test(test_conv2d_groups), cmocka_unit_test(test_linear),
        cmocka_unit_test(test_max_pool2d),    cmocka_unit_test(test_avg_pool2d),
        cmocka_unit_test(test_activations),   cmocka_unit_test(test_softmax),
        cmocka_unit_test(test_add),           cmocka_unit_test(test_methods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
