// SPDX-License-Identifier: Apache-2.0
// Which work group wrote an element, of shaders that say it themselves.
#include "gpu/job.h"
#include "tests/unit/gpu/driver_leaks.h"
#include "tests/unit/gpu/shader_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// A tile of 8 x 4 a group. The count of groups is read, which a dispatch of a part must not change.
static const char tiles[] =
    "/*---\n"
    "kernel: tiles\n"
    "operator: relu\n"
    "precisions: [f32]\n"
    "layouts: [nchw]\n"
    "contract: {accumulator: f32}\n"
    "bindings: [{binding: 0, tensor: in}, {binding: 1, tensor: out}]\n"
    "push: [{name: h, type: int, value: in.h}, {name: w, type: int, value: in.w}]\n"
    "dispatch: {groups: [\"ceil_div(in.w, 8)\", \"ceil_div(in.h, 4)\", in.c]}\n"
    "---*/\n"
    "#version 450\n"
    "layout(local_size_x = 8, local_size_y = 4) in;\n"
    "layout(std430, binding = 0) readonly buffer In { float x[]; };\n"
    "layout(std430, binding = 1) QUALIFIER buffer Out { float y[]; };\n"
    "layout(push_constant) uniform Params { int h, w; };\n"
    "void main() {\n"
    "    int row = int(gl_GlobalInvocationID.y), column = int(gl_GlobalInvocationID.x);\n"
    "    if (row >= h || column >= w || int(gl_NumWorkGroups.x) != (w + 7) / 8)\n"
    "        return;\n"
    "    int at = (int(gl_WorkGroupID.z) * h + row) * w + column;\n"
    "    if (SKIP)\n"
    "        return;\n"
    "    y[at] = max(x[at], 0.0);\n"
    "    if (column == 0 && row == 0)\n"
    "        y[int(gl_WorkGroupID.z) * h * w + w - 1] = max(x[at], 0.0);\n"
    "}\n";

enum { C = 3, H = 10, W = 21, COUNT = C * H * W };

static void observe(const char *qualifier, const char *skip, int32_t (*group)[3],
                    assay_writers *writers)
{
    static float in[COUNT], out[ASSAY_RUNS][COUNT];
    const float *inputs[ASSAY_INPUTS_MAX] = {in};
    char *half = shader_edit(tiles, "QUALIFIER", qualifier);
    char *source = shader_edit(half, "SKIP", skip);
    assay_kernels kernels = {0};
    assay_problem problem;
    assay_device *device;
    assay_error error = {0};
    for (int i = 0; i < COUNT; i++)
        in[i] = 7; // equal results everywhere are no hint
    if (assay_device_open(&(assay_device_options){.validate = ASSAY_VALIDATE_CORE}, &device,
                          &error) != ASSAY_OK ||
        shader_load(&kernels, source, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    assay_problem_init(&problem, assay_operator_find("relu"));
    problem.input[0] = problem.output = (assay_shape){
        4, {1, C, H, W}
    };
    *writers = (assay_writers){.group = group};
    assay_job job = {
        .kernel = kernels.items[0],
        .problem = &problem,
        .in = inputs,
        .out = {out[0], out[1]},
        .writers = writers
    };
    if (assay_jobs_run(device, &job, 1, &error) != ASSAY_OK || job.status != ASSAY_OK)
        fail_msg("%s%s", error.message, job.error.message);
    if (job.messages)
        fail_msg("%s", job.messages);
    assay_kernels_destroy(&kernels);
    assay_device_close(device);
    free(source);
    free(half);
}

static void each_element_has_its_group(void **state)
{
    (void)state;
    static int32_t group[COUNT][3];
    assay_writers writers;
    observe("writeonly", "false", group, &writers);
    assert_true(writers.observed);
    assert_int_equal(writers.groups[0] * 100 + writers.groups[1] * 10 + writers.groups[2], 333);
    assert_int_equal(writers.local[0] * 10 + writers.local[1], 84);
    for (int i = 0; i < COUNT; i++) {
        int h = i / W % H, w = i % W, two = h == 0 && w == W - 1; // written by two groups
        assert_int_equal(group[i][0], two ? -1 : w / 8);
        assert_int_equal(group[i][1], two ? -1 : h / 4);
        assert_int_equal(group[i][2], two ? -1 : i / W / H);
    }
}

static void what_nobody_writes_has_none(void **state)
{
    (void)state;
    static int32_t group[COUNT][3];
    assay_writers writers;
    observe("writeonly", "column == 5", group, &writers);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(group[i][2] == -1, i % W == 5 || i % (W * H) == W - 1);
}

static void groups_that_may_wait_are_not_run_apart(void **state)
{
    (void)state;
    static int32_t group[COUNT][3];
    assay_writers writers;
    observe("coherent", "false", group, &writers);
    assert_false(writers.observed);
    assert_int_equal(group[COUNT - 1][0], -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_element_has_its_group),
        cmocka_unit_test(what_nobody_writes_has_none),
        cmocka_unit_test(groups_that_may_wait_are_not_run_apart),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    shader_clean((const char *const[]){"shader.comp", NULL});
    return failed;
}
