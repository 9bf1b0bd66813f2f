// SPDX-License-Identifier: Apache-2.0
// Resizing: values against the definition in fp64, rules, and the elements that are nearest.
#include "tests/unit/reference/emulated_kernels.h"

static assay_problem resize(int64_t in_h, int64_t in_w, int64_t out_h, int64_t out_w, int mode,
                            int coordinates)
{
    assay_problem p = start("resize", nchw(1, 1, in_h, in_w));
    set(&p, "size", out_h, out_w);
    set(&p, "mode", mode, 0);
    set(&p, "coordinate_transformation_mode", coordinates, 0);
    return p;
}

static double coordinate(int coordinates, int64_t i, double in, double out)
{
    switch (coordinates) {
    case 0:
        return ((double)i + 0.5) * (in / out) - 0.5;
    case 1:
        return out > 1 ? (double)i * ((in - 1) / (out - 1)) : 0;
    default:
        return (double)i * (in / out);
    }
}

static double clamp(double x, double high)
{
    return x < 0 ? 0 : x > high ? high : x;
}

// A row of numbers that are their own places: linear interpolation gives the coordinate back.
static void test_linear_values(void **state)
{
    (void)state;
    static const int sizes[][2] = {
        {37, 53},
        {53, 37},
        {5,  1 },
        {1,  5 },
        {8,  4 },
        {4,  8 },
        {7,  7 }
    };
    assay_contract c = nearest();
    for (int coordinates = 0; coordinates < 3; coordinates++)
        for (int k = 0; k < 7; k++) {
            int in = sizes[k][0], out = sizes[k][1];
            bench b = bench_of(resize(1, in, 1, out, 1, coordinates));
            for (int i = 0; i < in; i++)
                b.data[0][i] = (float)i;
            solve(&b, ASSAY_METHOD_PLAIN, &c);
            assert_int_equal(b.ref.count, out);
            for (int i = 0; i < out; i++) {
                double at = clamp(coordinate(coordinates, i, in, out), in - 1);
                assert_true(fabs(b.ref.value[i] - at) < 1e-12);
                assert_true(b.ref.bound[i] < 1e-4);
            }
            bench_destroy(&b);
        }
}

static void nearest_row(int in, int out, int coordinates, int rounding, const int *expected)
{
    bench b = bench_of(resize(1, in, 1, out, 0, coordinates));
    set(&b.p, "nearest_mode", rounding, 0);
    assay_contract c = nearest();
    for (int i = 0; i < in; i++)
        b.data[0][i] = (float)i;
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    for (int i = 0; i < out; i++)
        assert_true(b.ref.value[i] == expected[i]);
    bench_destroy(&b);
}

static void test_nearest_values(void **state)
{
    (void)state;
    // c = 0.5, 2.5, 4.5: ties
    nearest_row(6, 3, 0, 0, (const int[]){0, 2, 4});
    nearest_row(6, 3, 0, 1, (const int[]){0, 2, 4});
    nearest_row(6, 3, 0, 2, (const int[]){1, 3, 5});
    nearest_row(6, 3, 0, 3, (const int[]){1, 3, 5});
    // c = 0, 0.4, 0.8, 1.2, 1.6
    nearest_row(2, 5, 2, 1, (const int[]){0, 0, 0, 1, 1});
    nearest_row(2, 5, 2, 3, (const int[]){0, 1, 1, 1, 1});
    nearest_row(2, 5, 2, 0, (const int[]){0, 0, 1, 1, 1});
    // c = 0, 0.5, 1, 1.5, 2
    nearest_row(3, 5, 1, 0, (const int[]){0, 0, 1, 1, 2});
    nearest_row(3, 5, 1, 2, (const int[]){0, 1, 1, 2, 2});
    // c = -0.3, 0.1, 0.5, 0.9, 1.3
    nearest_row(2, 5, 0, 1, (const int[]){0, 0, 0, 0, 1});
    nearest_row(2, 5, 0, 3, (const int[]){0, 1, 1, 1, 1});
}

static void test_rules(void **state)
{
    (void)state;
    assay_contract kept = nearest(), any = assay_contract_default();
    bench b = bench_of(resize(1, 6, 1, 3, 0, 0));
    const float data[6] = {1, 2, 4, 8, NAN, 32};
    memcpy(b.data[0], data, sizeof data);
    solve(&b, ASSAY_METHOD_PLAIN, &kept);
    assert_true(b.ref.value[1] == 4 && b.ref.bound[1] == 4); // on a switch: 4 or 8
    assert_true(isnan(b.ref.value[2]) && isinf(b.ref.bound[2]));
    bench_destroy(&b);
    b = bench_of(resize(1, 5, 1, 7, 0, 0)); // nowhere near a switch but in the middle
    for (int i = 0; i < 5; i++)
        b.data[0][i] = (float)(1 << i);
    b.data[0][4] = INFINITY;
    solve(&b, ASSAY_METHOD_PLAIN, &kept);
    for (int i = 0; i < 7; i++)
        assert_true(b.ref.bound[i] == 0);
    assay_bound(&b.p, b.in, &any, &b.ref);
    assert_true(b.ref.bound[0] == 0 && isinf(b.ref.bound[6]));
    bench_destroy(&b);
}

// A kernel of the definition in f32, whatever the error of its division, copies an element that is
// accepted.
static void test_nearest_bounds(void **state)
{
    (void)state;
    static const int sizes[][2] = {
        {37,  53 },
        {53,  37 },
        {6,   3  },
        {3,   6  },
        {9,   3  },
        {512, 768},
        {7,   7  }
    };
    tally t = {0, 0};
    assay_contract c = assay_contract_default();
    for (int k = 0; k < 7 * 12; k++) {
        int in = sizes[k / 12][0], out = sizes[k / 12][1], coordinates = k % 3, mode = k / 3 % 4;
        bench b = bench_of(resize(1, in, 1, out, 0, coordinates));
        set(&b.p, "nearest_mode", mode, 0);
        for (int i = 0; i < in; i++)
            b.data[0][i] = (float)i;
        solve(&b, ASSAY_METHOD_PLAIN, &c);
        for (int64_t i = 0; i < out; i++)
            for (int share = -1; share <= 1; share++) {
                float at, scale = emulated_div((float)in, (float)out, share);
                if (coordinates == 1)
                    at = (float)i * emulated_div((float)in - 1, (float)out - 1, share);
                else
                    at = coordinates ? (float)i * scale : ((float)i + 0.5F) * scale - 0.5F;
                float nearest = mode == 1   ? floorf(at)
                                : mode == 3 ? ceilf(at)
                                : mode == 0 ? ceilf(at - 0.5F)
                                            : floorf(at + 0.5F);
                hold(&t, (float)clamp((double)nearest, in - 1), &b.ref, i, "resize");
            }
        bench_destroy(&b);
    }
    print_message("resize nearest: %d elements, utilisation %.3f\n", (int)t.checked, t.use);
    assert_true(t.use == 1); // a switch was met
}

// Half a pixel less, and coordinates in f16.
static void test_wrong(void **state)
{
    (void)state;
    bench b = bench_of(resize(1, 37, 1, 53, 1, 0));
    for (int i = 0; i < 37; i++)
        b.data[0][i] = (float)i;
    assay_contract c = assay_contract_default();
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    int moved = 0, coarse = 0;
    for (int64_t i = 0; i < 53; i++) {
        double at = clamp(coordinate(2, i, 37, 53), 36);
        moved += fabs(at - b.ref.value[i]) > b.ref.bound[i];
        at = clamp((double)assay_from_f16(assay_to_f16(coordinate(0, i, 37, 53))), 36);
        coarse += fabs(at - b.ref.value[i]) > b.ref.bound[i];
    }
    assert_true(moved > 50 && coarse > 40);
    bench_destroy(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linear_values), cmocka_unit_test(test_nearest_values),
        cmocka_unit_test(test_rules),         cmocka_unit_test(test_nearest_bounds),
        cmocka_unit_test(test_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
