// SPDX-License-Identifier: Apache-2.0
// Orders of summation: shaders that add up in a known one, and what is said of them.
#include "harness/explain/summation.h"
#include "tests/unit/harness/explain_bench.h"

// The mean of each plane; BODY adds up the n elements of x from `first` on. An invocation an
// element of the output, or a group of 16.
static const char mean[] =
    "/*---\n"
    "kernel: mean\n"
    "operator: global_avg_pool\n"
    "precisions: [f32]\n"
    "layouts: [nchw]\n"
    "contract: {accumulator: f32}\n"
    "bindings: [{binding: 0, tensor: in}, {binding: 1, tensor: out}]\n"
    "push: [{name: n, type: int, value: in.h * in.w}]\n"
    "dispatch: {groups: [in.n * in.c, 1, 1]}\n"
    "---*/\n"
    "#version 450\n"
    "layout(local_size_x = 16) in;\n"
    "layout(std430, binding = 0) readonly buffer In { float x[]; };\n"
    "layout(std430, binding = 1) buffer Out { float y[]; };\n"
    "layout(push_constant) uniform Params { int n; };\n"
    "shared float part[16];\n"
    "void main() {\n"
    "    int first = int(gl_WorkGroupID.x) * n, id = int(gl_LocalInvocationID.x);\n"
    "    float sum = 0.0, a[4] = float[](0.0, 0.0, 0.0, 0.0);\n"
    "    BODY\n"
    "    if (id == 0)\n"
    "        y[gl_WorkGroupID.x] = sum / float(n);\n"
    "}\n";

static const struct {
    const char *body, *words;
} orders[] = {
    {"for (int i = 0; i < n; i++) sum += x[first + i];",
     "one after the other, in one accumulator, in order: columns innermost, then rows"                                                                         },
    {"for (int i = n - 1; i >= 0; i--) sum += x[first + i];",
     "one after the other, in one accumulator, from the last to the first: columns "
     "innermost, then rows"                                                                                                                                    },
    {"for (int w = 0; w < 8; w++) for (int h = 0; h < n / 8; h++) sum += x[first + 8 * h + w];",
     "one after the other, in one accumulator, in order: rows innermost, then columns"                                                                         },
    {"for (int i = 0; i < n; i++) sum += x[first + i * 5 % n];",
     "one after the other, in one accumulator, in an order of its own"                                                                                         },
    {"for (int i = 0; i < n; i++) a[i % 4] += x[first + i]; sum = (a[0] + a[1]) + (a[2] + a[3]);",
     "in 4 partial sums of 8 terms, of every 4th term, each one after the other, in order: "
     "columns innermost, then rows; joined pairwise"                                                                                                           },
    {"for (int i = 0; i < n; i++) a[i % 4] += x[first + i]; sum = ((a[0] + a[1]) + a[2]) + a[3];",
     "in 4 partial sums of 8 terms, of every 4th term, each one after the other, in order: "
     "columns innermost, then rows; joined one after the other"                                                                                                },
    {"for (int i = 0; i < n; i++) a[i / 8] += x[first + i]; sum = ((a[0] + a[1]) + a[2]) + a[3];",
     "in 4 partial sums of 8 terms, one for each row, each one after the other, in order; "
     "joined one after the other"                                                                                                                              },
    {"part[id] = x[first + id] + x[first + 16 + id]; barrier();"
     "for (int s = 8; s > 0; s /= 2) { if (id < s) part[id] += part[id + s]; barrier(); }"
     "sum = part[0];",                                                                        "pairwise, in a tree of depth 5, of terms that lie 16 apart"},
};

static void find(explain_bench *b, assay__terms *terms, assay__tree *tree,
                 assay__tree_status *found)
{
    assay_error error = {0};
    if (assay__terms_find(&b->bench, &b->c.problem, false, terms, &error) != ASSAY_OK ||
        assay__tree_find(&b->bench, terms, tree, found, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
}

static void known_orders_are_read(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
        char *source = shader_edit(mean, "BODY", orders[k].body), words[240];
        explain_bench *b = bench_begin(source, "global_avg_pool/n2c3h4w8/-/he/1");
        assay__terms terms;
        assay__tree tree;
        assay__tree_status found;
        find(b, &terms, &tree, &found);
        assert_int_equal(found, ASSAY__TREE_READ);
        assert_int_equal(tree.leaves, 32);
        assert_int_equal(tree.nodes, 63);
        assay__tree_words(&tree, &terms, words, sizeof words);
        assert_string_equal(words, orders[k].words);
        assert_true(b->out.runs < 4 * 32 * 32); // two each
        bench_end(b);
        free(source);
    }
}

// No tree is made up where there is none: a compensated sum loses nothing, and a term that counts
// twice is in two places.
static void what_is_no_tree_is_none(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "precise float lost = 0.0; for (int i = 0; i < n; i++) { float v = x[first + i]; "
        "precise float t = sum + v; "
        "lost += abs(sum) >= abs(v) ? (sum - t) + v : (v - t) + sum; sum = t; } sum += lost;",
        "for (int i = 0; i < n; i++) sum += x[first + i]; sum += x[first + 2];",
    };
    for (size_t k = 0; k < sizeof bodies / sizeof *bodies; k++) {
        char *source = shader_edit(mean, "BODY", bodies[k]);
        explain_bench *b = bench_begin(source, "global_avg_pool/n2c3h4w8/-/he/1");
        assay__terms terms;
        assay__tree tree;
        assay__tree_status found;
        find(b, &terms, &tree, &found);
        assert_int_not_equal(found, ASSAY__TREE_READ);
        bench_end(b);
        free(source);
    }
}

// Elements of the second item are added from the other end.
static void elements_that_differ_are_told(void **state)
{
    (void)state;
    char *source = shader_edit(mean, "BODY",
                               "for (int i = 0; i < n; i++) sum += x[first + (gl_WorkGroupID.x < "
                               "3u ? i : n - 1 - i)];");
    explain_bench *b = bench_begin(source, "global_avg_pool/n2c3h4w8/-/he/1");
    assert_int_equal(assay__probe_summation(&b->bench, &b->c.problem, NULL), ASSAY_OK);
    bench_must_note(b, "the sum of 32 terms is formed one after the other, in one accumulator");
    bench_must_note(b, "other elements of the output form their sums in another order");
    bench_end(b);
    free(source);
}

// Channels of a slice first: the loops of vector kernels.
static void slices_and_lanes_have_names(void **state)
{
    (void)state;
    assay__terms terms = {.count = 16};
    assay__tree tree = {.leaves = 16, .nodes = 31, .root = 30};
    char words[240];
    assay_case c;
    assert_int_equal(assay_case_parse("conv2d/n1c8h1w2/o1k1x2s1p0/i1/1", &c, NULL), ASSAY_OK);
    terms.problem = c.problem;
    for (int t = 0; t < 16; t++) {
        terms.data[t] = t; // channel t / 2, column t % 2
        tree.size[t] = 1;
    }
    for (int k = 1; k < 16; k++) { // slice, column, lane
        int at[2] = {k - 1, k};
        for (int i = 0; i < 2; i++)
            at[i] = at[i] / 8 * 8 + at[i] % 4 * 2 + at[i] / 4 % 2;
        tree.left[15 + k] = k == 1 ? at[0] : 14 + k;
        tree.right[15 + k] = at[1];
        tree.size[15 + k] = k + 1;
    }
    assay__tree_words(&tree, &terms, words, sizeof words);
    assert_string_equal(words, "one after the other, in one accumulator, in order: lanes "
                               "innermost, then columns, then slices");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_orders_are_read),
        cmocka_unit_test(what_is_no_tree_is_none),
        cmocka_unit_test(elements_that_differ_are_told),
        cmocka_unit_test(slices_and_lanes_have_names),
    };
    return bench_close(cmocka_run_group_tests(tests, NULL, NULL));
}
