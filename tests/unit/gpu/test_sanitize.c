// SPDX-License-Identifier: Apache-2.0
// Sanitizers on a real device: a dispatch in parts is the whole dispatch. What they catch is in
// tests/cli/sanitizers.sh.
#include "gpu/gpu_internal.h"
#include "gpu/job.h"
#include "gpu/kernel_internal.h"
#include "tests/unit/gpu/driver_leaks.h"
#include "tests/unit/gpu/shader_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// Adds what every group gives to its element: a group that runs twice, or never, shows.
static const char groups[] =
    "/*---\n"
    "kernel: groups\n"
    "operator: relu\n"
    "precisions: [f32]\n"
    "layouts: [nchw]\n"
    "contract: {accumulator: f32}\n"
    "bindings: [{binding: 0, tensor: in}, {binding: 1, tensor: out}]\n"
    "dispatch: {groups: [in.w, in.h, in.c]}\n"
    "---*/\n"
    "#version 450\n"
    "layout(local_size_x = 32) in;\n"
    "layout(std430, binding = 0) readonly buffer In { float x[]; };\n"
    "layout(std430, binding = 1) buffer Out { uint y[]; };\n"
    "void main() {\n"
    "    uvec3 n = gl_NumWorkGroups, g = gl_WorkGroupID;\n"
    "    if (gl_LocalInvocationIndex == 0u)\n"
    "        atomicAdd(y[(g.z * n.y + g.y) * n.x + g.x], x[0] > 0.0 ? 0u : n.x + 1u);\n"
    "}\n";

enum { MOST = 4096 };
static float input[MOST];
static const float *inputs[ASSAY_INPUTS_MAX] = {input};

static assay_device *open_device(unsigned validate)
{
    assay_device_options options = {.validate = validate};
    assay_device *device;
    assay_error error = {0};
    if (assay_device_open(&options, &device, &error) != ASSAY_OK)
        fail_msg("no device: %s", error.message);
    return device;
}

static void run(assay_device *device, const char *source, int64_t c, int64_t h, int64_t w,
                unsigned sanitize, assay_job *job)
{
    assay_kernels kernels = {0};
    assay_problem problem;
    assay_error error = {0};
    if (shader_load(&kernels, source, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    assay_problem_init(&problem, assay_operator_find("relu"));
    problem.input[0] = (assay_shape){
        4, {1, c, h, w}
    };
    problem.output = problem.input[0];
    *job = (assay_job){.kernel = kernels.items[0], .problem = &problem, .in = inputs};
    job->sanitize = sanitize;
    for (int i = 0; i < ASSAY_RUNS; i++)
        job->out[i] = malloc((size_t)(c * h * w) * sizeof(float));
    if (assay_jobs_run(device, job, 1, &error) != ASSAY_OK || job->status != ASSAY_OK)
        fail_msg("%s%s", error.message, job->error.message);
    for (int i = 0; i < ASSAY_RUNS; i++)
        free(job->out[i]);
    if (job->messages)
        fail_msg("%s", job->messages);
    assay_kernels_destroy(&kernels);
}

static void test_every_group_runs_once(void **state)
{
    (void)state;
    static const int64_t shapes[][3] = {
        {1,  1,  2   },
        {5,  7,  3   },
        {1,  1,  1000},
        {1,  64, 1   },
        {16, 9,  11  },
        {3,  1,  1   },
    };
    assay_device *device = open_device(ASSAY_VALIDATE_CORE);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        assay_job job;
        run(device, groups, shapes[i][0], shapes[i][1], shapes[i][2], 1u << ASSAY_SANITIZE_ORDER,
            &job);
        assert_int_equal(job.deviation[ASSAY_SANITIZE_ORDER].elements, 0);
    }
    assay_device_close(device);
}

static void test_where_sanitizers_apply(void **state)
{
    (void)state;
    assay_kernels kernels = {0};
    assay_error error = {0};
    char reason[128];
    assay_device_info info = {.name = "it"};
    if (shader_load(&kernels, groups, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    const assay_kernel *k = kernels.items[0];
    assert_true(assay_sanitizer_applies(ASSAY_SANITIZE_ORDER, &info, k, reason, sizeof reason));
    assert_true(assay_sanitizer_applies(ASSAY_SANITIZE_REPEAT, &info, k, reason, sizeof reason));
    assert_false(assay_sanitizer_applies(ASSAY_SANITIZE_SHARED, &info, k, reason, sizeof reason));
    assert_string_equal(reason, "no shared memory");
    assert_false(
        assay_sanitizer_applies(ASSAY_SANITIZE_SUBGROUPS, &info, k, reason, sizeof reason));
    assert_string_equal(reason, "it does not let them be chosen");
    info.subgroup_min = info.subgroup_max = 8;
    assert_false(
        assay_sanitizer_applies(ASSAY_SANITIZE_SUBGROUPS, &info, k, reason, sizeof reason));
    assert_string_equal(reason, "it has only 8");
    info.subgroup_max = 32;
    assert_true(assay_sanitizer_applies(ASSAY_SANITIZE_SUBGROUPS, &info, k, reason, sizeof reason));
    assay_kernels_destroy(&kernels);
}

// A device of one size has a pipeline that asks for it, without complaint.
static void test_a_subgroup_size_can_be_asked_for(void **state)
{
    (void)state;
    assay_device *device = open_device(ASSAY_VALIDATE_CORE);
    const assay_device_info *info = assay_device_get_info(device);
    const assay__pipeline *asked, *any;
    assay_error error = {0};
    assay_kernels kernels = {0};
    if (info->subgroup_min == 0)
        skip();
    if (shader_load(&kernels, groups, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    const assay__module *m = kernels.items[0]->module[0];
    assay__pipeline_spec spec = {
        .words = m->words,
        .word_count = m->word_count,
        .hash = m->hash,
        .entry = m->entry,
        .binding_count = 2,
        .binding = {{.binding = 0, .type = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER},
                    {.binding = 1, .type = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER}}
    };
    assert_int_equal(assay__pipeline_get(device, &spec, &any, &error), ASSAY_OK);
    spec.subgroup = info->subgroup_min;
    assert_int_equal(assay__pipeline_get(device, &spec, &asked, &error), ASSAY_OK);
    assert_ptr_not_equal(any, asked);
    assert_null(assay__messages_take(device->instance.messages));
    assay_kernels_destroy(&kernels);
    assay_device_close(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_group_runs_once),
        cmocka_unit_test(test_where_sanitizers_apply),
        cmocka_unit_test(test_a_subgroup_size_can_be_asked_for),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    shader_clean((const char *const[]){"shader.comp", NULL});
    return failed;
}
