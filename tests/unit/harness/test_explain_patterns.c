// SPDX-License-Identifier: Apache-2.0
// Patterns, p-values, shrinking and ranking, without a device.
#include "harness/explain/explain_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static assay_case parsed(const char *text)
{
    assay_case c;
    assay_error error = {0};
    if (assay_case_parse(text, &c, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    return c;
}

static void near(double actual, double expected)
{
    if (!(fabs(actual - expected) <= 1e-9 * fabs(expected)))
        fail_msg("got %.17g, expected %.17g", actual, expected);
}

// Fisher's tea: 4 of 4 right by chance is 1 in 70, 3 of 4 or more 17 in 70; the other values are
// sums of binomial coefficients done by hand.
static void fisher_has_known_values(void **state)
{
    (void)state;
    near(exp(assay__fisher(4, 4, 4, 8)), 1.0 / 70);
    near(exp(assay__fisher(3, 4, 4, 8)), 17.0 / 70);
    near(exp(assay__fisher(2, 3, 3, 10)), (21.0 + 1.0) / 120);
    near(exp(assay__fisher(1, 1, 1, 1000)), 1.0 / 1000);
    assert_true(assay__fisher(0, 4, 4, 8) == 0); // certain
    assert_true(assay__fisher(4, 4, 8, 8) == 0); // all are wrong: nothing is said of the four
    assert_true(assay__fisher(500, 500, 500, 1000) < -600); // far below what a double holds
}

static void stratify(const char *text, bool (*is_wrong)(const int64_t *at), assay_explanation *out)
{
    assay_case c = parsed(text);
    int64_t count = assay_shape_elements(&c.problem.output), at[4];
    uint8_t *wrong = calloc((size_t)count, 1);
    memset(out, 0, sizeof *out);
    for (int64_t i = 0; i < count; i++) {
        assay__coordinates(&c.problem.output, i, at);
        wrong[i] = is_wrong(at);
        out->wrong += wrong[i];
    }
    assert_int_equal(assay__stratify(out, &c.problem, wrong, NULL, NULL), ASSAY_OK);
    free(wrong);
}

static bool last_column(const int64_t *at)
{
    return at[3] == 16;
}

static bool every_fourth_row(const int64_t *at)
{
    return at[2] % 4 == 3;
}

static bool scattered(const int64_t *at)
{
    return (at[0] * 7 + at[1] * 5 + at[2] * 3 + at[3] * 11) % 13 == 0;
}

static void strata_are_found_and_none_invented(void **state)
{
    (void)state;
    assay_explanation *out = calloc(1, sizeof *out);
    stratify("relu/n2c6h9w17/-/i1/1", last_column, out);
    assert_true(out->stratum_count >= 1);
    assert_string_equal(out->stratum[0].text, "the last column");
    assert_int_equal(out->stratum[0].wrong, 108);
    assert_int_equal(out->stratum[0].elements, 108);
    assert_true(out->stratum[0].p < 1e-50);
    stratify("relu/n2c6h16w17/-/i1/1", every_fourth_row, out);
    assert_string_equal(out->stratum[0].text, "rows with h mod 4 = 3");
    stratify("relu/n2c6h13w13/-/i1/1", scattered, out);
    assert_int_equal(out->stratum_count, 0);
    free(out);
}

// Elements are written in order, 64 by a group.
static void stratify_groups(bool (*is_wrong)(int64_t i), bool known, assay_explanation *out)
{
    enum { COUNT = 2 * 5 * 9 * 17 };
    static uint8_t wrong[COUNT];
    static int32_t group[COUNT][3];
    assay_case c = parsed("relu/n2c5h9w17/-/i1/1");
    assay_writers writers = {
        group, true, {(COUNT + 63) / 64, 1, 1},
          {64,                1, 1}
    };
    memset(out, 0, sizeof *out);
    for (int i = 0; i < COUNT; i++) {
        wrong[i] = is_wrong(i);
        group[i][0] = i / 64;
    }
    assert_int_equal(assay__stratify(out, &c.problem, wrong, known ? &writers : NULL, NULL),
                     ASSAY_OK);
}

static bool of_odd_group(int64_t i)
{
    return i / 64 % 2 == 1;
}

static bool in_upper_half(int64_t i)
{
    return i % 64 >= 32;
}

static bool in_last_lane(int64_t i)
{
    return i % 64 == 63;
}

static bool in_second_item(int64_t i)
{
    return i >= 5 * 9 * 17;
}

static void groups_and_lanes_are_told(void **state)
{
    (void)state;
    assay_explanation *out = calloc(1, sizeof *out);
    static const struct {
        bool (*is_wrong)(int64_t i);
        const char *said;
    } rows[] = {
        {of_odd_group,   "work groups along x with x mod 2 = 1"   },
        {in_upper_half,  "lanes after the 32nd of each work group"},
        {in_last_lane,   "the last lane of each work group"       },
        {in_second_item, "the last item"                          },
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        stratify_groups(rows[k].is_wrong, true, out);
        assert_true(out->stratum_count >= 1);
        assert_string_equal(out->stratum[0].text, rows[k].said);
        stratify_groups(rows[k].is_wrong, false, out);
        for (int i = 0; i < out->stratum_count; i++)
            assert_null(strstr(out->stratum[i].text, "work group"));
    }
    stratify_groups(in_second_item, true, out); // groups follow items, and say nothing of their own
    for (int i = 0; i < out->stratum_count; i++)
        assert_null(strstr(out->stratum[i].text, "work group"));
    free(out);
}

// Tiles of 4 rows, and of another width in every row of tiles: their last columns have no number.
static void blocks_that_are_boxes_have_rows_and_columns(void **state)
{
    (void)state;
    enum { H = 16, W = 40 };
    static uint8_t wrong[H * W];
    static int32_t group[H * W][3];
    assay_case c = parsed("relu/n1c1h16w40/-/i1/1");
    assay_writers writers = {
        group, true, {8, 4, 1},
          {8, 4, 1}
    };
    assay_explanation *out = calloc(1, sizeof *out);
    for (int i = 0; i < H * W; i++) {
        static const int width[] = {8, 10, 5, 20};
        int h = i / W, w = i % W;
        group[i][0] = w / width[h / 4];
        group[i][1] = h / 4;
        wrong[i] = w % width[h / 4] == width[h / 4] - 1;
    }
    assert_int_equal(assay__stratify(out, &c.problem, wrong, &writers, NULL), ASSAY_OK);
    assert_true(out->stratum_count >= 1);
    assert_string_equal(out->stratum[0].text, "the last column of each work group's block");
    free(out);
}

// Fails like a kernel that has no test for columns behind the input.
static assay_status wide_window(void *context, const assay_case *cases, int count, bool *fails,
                                assay_error *error)
{
    int *asked = context;
    (void)error;
    for (int i = 0; i < count; i++) {
        const assay_problem *p = &cases[i].problem;
        fails[i] = p->pad[3] > 0 && p->input[0].dim[3] >= 3 && p->output.dim[1] >= 2;
    }
    *asked += count;
    return ASSAY_OK;
}

static void shrinking_keeps_what_fails_alone(void **state)
{
    (void)state;
    int asked = 0;
    assay__oracle oracle = {&asked, wide_window};
    assay_case c = parsed("conv2d/n2c6h17w19/o8k3x3s2x1p1d1x2/he/1");
    assert_int_equal(assay__shrink(&oracle, &c, 40, NULL), ASSAY_OK);
    assert_int_equal(c.problem.input[0].dim[0], 1);
    assert_int_equal(c.problem.input[0].dim[1], 1);
    assert_int_equal(c.problem.input[0].dim[3], 3);
    assert_int_equal(c.problem.output.dim[1], 2);
    assert_true(c.problem.pad[3] > 0);
    assert_int_equal(c.dataset, ASSAY_DATASET_I1);
    assert_true(asked < 4000);
}

static void shrinking_stops_where_nothing_smaller_fails(void **state)
{
    (void)state;
    int asked = 0;
    assay__oracle oracle = {&asked, wide_window};
    assay_case c = parsed("conv2d/n1c1h1w3/o2k1x1s1p0x0x0x1b0/i1/1"), before = c;
    assert_int_equal(assay__shrink(&oracle, &c, 40, NULL), ASSAY_OK);
    assert_string_equal(c.text, before.text);
    assert_true(asked > 0);
}

static void little_shrinking_keeps_borders_and_tails(void **state)
{
    (void)state;
    int asked = 0;
    assay__oracle oracle = {&asked, wide_window};
    assay_case c = parsed("conv2d/n2c40h64w64/o64k3x3s1p1/he/1");
    assert_int_equal(assay__shrink_a_little(&oracle, &c, NULL), ASSAY_OK);
    assert_true(assay_shape_elements(&c.problem.input[0]) <= 1600);
    assert_true(c.problem.input[0].dim[3] >= 3);
    assert_int_equal(c.problem.input[0].dim[0], 2);
    assert_int_equal(c.dataset, ASSAY_DATASET_HE);
    c = parsed("conv2d/n2c5h7w9/o6k3x3s1p1/he/1");
    assert_int_equal(assay__shrink_a_little(&oracle, &c, NULL), ASSAY_OK);
    assert_string_equal(c.text, "conv2d/n2c5h7w9/o6k3x3s1p1/he/1");
}

static void kinds_of_failure(void **state)
{
    (void)state;
    assert_true(assay__same_failure(ASSAY_CAUGHT_T0, ASSAY_CAUGHT_T2));
    assert_true(assay__same_failure(ASSAY_CAUGHT_UNWRITTEN, ASSAY_CAUGHT_UNWRITTEN));
    assert_false(assay__same_failure(ASSAY_CAUGHT_T0, ASSAY_CAUGHT_UNWRITTEN));
    assert_false(assay__same_failure(ASSAY_CAUGHT_STRAY, ASSAY_CAUGHT_T0));
    assert_false(assay__same_failure(0, ASSAY_CAUGHT_T0));
}

static void the_best_of_a_cause_counts(void **state)
{
    (void)state;
    assay_explanation *out = calloc(1, sizeof *out);
    assay__find(out, ASSAY_CAUSE_stride, 0.5, "a guess");
    assay__find(out, ASSAY_CAUSE_bounds_x, 0.7, "another");
    assay__find(out, ASSAY_CAUSE_stride, 0.9, "a proof of %d", 1);
    assay__find(out, ASSAY_CAUSE_stride, 0.2, "less");
    assay__rank(out);
    assert_int_equal(out->finding[0].cause, ASSAY_CAUSE_stride);
    assert_string_equal(out->finding[0].text, "a proof of 1");
    assert_string_equal(assay_cause_name(out->finding[1].cause), "bounds_x");
    assert_int_equal(out->finding_count, 3); // what is easily taken for the first is said, too
    assert_string_equal(assay_cause_name(out->finding[2].cause), "dilation");
    assert_true(out->finding[2].score < 0.2);
    for (int i = 0; i < ASSAY_CAUSE_COUNT; i++) // the table is full: the weakest goes
        assay__find(out, (assay_cause)i, 0.3 + i * 0.01, "%d", i);
    assert_int_equal(out->finding_count, ASSAY_FINDINGS_MAX);
    assay__rank(out);
    assert_int_equal(out->finding[0].cause, ASSAY_CAUSE_stride);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fisher_has_known_values),
        cmocka_unit_test(strata_are_found_and_none_invented),
        cmocka_unit_test(groups_and_lanes_are_told),
        cmocka_unit_test(blocks_that_are_boxes_have_rows_and_columns),
        cmocka_unit_test(shrinking_keeps_what_fails_alone),
        cmocka_unit_test(shrinking_stops_where_nothing_smaller_fails),
        cmocka_unit_test(little_shrinking_keeps_borders_and_tails),
        cmocka_unit_test(kinds_of_failure),
        cmocka_unit_test(the_best_of_a_cause_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
