// SPDX-License-Identifier: Apache-2.0
// Operators that only move data: where each element goes, what infer refuses, and a bound that
// knows what a conversion may do.
#include "tests/unit/reference/reference_problems.h"

static void set_dims(assay_problem *p, const char *name, int64_t n, int64_t c, int64_t h, int64_t w)
{
    const int64_t values[] = {n, c, h, w};
    memcpy(attribute(p, name)->i, values, sizeof values);
}

// Input k holds 100 k, 100 k + 1, ...; `expected` is the output.
static void check(assay_problem p, const assay_shape *shape, const double *expected)
{
    assay_contract c = nearest();
    bench b = bench_of(p);
    for (int k = 0; k < b.p.op->input_count; k++)
        for (int64_t i = 0; i < assay_shape_elements(&b.p.input[k]); i++)
            b.data[k][i] = (float)(100 * k + i);
    solve(&b, ASSAY_METHOD_PLAIN, &c);
    assert_true(assay_shape_equal(&b.p.output, shape));
    for (int64_t i = 0; i < b.ref.count; i++)
        if (b.ref.value[i] != expected[i] || b.ref.bound[i] != 0)
            fail_msg("%s: element %d is %g, expected %g", p.op->name, (int)i, b.ref.value[i],
                     expected[i]);
    bench_destroy(&b);
}

#define CHECK(p, n, c, h, w, ...)                                                                  \
    do {                                                                                           \
        const assay_shape shape_ = nchw(n, c, h, w);                                               \
        static const double expected_[] = {__VA_ARGS__};                                           \
        assert_int_equal(assay_shape_elements(&shape_), sizeof expected_ / sizeof *expected_);     \
        check(p, &shape_, expected_);                                                              \
    } while (0)

static void refuse(assay_problem p, const char *word)
{
    assay_error error = {0};
    assert_int_equal(assay_problem_infer(&p, &error), ASSAY_SHAPE);
    if (!strstr(error.message, word))
        fail_msg("\"%s\" does not say \"%s\"", error.message, word);
}

static void test_concat(void **state)
{
    (void)state;
    assay_problem p = start("concat", nchw(1, 2, 1, 2));
    p.input[1] = nchw(1, 1, 1, 2);
    CHECK(p, 1, 3, 1, 2, 0, 1, 2, 3, 100, 101);
    p.input[2] = nchw(1, 1, 1, 2);
    p.input[3] = nchw(1, 1, 1, 2);
    CHECK(p, 1, 5, 1, 2, 0, 1, 2, 3, 100, 101, 200, 201, 300, 301);
    p.input[2].rank = 0;
    refuse(p, "a tensor \"d\" but no \"c\"");
    p = start("concat", nchw(1, 2, 1, 2));
    p.input[1] = nchw(1, 2, 1, 1);
    refuse(p, "dimension w is 2 in a and 1 in b");
    set(&p, "axis", 3, 0);
    CHECK(p, 1, 2, 1, 3, 0, 1, 100, 2, 3, 101);
    p.input[1] = (assay_shape){0};
    refuse(p, "\"b\" has 0 dimensions");
}

static void test_split(void **state)
{
    (void)state;
    assay_problem p = start("split", nchw(1, 6, 1, 2));
    set_dims(&p, "split", 1, 2, 3, 0);
    CHECK(p, 1, 1, 1, 2, 0, 1);
    set(&p, "part", 1, 0);
    CHECK(p, 1, 2, 1, 2, 2, 3, 4, 5);
    set(&p, "part", 2, 0);
    CHECK(p, 1, 3, 1, 2, 6, 7, 8, 9, 10, 11);
    set(&p, "part", 3, 0);
    refuse(p, "part 3 is empty");
    set_dims(&p, "split", 1, 2, 2, 0);
    refuse(p, "5 together, dimension c is 6");
    set_dims(&p, "split", 1, 0, 5, 0);
    refuse(p, "part 1 is empty and part 2 is not");
    p = start("split", nchw(2, 1, 1, 3));
    set(&p, "axis", 3, 0);
    set_dims(&p, "split", 2, 1, 0, 0);
    CHECK(p, 2, 1, 1, 2, 0, 1, 3, 4);
}

static void test_pad(void **state)
{
    (void)state;
    assay_problem p = start("pad", nchw(1, 1, 1, 3));
    set_dims(&p, "before", 0, 0, 1, 2);
    set_dims(&p, "after", 0, 0, 0, 1);
    attribute(&p, "value")->f = -7;
    CHECK(p, 1, 1, 2, 6, -7, -7, -7, -7, -7, -7, -7, -7, 0, 1, 2, -7);
    set(&p, "mode", 2, 0);
    refuse(p, "mode edge has no value");
    attribute(&p, "value")->f = 0;
    CHECK(p, 1, 1, 2, 6, 0, 0, 0, 1, 2, 2, 0, 0, 0, 1, 2, 2);
    set(&p, "mode", 1, 0);
    refuse(p, "1 elements cannot be mirrored along dimension h");
    p.input[0] = nchw(1, 1, 2, 3);
    CHECK(p, 1, 1, 3, 6, 5, 4, 3, 4, 5, 4, 2, 1, 0, 1, 2, 1, 5, 4, 3, 4, 5, 4);
    set_dims(&p, "after", 0, 0, 0, 3);
    refuse(p, "3 elements cannot be mirrored along dimension w, which is 3");
    p = start("pad", nchw(1, 2, 1, 1));
    set_dims(&p, "before", 1, 1, 0, 0);
    CHECK(p, 2, 3, 1, 1, 0, 0, 0, 0, 0, 1);
}

static void test_slice(void **state)
{
    (void)state;
    assay_problem p = start("slice", nchw(1, 1, 2, 5)); // 0 .. 4 / 5 .. 9
    set_dims(&p, "starts", 0, 0, -1, 1);
    set_dims(&p, "ends", 1, 1, 1000, -1);
    CHECK(p, 1, 1, 1, 3, 6, 7, 8);
    set_dims(&p, "steps", 1, 1, 1, 2);
    CHECK(p, 1, 1, 1, 2, 6, 8);
    set_dims(&p, "starts", 0, 0, 1000,
             -2); // rows backwards from the last, columns from the last but one
    set_dims(&p, "ends", 1, 1, -1000, -1000);
    set_dims(&p, "steps", 1, 1, -1, -2);
    CHECK(p, 1, 1, 2, 2, 8, 6, 3, 1);
    set_dims(&p, "ends", 1, 1, 0, 1); // exclusive also backwards
    CHECK(p, 1, 1, 1, 1, 8);
    set_dims(&p, "steps", 1, 1, -1, 1);
    refuse(p, "nothing lies between 3 and 1 of dimension w with step 1");
    set_dims(&p, "steps", 1, 0, -1, 1);
    refuse(p, "step of dimension c is 0");
    p = start("slice", nchw(1, 1, 1, 2)); // by default everything
    CHECK(p, 1, 1, 1, 2, 0, 1);
}

static void test_permute(void **state)
{
    (void)state;
    assay_problem p = start("permute", nchw(1, 2, 1, 3)); // to nhwc
    set_dims(&p, "perm", 0, 2, 3, 1);
    CHECK(p, 1, 1, 3, 2, 0, 3, 1, 4, 2, 5);
    p.input[0] = nchw(2, 3, 1, 1);
    set_dims(&p, "perm", 1, 2, 3, 0);
    CHECK(p, 3, 1, 1, 2, 0, 3, 1, 4, 2, 5);
    set_dims(&p, "perm", 0, 1, 1, 2);
    refuse(p, "no order");
}

static void test_reshape(void **state)
{
    (void)state;
    assay_problem p = start("reshape", nchw(1, 2, 3, 1));
    set_dims(&p, "shape", 0, 3, -1, 1);
    CHECK(p, 1, 3, 2, 1, 0, 1, 2, 3, 4, 5);
    set_dims(&p, "shape", 0, 0, 0, 0);
    CHECK(p, 1, 2, 3, 1, 0, 1, 2, 3, 4, 5);
    set_dims(&p, "shape", -1, 3, -1, 1);
    refuse(p, "more than one -1");
    set_dims(&p, "shape", 0, 4, -1, 1);
    refuse(p, "6 elements do not become a multiple of 4");
    set_dims(&p, "shape", 1, 7, 1, 1);
    refuse(p, "6 elements do not become 7");
    set_dims(&p, "shape", 1 << 30, 1 << 30, 1 << 30, -1);
    refuse(p, "too large");
    p = start("flatten", nchw(2, 1, 1, 3));
    for (int axis = 0; axis <= 4; axis++) {
        static const int64_t rows[] = {1, 2, 2, 2, 6};
        static const double same[] = {0, 1, 2, 3, 4, 5};
        assay_shape shape = {
            2, {rows[axis], 6 / rows[axis], 1, 1}
        };
        set(&p, "axis", axis, 0);
        check(p, &shape, same);
    }
}

static void test_blocks(void **state)
{
    (void)state;
    assay_problem p = start("depth_to_space", nchw(1, 8, 1, 1));
    CHECK(p, 1, 2, 2, 2, 0, 2, 4, 6, 1, 3, 5, 7);
    set(&p, "mode", 1, 0);
    CHECK(p, 1, 2, 2, 2, 0, 1, 2, 3, 4, 5, 6, 7);
    p.input[0] = nchw(1, 4, 1, 2);
    CHECK(p, 1, 1, 2, 4, 0, 2, 1, 3, 4, 6, 5, 7);
    set(&p, "blocksize", 3, 0);
    refuse(p, "4 channels are no multiple of 9");
    p = start("space_to_depth", nchw(1, 2, 2, 2));
    CHECK(p, 1, 8, 1, 1, 0, 4, 1, 5, 2, 6, 3, 7);
    p.input[0] = nchw(1, 1, 2, 4);
    CHECK(p, 1, 4, 1, 2, 0, 2, 1, 3, 4, 6, 5, 7);
    set(&p, "blocksize", 4, 0);
    refuse(p, "blocks of 4 do not divide 2 x 4");
    p = start("convert", nchw(1, 2, 1, 2));
    CHECK(p, 1, 2, 1, 2, 0, 1, 2, 3);
}

// What a kernel holds of x when it converts to f32 and back on a device that flushes, and one that
// does not.
static void test_bound(void **state)
{
    (void)state;
    static const float data[] = {0, -0.0F, 0x1p-14F, 0x1p-15F, -0x1p-24F, 1, 65504, INFINITY, NAN};
    enum { COUNT = sizeof data / sizeof *data };
    assay_contract dense = assay_contract_default(), half = dense, kept = nearest();
    half.storage = kept.storage = ASSAY_STORAGE_F16;
    bench b = bench_of(start("convert", nchw(1, 1, 1, COUNT)));
    memcpy(b.data[0], data, sizeof data);
    solve(&b, ASSAY_METHOD_PLAIN, &dense); // no conversion: every bit, whatever the device does
    for (int i = 0; i < COUNT; i++)
        assert_true(b.ref.bound[i] == 0 && !b.ref.nan_allowed[i]);
    assay_bound(&b.p, b.in, &half, &b.ref);
    for (int i = 0; i < COUNT; i++) {
        bool subnormal = data[i] != 0 && fabsf(data[i]) < 0x1p-14F;
        if (!isfinite(data[i]))
            assert_true(isinf(b.ref.bound[i]));
        else if (subnormal)
            assert_true(b.ref.bound[i] >= fabs(b.ref.value[i]));
        else
            assert_true(b.ref.bound[i] == 0);
    }
    assay_bound(&b.p, b.in, &kept, &b.ref); // neither flushed nor ignored
    for (int i = 0; i < COUNT; i++)
        assert_true(b.ref.bound[i] == 0);
    bench_destroy(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_concat),  cmocka_unit_test(test_split),
        cmocka_unit_test(test_pad),     cmocka_unit_test(test_slice),
        cmocka_unit_test(test_permute), cmocka_unit_test(test_reshape),
        cmocka_unit_test(test_blocks),  cmocka_unit_test(test_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
