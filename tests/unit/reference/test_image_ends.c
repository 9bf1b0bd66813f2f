// SPDX-License-Identifier: Apache-2.0
// Pixels to tensors and back, and blending of two layers.
#include "tests/unit/reference/emulated_kernels.h"

static bench pixels_of(const char *op, int64_t channels, const float *x, int64_t width)
{
    bench b = bench_of(start(op, nchw(1, channels, 1, width)));
    memcpy(b.data[0], x, (size_t)(channels * width) * sizeof *x);
    return b;
}

static void give(bench *b, float scale, float bias)
{
    for (int k = 0; k < 3; k++) {
        b->data[1][k] = scale * (float)(k + 1);
        b->data[2][k] = bias + (float)k;
    }
}

static void test_in(void **state)
{
    (void)state;
    static const float x[8] = {255, 0, 7, 8, 128, 1, 99, 98}; // red, green, blue, alpha of two
    assay_contract c = assay_contract_default();
    bench b = pixels_of("image_to_tensor", 4, x, 2);
    give(&b, 0.5F, -2);
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    static const double expected[6] = {125.5, -2, 6, 7, 192, 1.5};
    assert_int_equal(b.ref.count, 6);
    for (int i = 0; i < 6; i++)
        assert_true(b.ref.value[i] == expected[i] && b.ref.bound[i] == 0);
    give(&b, 1.0F / 255, 0); // products are rounded
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    assert_true(b.ref.bound[0] > 0 && b.ref.bound[0] < 0x1p-21);
    bench_destroy(&b);
    assay_problem p = start("image_to_tensor", nchw(1, 3, 2, 2));
    assay_error error = {0};
    assert_int_equal(assay_problem_infer(&p, &error), ASSAY_SHAPE);
    assert_non_null(strstr(error.message, "expected 4"));
}

static void test_out(void **state)
{
    (void)state;
    static const float x[9] = {0.5F, 300, -1, 0.1F, NAN, INFINITY, -INFINITY, 1, 85};
    assay_contract kept = nearest(), any = assay_contract_default();
    bench b = pixels_of("tensor_to_image", 3, x, 3);
    give(&b, 1, 0);
    solve(&b, ASSAY_METHOD_PLAIN, &kept);
    assert_int_equal(b.ref.count, 12);
    assert_true(b.ref.value[0] == 0.5 && b.ref.bound[0] == 0);
    assert_true(b.ref.value[1] == 255 && b.ref.bound[1] == 0);
    assert_true(b.ref.value[2] == 0 && b.ref.bound[2] == 0);
    assert_true(b.ref.bound[3] > 0 && b.ref.bound[3] < 0x1p-20); // 2 * 0.1 + 1
    assert_true(isinf(b.ref.bound[4]));                          // any colour
    assert_true(b.ref.value[5] == 255 && b.ref.bound[5] == 0);
    assert_true(b.ref.value[6] == 0 && b.ref.bound[6] == 0);
    assert_true(b.ref.value[8] == 255 && b.ref.bound[8] == 0); // 3 * 85 + 2
    for (int i = 9; i < 12; i++)
        assert_true(b.ref.value[i] == 255 && b.ref.bound[i] == 0);
    assay_bound(&b.p, b.in, &any, &b.ref);
    assert_true(isinf(b.ref.bound[5]) && b.ref.bound[1] == 0 && b.ref.bound[9] == 0);
    bench_destroy(&b);
}

static void test_blend(void **state)
{
    (void)state;
    assay_contract c = nearest();
    tally t = {0, 0};
    enum { AREA = 500 };
    bench b = bench_of(start("alpha_composite", nchw(2, 3, 1, AREA)));
    assert_int_equal(assay_shape_elements(&b.p.input[2]), 2 * AREA);
    for (int i = 0; i < 6 * AREA; i++) {
        b.data[0][i] = random_float();
        b.data[1][i] = random_float();
    }
    for (int i = 0; i < 2 * AREA; i++)
        b.data[2][i] = i % 7 ? (float)random_uniform() : (float)(i / 7 % 2);
    c.rounding = ASSAY_ROUNDING_UNKNOWN;
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    for (int i = 0; i < 6 * AREA; i++) {
        float mask = b.data[2][i / (3 * AREA) * AREA + i % AREA];
        for (int mode = 0; mode < ROUNDING_MODES; mode++) {
            fesetround(rounding_modes[mode]);
            volatile float rest = 1 - mask, front = mask * b.data[0][i], back = rest * b.data[1][i];
            volatile float sum = front + back, fused = fmaf(mask, b.data[0][i], back);
            fesetround(FE_TONEAREST);
            hold(&t, sum, &b.ref, i, "alpha_composite");
            hold(&t, fused, &b.ref, i, "alpha_composite");
        }
        if (mask == 0 || mask == 1)
            assert_true(b.ref.bound[i] == 0);
    }
    print_message("alpha_composite: %d elements, utilisation %.3f\n", (int)t.checked, t.use);
    assert_true(t.use >= 0.3);
    bench_destroy(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in),
        cmocka_unit_test(test_out),
        cmocka_unit_test(test_blend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
