// SPDX-License-Identifier: Apache-2.0
// Output sizes and padding, by a table of cases that were worked out by hand.
#include "reference/window.h"
#include "tests/unit/reference/reference_problems.h"

enum {
    E = ASSAY_PAD_EXPLICIT,
    U = ASSAY_PAD_SAME_UPPER,
    L = ASSAY_PAD_SAME_LOWER,
    V = ASSAY_PAD_VALID
};

static const struct {
    int64_t in, kernel, stride, dilation, begin, end;
    int mode;
    bool ceil;
    int64_t out, out_begin, out_end; // out 0: refused
} table[] = {
  // in k  s  d  b  e  mode ceil   out b e
    {8,   3,         1, 1,         1,         1, E, false, 8,   1, 1},
    {8,   3,         2, 1,         1,         1, E, false, 4,   1, 1},
    {7,   3,         2, 1,         0,         0, E, false, 3,   0, 0},
    {224, 7,         2, 1,         3,         3, E, false, 112, 3, 3},
    {5,   1,         1, 1,         4,         0, E, false, 9,   4, 0}, // padding beyond the kernel
    {3,   2,         1, 5,         2,         2, E, false, 2,   2, 2}, // dilation beyond the input, allowed by padding
    {3,   2,         1, 5,         1,         1, E, false, 0,   0, 0}, // and refused without: 6 > 5
    {3,   4,         1, 1,         0,         0, E, false, 0,   0, 0},
    {3,   3,         9, 1,         0,         0, E, false, 1,   0, 0}, // stride beyond everything
    {6,   3,         2, 1,         0,         0, E, false, 2,   0, 0},
    {6,   3,         2, 1,         0,         0, E, true,  3,   0, 0}, // the last window hangs over by one
    {5,   3,         2, 1,         0,         0, E, true,  2,   0, 0}, // nothing hangs over
    {4,   2,         3, 1,         0,         0, E, true,  2,   0, 0},
    {2,   1,         3, 1,         0,         1, E, true,  1,   0, 1}, // the second window would start beyond the input
    {3,   1,         3, 1,         0,         1, E, true,  1,   0, 1}, // it would start in the end padding: not counted
    {3,   2,         3, 1,         1,         1, E, true,  2,   1, 1}, // 3 < 3 + 1: starts inside
    {5,   3,         1, 1,         9,         9, U, false, 5,   1, 1}, // given padding is replaced
    {5,   2,         1, 1,         0,         0, U, false, 5,   0, 1}, // the odd element at the end
    {5,   2,         1, 1,         0,         0, L, false, 5,   1, 0}, // and at the beginning
    {6,   3,         2, 1,         0,         0, U, false, 3,   0, 1},
    {6,   3,         2, 1,         0,         0, L, false, 3,   1, 0},
    {7,   3,         2, 1,         0,         0, U, false, 4,   1, 1},
    {5,   3,         1, 2,         0,         0, U, false, 5,   2, 2}, // dilation counts
    {8,   1,         2, 1,         0,         0, U, false, 4,   0, 0}, // no padding where the stride leaves elements out
    {7,   3,         2, 1,         5,         5, V, false, 3,   0, 0},
    {6,   3,         2, 1,         0,         0, V, true,  2,   0, 0}, // VALID has whole windows only
    {2,   3,         1, 1,         9,         9, V, false, 0,   0, 0},
    {0,   1,         1, 1,         0,         0, E, false, 0,   0, 0},
    {4,   0,         1, 1,         0,         0, E, false, 0,   0, 0},
    {4,   1,         0, 1,         0,         0, E, false, 0,   0, 0},
    {4,   1,         1, 0,         0,         0, E, false, 0,   0, 0},
    {4,   1,         1, 1,         -1,        0, E, false, 0,   0, 0},
    {4,   INT64_MAX, 1, INT64_MAX, 0,         0, E, false, 0,   0, 0}, // sizes that overflow
    {4,   INT32_MAX, 1, 2,         0,         0, U, false, 0,   0, 0},
    {4,   1,         1, 1,         INT64_MAX, 1, E, false, 0,   0, 0},
};

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assay_error error = {0};
        assay_window_axis a = {.in = table[i].in,
                               .kernel = table[i].kernel,
                               .stride = table[i].stride,
                               .dilation = table[i].dilation,
                               .pad_begin = table[i].begin,
                               .pad_end = table[i].end};
        assay_status s =
            assay_window_resolve(&a, (assay_pad_mode)table[i].mode, table[i].ceil, "width", &error);
        if (table[i].out == 0) {
            assert_int_equal(s, ASSAY_SHAPE);
            assert_non_null(strstr(error.message, "width"));
            continue;
        }
        assert_int_equal(s, ASSAY_OK);
        if (a.out != table[i].out || a.pad_begin != table[i].out_begin ||
            a.pad_end != table[i].out_end)
            fail_msg("row %zu: out %d, padding %d and %d", i, (int)a.out, (int)a.pad_begin,
                     (int)a.pad_end);
    }
}

static void test_message_has_numbers(void **state)
{
    (void)state;
    assay_error error = {0};
    assay_problem p = start("max_pool2d", nchw(1, 1, 9, 4));
    set(&p, "kernel_shape", 2, 3);
    set(&p, "dilations", 1, 5);
    assert_int_equal(assay_problem_infer(&p, &error), ASSAY_SHAPE);
    assert_non_null(strstr(error.message, "width"));
    assert_non_null(strstr(error.message, "covers 11"));
}

// Height and width are told apart, and so are the four sides.
static void test_axes(void **state)
{
    (void)state;
    assay_problem p = start("max_pool2d", nchw(1, 1, 10, 20));
    set(&p, "kernel_shape", 2, 5);
    set(&p, "strides", 1, 3);
    set(&p, "dilations", 2, 1);
    set_pads(&p, 0, 1, 1, 2);
    infer(&p);
    assert_int_equal(p.output.dim[2], 9); // 10 + 1 - 3 + 1
    assert_int_equal(p.output.dim[3], 7); // (20 + 3 - 5) / 3 + 1
    attribute(&p, "pads")->mode = ASSAY_PAD_SAME_LOWER;
    infer(&p);
    assert_int_equal(p.output.dim[2], 10);
    assert_int_equal(p.output.dim[3], 7);
    assert_int_equal(p.pad[0], 1);
    assert_int_equal(p.pad[1], 2);
    assert_int_equal(p.pad[2], 1);
    assert_int_equal(p.pad[3], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_message_has_numbers),
        cmocka_unit_test(test_axes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
