// SPDX-License-Identifier: Apache-2.0
// What lies in blocks beside plain numbers: structures, matrices; and more bindings, blocks and
// names of one constant than most shaders have. The shader copies where all is as it shall be.
#include "tests/unit/gpu/driver_leaks.h"
#include "tests/unit/gpu/view_trial.h"

static const char nested[] =
    "/*---\n"
    "kernel: nested\n"
    "operator: leaky_relu\n"
    "precisions: [f32]\n"
    "layouts: [nchw]\n"
    "contract: {accumulator: f32}\n"
    "bindings: [{binding: 0, tensor: in}, {binding: 1, tensor: out}]\n"
    "push:\n"
    "  - {name: a.size, type: uvec4, values: [in.w, in.h, in.c, in.n, 1, 2, 3, 4]}\n"
    "  - {name: a.count, type: uint, value: in.count}\n"
    "  - {name: \"pair[0].x\", type: int, value: 5}\n"
    "  - {name: \"pair[0].y\", type: float, value: 0.5}\n"
    "  - {name: \"pair[1].x\", type: int, value: 6}\n"
    "  - {name: \"pair[1].y\", type: float, value: 1.5}\n"
    "uniforms:\n"
    "  - binding: 2\n"
    "    members:\n"
    "      - {name: first, type: int, value: 7}\n"
    "      - {name: s.deep.v, type: vec3, values: [1, 2, 3]}\n"
    "      - {name: s.deep.k, type: int, offset: 28, value: 8}\n"
    "      - {name: s.last, type: int, value: 9}\n"
    "      - {name: m, type: vec2, values: [1, 2, 3, 4, 5, 6]}\n"
    "      - {name: r, type: vec3, values: [1, 2, 3, 4, 5, 6]}\n"
    "dispatch: {threads: [out.count]}\n"
    "---*/\n"
    "#version 450\n"
    "layout(local_size_x = 64) in;\n"
    "struct Shape { uvec4 size[2]; uint count; };\n"
    "struct Pair { int x; float y; };\n"
    "struct Deep { vec3 v; int k; };\n"
    "struct S { Deep deep; int last; };\n"
    "layout(std430, binding = 0) readonly buffer In { float x[]; };\n"
    "layout(std430, binding = 1) writeonly buffer Out { float y[]; };\n"
    "layout(std140, binding = 2) uniform U {\n"
    "    int first; S s; mat3x2 m; layout(row_major) mat3x2 r; } u;\n"
    "layout(push_constant) uniform P { Shape a; Pair pair[2]; } p;\n"
    "void main() {\n"
    "    uint i = gl_GlobalInvocationID.x;\n"
    "    if (i >= p.a.count) return;\n"
    "    bool good = p.a.size[0] == uvec4(7, 5, 3, 2) && p.a.size[1] == uvec4(1, 2, 3, 4) &&\n"
    "        p.pair[0].x == 5 && p.pair[0].y == 0.5 && p.pair[1].x == 6 && p.pair[1].y == 1.5 &&\n"
    "        u.first == 7 && u.s.deep.v == vec3(1, 2, 3) && u.s.deep.k == 8 && u.s.last == 9 &&\n"
    "        u.m == mat3x2(1, 2, 3, 4, 5, 6) && u.r == mat3x2(1, 4, 2, 5, 3, 6);\n"
    "    y[i] = good ? (x[i] < 0.0 ? 0.01 * x[i] : x[i]) : 77.0;\n"
    "}\n";

// One id for the work group's size and for what the shader computes with; declared in either order.
static const char shared_id[] =
    "/*---\n"
    "kernel: shared_id\n"
    "operator: leaky_relu\n"
    "precisions: [f32]\n"
    "layouts: [nchw]\n"
    "contract: {accumulator: f32}\n"
    "bindings: [{binding: 0, tensor: in}, {binding: 1, tensor: out}]\n"
    "push: [{name: count, type: uint, value: out.count}]\n"
    "constants: [{id: 0, name: BLOCK, type: uint, value: 32}]\n"
    "dispatch: {threads: [out.count]}\n"
    "---*/\n"
    "#version 450\n"
    "layout(constant_id = 0) const uint BLOCK = 512;\n"
    "layout(local_size_x_id = 0) in;\n"
    "layout(std430, binding = 0) readonly buffer In { float x[]; };\n"
    "layout(std430, binding = 1) writeonly buffer Out { float y[]; };\n"
    "layout(push_constant) uniform P { uint count; } p;\n"
    "void main() {\n"
    "    uint i = gl_WorkGroupID.x * BLOCK + gl_LocalInvocationID.x;\n"
    "    if (i < p.count && BLOCK == 32) y[i] = x[i] < 0.0 ? 0.01 * x[i] : x[i];\n"
    "}\n";

static assay_problem make_problem(void)
{
    assay_problem problem;
    assay_problem_init(&problem, assay_operator_find("leaky_relu"));
    problem.input[0] = (assay_shape){
        4, {2, 3, 5, 7}
    };
    trial_infer(&problem);
    return problem;
}

static const struct {
    const char *source, *from, *to; // from NULL: as it is
    trial_end end;
} trials[] = {
    {nested,    NULL,                                                                               "",                                 TRIAL_RIGHT    },
    {nested,    "offset: 28, ",                                                                     "",                                 TRIAL_RIGHT    },
    {nested,    "in.n, 1, 2, 3, 4]",                                                                "in.n, 1, 2, 4, 3]",                TRIAL_WRONG    },
    {nested,    "value: 1.5",                                                                       "value: 2.5",                       TRIAL_WRONG    },
    {nested,    "type: vec3, values: [1, 2, 3]}",                                                   "type: vec3, values: [1, 2, 4]}",   TRIAL_WRONG    },
    {nested,    "type: int, value: 9",                                                              "type: int, value: 10",             TRIAL_WRONG    },
    {nested,    "type: vec2, values: [1, 2, 3, 4,",                                                 "type: vec2, values: [1, 4, 3, 2,", TRIAL_WRONG    },
    {nested,    "type: vec3, values: [1, 2, 3, 4,",                                                 "type: vec3, values: [1, 4, 3, 2,", TRIAL_WRONG    },
    {shared_id, NULL,                                                                               "",                                 TRIAL_RIGHT    },
    {shared_id, "value: 32",                                                                        "value: 64",                        TRIAL_UNWRITTEN},
    {shared_id, "layout(constant_id = 0) const uint BLOCK = 512;\nlayout(local_size_x_id = 0) in;",
     "layout(local_size_x_id = 0) in;\nlayout(constant_id = 0) const uint BLOCK = 512;",                                                TRIAL_RIGHT    },
};

static void gives_blocks_what_is_said(void **state)
{
    assay_problem problem = make_problem();
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        char *text =
            shader_edit(trials[i].source, trials[i].from ? trials[i].from : "", trials[i].to);
        trial t = trial_run(*state, text, &problem);
        if (t.end != trials[i].end)
            fail_msg("%s -> %s: %d %s", trials[i].from, trials[i].to, (int)t.end, t.message);
        free(text);
    }
}

static const struct {
    const char *source, *from, *to;
    int line;
    const char *says;
} mistakes[] = {
    {nested,    "{name: a.count, type: uint",                         "{name: a.count, type: int",                   10,
     "is int here and uint in the shader (a.count)"                                                                                      },
    {nested,    "  - {name: a.count, type: uint, value: in.count}\n", "",                                            8,
     "5 push constants, but the shader's block has 6 (64 bytes)"                                                                         },
    {nested,    "offset: 28",                                         "offset: 32",                                  20,
     "member 3 stands at byte 32 here and at 28 in the shader (s.deep.k)"                                                                },
    {nested,    "type: vec2, values: [1, 2, 3, 4,",                   "type: vec3, values: [1, 2, 3, 4,",            22,
     "is vec3[2] here and vec2[3] in the shader (m)"                                                                                     },
    {nested,    "struct Pair { int x; float y; };",                   "struct Pair { int x; double y; };",           12,
     "push constant 4 is float here and another type in the shader"                                                                      },
    {shared_id, "BLOCK, type: uint",                                  "BLOCK, type: int",                            9,
     "specialization constant 0 is uint in the shader"                                                                                   },
    {shared_id, "value: 32}]",                                        "value: 32}, {id: 0, type: uint, value: 32}]", 9,  "is given twice"},
};

static void names_the_line_of_every_mistake(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        assay_kernels kernels = {0};
        assay_error error = {0};
        char line[32];
        char *text = shader_edit(mistakes[i].source, mistakes[i].from, mistakes[i].to);
        assay_status status = shader_load(&kernels, text, &error);
        snprintf(line, sizeof line, "shader.comp:%d: ", mistakes[i].line);
        if (status != ASSAY_MANIFEST || !strstr(error.message, mistakes[i].says) ||
            !strstr(error.message, line))
            fail_msg("%s -> %s: %s", mistakes[i].from, mistakes[i].to, error.message);
        free(text);
    }
}

// A shader that sums `buffers` bindings of the input and `blocks` uniform blocks.
static void write_many(int buffers, int blocks, FILE *file)
{
    fprintf(file, "/*---\nkernel: many\noperator: leaky_relu\nprecisions: [f32]\nlayouts: [nchw]\n"
                  "contract: {accumulator: f32}\nbindings:\n  - {binding: 0, tensor: out}\n");
    for (int i = 1; i <= buffers; i++)
        fprintf(file, "  - {binding: %d, tensor: in}\n", i);
    fprintf(file, "uniforms:\n");
    for (int i = 0; i < blocks; i++)
        fprintf(file, "  - {set: 1, binding: %d, members: [{type: int, value: %d}]}\n", i, i);
    fprintf(file, "push: [{type: uint, value: out.count}]\ndispatch: {threads: [out.count]}\n"
                  "---*/\n#version 450\nlayout(local_size_x = 64) in;\n"
                  "layout(binding = 0) writeonly buffer Out { float y[]; };\n");
    for (int i = 1; i <= buffers; i++)
        fprintf(file, "layout(binding = %d) readonly buffer In%d { float x%d[]; };\n", i, i, i);
    for (int i = 0; i < blocks; i++)
        fprintf(file, "layout(set = 1, binding = %d) uniform U%d { int u%d; };\n", i, i, i);
    fprintf(file, "layout(push_constant) uniform P { uint count; } p;\n"
                  "void main() {\n    uint i = gl_GlobalInvocationID.x;\n"
                  "    if (i >= p.count) return;\n    float sum = 0.0;\n");
    for (int i = 1; i <= buffers; i++)
        fprintf(file, "    sum += x%d[i];\n", i);
    for (int i = 0; i < blocks; i++)
        fprintf(file, "    if (u%d != %d) sum = 1e9;\n", i, i);
    fprintf(file, "    sum /= %d.0;\n    y[i] = sum < 0.0 ? 0.01 * sum : sum;\n}\n", buffers);
}

static char *many_text(int buffers, int blocks)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    write_many(buffers, blocks, file);
    assert_int_equal(fclose(file), 0);
    return text;
}

static void binds_many(void **state)
{
    assay_problem problem = make_problem();
    char *text = many_text(19, 12);
    trial t = trial_run(*state, text, &problem);
    assert_int_equal(t.end, TRIAL_RIGHT);
    free(text);

    assay_kernels kernels = {0};
    assay_error error = {0};
    text = many_text(20, 12);
    assert_int_equal(shader_load(&kernels, text, &error), ASSAY_MANIFEST);
    assert_non_null(strstr(error.message, "more than 16 uniform blocks, or 32 bindings with them"));
    free(text);
}

// What the device binds at a time is asked for, not tried out.
static void skips_what_the_device_does_not_bind(void **state)
{
    assay_problem problem = make_problem();
    assay_kernels kernels = {0};
    assay_error error = {0};
    static float out[2][2 * 3 * 5 * 7];
    const float *in[ASSAY_INPUTS_MAX] = {trial_data()};
    char *text = many_text(15, 16);
    assert_int_equal(shader_load(&kernels, text, &error), ASSAY_OK);
    assay_job job = {
        .kernel = kernels.items[0], .problem = &problem, .in = in, .out = {out[0], out[1]}
    };
    assert_int_equal(assay_jobs_run(*state, &job, 1, &error), ASSAY_OK);
    if (job.status != ASSAY_OK)
        assert_non_null(strstr(job.error.message, "many: 16 uniform blocks; "));
    free(job.messages);
    assay_kernels_destroy(&kernels);
    free(text);
}

int main(void)
{
    static const char *const files[] = {"shader.comp", NULL};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_blocks_what_is_said),
        cmocka_unit_test(names_the_line_of_every_mistake),
        cmocka_unit_test(binds_many),
        cmocka_unit_test(skips_what_the_device_does_not_bind),
    };
    int failed = cmocka_run_group_tests_name("blocks", tests, trial_open, trial_close);
    shader_clean(files);
    return failed;
}
