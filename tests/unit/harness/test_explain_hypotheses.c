// SPDX-License-Identifier: Apache-2.0
// Hypotheses against outputs that a wrong kernel would have written, made by the reference: each
// must be found first, and noise must not be explained.
#include "harness/explain/hypothesis.h"

#include "reference/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct scene {
    assay__specimen s;
    assay__workbench bench;
    assay_explanation out;
} scene;

// A case and the outputs of a perfect kernel.
static scene *begin(const char *text)
{
    scene *c = calloc(1, sizeof *c);
    assay_error error = {0};
    if (assay_case_parse(text, &c->s.c, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    c->bench.contract = assay_contract_default();
    c->bench.contract.rounding = c->bench.contract.store = ASSAY_ROUNDING_RTE;
    c->bench.contract.nan = ASSAY_NAN_KEPT;
    c->bench.out = &c->out;
    c->s.subject.c = &c->s.c;
    c->s.subject.contract = c->bench.contract;
    assay_subject_prepare(&c->s.subject);
    assert_int_equal(c->s.subject.status, ASSAY_OK);
    size_t n = (size_t)c->s.subject.reference.count;
    for (int run = 0; run < ASSAY_RUNS; run++) {
        c->s.out[run] = calloc(n, sizeof(float));
        for (size_t i = 0; i < n; i++)
            c->s.out[run][i] = (float)c->s.subject.reference.value[i];
    }
    c->s.ran = true;
    return c;
}

static void write_both(scene *c, int64_t i, double value)
{
    c->s.out[0][i] = c->s.out[1][i] = (float)value;
}

// Writes the reference of another problem or of other inputs.
static void write_result_of(scene *c, const assay_problem *problem, const float *const *in)
{
    assay_reference other = {0};
    assert_int_equal(assay_reference_create(problem, in, ASSAY_METHOD_PLAIN, &other, NULL),
                     ASSAY_OK);
    for (int64_t i = 0; i < c->s.subject.reference.count; i++)
        write_both(c, i, other.value[i]);
    assay_reference_destroy(&other);
}

static void expect_first(scene *c, assay_cause cause)
{
    assert_int_equal(assay__test_hypotheses(&c->bench, &c->s, NULL), ASSAY_OK);
    assay__rank(&c->out);
    assert_true(c->out.finding_count > 0);
    assert_string_equal(assay_cause_name(c->out.finding[0].cause), assay_cause_name(cause));
    assert_true(c->out.finding[0].score > 0.8);
}

static void end(scene *c)
{
    assay__specimen_release(&c->s);
    free(c);
}

static void another_attribute(void **state)
{
    (void)state;
    scene *c = begin("lrn/n2c7h5w6/alpha0.5beta0.5size3/he/1");
    assay_problem other = c->s.c.problem;
    other.attribute[assay_attribute_index(other.op, "beta")].f = 0.75F;
    write_result_of(c, &other, c->s.subject.in);
    expect_first(c, ASSAY_CAUSE_attribute);
    end(c);
}

static void another_stride(void **state)
{
    (void)state;
    scene *c = begin("conv2d/n2c3h9w11/o4k3x2s2x1p1/i2/1");
    assay_problem other = c->s.c.problem;
    other.attribute[assay_attribute_index(other.op, "strides")].i[0] = 1;
    assert_int_equal(assay_problem_infer(&other, NULL), ASSAY_OK);
    assay_reference all = {0};
    assert_int_equal(
        assay_reference_create(&other, c->s.subject.in, ASSAY_METHOD_PLAIN, &all, NULL), ASSAY_OK);
    for (int64_t i = 0; i < c->s.subject.reference.count; i++) {
        int64_t at[4];
        assay__coordinates(&c->s.c.problem.output, i, at);
        int64_t h = other.output.dim[2], w = other.output.dim[3];
        write_both(c, i, all.value[((at[0] * 4 + at[1]) * h + at[2]) * w + at[3]]);
    }
    assay_reference_destroy(&all);
    expect_first(c, ASSAY_CAUSE_stride);
    end(c);
}

static void other_inputs(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int input;
        float factor;
        assay_cause cause;
    } rows[] = {
        {"conv2d/n2c3h9w11/o4k3x2s1p1/i2/1", 2, 2,  ASSAY_CAUSE_bias},
        {"conv2d/n2c3h9w11/o4k3x2s1p1/i2/1", 0, -1, ASSAY_CAUSE_sign},
        {"sub/n2c5h7w9+n2c5h7w9/-/he/1",     1, -1, ASSAY_CAUSE_sign},
        {"batch_norm/n2c5h7w9/-/he/1",       2, 0,  ASSAY_CAUSE_bias},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        scene *c = begin(rows[k].text);
        const float *in[ASSAY_INPUTS_MAX];
        int64_t n = assay_shape_elements(&c->s.c.problem.input[rows[k].input]);
        float *changed = calloc((size_t)n, sizeof *changed);
        memcpy(in, c->s.subject.in, sizeof in);
        for (int64_t i = 0; i < n; i++)
            changed[i] = rows[k].factor * in[rows[k].input][i];
        in[rows[k].input] = changed;
        write_result_of(c, &c->s.c.problem, in);
        expect_first(c, rows[k].cause);
        free(changed);
        end(c);
    }
}

static void multiples_limits_and_divisors(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double factor;
        assay_cause cause;
    } rows[] = {
        {"matmul/n1c2h6w11+n1c2h11w7/-/he/1", 0.5,  ASSAY_CAUSE_scale  },
        {"global_avg_pool/n2c5h7w9/-/he/1",   0.75, ASSAY_CAUSE_divisor},
        {"matmul/n1c2h6w11+n1c2h11w7/-/he/1", -1,   ASSAY_CAUSE_sign   },
        {"silu/n2c5h7w9/-/he/1",              1.02, ASSAY_CAUSE_scale  },
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        scene *c = begin(rows[k].text);
        for (int64_t i = 0; i < c->s.subject.reference.count; i++)
            write_both(c, i, rows[k].factor * c->s.subject.reference.value[i]);
        expect_first(c, rows[k].cause);
        end(c);
    }
    scene *c = begin("global_max_pool/n2c5h7w9/-/negative/1");
    for (int64_t i = 0; i < c->s.subject.reference.count; i++)
        write_both(c, i, fmax(0, c->s.subject.reference.value[i]));
    expect_first(c, ASSAY_CAUSE_initial_value);
    end(c);
}

static void a_norm_without_its_epsilon(void **state)
{
    (void)state;
    scene *c = begin("instance_norm/n2c5h7w9/eps0.125/he/1");
    assay_problem other = c->s.c.problem;
    other.attribute[assay_attribute_index(other.op, "epsilon")].f = 0;
    write_result_of(c, &other, c->s.subject.in);
    expect_first(c, ASSAY_CAUSE_epsilon);
    end(c);
}

static void noise_is_not_explained(void **state)
{
    (void)state;
    scene *c = begin("conv2d/n2c3h9w11/o4k3x2s1p1/i2/1");
    for (int64_t i = 0; i < c->s.subject.reference.count; i++)
        write_both(c, i, c->s.subject.reference.value[i] + (double)(i * 7919 % 4001) - 2000);
    assert_int_equal(assay__test_hypotheses(&c->bench, &c->s, NULL), ASSAY_OK);
    assert_int_equal(c->out.finding_count, 0);
    end(c);
}

static void what_is_right_needs_no_hypothesis(void **state)
{
    (void)state;
    scene *c = begin("conv2d/n2c3h9w11/o4k3x2s1p1/i2/1");
    assert_int_equal(assay__test_hypotheses(&c->bench, &c->s, NULL), ASSAY_OK);
    assert_int_equal(c->out.finding_count, 0);
    end(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_attribute),
        cmocka_unit_test(another_stride),
        cmocka_unit_test(other_inputs),
        cmocka_unit_test(multiples_limits_and_divisors),
        cmocka_unit_test(a_norm_without_its_epsilon),
        cmocka_unit_test(noise_is_not_explained),
        cmocka_unit_test(what_is_right_needs_no_hypothesis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
