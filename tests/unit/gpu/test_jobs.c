// SPDX-License-Identifier: Apache-2.0
// Jobs on a real device: what kernels do wrong is seen, each thing by the mechanism that is there
// for it.
#include "gpu/gpu_internal.h"
#include "gpu/job.h"
#include "reference/format.h"
#include "tests/unit/gpu/driver_leaks.h"
#include "tests/unit/gpu/shader_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// y = x, an invocation an element.
static const char copy[] = "/*---\n"
                           "kernel: copy\n"
                           "operator: relu\n"
                           "precisions: [f32]\n"
                           "layouts: [nchw]\n"
                           "contract: {accumulator: f32}\n"
                           "bindings: [{binding: 0, tensor: in}, {binding: 1, tensor: out}]\n"
                           "push: [{name: count, type: int, value: out.count}]\n"
                           "dispatch: {threads: [out.count]}\n"
                           "---*/\n"
                           "#version 450\n"
                           "layout(local_size_x = 64) in;\n"
                           "layout(std430, binding = 0) buffer In { float x[]; };\n"
                           "layout(std430, binding = 1) buffer Out { float y[]; };\n"
                           "layout(push_constant) uniform P { int count; } p;\n"
                           "void main() {\n"
                           "    int i = int(gl_GlobalInvocationID.x);\n"
                           "    if (i < p.count) {\n"
                           "        y[i] = x[i]; //\n"
                           "    }\n"
                           "}\n";

// y = 2 x + 1 in two passes.
static const char passes[] =
    "/*---\n"
    "kernel: passes\n"
    "operator: relu\n"
    "precisions: [f32]\n"
    "layouts: [nchw]\n"
    "contract: {accumulator: f32}\n"
    "bindings: [{binding: 0, tensor: in}, {set: 2, binding: 1, tensor: out},\n"
    "           {binding: 4, tensor: half}]\n"
    "scratch: [{name: half, elements: out.count}]\n"
    "push: [{name: count, type: int, value: out.count}]\n"
    "dispatch: {threads: [out.count]}\n"
    "passes: [{name: a, constants: [{id: 7, type: bool, value: 0}]},\n"
    "         {name: b, constants: [{id: 7, type: bool, value: 1}]}]\n"
    "---*/\n"
    "#version 450\n"
    "layout(local_size_x = 64) in;\n"
    "layout(constant_id = 7) const bool SECOND = false;\n"
    "layout(std430, binding = 0) readonly buffer In { float x[]; };\n"
    "layout(std430, set = 2, binding = 1) buffer Out { float y[]; };\n"
    "layout(std430, binding = 4) buffer Half { float h[]; };\n"
    "layout(push_constant) uniform P { int count; } p;\n"
    "void main() {\n"
    "    int i = int(gl_GlobalInvocationID.x);\n"
    "    if (i >= p.count) return;\n"
    "    if (SECOND) y[i] = h[p.count - 1 - i] + 1.0;\n"
    "    else h[p.count - 1 - i] = 2.0 * x[i];\n"
    "}\n";

// y = bias, whether there is one or not.
static const char bias[] = "/*---\n"
                           "kernel: bias\n"
                           "operator: linear\n"
                           "precisions: [f32]\n"
                           "layouts: [nchw]\n"
                           "contract: {accumulator: f32}\n"
                           "bindings: [{binding: 0, tensor: in}, {binding: 1, tensor: weights},\n"
                           "           {binding: 2, tensor: bias}, {binding: 3, tensor: out}]\n"
                           "dispatch: {groups: [out.count]}\n"
                           "---*/\n"
                           "#version 450\n"
                           "layout(std430, binding = 0) readonly buffer In { float x[]; };\n"
                           "layout(std430, binding = 1) readonly buffer W { float w[]; };\n"
                           "layout(std430, binding = 2) readonly buffer B { float b[]; };\n"
                           "layout(std430, binding = 3) buffer Out { float y[]; };\n"
                           "void main() {\n"
                           "    uint i = gl_WorkGroupID.x;\n"
                           "    y[i] = b[i] + (isnan(x[0] + w[0]) ? 1.0 : 0.0);\n"
                           "}\n";

enum { MOST = 4000 };
static float input[MOST];
static const float *inputs[ASSAY_INPUTS_MAX] = {input, input, input};

static assay_device *open_device(unsigned validate)
{
    assay_device_options options = {.validate = validate, .arena_bytes = 1 << 20}; // it must grow
    assay_device *device;
    assay_error error = {0};
    if (assay_device_open(&options, &device, &error) != ASSAY_OK)
        fail_msg("no device: %s", error.message);
    return device;
}

static void load(assay_kernels *kernels, const char *source)
{
    assay_error error = {0};
    if (shader_load(kernels, source, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
}

static void load_edited(assay_kernels *kernels, const char *source, const char *name,
                        const char *from, const char *to)
{
    char *named = shader_edit(source, "kernel: copy", name);
    char *text = shader_edit(named, from, to);
    load(kernels, text);
    free(text);
    free(named);
}

static assay_problem make_problem(const char *op, assay_shape shape)
{
    assay_problem problem;
    assay_error error = {0};
    assay_problem_init(&problem, assay_operator_find(op));
    problem.input[0] = shape;
    if (assay_problem_infer(&problem, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    return problem;
}

static assay_job make_job(const assay_kernel *kernel, const assay_problem *problem)
{
    static float out[600][ASSAY_RUNS][MOST];
    static int next;
    assay_job job = {.kernel = kernel, .problem = problem, .in = inputs};
    job.out[0] = out[next % 600][0];
    job.out[1] = out[next++ % 600][1];
    return job;
}

static void run(assay_device *device, assay_job *jobs, int count)
{
    assay_error error = {0};
    if (assay_jobs_run(device, jobs, count, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
}

static void assert_clean(const assay_job *job)
{
    if (job->status != ASSAY_OK)
        fail_msg("%s", job->error.message);
    for (int r = 0; r < ASSAY_RUNS; r++) {
        assert_int_equal(job->guard[r].unwritten, 0);
        assert_int_equal(job->guard[r].first_unwritten, -1);
        assert_int_equal(job->guard[r].stray, 0);
        assert_int_equal(job->guard[r].stray_tensor, -1);
        assert_int_equal(job->guard[r].changed, 0);
        assert_int_equal(job->guard[r].changed_tensor, -1);
    }
    assert_null(job->messages);
}

static void runs_many_jobs(void **state)
{
    assay_device *device = *state;
    assay_kernels kernels = {0};
    assay_problem problem[3] = {
        make_problem("relu", (assay_shape){4, {2, 3, 5, 7}  }
         ),
        make_problem("relu", (assay_shape){4, {1, 1, 1, 1}  }
         ),
        make_problem("relu", (assay_shape){4, {3, 5, 13, 17}}
         )
    };
    static assay_job jobs[300];
    load(&kernels, copy);
    load(&kernels, passes);
    for (int i = 0; i < 300; i++)
        jobs[i] = make_job(kernels.items[i % 2], &problem[i % 3]);
    for (int repeat = 0; repeat < 2; repeat++) {
        run(device, jobs, 300);
        for (int i = 0; i < 300; i++) {
            assert_clean(&jobs[i]);
            assert_true(jobs[i].gpu_s > 0 && jobs[i].transfer_s > 0 && jobs[i].pipeline_s > 0);
            assert_true(jobs[i].gpu_ns[0] > 0 && jobs[i].gpu_ns[1] > 0);
            for (int64_t k = 0; k < assay_shape_elements(&jobs[i].problem->output); k++)
                for (int r = 0; r < ASSAY_RUNS; r++)
                    assert_true(jobs[i].out[r][k] == (i % 2 ? 2 * input[k] + 1 : input[k]));
        }
    }
    assay_kernels_destroy(&kernels);
}

static void sees_a_write_out_of_bounds(void **state)
{
    assay_device *device = *state;
    assay_kernels kernels = {0};
    assay_problem problem = make_problem("relu", (assay_shape){
                                                     4, {1, 3, 5, 7}
    }); // 105
    load(&kernels, copy);
    load_edited(&kernels, copy, "kernel: one", "//", "if (i == 0) y[105] = 1.0;");
    load_edited(&kernels, copy, "kernel: far", "//", "if (i < 9) y[250000 + i] = 1.0;");
    load_edited(&kernels, copy, "kernel: in", "//", "if (i == 7) x[110] = 1.0;");
    static const int64_t words[] = {0, 1, 9, 1}, offset[] = {0, 420, 1000000, 440};
    static const int tensor[] = {-1, ASSAY_INPUTS_MAX, ASSAY_INPUTS_MAX, 0};
    assay_job jobs[8];
    for (int i = 0; i < 8; i++) // twice: the second must find its guards whole again
        jobs[i] = make_job(kernels.items[i % 4], &problem);
    run(device, jobs, 8);
    for (int i = 0; i < 8; i++) {
        const assay_guard_report *guard = &jobs[i].guard[ASSAY_RUN_GUARDED];
        assert_int_equal(jobs[i].status, ASSAY_OK);
        assert_int_equal(guard->stray, words[i % 4]);
        assert_int_equal(guard->stray_offset, offset[i % 4]);
        assert_int_equal(guard->stray_tensor, tensor[i % 4]);
        assert_int_equal(guard->changed, 0);
        assert_int_equal(guard->unwritten, 0);
    }
    assay_job again = make_job(kernels.items[0], &problem);
    run(device, &again, 1);
    assert_clean(&again);
    assay_kernels_destroy(&kernels);
}

static void sees_what_was_not_written(void **state)
{
    assay_device *device = *state;
    assay_kernels kernels = {0};
    assay_problem problem = make_problem("relu", (assay_shape){
                                                     4, {1, 3, 5, 7}
    });
    load_edited(&kernels, copy, "kernel: hole", "i < p.count", "i < p.count && i % 50 != 33");
    load_edited(&kernels, copy, "kernel: nothing", "y[i] = x[i];", "if (x[i] < 0.0) y[i] = 0.0;");
    assay_job jobs[2] = {make_job(kernels.items[0], &problem),
                         make_job(kernels.items[1], &problem)};
    run(device, jobs, 2);
    for (int r = 0; r < ASSAY_RUNS; r++) {
        assert_int_equal(jobs[0].guard[r].unwritten, 2);
        assert_int_equal(jobs[0].guard[r].first_unwritten, 33);
        assert_int_equal(jobs[1].guard[r].unwritten, 105);
        assert_int_equal(jobs[1].guard[r].stray, 0);
    }
    assert_true(memcmp(jobs[1].out[0], jobs[1].out[1], 4) != 0); // the prefill differs
    assay_kernels_destroy(&kernels);
}

static void sees_a_changed_input(void **state)
{
    assay_device *device = *state;
    assay_kernels kernels = {0};
    assay_problem problem = make_problem("relu", (assay_shape){
                                                     4, {1, 3, 5, 7}
    });
    load_edited(&kernels, copy, "kernel: changes", "//", "if (i == 40 || i == 60) x[i] = -1.0;");
    assay_job job = make_job(kernels.items[0], &problem);
    run(device, &job, 1);
    for (int r = 0; r < ASSAY_RUNS; r++) {
        assert_int_equal(job.guard[r].changed, 2);
        assert_int_equal(job.guard[r].changed_index, 40);
        assert_int_equal(job.guard[r].changed_tensor, 0);
        assert_int_equal(job.guard[r].stray, 0);
    }
    assay_kernels_destroy(&kernels);
}

static void gives_poison_behind_a_tensor(void **state)
{
    assay_device *device = *state;
    assay_kernels kernels = {0};
    assay_problem problem = make_problem("relu", (assay_shape){
                                                     4, {1, 3, 5, 7}
    });
    load_edited(&kernels, copy, "kernel: next", "x[i];", "x[i + 1];");
    load_edited(&kernels, copy, "kernel: remote", "x[i];", "x[i + 262144];");
    assay_job jobs[2] = {make_job(kernels.items[0], &problem),
                         make_job(kernels.items[1], &problem)};
    run(device, jobs, 2);
    assert_true(jobs[0].out[0][103] == input[104]);
    assert_int_equal(assay_bits_of_float(jobs[0].out[0][104]), ASSAY_POISON_BITS);
    for (int i = 0; i < 105; i++)
        assert_int_equal(assay_bits_of_float(jobs[1].out[0][i]), ASSAY_POISON_BITS);
    assay_kernels_destroy(&kernels);
}

static void binds_poison_for_an_absent_bias(void **state)
{
    assay_device *device = *state;
    assay_kernels kernels = {0};
    assay_problem problem[2];
    assay_error error = {0};
    load(&kernels, bias);
    for (int i = 0; i < 2; i++) {
        assay_problem_init(&problem[i], assay_operator_find("linear"));
        problem[i].input[0] = (assay_shape){
            2, {2, 6, 1, 1}
        };
        problem[i].attribute[assay_attribute_index(problem[i].op, "out_features")].i[0] = 5;
        problem[i].attribute[assay_attribute_index(problem[i].op, "bias")].i[0] = i;
        assert_int_equal(assay_problem_infer(&problem[i], &error), ASSAY_OK);
    }
    static const float *absent[ASSAY_INPUTS_MAX] = {input, input, NULL};
    assay_job jobs[3] = {make_job(kernels.items[0], &problem[0]),
                         make_job(kernels.items[0], &problem[1]),
                         make_job(kernels.items[0], &problem[0])};
    jobs[0].in = absent;
    run(device, jobs, 3);
    assert_int_equal(jobs[0].status, ASSAY_OK);
    for (int i = 0; i < 10; i++)
        assert_true(jobs[0].out[0][i] != jobs[0].out[0][i]); // NaN
    for (int i = 0; i < 5; i++)
        assert_true(jobs[1].out[0][i] == input[i]);
    assert_int_equal(jobs[2].status, ASSAY_INTERNAL); // data without a shape
    assay_kernels_destroy(&kernels);
}

static void keeps_trouble_to_the_job(void **state)
{
    assay_device *device = *state;
    assay_kernels kernels = {0};
    assay_problem small = make_problem("relu", (assay_shape){
                                                   4, {1, 3, 5, 7}
    });
    load(&kernels, copy);
    load_edited(&kernels, copy, "kernel: wide", "threads: [out.count]",
                "groups: [1, 1, 4294967295]");
    load_edited(&kernels, copy, "kernel: none", "threads: [out.count]", "groups: [in.c - 3]");
    load_edited(&kernels, copy, "kernel: big", "local_size_x = 64",
                "local_size_x = 1024, local_size_z = 64");
    load_edited(&kernels, copy, "kernel: double", "y[i] = x[i];", "y[i] = float(double(x[i]));");
    assay_job jobs[5];
    for (int i = 0; i < 5; i++)
        jobs[i] = make_job(kernels.items[i], &small);
    run(device, jobs, 5);
    assert_clean(&jobs[0]);
    assert_int_equal(jobs[1].status, ASSAY_LIMIT);
    assert_non_null(strstr(jobs[1].error.message, "4294967295 work groups along z"));
    assert_int_equal(jobs[2].status, ASSAY_LIMIT);
    assert_non_null(strstr(jobs[2].error.message, "0 work groups along x"));
    assert_int_equal(jobs[3].status, ASSAY_LIMIT);
    assert_non_null(strstr(jobs[3].error.message, "work groups of 1024 x 1 x 64"));
    assert_true(jobs[4].status == ASSAY_OK || jobs[4].status == ASSAY_LIMIT);
    assay_kernels_destroy(&kernels);
}

static void gives_messages_to_their_job(void **state)
{
    const assay_device *plain = *state;
    assert_true(assay_validation_available());
    assay_kernels kernels = {0};
    assay_problem problem = make_problem("relu", (assay_shape){
                                                     4, {1, 3, 5, 7}
    });
    load(&kernels, copy);
    load(&kernels, passes);
    load_edited(&kernels, copy, "kernel: one", "//", "if (i == 0) y[105] = 1.0;");
    static const unsigned validate[] = {ASSAY_VALIDATE_CORE,
                                        ASSAY_VALIDATE_CORE | ASSAY_VALIDATE_SYNC,
                                        ASSAY_VALIDATE_CORE | ASSAY_VALIDATE_GPU};
    for (int v = 0; v < 3; v++) {
        assay_device *device = open_device(validate[v]);
        device->staged = plain->staged;
        assay_job jobs[4];
        for (int i = 0; i < 4; i++)
            jobs[i] = make_job(kernels.items[i % 3], &problem);
        run(device, jobs, 4);
        for (int i = 0; i < 4; i++) {
            bool expected = i == 2 && validate[v] & ASSAY_VALIDATE_GPU;
            if (!expected)
                assert_null(jobs[i].messages);
            else if (!jobs[i].messages || !strstr(jobs[i].messages, "out of bounds"))
                fail_msg("%s", jobs[i].messages ? jobs[i].messages : "no message");
            free(jobs[i].messages);
        }
        assay_device_close(device);
    }
    assay_kernels_destroy(&kernels);
}

static int open_once(void **state)
{
    for (int i = 0; i < MOST; i++)
        input[i] = (float)(i % 97 + 1);
    *state = open_device(0);
    return 0;
}

// As on a GPU with memory of its own.
static int open_staged(void **state)
{
    assay_device *device;
    open_once(state);
    device = *state;
    device->staged = true;
    return 0;
}

static int close_once(void **state)
{
    assay_device_close(*state);
    return 0;
}

int main(void)
{
    static const char *const files[] = {"shader.comp", NULL};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_many_jobs),
        cmocka_unit_test(sees_a_write_out_of_bounds),
        cmocka_unit_test(sees_what_was_not_written),
        cmocka_unit_test(sees_a_changed_input),
        cmocka_unit_test(gives_poison_behind_a_tensor),
        cmocka_unit_test(binds_poison_for_an_absent_bias),
        cmocka_unit_test(keeps_trouble_to_the_job),
        cmocka_unit_test(gives_messages_to_their_job),
    };
    int failed = cmocka_run_group_tests_name("jobs", tests, open_once, close_once);
    failed += cmocka_run_group_tests_name("jobs_staged", tests, open_staged, close_once);
    shader_clean(files);
    return failed;
}
