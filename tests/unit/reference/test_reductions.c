// SPDX-License-Identifier: Apache-2.0
// Sums, means, maxima along axes, and indices of maxima: values and rules.
#include "tests/unit/reference/reference_problems.h"

static void set_axes(assay_problem *p, int n, int c, int h, int w)
{
    const int64_t axes[4] = {n, c, h, w};
    memcpy(attribute(p, "axes")->i, axes, sizeof axes);
}

static bench numbered(assay_problem p)
{
    bench b = bench_of(p);
    for (int64_t i = 0; i < assay_shape_elements(&b.p.input[0]); i++)
        b.data[0][i] = (float)(i * 7 % 97);
    assay_contract c = nearest();
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    return b;
}

// Every set of axes against a sum that asks of each element where it belongs.
static void test_values(void **state)
{
    (void)state;
    static const char *const ops[] = {"reduce_sum", "reduce_mean", "reduce_max"};
    for (int k = 0; k < 3; k++)
        for (int mask = 1; mask < 16; mask++) {
            assay_problem p = start(ops[k], nchw(2, 3, 4, 5));
            const int axes[4] = {mask >> 3 & 1, mask >> 2 & 1, mask >> 1 & 1, mask & 1};
            set_axes(&p, axes[0], axes[1], axes[2], axes[3]);
            bench b = numbered(p);
            double made[120] = {0};
            for (int i = 0; i < 120; i++) {
                const int at[4] = {i / 60, i / 20 % 3, i / 5 % 4, i % 5};
                int index = 0;
                for (int d = 0; d < 4; d++)
                    index = index * (int)b.p.output.dim[d] + (axes[d] ? 0 : at[d]);
                double x = (double)b.data[0][i];
                made[index] = k < 2 ? made[index] + x : fmax(made[index], x);
            }
            for (int i = 0; i < b.ref.count; i++) {
                double divisor = k == 1 ? 120.0 / (double)b.ref.count : 1;
                assert_true(fabs(b.ref.value[i] - made[i] / divisor) <= 1e-13 * made[i]);
                assert_true((b.ref.bound[i] == 0) == (k != 1));
            }
            bench_destroy(&b);
        }
    assay_problem p = start("reduce_sum", nchw(2, 3, 4, 5));
    set_axes(&p, 0, 0, 0, 0);
    assay_error error = {0};
    assert_int_equal(assay_problem_infer(&p, &error), ASSAY_SHAPE);
    assert_non_null(strstr(error.message, "no axis"));
}

static bench row_of(const char *op, const float *data, int count)
{
    assay_problem p = start(op, nchw(1, 1, 1, count));
    if (!strcmp(op, "argmax"))
        set(&p, "axis", 3, 0);
    bench b = bench_of(p);
    memcpy(b.data[0], data, (size_t)count * sizeof *data);
    return b;
}

static void expect(const char *op, bool last, const float *data, double value, double kept,
                   double any)
{
    bench b = row_of(op, data, 4);
    if (last)
        set(&b.p, "select_last_index", 1, 0);
    assay_contract exact = nearest(), open = assay_contract_default();
    solve(&b, ASSAY_METHOD_PLAIN, &exact);
    assert_true(b.ref.value[0] == value && b.ref.bound[0] == kept);
    assay_bound(&b.p, b.in, &open, &b.ref);
    assert_true(b.ref.bound[0] == any);
    bench_destroy(&b);
}

static void test_rules(void **state)
{
    (void)state;
    const double infinite = (double)INFINITY;
    expect("argmax", false, (const float[]){1, 5, 5, 2}, 1, 0, 0);
    expect("argmax", true, (const float[]){1, 5, 5, 2}, 2, 0, 0);
    expect("argmax", false, (const float[]){0x1p-141F, 0, -1, 0x1p-140F}, 3, 0, 3);
    expect("argmax", true, (const float[]){0x1p-140F, 0, -1, 0x1p-141F}, 0, 0, 3);
    expect("argmax", false, (const float[]){0x1p-141F, 1, -1, 0x1p-140F}, 1, 0, 0);
    expect("argmax", false, (const float[]){1, NAN, 5, 2}, 2, 2, infinite);
    expect("argmax", false, (const float[]){1, INFINITY, 5, 2}, 1, 0, infinite);
    expect("reduce_max", false, (const float[]){1, NAN, 5, 2}, 5, 4, infinite);
    expect("reduce_max", false, (const float[]){1, INFINITY, 5, 2}, infinite, 0, infinite);
    expect("reduce_max", false, (const float[]){0x1p-140F, -1, 0, -2}, 0x1p-140, 0, 0x1p-125);
    expect("reduce_sum", false, (const float[]){1, INFINITY, 5, 2}, infinite, 0, infinite);
    expect("reduce_mean", false, (const float[]){1, INFINITY, 5, 2}, infinite, 0, infinite);
}

// A mean that divides by one too few, a sum that lost a term.
static void test_wrong(void **state)
{
    (void)state;
    float data[100];
    for (int i = 0; i < 100; i++)
        data[i] = 1 + (float)random_uniform();
    assay_contract c = assay_contract_default();
    bench b = row_of("reduce_mean", data, 100);
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    assert_true(b.ref.value[0] / 99 > b.ref.bound[0]);
    bench_destroy(&b);
    b = row_of("reduce_sum", data, 100);
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    assert_true((double)data[7] > b.ref.bound[0]);
    bench_destroy(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
