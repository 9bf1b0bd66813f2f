// SPDX-License-Identifier: Apache-2.0
// Convolutions without a reference: what defines the transposed convolution, <conv(x), y> = <x,
// convT(y)> with the same weights, holds exactly on integers, for every kernel of the one beside
// every kernel of the other; and a convolution in groups is the convolutions of its groups.
#include "gpu/job.h"
#include "tests/unit/gpu/driver_leaks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Of the convolution; nothing is square, groups begin inside of packs of four.
typedef struct row {
    int64_t x[4], out, kernel[2], strides[2], pads[4], dilations[2], groups;
} row;

static const row rows[] = {
    {{2, 5, 7, 9},  6,  {3, 2}, {1, 2}, {1, 0, 0, 1}, {1, 1}, 1},
    {{2, 3, 9, 8},  7,  {2, 3}, {2, 1}, {0, 2, 1, 1}, {2, 1}, 1},
    {{1, 9, 8, 11}, 4,  {3, 4}, {3, 2}, {2, 1, 0, 3}, {1, 2}, 1},
    {{3, 7, 3, 17}, 9,  {1, 1}, {1, 1}, {0, 0, 0, 0}, {1, 1}, 1},
    {{2, 4, 5, 6},  5,  {1, 1}, {2, 3}, {0, 1, 1, 0}, {1, 1}, 1},
    {{1, 17, 6, 5}, 33, {3, 3}, {1, 1}, {1, 1, 1, 1}, {1, 1}, 1},
    {{2, 6, 9, 7},  9,  {3, 2}, {2, 3}, {1, 0, 2, 1}, {1, 2}, 3},
    {{1, 8, 7, 6},  8,  {2, 3}, {1, 2}, {1, 1, 0, 2}, {2, 1}, 2},
    {{2, 5, 8, 9},  5,  {3, 2}, {2, 1}, {1, 0, 0, 1}, {1, 2}, 5},
    {{1, 3, 5, 7},  6,  {2, 2}, {4, 3}, {3, 4, 2, 3}, {3, 2}, 3},
};

#define ROWS (sizeof rows / sizeof rows[0])

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

static void set(assay_problem *problem, const char *name, const int64_t *values, int count)
{
    int index = assay_attribute_index(problem->op, name);
    assert_true(index >= 0);
    memcpy(problem->attribute[index].i, values, (size_t)count * sizeof *values);
}

static assay_problem start(const char *op, const row *r, int64_t out_channels, int64_t groups)
{
    assay_problem problem;
    assay_problem_init(&problem, assay_operator_find(op));
    set(&problem, "out_channels", &out_channels, 1);
    set(&problem, "group", &groups, 1);
    set(&problem, "kernel_shape", r->kernel, 2);
    set(&problem, "strides", r->strides, 2);
    set(&problem, "pads", r->pads, 4);
    set(&problem, "dilations", r->dilations, 2);
    set(&problem, "bias", &(int64_t){0}, 1);
    return problem;
}

static void infer(assay_problem *problem)
{
    assay_error error = {0};
    if (assay_problem_infer(problem, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
}

static assay_problem convolution(const row *r)
{
    assay_problem problem = start("conv2d", r, r->out, r->groups);
    problem.input[0] = (assay_shape){
        4, {r->x[0], r->x[1], r->x[2], r->x[3]}
    };
    infer(&problem);
    return problem;
}

// What the stride leaves of x behind the last window is the output padding.
static assay_problem adjoint_of(const row *r, const assay_problem *conv)
{
    assay_problem problem = start("conv_transpose2d", r, r->x[1], r->groups);
    problem.input[0] = conv->output;
    int64_t rest[2];
    for (int k = 0; k < 2; k++)
        rest[k] =
            (r->x[2 + k] + r->pads[k] + r->pads[2 + k] - r->dilations[k] * (r->kernel[k] - 1) - 1) %
            r->strides[k];
    set(&problem, "output_padding", rest, 2);
    infer(&problem);
    assert_true(assay_shape_equal(&problem.output, &conv->input[0]));
    assert_true(assay_shape_equal(&problem.input[1], &conv->input[1]));
    return problem;
}

// Whole numbers whose sums stay exact: in f32, or stored and even summed in f16 (below 2^11).
static float *make_data(const assay_shape *shape, bool half, uint32_t seed)
{
    int64_t count = assay_shape_elements(shape), most = half ? 2 : 9;
    float *data = malloc((size_t)count * sizeof *data);
    assert_non_null(data);
    for (int64_t i = 0; i < count; i++) {
        uint32_t x = (uint32_t)i * UINT32_C(2654435761) ^ seed * UINT32_C(0x9E3779B9);
        x = (x ^ (x >> 15)) * UINT32_C(0x846CA68B);
        x = (x ^ (x >> 13)) * UINT32_C(0xC2B2AE35);
        data[i] = (float)((int64_t)((x ^ (x >> 16)) % (uint32_t)(2 * most + 1)) - most);
    }
    return data;
}

// The jobs of one problem, a kernel each.
typedef struct batch {
    assay_problem problem;
    const float *in[ASSAY_INPUTS_MAX];
    assay_job *jobs;
    int count;
} batch;

static bool is_half(const assay_kernel *kernel)
{
    return assay_kernel_get_info(kernel)->precision != ASSAY_F32;
}

static const char *name_of(const assay_job *job)
{
    static char text[2][96];
    static int next;
    const assay_kernel_info *info = assay_kernel_get_info(job->kernel);
    next = !next;
    snprintf(text[next], sizeof text[next], "%s:%s:%s", info->name,
             assay_precision_name(info->precision), assay_layout_name(info->layout));
    return text[next];
}

static void run(batch *b, const assay_problem *problem, const float *data, const float *weights,
                bool half)
{
    assay_error error = {0};
    int64_t count = assay_shape_elements(&problem->output);
    *b = (batch){
        .problem = *problem,
        .in = {data, weights},
        .jobs = calloc((size_t)kernels.count, sizeof(assay_job))
    };
    for (int k = 0; k < kernels.count; k++) {
        char reason[256];
        if (assay_kernel_get_info(kernels.items[k])->op != problem->op ||
            is_half(kernels.items[k]) != half ||
            !assay_kernel_applies(kernels.items[k], problem, reason, sizeof reason))
            continue;
        assay_job *job = &b->jobs[b->count++];
        *job = (assay_job){.kernel = kernels.items[k], .problem = &b->problem, .in = b->in};
        for (int r = 0; r < ASSAY_RUNS; r++)
            job->out[r] = calloc((size_t)count, sizeof(float));
    }
    assert_true(b->count > 0);
    if (assay_jobs_run(device, b->jobs, b->count, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    for (int j = 0; j < b->count; j++)
        if (b->jobs[j].status != ASSAY_OK)
            fail_msg("%s: %s", name_of(&b->jobs[j]), b->jobs[j].error.message);
}

static void release(batch *b)
{
    for (int j = 0; j < b->count; j++) {
        free(b->jobs[j].out[0]);
        free(b->jobs[j].out[1]);
        free(b->jobs[j].messages);
    }
    free(b->jobs);
}

static int64_t product(const assay_job *job, const float *y)
{
    int64_t sum = 0;
    for (int64_t i = 0; i < assay_shape_elements(&job->problem->output); i++) {
        float a = job->out[ASSAY_RUN_GUARDED][i];
        if (a != truncf(a) || fabsf(a) >= 0x1p24F)
            fail_msg("%s: element %lld is %g", name_of(job), (long long)i, (double)a);
        sum += (int64_t)a * (int64_t)y[i];
    }
    return sum;
}

static void convolutions_and_their_adjoints_agree(void **state)
{
    (void)state;
    int pairs = 0, precisions[3] = {0};
    for (size_t k = 0; k < ROWS * 2; k++) {
        const row *r = &rows[k / 2];
        bool half = k % 2;
        assay_problem conv = convolution(r), adjoint = adjoint_of(r, &conv);
        float *x = make_data(&conv.input[0], half, 1), *w = make_data(&conv.input[1], half, 2);
        float *y = make_data(&conv.output, half, 3);
        batch a, b;
        run(&a, &conv, x, w, half);
        run(&b, &adjoint, y, w, half);
        for (int i = 0; i < a.count; i++)
            for (int j = 0; j < b.count; j++, pairs++) {
                int64_t left = product(&a.jobs[i], y), right = product(&b.jobs[j], x);
                if (left != right)
                    fail_msg("row %zu: <%s(x), y> = %" PRId64 ", <x, %s(y)> = %" PRId64, k / 2,
                             name_of(&a.jobs[i]), left, name_of(&b.jobs[j]), right);
                precisions[assay_kernel_get_info(a.jobs[i].kernel)->precision]++;
            }
        release(&a);
        release(&b);
        free(x);
        free(w);
        free(y);
    }
    assert_true(pairs > 500 && precisions[ASSAY_F32] && precisions[ASSAY_F16S]);
}

// A test that cannot fail is none: the adjoint of another padding has the same shapes.
static void another_padding_is_not_the_adjoint(void **state)
{
    (void)state;
    row r = rows[0];
    assay_problem conv = convolution(&r);
    memcpy(r.pads, (int64_t[]){0, 1, 1, 0}, sizeof r.pads);
    assay_problem other = adjoint_of(&r, &conv);
    float *x = make_data(&conv.input[0], false, 1), *w = make_data(&conv.input[1], false, 2);
    float *y = make_data(&conv.output, false, 3);
    batch a, b;
    run(&a, &conv, x, w, false);
    run(&b, &other, y, w, false);
    assert_true(product(&a.jobs[0], y) != product(&b.jobs[0], x));
    release(&a);
    release(&b);
    free(x);
    free(w);
    free(y);
}

// Channels first .. first + count - 1 of every item.
static float *channels_of(const float *data, const assay_shape *shape, int64_t first, int64_t count)
{
    int64_t plane = shape->dim[2] * shape->dim[3];
    float *part = malloc((size_t)(shape->dim[0] * count * plane) * sizeof *part);
    assert_non_null(part);
    for (int64_t n = 0; n < shape->dim[0]; n++)
        memcpy(part + n * count * plane, data + (n * shape->dim[1] + first) * plane,
               (size_t)(count * plane) * sizeof *part);
    return part;
}

static void must_be_the_parts(const batch *whole, const batch *part, int64_t group)
{
    const assay_shape *out = &whole->problem.output;
    int64_t channels = part->problem.output.dim[1];
    size_t bytes = (size_t)assay_shape_elements(&part->problem.output) * sizeof(float);
    for (int i = 0; i < whole->count; i++) {
        float *mine = channels_of(whole->jobs[i].out[0], out, group * channels, channels);
        for (int j = 0; j < part->count; j++)
            for (size_t e = 0; e < bytes / sizeof(float); e++)
                if (mine[e] != part->jobs[j].out[0][e])
                    fail_msg("group %d of %s: element %zu is %g, %s alone gives %g", (int)group,
                             name_of(&whole->jobs[i]), e, (double)mine[e], name_of(&part->jobs[j]),
                             (double)part->jobs[j].out[0][e]);
        free(mine);
    }
}

static void groups_are_convolutions_of_their_own(void **state)
{
    (void)state;
    for (size_t k = 0; k < ROWS * 2; k++) {
        const row *r = &rows[k / 2];
        bool half = k % 2;
        if (r->groups == 1)
            continue;
        assay_problem conv = convolution(r);
        row one = *r;
        one.x[1] /= r->groups;
        one.out /= r->groups;
        one.groups = 1;
        assay_problem alone = convolution(&one);
        int64_t weights = assay_shape_elements(&alone.input[1]);
        float *x = make_data(&conv.input[0], half, 4), *w = make_data(&conv.input[1], half, 5);
        batch whole, part;
        run(&whole, &conv, x, w, half);
        for (int64_t g = 0; g < r->groups; g++) {
            float *own = channels_of(x, &conv.input[0], g * one.x[1], one.x[1]);
            run(&part, &alone, own, w + g * weights, half);
            must_be_the_parts(&whole, &part, g);
            release(&part);
            free(own);
        }
        release(&whole);
        free(x);
        free(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolutions_and_their_adjoints_agree),
        cmocka_unit_test(another_padding_is_not_the_adjoint),
        cmocka_unit_test(groups_are_convolutions_of_their_own),
    };
    return cmocka_run_group_tests_name("adjoint", tests, open_device, close_device);
}
