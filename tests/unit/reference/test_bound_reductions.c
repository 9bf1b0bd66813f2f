// SPDX-License-Identifier: Apache-2.0
// The bounds of every sum, every mean and every fused epilogue, in f32, in f16, and in f32 over f16
// storage: a device as bad as Vulkan allows, adding in many orders, never passes them, and comes
// near them.
#include "tests/unit/reference/adversarial_checks.h"
#include "tests/unit/reference/adversarial_sums.h"
#include "tests/unit/reference/data_kinds.h"
#include "tests/unit/reference/output_taps.h"
#include "tests/unit/reference/unary_kernels.h"

#include <stdio.h>

// Shapes of the given inputs, attributes, how near adversarial data have to come, and the
// epilogue's activation with what it is given.
typedef struct row {
    const char *op;
    int64_t in[4], other[4];
    const char *attributes;
    double near;
    kernel *act;
    float p[2];
} row;

#define CONV "out_channels=4 kernel_shape=3,3 strides=2,1 pads=1,1,1,1"
#define BACK "out_channels=2 kernel_shape=4,4 strides=2,2"

// clang-format off
static const row rows[] = {
    {"conv2d",              {2, 3, 5, 6},  {0}, CONV, 0.9, NULL, {0}},
    {"conv2d",              {1, 3, 7, 8},  {0}, "out_channels=3 group=3 kernel_shape=5,5 pads=1,1,1,1", 0.9, NULL, {0}},
    {"conv2d",              {1, 6, 7, 7},  {0}, "out_channels=4 group=2 kernel_shape=3,3 dilations=2,1", 0.9, NULL, {0}},
    {"conv_transpose2d",    {1, 8, 3, 4},  {0}, BACK, 0.9, NULL, {0}},
    {"linear",              {5, 27},       {0}, "out_features=12", 0.9, NULL, {0}},
    {"linear",              {2, 64},       {0}, "out_features=9", 0.9, NULL, {0}},
    {"linear",              {2, 144},      {0}, "out_features=9", 0.9, NULL, {0}},
    {"linear",              {1, 576},      {0}, "out_features=2", 0.75, NULL, {0}}, // f16 loses the ends of its terms
    {"matmul",              {1, 2, 5, 27}, {1, 1, 27, 6}, "", 0.9, NULL, {0}},
    {"avg_pool2d",          {1, 2, 6, 10}, {0}, "kernel_shape=4,8", 0.9, NULL, {0}},
    {"avg_pool2d",          {1, 2, 6, 10}, {0}, "kernel_shape=4,8 pads=2,2,2,2 strides=2,2 count_include_pad=1", 0.9, NULL, {0}},
    {"global_avg_pool",     {4, 6, 4, 8},  {0}, "", 0.9, NULL, {0}},
    {"adaptive_avg_pool2d", {2, 6, 8, 16}, {0}, "output_size=2,2", 0.9, NULL, {0}},
    {"reduce_sum",          {4, 6, 4, 8},  {0}, "axes=0,0,1,1", 0.9, NULL, {0}},
    {"reduce_mean",         {4, 6, 4, 8},  {0}, "axes=0,0,1,1", 0.9, NULL, {0}},
    {"conv2d",              {2, 3, 5, 6},  {0}, CONV " act=1", 0.3, k_relu, {0}},
    {"conv2d",              {2, 3, 5, 6},  {0}, CONV " act=2 residual=1", 0.3, k_clip, {0, 6}},
    {"conv2d",              {2, 3, 5, 6},  {0}, CONV " act=3", 0.3, k_leaky_relu, {0.01F, 0}},
    {"conv2d",              {2, 3, 5, 6},  {0}, CONV " act=4 residual=1", 0.3, k_hard_swish, {0}},
    {"conv2d",              {2, 3, 5, 6},  {0}, CONV " act=5", 0.3, k_silu, {0}},
    {"conv2d",              {2, 3, 5, 6},  {0}, CONV " act=6 residual=1", 0.3, k_sigmoid, {0}},
    {"conv2d",              {2, 3, 5, 6},  {0}, CONV " act=7", 0.3, k_tanh, {0}},
    {"conv_transpose2d",    {1, 8, 3, 4},  {0}, BACK " residual=1", 0.9, NULL, {0}},
    {"conv_transpose2d",    {1, 8, 3, 4},  {0}, BACK " act=3 residual=1", 0.3, k_leaky_relu, {0.01F, 0}},
    {"conv_transpose2d",    {1, 8, 3, 4},  {0}, BACK " act=5", 0.3, k_silu, {0}},
};
// clang-format on

static assay_shape shape_of(const int64_t *dim)
{
    assay_shape shape = {
        dim[2]   ? 4
        : dim[0] ? 2
                 : 0,
        {1, 1, 1, 1}
    };
    for (int d = 0; d < shape.rank; d++)
        shape.dim[d] = dim[d];
    return shape;
}

// Attributes as "name=1,2 name=3".
static void configure(assay_problem *p, const char *text)
{
    while (*text) {
        char name[32] = "", *end;
        size_t length = strcspn(text, "=");
        memcpy(name, text, length);
        text += length;
        for (int k = 0; *text == '=' || *text == ','; k++, text = end)
            attribute(p, name)->i[k] = strtoll(text + 1, &end, 10);
        text += *text == ' ';
    }
}

static assay_problem problem_of(const row *r)
{
    assay_problem p = start(r->op, shape_of(r->in));
    p.input[1] = shape_of(r->other);
    configure(&p, r->attributes);
    infer(&p);
    return p;
}

static void fill(bench *b, data_kind kind, int precision)
{
    for (int i = 0; i < b->p.op->input_count; i++)
        for (int64_t k = 0; k < assay_shape_elements(&b->p.input[i]); k++)
            b->data[i][k] = stored((double)draw(kind, i == 1, precision == 2), precision);
}

// 1, u, u, ... on the element of the most taps: each addition is rounded, all of them the same way.
// Where the rounding is unknown almost 2u serve, of which truncation leaves nothing.
static void fill_adversarial(bench *b, const element_taps *taps, const setting *s, double sign)
{
    double share = s->device.nearest                          ? 1
                   : s->contract.storage == ASSAY_STORAGE_F16 ? 0x1.ffcp0
                                                              : 0x1.fffffep0;
    bool half = s->device.half, weighted = b->in[1];
    double addend = half ? 0x1p-11 : 0x1p-24, x = half ? 0x1p-5 : 0x1p-12;
    double first = !weighted && s->device.stored && !half ? 1024 : 1; // so that f16 holds the rest
    int64_t most = 0;
    for (int64_t i = 0; i < b->ref.count; i++)
        most = taps[i].count > taps[most].count ? i : most;
    fill(b, NORMAL, s->device.stored ? 2 : 0);
    for (int k = 0; k < taps[most].count; k++) {
        const tap *t = &taps[most].tap[k];
        b->data[t->input][t->at] = (float)(sign * (k == 0     ? first
                                                   : weighted ? x
                                                              : share * addend * first));
        if (t->weight >= 0)
            b->data[1][t->weight] = (float)(k == 0 ? 1 : share * addend / x);
        else if (weighted)
            b->data[t->input][t->at] = 0; // bias and residual
    }
}

// One output element in one order, of a mean by a quotient or by a reciprocal.
static double run(const row *r, const bench *b, const element_taps *taps, int order, adversary *a)
{
    double x[TAPS_MOST], w[TAPS_MOST];
    for (int k = 0; k < taps->count; k++) {
        const tap *t = &taps->tap[k];
        x[k] = load(a, (double)b->data[t->input][t->at]);
        w[k] = t->weight >= 0 ? load(a, (double)b->data[1][t->weight]) : 1;
    }
    double sum = summations[order](a, x, w, taps->count);
    if (taps->divisor != 1)
        sum = next_bit(a) ? quotient(a, sum, taps->divisor)
                          : mul(a, sum, quotient(a, 1, taps->divisor));
    return r->act ? r->act(a, sum, r->p) : sum;
}

static void run_all(const row *r, bench *b, const element_taps *taps, const setting *s, usage *u)
{
    adversary a = s->device;
    solve(b, ASSAY_METHOD_PLAIN, &s->contract);
    for (int64_t i = 0; i < b->ref.count; i++)
        for (int order = 0; order < SUMMATIONS; order++) {
            begin(&a, (int)(i + order) % 4);
            judge(u, &a, &b->ref, i, run(r, b, &taps[i], order, &a), true, r->op);
        }
}

static int64_t check(const row *r, int precision)
{
    usage drawn = {0}, worst = {0};
    assay_problem p = problem_of(r);
    element_taps *taps = taps_of(&p);
    bench b = bench_of(p);
    for (int round = 0; round < 2; round++)
        for (int k = 0; k < DATA_KINDS * SETTINGS; k++) {
            setting s = setting_of(precision, k % SETTINGS);
            fill(&b, (data_kind)(k / SETTINGS), precision);
            run_all(r, &b, taps, &s, &drawn);
        }
    for (int k = 0; k < 2 * SETTINGS; k++) {
        setting s = setting_of(precision, k % SETTINGS);
        fill_adversarial(&b, taps, &s, k < SETTINGS ? 1 : -1);
        run_all(r, &b, taps, &s, &worst);
    }
    bench_destroy(&b);
    free(taps);
    char what[128];
    snprintf(what, sizeof what, "%s %s", r->op, r->attributes);
    conclude(&worst, what, precision, r->near);
    return drawn.checked + worst.checked;
}

static void test_precision(int precision)
{
    int64_t checked = 0;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        checked += check(&rows[r], precision);
    print_message("%s: %lld results in all\n", precisions[precision], (long long)checked);
    assert_true(checked >= 1000000);
}

// Without its underflow term the bound of f16 sums would reject correct kernels.
static void test_underflow(void **state)
{
    (void)state;
    double most = 0;
    assay_problem p = problem_of(&rows[0]);
    element_taps *taps = taps_of(&p);
    bench b = bench_of(p);
    setting s = setting_of(2, 3);
    for (int round = 0; round < 20; round++) {
        fill(&b, SPARSE, 2);
        solve(&b, ASSAY_METHOD_PLAIN, &s.contract);
        for (int64_t i = 0; i < b.ref.count; i++) {
            begin(&s.device, 1);
            double off = fabs(run(&rows[0], &b, &taps[i], 0, &s.device) - b.ref.value[i]);
            double rounding = (double)b.ref.terms[i] * 0x1p-11 * b.ref.magnitude[i];
            most = off > 0 ? fmax(most, off / rounding) : most;
        }
    }
    bench_destroy(&b);
    free(taps);
    print_message("f16a: %.3g times n u A\n", most);
    assert_true(most > 1);
}

TESTS_OF_PRECISIONS(test_precision)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_underflow),
        PRECISION_TESTS,
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
