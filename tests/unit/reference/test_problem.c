// SPDX-License-Identifier: Apache-2.0
// The operator table, what infer refuses, and the names that manifests use.
#include "reference/format.h"
#include "tests/unit/reference/reference_problems.h"

static int64_t variable(const assay_problem *p, const char *name)
{
    int64_t value = 0;
    if (!assay_problem_variable(p, name, &value))
        fail_msg("no variable %s", name);
    return value;
}

static void test_table(void **state)
{
    (void)state;
    assert_true(assay_operator_count >= 23);
    for (int i = 0; i < assay_operator_count; i++) {
        const assay_operator *op = assay_operators[i];
        assert_ptr_equal(assay_operator_find(op->name), op);
        assert_true(op->name && op->onnx && op->summary && op->output);
        assert_true(op->infer && op->reference && op->bound && op->flops);
        assert_true(op->given >= 1 && op->given <= op->input_count);
        assert_true(op->input_count <= ASSAY_INPUTS_MAX);
        assert_true(op->attribute_count <= ASSAY_ATTRIBUTES_MAX);
        for (int k = 0; k < op->attribute_count; k++) {
            const assay_attribute *a = &op->attributes[k];
            assert_int_equal(assay_attribute_index(op, a->name), k);
            assert_true(a->spelling && a->variable && a->summary);
            assert_true(a->least <= a->most);
        }
    }
    assert_null(assay_operator_find("conv3d"));
    assert_int_equal(assay_attribute_index(assay_operator_find("relu"), "strides"), -1);
    assert_int_equal(assay_input_index(assay_operator_find("add"), "b"), 1);
    assert_int_equal(assay_input_index(assay_operator_find("add"), "in"), -1);
}

static void refuse(assay_problem *p, const char *word)
{
    assay_error error = {0};
    assert_int_equal(assay_problem_infer(p, &error), ASSAY_SHAPE);
    if (!strstr(error.message, word))
        fail_msg("\"%s\" does not say \"%s\"", error.message, word);
}

static void test_refused(void **state)
{
    (void)state;
    assay_problem p = start("conv2d", nchw(1, 6, 8, 8));
    set(&p, "out_channels", 4, 0);
    set(&p, "group", 4, 0);
    refuse(&p, "4 groups");
    set(&p, "group", 0, 0);
    refuse(&p, "\"group\" is 0, expected 1");
    set(&p, "group", 1, 0);
    set(&p, "strides", 1, 0);
    refuse(&p, "strides");
    set(&p, "strides", 1, 1);
    set(&p, "bias", 2, 0);
    refuse(&p, "bias");
    set(&p, "bias", 1, 0);
    set_pads(&p, 0, 0, -1, 0);
    refuse(&p, "pads");
    set_pads(&p, 0, 0, 0, 0);
    attribute(&p, "pads")->mode = 4;
    refuse(&p, "mode");
    attribute(&p, "pads")->mode = ASSAY_PAD_EXPLICIT;
    p.input[0].rank = 3;
    refuse(&p, "3 dimensions, expected 4");
    p.input[0] = nchw(1, 6, 0, 8);
    refuse(&p, "empty");
    p.input[0] = nchw(1, 1000000, 8, 8);
    set(&p, "out_channels", 1000000, 0);
    refuse(&p, "weights");
    p = start("conv2d", nchw(60000, 1, 1, 1)); // an output beyond 2^31 elements
    set(&p, "out_channels", 60000, 0);
    refuse(&p, "out");

    p = start("clip", nchw(1, 1, 1, 1));
    attribute(&p, "min")->f = NAN;
    refuse(&p, "min");
    p = start("softmax", nchw(1, 1, 1, 1));
    set(&p, "axis", 4, 0);
    refuse(&p, "axis");
    p = start("add", nchw(2, 3, 4, 5));
    p.input[1] = nchw(2, 3, 2, 5);
    refuse(&p, "dimension h");
}

static void test_windows_in_the_padding(void **state)
{
    (void)state;
    assay_problem p = start("avg_pool2d", nchw(1, 1, 4, 4));
    set(&p, "kernel_shape", 2, 2);
    set_pads(&p, 2, 0, 0, 0);
    refuse(&p, "row 0");
    set_pads(&p, 0, 1, 0, 2);
    refuse(&p, "column 5");
    set(&p, "count_include_pad", 1, 0); // then there are elements: zeros
    infer(&p);
    set(&p, "count_include_pad", 0, 0);
    set_pads(&p, 1, 1, 1, 1);
    infer(&p);
    p = start("avg_pool2d", nchw(1, 1, 1, 4)); // taps on both sides of the one row, none on it
    set(&p, "kernel_shape", 2, 1);
    set(&p, "dilations", 2, 1);
    set_pads(&p, 1, 0, 1, 0);
    refuse(&p, "row 0");
    p = start("max_pool2d", nchw(1, 1, 4, 4));
    set(&p, "kernel_shape", 2, 2);
    set_pads(&p, 2, 0, 0, 0);
    infer(&p); // the maximum of nothing is minus infinity
}

static void test_shapes(void **state)
{
    (void)state;
    assay_problem p = start("conv2d", nchw(2, 6, 9, 8));
    set(&p, "out_channels", 9, 0);
    set(&p, "kernel_shape", 3, 2);
    set(&p, "group", 3, 0);
    infer(&p);
    assert_true(assay_shape_equal(&p.input[1], &(assay_shape){
                                                   4, {9, 2, 3, 2}
    }));
    assert_true(assay_shape_equal(&p.input[2], &(assay_shape){
                                                   1, {9, 1, 1, 1}
    }));
    assert_true(assay_shape_equal(&p.output, &(assay_shape){
                                                 4, {2, 9, 7, 7}
    }));
    assert_true(assay_problem_flops(&p) == 2.0 * 2 * 9 * 7 * 7 * 2 * 3 * 2);
    assert_true(assay_problem_bytes(&p) == 4.0 * (2 * 6 * 9 * 8 + 9 * 2 * 3 * 2 + 9 + 2 * 9 * 49));
    set(&p, "bias", 0, 0); // infer again: the bias must go
    infer(&p);
    assert_int_equal(p.input[2].rank, 0);

    p = start("linear", (assay_shape){
                            2, {3, 10, 1, 1}
    });
    set(&p, "out_features", 4, 0);
    infer(&p);
    assert_true(assay_shape_equal(&p.input[1], &(assay_shape){
                                                   2, {4, 10, 1, 1}
    }));
    assert_true(assay_shape_equal(&p.output, &(assay_shape){
                                                 2, {3, 4, 1, 1}
    }));

    p = start("add", nchw(2, 1, 4, 1));
    p.input[1] = nchw(1, 3, 1, 5);
    infer(&p);
    assert_true(assay_shape_equal(&p.output, &(assay_shape){
                                                 4, {2, 3, 4, 5}
    }));
}

static void test_variables(void **state)
{
    (void)state;
    int64_t value;
    float f = 0;
    assay_problem p = start("conv2d", nchw(2, 6, 9, 8));
    set(&p, "out_channels", 4, 0);
    set(&p, "kernel_shape", 3, 2);
    set(&p, "strides", 2, 2);
    set_pads(&p, 1, 2, 3, 4);
    set(&p, "bias", 0, 0);
    infer(&p);
    static const struct {
        const char *name;
        int64_t value;
    } rows[] = {
        {"in.n",         2  },
        {"in.c",         6  },
        {"in.h",         9  },
        {"in.w",         8  },
        {"out.c",        4  },
        {"weights.o",    4  },
        {"weights.i",    6  },
        {"weights.w",    2  },
        {"in.count",     864},
        {"bias.count",   0  },
        {"bias.o",       0  },
        {"kernel_h",     3  },
        {"kernel_w",     2  },
        {"kernel",       -1 },
        {"stride",       2  },
        {"stride_w",     2  },
        {"pad_top",      1  },
        {"pad_left",     2  },
        {"pad_bottom",   3  },
        {"pad_right",    4  },
        {"pad",          -1 },
        {"groups",       1  },
        {"bias",         0  },
        {"has_bias",     0  },
        {"dilation",     1  },
        {"out_channels", 4  }
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (variable(&p, rows[i].name) != rows[i].value)
            fail_msg("%s is %d", rows[i].name, (int)variable(&p, rows[i].name));
    static const char *const strange[] = {"",     "in",        "in.",       "in.x",    "in.hh",
                                          "a.n",  "kernel_x",  "kernel_",   "strides", "has",
                                          "pad_", "groupsize", "in.count.", "out.o"};
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        assert_false(assay_problem_variable(&p, strange[i], &value));
    attribute(&p, "pads")->mode = ASSAY_PAD_SAME_UPPER; // resolved padding is what a kernel gets
    infer(&p);
    assert_int_equal(variable(&p, "pad_top"), 1);
    assert_int_equal(variable(&p, "pad_right"), 0);

    p = start("leaky_relu", nchw(1, 1, 1, 1));
    infer(&p);
    assert_true(assay_problem_float(&p, "alpha", &f) && f == 0.01F);
    assert_false(assay_problem_variable(&p, "alpha", &value)); // no integer
    assert_false(assay_problem_float(&p, "beta", &f));
    assert_false(assay_problem_variable(&p, "has_bias", &value)); // the operator knows no bias
}

static void test_contract(void **state)
{
    (void)state;
    char text[200];
    assay_contract c = assay_contract_default();
    assay_arithmetic a = assay_contract_arithmetic(&c);
    assert_true(a.u == 0x1p-24 && a.r == 0x1p-23 && a.eta == 0x1p-126 && a.bits == 24);
    assert_true(a.most == (double)assay_float_of_bits(0x7F7FFFFF) && a.spacing == 0x1p-149);
    assert_string_equal(assay_contract_format(&c, text, sizeof text),
                        "f32 in f32 rounding=unknown(spec) store=unknown(spec) flush=maybe(spec) "
                        "nan=ignored(spec) form=standard");
    c = nearest();
    c.rounding_source = ASSAY_SOURCE_PROBED;
    a = assay_contract_arithmetic(&c);
    assert_true(a.r == a.u && a.eta == 0x1p-150);
    assert_string_equal(assay_contract_format(&c, text, sizeof text),
                        "f32 in f32 rounding=rte(probed) store=unknown(spec) flush=no(spec) "
                        "nan=kept(spec) form=standard");
    c.accumulator = ASSAY_ACCUMULATOR_F16;
    c.rounding = ASSAY_ROUNDING_UNKNOWN;
    a = assay_contract_arithmetic(&c);
    assert_true(a.u == 0x1p-11 && a.r == 0x1p-10 && a.eta == 0x1p-24 && a.bits == 11);
    assert_true(a.most == 65504 && a.least == 0x1p-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),     cmocka_unit_test(test_refused),
        cmocka_unit_test(test_shapes),    cmocka_unit_test(test_windows_in_the_padding),
        cmocka_unit_test(test_variables), cmocka_unit_test(test_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
