// SPDX-License-Identifier: Apache-2.0
// The project's own kernels on awkward problems: right under the default contract, exactly right on
// integers where the reference says so, nothing touched outside of the tensors, and the same in
// both placements.
#include "gpu/job.h"
#include "reference/format.h"
#include "tests/unit/gpu/driver_leaks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct setting {
    const char *name; // NULL ends the list
    int64_t i[4];
    float f;
} setting;

typedef struct row {
    const char *op;
    int64_t dim[4][4]; // of the given inputs; 0 from the rank on
    setting settings[8];
} row;

#define K(h, w)                                                                                    \
    {                                                                                              \
        "kernel_shape", {h, w}, 0                                                                  \
    }
#define S(h, w)                                                                                    \
    {                                                                                              \
        "strides", {h, w}, 0                                                                       \
    }
#define D(h, w)                                                                                    \
    {                                                                                              \
        "dilations", {h, w}, 0                                                                     \
    }
#define P(t, l, b, r)                                                                              \
    {                                                                                              \
        "pads", {t, l, b, r}, 0                                                                    \
    }
#define SET(name, value)                                                                           \
    {                                                                                              \
        name, {value}, 0                                                                           \
    }
#define DIMS(name, ...)                                                                            \
    {                                                                                              \
        name, {__VA_ARGS__}, 0                                                                     \
    }
#define REAL(name, value)                                                                          \
    {                                                                                              \
        name, {0}, value                                                                           \
    }
#define O(n)    SET("out_channels", n)
#define G(n)    SET("group", n)
#define NO_BIAS SET("bias", 0)
#define CEIL    SET("ceil_mode", 1)
#define INCLUDE SET("count_include_pad", 1)
#define ROW(id, n, c, h, w)                                                                        \
    {                                                                                              \
        .op = id, .dim = {                                                                         \
            {n, c, h, w}                                                                           \
        }                                                                                          \
    }
#define ELEMENTWISE(id)                                                                            \
    ROW(id, 1, 1, 1, 1), ROW(id, 2, 3, 5, 17), ROW(id, 1, 1, 19, 27), ROW(id, 2, 7, 11, 13)

static const row rows[] = {
    {"conv2d",           {{1, 1, 1, 1}},                   {O(1), K(1, 1)}                                       },
    {"conv2d",           {{2, 3, 9, 11}},                  {O(5), K(3, 3), P(1, 1, 1, 1)}                        },
    {"conv2d",           {{2, 3, 9, 11}},                  {O(5), K(3, 2), P(0, 2, 1, 0), NO_BIAS}               },
    {"conv2d",           {{3, 4, 13, 7}},                  {O(6), K(3, 5), S(2, 3), P(1, 2, 0, 3), G(2)}         },
    {"conv2d",           {{1, 2, 5, 7}},                   {O(3), K(3, 3), D(2, 3), P(1, 0, 1, 1)}               },
    {"conv2d",           {{1, 2, 3, 4}},                   {O(3), K(3, 2), D(7, 5), P(9, 8, 9, 8), NO_BIAS}      }, // dilation > size
    {"conv2d",           {{2, 2, 3, 2}},                   {O(2), K(2, 2), P(3, 4, 3, 3)}                        }, // pad > kernel
    {"conv2d",           {{1, 17, 5, 1}},                  {O(33), K(1, 1)}                                      }, // W 1, K 17
    {"conv2d",           {{1, 16, 1, 63}},                 {O(31), K(1, 1)}                                      }, // tile - 1
    {"conv2d",           {{1, 15, 1, 64}},                 {O(32), K(1, 1)}                                      }, // tile
    {"conv2d",           {{2, 5, 13, 5}},                  {O(64), K(2, 3), G(1)}                                }, // 2 x tile
    {"conv2d",           {{1, 3, 1, 65}},                  {O(34), K(1, 3), P(0, 1, 0, 1)}                       }, // tile + 1
    {"conv2d",           {{1, 6, 7, 9}},                   {O(6), K(3, 3), P(1, 1, 1, 1), G(6)}                  }, // depthwise
    {"conv2d",           {{2, 3, 10, 7}},                  {O(9), K(5, 2), S(1, 2), P(2, 1, 3, 0), G(3), NO_BIAS}},
    {"conv2d",           {{1, 4, 1, 1}},                   {O(8), K(3, 3), P(1, 1, 1, 1), G(4)}                  },
    {"conv2d",           {{2, 5, 11, 13}},                 {O(5), K(3, 3), S(3, 2), D(2, 1), P(2, 0, 1, 2), G(5)}},
    {"linear",           {{1, 1}},                         {SET("out_features", 1)}                              },
    {"linear",           {{3, 63}},                        {SET("out_features", 7)}                              },
    {"linear",           {{2, 64}},                        {SET("out_features", 5), NO_BIAS}                     },
    {"linear",           {{5, 65}},                        {SET("out_features", 65)}                             },
    {"linear",           {{2, 331}},                       {SET("out_features", 13)}                             },
    {"conv_transpose2d", {{1, 1, 1, 1}},                   {O(1), K(1, 1)}                                       },
    {"conv_transpose2d", {{2, 3, 5, 7}},                   {O(5), K(4, 3), S(2, 3), P(1, 0, 1, 2)}               },
    {"conv_transpose2d", {{1, 10, 3, 4}},                  {O(15), K(3, 4), S(3, 2), D(2, 3), G(5), NO_BIAS}     },
    {"conv_transpose2d", {{1, 67, 3, 17}},                 {O(9), K(2, 4), S(2, 2), P(1, 1, 0, 1)}               },
    {"im2col",           {{1, 1, 1, 1}},                   {K(1, 1)}                                             },
    {"im2col",           {{2, 3, 5, 7}},                   {K(3, 2), S(1, 2), P(1, 0, 2, 1)}                     },
    {"im2col",           {{2, 5, 9, 8}},                   {K(2, 3), S(2, 1), D(3, 2)}                           },
    {"im2col",           {{1, 4, 3, 65}},                  {K(3, 3), P(1, 1, 1, 1)}                              },
    {"matmul",           {{1, 1, 1, 1}, {1, 1, 1, 1}},     {{0}}                                                 },
    {"matmul",           {{2, 5, 7, 9}, {1, 5, 9, 6}},     {{0}}                                                 },
    {"matmul",           {{1, 1, 17, 65}, {3, 2, 66, 17}}, {SET("trans_a", 1), SET("trans_b", 1)}                },
    {"matmul",           {{1, 3, 65, 33}, {1, 1, 33, 64}}, {{0}}                                                 },
    {"max_pool2d",       {{2, 3, 9, 11}},                  {K(3, 2), S(2, 1)}                                    },
    {"max_pool2d",       {{1, 5, 7, 8}},                   {K(3, 3), S(2, 2), P(1, 1, 1, 1), CEIL}               },
    {"max_pool2d",       {{2, 2, 10, 6}},                  {K(2, 3), S(3, 2), P(1, 0, 0, 2), D(3, 2)}            },
    {"max_pool2d",       {{1, 1, 1, 1}},                   {K(1, 1)}                                             },
    {"max_pool2d",       {{2, 3, 13, 17}},                 {K(5, 3), S(4, 5), CEIL}                              },
    {"avg_pool2d",       {{2, 3, 9, 11}},                  {K(3, 2), S(2, 1)}                                    },
    {"avg_pool2d",       {{1, 5, 7, 8}},                   {K(3, 3), S(2, 2), P(1, 1, 1, 1), CEIL}               },
    {"avg_pool2d",       {{1, 5, 7, 8}},                   {K(3, 3), S(2, 2), P(1, 1, 1, 1), CEIL, INCLUDE}      },
    {"avg_pool2d",       {{2, 3, 13, 17}},                 {K(5, 3), S(4, 5), P(2, 0, 1, 1), CEIL, INCLUDE}      },
    {"avg_pool2d",       {{2, 2, 10, 6}},                  {K(2, 3), S(3, 2), P(1, 0, 0, 2), D(3, 2), INCLUDE}   },
    {"avg_pool2d",       {{2, 2, 10, 6}},                  {K(2, 3), S(3, 2), P(1, 0, 0, 2), D(3, 2)}            },
    {"global_avg_pool",  {{1, 1, 1, 1}},                   {{0}}                                                 },
    {"global_avg_pool",  {{2, 3, 7, 9}},                   {{0}}                                                 },
    {"global_avg_pool",  {{3, 5, 8, 8}},                   {{0}}                                                 },
    {"global_avg_pool",  {{2, 67, 13, 17}},                {{0}}                                                 },
    {"global_max_pool",  {{1, 1, 1, 1}},                   {{0}}                                                 },
    {"global_max_pool",  {{2, 3, 7, 9}},                   {{0}}                                                 },
    {"global_max_pool",  {{3, 5, 8, 8}},                   {{0}}                                                 },
    {"global_max_pool",  {{2, 67, 13, 17}},                {{0}}                                                 },
    {"relu",             {{1, 1, 1, 1}},                   {{0}}                                                 },
    {"relu",             {{2, 3, 5, 17}},                  {{0}}                                                 },
    {"relu",             {{1, 1, 19, 27}},                 {{0}}                                                 }, // 513 = a group and one
    {"relu",             {{2, 7, 11, 13}},                 {{0}}                                                 },
    {"clip",             {{1, 1, 1, 1}},                   {REAL("min", -1), REAL("max", 2.5F)}                  },
    {"clip",             {{2, 3, 5, 17}},                  {REAL("min", 0), REAL("max", 6)}                      },
    {"clip",             {{1, 1, 19, 27}},                 {REAL("min", -3), REAL("max", -2)}                    },
    {"clip",             {{2, 7, 11, 13}},                 {REAL("min", -0.1F), REAL("max", 0.1F)}               },
    {"leaky_relu",       {{1, 1, 1, 1}},                   {REAL("alpha", 0.3F)}                                 },
    {"leaky_relu",       {{2, 3, 5, 17}},                  {{0}}                                                 },
    {"leaky_relu",       {{1, 1, 19, 27}},                 {REAL("alpha", 0)}                                    },
    {"leaky_relu",       {{2, 7, 11, 13}},                 {REAL("alpha", -1.7F)}                                },
    {"sigmoid",          {{1, 1, 1, 1}},                   {{0}}                                                 },
    {"sigmoid",          {{2, 3, 5, 17}},                  {{0}}                                                 },
    {"sigmoid",          {{1, 1, 19, 27}},                 {{0}}                                                 },
    {"sigmoid",          {{2, 7, 11, 13}},                 {{0}}                                                 },
    {"tanh",             {{1, 1, 1, 1}},                   {{0}}                                                 },
    {"tanh",             {{2, 3, 5, 17}},                  {{0}}                                                 },
    {"tanh",             {{1, 1, 19, 27}},                 {{0}}                                                 },
    {"tanh",             {{2, 7, 11, 13}},                 {{0}}                                                 },
    ELEMENTWISE("elu"),
    ELEMENTWISE("selu"),
    ELEMENTWISE("hard_sigmoid"),
    ELEMENTWISE("hard_swish"),
    ELEMENTWISE("gelu"),
    ELEMENTWISE("silu"),
    ELEMENTWISE("mish"),
    ELEMENTWISE("softplus"),
    ELEMENTWISE("softsign"),
    ELEMENTWISE("exp"),
    ELEMENTWISE("log"),
    ELEMENTWISE("sqrt"),
    ELEMENTWISE("abs"),
    ELEMENTWISE("neg"),
    ELEMENTWISE("reciprocal"),
    ELEMENTWISE("prelu"),
    {"gelu",             {{2, 3, 5, 17}},                  {SET("approximate", 1)}                               },
#include "tests/unit/gpu/shape_rows.h"
#include "tests/unit/gpu/arithmetic_rows.h"
    {"softmax",          {{1, 1, 1, 1}},                   {SET("axis", 1)}                                      },
    {"softmax",          {{3, 5, 7, 2}},                   {SET("axis", 0)}                                      },
    {"softmax",          {{2, 21, 5, 7}},                  {SET("axis", 1)}                                      },
    {"softmax",          {{2, 3, 65, 4}},                  {SET("axis", 2)}                                      },
    {"softmax",          {{2, 3, 4, 131}},                 {SET("axis", 3)}                                      },
    {"add",              {{1, 1, 1, 1}, {1, 1, 1, 1}},     {{0}}                                                 },
    {"add",              {{2, 3, 5, 7}, {2, 3, 5, 7}},     {{0}}                                                 },
    {"add",              {{2, 3, 5, 7}, {1, 3, 1, 1}},     {{0}}                                                 },
    {"add",              {{2, 1, 5, 1}, {1, 3, 1, 7}},     {{0}}                                                 },
    {"add",              {{1, 1, 1, 7}, {2, 3, 5, 1}},     {{0}}                                                 },
};

#define ROWS  ((int)(sizeof rows / sizeof rows[0]))
#define FILLS 2 // integers; fractions

static assay_device *device;
static assay_kernels kernels;

static int open_device(void **state)
{
    (void)state;
    assay_error error = {0};
    assay_status status = assay_device_open(&(assay_device_options){0}, &device, &error);
    if (status == ASSAY_OK)
        status = assay_kernels_builtin(&kernels, &error);
    if (status != ASSAY_OK)
        print_error("%s\n", error.message);
    return status == ASSAY_OK ? 0 : -1;
}

static int close_device(void **state)
{
    (void)state;
    assay_kernels_destroy(&kernels);
    assay_device_close(device);
    return 0;
}

static void make_problem(const row *r, assay_problem *problem)
{
    assay_error error = {0};
    const assay_operator *op = assay_operator_find(r->op);
    assert_non_null(op);
    assay_problem_init(problem, op);
    for (const setting *s = r->settings; s->name; s++) {
        int index = assay_attribute_index(op, s->name);
        assert_true(index >= 0);
        memcpy(problem->attribute[index].i, s->i, sizeof s->i);
        problem->attribute[index].f = s->f;
    }
    for (int k = 0; k < op->given; k++) {
        problem->input[k] = (assay_shape){
            0, {1, 1, 1, 1}
        };
        for (int d = 0; d < 4 && r->dim[k][d]; d++)
            problem->input[k].dim[problem->input[k].rank++] = r->dim[k][d];
    }
    if (assay_problem_infer(problem, &error) != ASSAY_OK)
        fail_msg("%s: %s", r->op, error.message);
}

static uint32_t mixed(uint32_t x)
{
    x = (x ^ (x >> 16)) * UINT32_C(0x7FEB352D);
    x = (x ^ (x >> 15)) * UINT32_C(0x846CA68B);
    return x ^ (x >> 16);
}

// Small integers, or fractions of either sign up to 4; of pixels whole numbers up to 255.
static float *make_data(int64_t count, assay_role role, int fill, uint32_t seed)
{
    float *data = malloc((size_t)count * sizeof *data);
    assert_non_null(data);
    for (int64_t i = 0; i < count; i++) {
        uint32_t bits = mixed((uint32_t)i + seed * UINT32_C(0x9E3779B9));
        data[i] = fill ? (float)((int32_t)bits >> 8) * 0x1p-21F : (float)(bits % 15) - 7;
        if (role == ASSAY_ROLE_PIXELS)
            data[i] = (float)(bits & 255);
    }
    return data;
}

// One problem with its data, reference and jobs, one for each kernel that computes it.
typedef struct trial {
    assay_problem problem;
    float *in[ASSAY_INPUTS_MAX];
    assay_reference reference;
    int first_job, job_count;
} trial;

static void make_trial(const row *r, int fill, trial *t)
{
    assay_error error = {0};
    make_problem(r, &t->problem);
    for (int k = 0; k < t->problem.op->input_count; k++)
        if (t->problem.input[k].rank)
            t->in[k] = make_data(assay_shape_elements(&t->problem.input[k]),
                                 t->problem.op->inputs[k].role, fill, (uint32_t)k + 1);
    const float *const *in = (const float *const *)t->in;
    assert_int_equal(
        assay_reference_create(&t->problem, in, ASSAY_METHOD_PLAIN, &t->reference, &error),
        ASSAY_OK);
    assay_contract contract = assay_contract_default();
    assay_bound(&t->problem, in, &contract, &t->reference);
}

static void free_trial(trial *t)
{
    for (int k = 0; k < ASSAY_INPUTS_MAX; k++)
        free(t->in[k]);
    assay_reference_destroy(&t->reference);
}

// The data and the acceptance of this test are of f32; f16 is judged by the suites.
static bool is_f32(const assay_kernel *kernel)
{
    return assay_kernel_get_info(kernel)->precision == ASSAY_F32;
}

static int add_jobs(trial *t, assay_job *jobs, int count)
{
    t->first_job = count;
    for (int k = 0; k < kernels.count; k++) {
        char reason[256];
        if (assay_kernel_get_info(kernels.items[k])->op != t->problem.op ||
            !is_f32(kernels.items[k]) ||
            !assay_kernel_applies(kernels.items[k], &t->problem, reason, sizeof reason))
            continue;
        assay_job *job = &jobs[count++];
        *job = (assay_job){
            .kernel = kernels.items[k], .problem = &t->problem, .in = (const float *const *)t->in};
        for (int run = 0; run < ASSAY_RUNS; run++) {
            job->out[run] = calloc((size_t)t->reference.count, sizeof(float));
            assert_non_null(job->out[run]);
        }
    }
    t->job_count = count - t->first_job;
    return count;
}

// Inside of the rounded ends of the interval; the numbers here are finite and normal.
static bool accepted(const trial *t, int64_t i, float y)
{
    double value = t->reference.value[i], bound = t->reference.bound[i];
    if (t->problem.op->output_role == ASSAY_ROLE_PIXELS) // rounded to a whole number
        return isinf(bound) || (y == floorf(y) && fabs((double)y - value) <= 0.5 + bound);
    return isinf(bound) || (y >= assay_round_f32(value - bound, ASSAY_DOWN) &&
                            y <= assay_round_f32(value + bound, ASSAY_UP));
}

static int count_wrong(const trial *t, const assay_job *job)
{
    int wrong = 0;
    for (int64_t i = 0; i < t->reference.count; i++)
        if (!accepted(t, i, job->out[0][i]) && wrong++ == 0)
            print_error("%s: element %lld is %.9g, expected %.17g +- %.3g\n",
                        assay_kernel_get_info(job->kernel)->name, (long long)i,
                        (double)job->out[0][i], t->reference.value[i], t->reference.bound[i]);
    return wrong;
}

static void check_job(const trial *t, int index, int fill, const assay_job *job)
{
    const char *name = assay_kernel_get_info(job->kernel)->name;
    if (job->status != ASSAY_OK)
        fail_msg("%s, row %d: %s", name, index, job->error.message);
    for (int run = 0; run < ASSAY_RUNS; run++) {
        const assay_guard_report *guard = &job->guard[run];
        if (guard->unwritten || guard->stray || guard->changed)
            fail_msg("%s, row %d, run %d: unwritten %lld, stray %lld, changed %lld", name, index,
                     run, (long long)guard->unwritten, (long long)guard->stray,
                     (long long)guard->changed);
    }
    if (memcmp(job->out[0], job->out[1], (size_t)t->reference.count * sizeof(float)) != 0)
        fail_msg("%s, row %d: the two runs differ", name, index);
    int wrong = count_wrong(t, job);
    if (wrong)
        fail_msg("%s, row %d, fill %d: %d of %lld elements are wrong", name, index, fill, wrong,
                 (long long)t->reference.count);
}

static void are_right_on_awkward_problems(void **state)
{
    (void)state;
    assay_error error = {0};
    trial *trials = calloc((size_t)ROWS * FILLS, sizeof *trials);
    assay_job *jobs = calloc((size_t)(ROWS * FILLS * kernels.count), sizeof *jobs);
    int *problems_of = calloc((size_t)kernels.count, sizeof *problems_of);
    assert_true(trials && jobs && problems_of);
    int count = 0;
    for (int i = 0; i < ROWS * FILLS; i++) {
        make_trial(&rows[i / FILLS], i % FILLS, &trials[i]);
        count = add_jobs(&trials[i], jobs, count);
    }
    if (assay_jobs_run(device, jobs, count, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    for (int i = 0; i < ROWS * FILLS; i++)
        for (int j = 0; j < trials[i].job_count; j++) {
            const assay_job *job = &jobs[trials[i].first_job + j];
            check_job(&trials[i], i / FILLS, i % FILLS, job);
            for (int k = 0; k < kernels.count; k++)
                problems_of[k] += kernels.items[k] == job->kernel;
        }
    for (int k = 0; k < kernels.count; k++)
        if (problems_of[k] < 4 * FILLS && is_f32(kernels.items[k]))
            fail_msg("%s ran on %d problems only", assay_kernel_get_info(kernels.items[k])->name,
                     problems_of[k] / FILLS);
    for (int i = 0; i < count; i++) {
        free(jobs[i].out[0]);
        free(jobs[i].out[1]);
        free(jobs[i].messages);
    }
    for (int i = 0; i < ROWS * FILLS; i++)
        free_trial(&trials[i]);
    free(problems_of);
    free(jobs);
    free(trials);
}

// The acceptance above is only worth something if it refuses: one ULP beside an exact result.
static void acceptance_refuses_the_next_number(void **state)
{
    (void)state;
    trial t = {0};
    make_trial(&rows[1], 0, &t);
    for (int64_t i = 0; i < t.reference.count; i++) {
        float right = (float)t.reference.value[i];
        assert_true(t.reference.bound[i] == 0);
        assert_true(accepted(&t, i, right));
        assert_false(accepted(&t, i, nextafterf(right, INFINITY)));
        assert_false(accepted(&t, i, nextafterf(right, -INFINITY)));
        assert_false(accepted(&t, i, NAN));
    }
    free_trial(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_right_on_awkward_problems),
        cmocka_unit_test(acceptance_refuses_the_next_number),
    };
    return cmocka_run_group_tests_name("kernels", tests, open_device, close_device);
}
