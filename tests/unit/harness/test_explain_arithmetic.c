// SPDX-License-Identifier: Apache-2.0
// Shaders that lose bits in a known place, and what the probes of single numbers say of them.
#include "harness/explain/arithmetic.h"
#include "harness/explain/terms.h"
#include "tests/unit/harness/explain_bench.h"

// A and B are applied to the operands, SUM to the sum after each step, OUT to the result.
static const char product[] =
    "/*---\n"
    "kernel: product\n"
    "operator: matmul\n"
    "precisions: [f32]\n"
    "layouts: [nchw]\n"
    "contract: {accumulator: f32}\n"
    "bindings: [{binding: 0, tensor: a}, {binding: 1, tensor: b}, {binding: 2, tensor: out}]\n"
    "push: [{name: k, type: int, value: a.w}, {name: w, type: int, value: out.w}]\n"
    "dispatch: {groups: [out.w, out.h, 1]}\n"
    "when: out.n * out.c == 1\n"
    "---*/\n"
    "#version 450\n"
    "layout(local_size_x = 1) in;\n"
    "layout(std430, binding = 0) readonly buffer A_ { float a[]; };\n"
    "layout(std430, binding = 1) readonly buffer B_ { float b[]; };\n"
    "layout(std430, binding = 2) writeonly buffer Out { float y[]; };\n"
    "layout(push_constant) uniform Params { int k, w; };\n"
    "float mask(float v, uint bits) { return uintBitsToFloat(floatBitsToUint(v) & bits); }\n"
    "float half_(float v) { return unpackHalf2x16(packHalf2x16(vec2(v, 0.0))).x; }\n"
    "float flush(float v) { return (floatBitsToUint(v) & 0x7F800000u) == 0u ? 0.0 : v; }\n"
    "#define AT(v) v\n"
    "#define BT(v) v\n"
    "#define SUM(v) v\n"
    "#define OUT(v) v\n"
    "EDIT\n"
    "void main() {\n"
    "    int row = int(gl_WorkGroupID.y), column = int(gl_WorkGroupID.x);\n"
    "    float sum = 0.0;\n"
    "    for (int i = 0; i < k; i++)\n"
    "        sum = SUM(sum + AT(a[row * k + i]) * BT(b[i * w + column]));\n"
    "    y[row * w + column] = OUT(sum);\n"
    "}\n";

#define REDEFINE(name, body) "#undef " name "\n#define " name "(v) " body "\n"

static const char matmul[] = "matmul/n1c1h6w11+n1c1h11w7/-/he/1";

static assay__line line_of(explain_bench *b)
{
    assay__line line;
    assay_error error = {0};
    if (assay__line_find(&b->bench, &b->c.problem, &line, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    return line;
}

static void bits_of_each_input_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *edit, *said;
        assay__answer verdict;
    } rows[] = {
        {"",                                     "\"a\" keeps its 24 bits, \"b\" keeps its 24 bits",             ASSAY__AS_PROMISED},
        { REDEFINE("AT",               "mask(v, 0xFFFF0000u)"),
         "\"a\" keeps 8 of its 24 bits (bf16), \"b\" keeps its 24 bits",                                              ASSAY__BROKEN},
        { REDEFINE("BT",                           "half_(v)"), "\"a\" keeps its 24 bits, \"b\" keeps 11 of its 24 bits (f16)",
         ASSAY__BROKEN},
        {                                                                                                              REDEFINE("AT",               "mask(v, 0xFFFFE000u)"),
         "\"a\" keeps 11 of its 24 bits (tf32), \"b\" keeps its 24 bits",                                             ASSAY__BROKEN},
        { REDEFINE("AT", "mask(v, 0xFFFC0000u)") REDEFINE("BT",                                        "mask(v, 0xFFFFFFFEu)"),
         "\"a\" keeps 6 of its 24 bits, \"b\" keeps 23 of its 24 bits", ASSAY__BROKEN},
        {                                                 REDEFINE("OUT",                         "mask(v, 0xFFFFE000u)"),
         "\"a\" keeps its 24 bits, \"b\" keeps its 24 bits",                                                                         ASSAY__AS_PROMISED},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        char *source = shader_edit(product, "EDIT", rows[k].edit);
        explain_bench *b = bench_begin(source, matmul);
        assay__line line = line_of(b);
        assay__answer verdict;
        assert_int_equal(assay__line_mantissa(&b->bench, &line, &verdict, NULL), ASSAY_OK);
        bench_must_note(b, rows[k].said);
        assert_int_equal(verdict, rows[k].verdict);
        assert_int_equal(b->out.finding_count, verdict == ASSAY__BROKEN);
        if (verdict == ASSAY__BROKEN)
            assert_int_equal(b->out.finding[0].cause, ASSAY_CAUSE_inputs_rounded);
        bench_end(b);
        free(source);
    }
}

// Faults that have nothing to do with bits are not mistaken for lost ones.
static void other_faults_lose_no_bits(void **state)
{
    (void)state;
    static const struct {
        const char *edit;
        assay__answer verdict;
    } rows[] = {
        {REDEFINE("OUT", "v + 0.001"),            ASSAY__AS_PROMISED}, // begins at a wrong value
        {REDEFINE("OUT", "v * 1.01"),             ASSAY__AS_PROMISED},
        {REDEFINE("OUT", "(v > 1e30 ? v : 0.0)"), ASSAY__UNTOLD     },
        {REDEFINE("AT",  "(i == 0 ? 0.0 : v)"),   ASSAY__UNTOLD     }, // the first term is missing
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        char *source = shader_edit(product, "EDIT", rows[k].edit);
        explain_bench *b = bench_begin(source, matmul);
        assay__line line = line_of(b);
        assay__answer verdict;
        assert_int_equal(assay__line_mantissa(&b->bench, &line, &verdict, NULL), ASSAY_OK);
        assert_int_equal(verdict, rows[k].verdict);
        assert_int_equal(b->out.finding_count, 0);
        bench_end(b);
        free(source);
    }
}

static void subnormal_numbers_that_vanish_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *edit, *said;
    } rows[] = {
        {"",           "subnormal inputs are kept, subnormal results are kept"   },
        { REDEFINE("AT", "flush(v)"),
         "subnormal inputs are taken for zero, subnormal results are kept"},
        {        REDEFINE("OUT", "flush(v)"), "subnormal inputs are kept, subnormal results become zero"},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        char *source = shader_edit(product, "EDIT", rows[k].edit);
        explain_bench *b = bench_begin(source, matmul);
        assay__line line = line_of(b);
        assay__specimen s = {.c = b->c};
        assert_int_equal(assay__line_flush(&b->bench, &line, &s, NULL), ASSAY_OK);
        if (k == 0 && b->bench.probe.flush_f32 && !bench_noted(b, rows[k].said))
            skip(); // the device does it by itself
        bench_must_note(b, rows[k].said);
        bench_end(b);
        free(source);
    }
}

// A cause only where subnormal numbers must be kept, and where what is wrong is zero.
static void lost_inputs_are_a_cause_where_zeros_are_wrong(void **state)
{
    (void)state;
    static const struct {
        assay_flush flush;
        float written;
        int findings;
    } rows[] = {
        {ASSAY_FLUSH_NO,    0, 1},
        {ASSAY_FLUSH_NO,    1, 0},
        {ASSAY_FLUSH_MAYBE, 0, 0},
    };
    char *source = shader_edit(product, "EDIT", REDEFINE("AT", "flush(v)"));
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        double value[] = {0x1p-125, 3}, bound[] = {0, 0};
        uint8_t nan_allowed[] = {0, 0};
        float out[] = {rows[k].written, 3};
        explain_bench *b = bench_begin(source, matmul);
        assay__line line = line_of(b);
        b->bench.contract.flush = rows[k].flush;
        assay__specimen s = {
            .c = b->c, .out = {out, out}
        };
        s.subject.contract = b->bench.contract;
        s.subject.reference = (assay_reference){
            .count = 2, .value = value, .bound = bound, .nan_allowed = nan_allowed};
        assert_int_equal(assay__line_flush(&b->bench, &line, &s, NULL), ASSAY_OK);
        assert_int_equal(b->out.finding_count, rows[k].findings);
        if (rows[k].findings)
            assert_int_equal(b->out.finding[0].cause, ASSAY_CAUSE_inputs_rounded);
        bench_end(b);
    }
    free(source);
}

// The sum of two, stored in f16 by STORE.
static const char sum[] =
    "/*---\n"
    "kernel: sum\n"
    "operator: add\n"
    "precisions: [f16s]\n"
    "layouts: [nchw]\n"
    "contract: {accumulator: f32}\n"
    "bindings: [{binding: 0, tensor: a}, {binding: 1, tensor: b}, {binding: 2, tensor: out}]\n"
    "dispatch: {flat: out.count}\n"
    "---*/\n"
    "#version 450\n"
    "#extension GL_EXT_shader_16bit_storage : require\n"
    "layout(local_size_x = 64) in;\n"
    "layout(std430, binding = 0) readonly buffer A { float16_t a[]; };\n"
    "layout(std430, binding = 1) readonly buffer B { float16_t b[]; };\n"
    "layout(std430, binding = 2) writeonly buffer Out { float16_t y[]; };\n"
    "float step_(float v, uint add) {\n"
    "    return uintBitsToFloat((floatBitsToUint(v) + add) & 0xFFFFE000u);\n"
    "}\n"
    "void main() {\n"
    "    uint i = gl_GlobalInvocationID.x;\n"
    "    if (i >= y.length())\n"
    "        return;\n"
    "    float v = float(a[i]) + float(b[i]);\n"
    "    y[i] = float16_t(STORE);\n"
    "}\n";

static void roundings_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *store, *said;
        assay__answer verdict;
    } rows[] = {
        {"v",                                                             "go to the nearer one, ties to the even one", ASSAY__AS_PROMISED},
        {"step_(v, 0u)",                                                  "are cut toward zero",                        ASSAY__BROKEN     },
        {"step_(v, 0x1FFFu)",                                             "are rounded away from zero",                 ASSAY__BROKEN     },
        {"step_(v, v > 0.0 ? 0x1FFFu : 0u)",                              "are rounded up",                             ASSAY__BROKEN     },
        {"step_(v, v < 0.0 ? 0x1FFFu : 0u)",                              "are rounded down",                           ASSAY__BROKEN     },
        {"step_(v, 0x1000u)",                                             "go to the nearer one, ties away from zero",  ASSAY__BROKEN     },
        {"step_(v, 0x0FFFu)",                                             "go to the nearer one, ties toward zero",     ASSAY__BROKEN     },
        {"step_(v, v < 0.0 ? 0xFFFu : 0x1000u)",                          "go to the nearer one, ties up",              ASSAY__BROKEN     },
        {"step_(v, (floatBitsToUint(v) & 0x2000u) != 0u ? 0u : 0x1FFFu)", "go neither way alone",
         ASSAY__BROKEN                                                                                                                    },
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        char *source = shader_edit(sum, "STORE", rows[k].store), said[160];
        explain_bench *b = bench_begin(source, "add/n1c3h4w5+n1c3h4w5/-/he/1");
        assay__line line = line_of(b);
        assay__answer verdict;
        if (!b->bench.probe.rte_buffer)
            skip(); // no rounding is promised
        assert_int_equal(line.count, 2);
        assert_int_equal(assay__line_rounding(&b->bench, &line, &verdict, NULL), ASSAY_OK);
        snprintf(said, sizeof said, "results between two f16 numbers %s where they are stored",
                 rows[k].said);
        bench_must_note(b, said);
        assert_int_equal(verdict, rows[k].verdict);
        if (verdict == ASSAY__BROKEN)
            assert_int_equal(b->out.finding[0].cause, ASSAY_CAUSE_store_rounding);
        bench_end(b);
        free(source);
    }
}

// Each place that loses bits is blamed on itself.
static void what_loses_bits_is_the_first_cause(void **state)
{
    (void)state;
    static const struct {
        const char *edit;
        assay_cause cause;
    } rows[] = {
        {REDEFINE("AT",  "mask(v, 0xFFFF0000u)"), ASSAY_CAUSE_inputs_rounded },
        {REDEFINE("SUM", "half_(v)"),             ASSAY_CAUSE_accumulator_f16},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        char *source = shader_edit(product, "EDIT", rows[k].edit);
        explain_bench *b = bench_begin(source, matmul);
        assay__specimen s = {.c = b->c};
        assert_int_equal(assay__specimens_run(&b->bench, &s, 1, NULL), ASSAY_OK);
        assert_true(assay__specimen_fails(&s));
        b->out.wrong = 1;
        assert_int_equal(assay__probe_precision(&b->bench, &s, NULL), ASSAY_OK);
        assay__rank(&b->out);
        assert_int_equal(b->out.finding[0].cause, rows[k].cause);
        assert_true(b->out.finding[0].score > 0.9);
        assert_true(b->out.finding_count < 2 || b->out.finding[1].score < 0.7);
        bench_must_note(b, "the sum of 11 terms is formed one after the other");
        assay__specimen_release(&s);
        bench_end(b);
        free(source);
    }
}

// What all probes say of a right kernel; false where it does not compute the case.
static bool probe_right_kernel(explain_bench *b, const assay_kernel *kernel)
{
    char reason[160];
    assay__answer verdict;
    b->bench.kernel = kernel;
    b->bench.info = assay_kernel_get_info(kernel);
    b->bench.contract = assay_probe_contract(&bench_probe, b->bench.info);
    b->out.note_count = 0;
    if (b->bench.info->op != b->c.problem.op ||
        !assay_kernel_applies(kernel, &b->c.problem, reason, sizeof reason))
        return false;
    assay__line line = line_of(b);
    assert_int_equal(assay__line_mantissa(&b->bench, &line, &verdict, NULL), ASSAY_OK);
    assert_int_equal(assay__line_rounding(&b->bench, &line, &verdict, NULL), ASSAY_OK);
    assert_int_equal(assay__probe_summation(&b->bench, &b->c.problem, NULL), ASSAY_OK);
    if (b->out.finding_count)
        fail_msg("%s: %s", b->bench.info->file, b->out.finding[0].text);
    if (assay__is_sum(&b->c.problem))
        bench_must_note(b, " is formed ");
    return true;
}

// The project's own kernels lose nothing, in no layout and no precision, and form their sums as
// trees.
static void right_kernels_are_accused_of_nothing(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "conv2d/n2c5h5w6/o6k3x2s1p1/he/1",     "matmul/n1c2h6w37+n1c2h37w7/-/he/1",
        "avg_pool2d/n2c3h5w7/k3x3s2x1p1/he/1", "reduce_sum/n2c5h7w9/axes0x1x0x1/he/1",
        "add/n2c3h4w5+n2c3h4w5/-/he/1",
    };
    explain_bench b = {0};
    assay_error error = {0};
    int probed = 0;
    bench_open();
    b.bench = (assay__workbench){.device = bench_device, .probe = bench_probe, .out = &b.out};
    if (assay_kernels_builtin(&b.kernels, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(assay_case_parse(cases[i], &b.c, NULL), ASSAY_OK);
        for (int k = 0; k < b.kernels.count; k++)
            probed += probe_right_kernel(&b, b.kernels.items[k]);
    }
    assert_true(probed > 60);
    assay_kernels_destroy(&b.kernels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_of_each_input_are_counted),
        cmocka_unit_test(other_faults_lose_no_bits),
        cmocka_unit_test(subnormal_numbers_that_vanish_are_told),
        cmocka_unit_test(lost_inputs_are_a_cause_where_zeros_are_wrong),
        cmocka_unit_test(roundings_are_named),
        cmocka_unit_test(what_loses_bits_is_the_first_cause),
        cmocka_unit_test(right_kernels_are_accused_of_nothing),
    };
    return bench_close(cmocka_run_group_tests(tests, NULL, NULL));
}
