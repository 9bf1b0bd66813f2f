// SPDX-License-Identifier: Apache-2.0
#include "reference/tensor.h"
#include "tests/unit/reference/reference_problems.h"

static void test_sizes_are_checked(void **state)
{
    (void)state;
    int64_t r;
    assert_true(assay_multiply(3, 5, &r) && r == 15);
    assert_true(assay_multiply(INT64_MAX, 1, &r) && r == INT64_MAX);
    assert_false(assay_multiply(INT64_MAX, 2, &r));
    assert_false(assay_multiply(INT64_C(1) << 32, INT64_C(1) << 31, &r));
    assert_false(assay_multiply(-1, 2, &r));
    assert_true(assay_add(INT64_MAX - 1, 1, &r) && r == INT64_MAX);
    assert_false(assay_add(INT64_MAX, 1, &r));
    assert_false(assay_add(-1, 1, &r));
}

static void test_count(void **state)
{
    (void)state;
    int64_t count = 0;
    assay_error error = {0};
    assay_shape s = nchw(2, 3, 5, 7), none = {0};
    assert_int_equal(assay_shape_count(&s, "in", &count, &error), ASSAY_OK);
    assert_int_equal(count, 210);
    assert_int_equal(assay_shape_elements(&s), 210);
    assert_int_equal(assay_shape_count(&none, "bias", &count, &error), ASSAY_OK);
    assert_int_equal(count, 0);
    s.dim[2] = 0;
    assert_int_equal(assay_shape_count(&s, "in", &count, &error), ASSAY_SHAPE);
    assert_non_null(strstr(error.message, "\"in\""));
    s = nchw(65536, 65536, 65536, 65536); // passes 64 bits
    assert_int_equal(assay_shape_count(&s, "in", &count, &error), ASSAY_SHAPE);
    s = nchw(1, 1, 1, ASSAY_ELEMENTS_MAX);
    assert_int_equal(assay_shape_count(&s, "in", &count, &error), ASSAY_OK);
    s = nchw(1, 1, 2, ASSAY_ELEMENTS_MAX / 2 + 1);
    assert_int_equal(assay_shape_count(&s, "in", &count, &error), ASSAY_SHAPE);
}

static void test_equal(void **state)
{
    (void)state;
    assay_shape a = nchw(1, 2, 3, 4), b = a;
    assert_true(assay_shape_equal(&a, &b));
    b.dim[3] = 5;
    assert_false(assay_shape_equal(&a, &b));
    b = a;
    b.rank = 3;
    assert_false(assay_shape_equal(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_are_checked),
        cmocka_unit_test(test_count),
        cmocka_unit_test(test_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
