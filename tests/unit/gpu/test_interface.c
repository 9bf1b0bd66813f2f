// SPDX-License-Identifier: Apache-2.0
// What a manifest says of a shader's interface: blocks, samplers, passes with shaders of their own,
// aliases, subgroups. Each is right once, and wrong in every way that a message is there for.
#include "gpu/job.h"
#include "gpu/kernel_internal.h"
#include "tests/unit/gpu/driver_leaks.h"
#include "tests/unit/gpu/shader_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// y = x * factor[c], where the factors come through a uniform block; everything else must be what
// the shader expects of it, or y is wrong.
static const char blocks[] =
    "/*---\n"
    "kernel: blocks\n"
    "operator: leaky_relu\n"
    "precisions: [f32]\n"
    "layouts: [nchw]\n"
    "contract: {accumulator: f32}\n"
    "let:\n"
    "  - {name: plane, value: in.h * in.w}\n"
    "  - {name: padded, value: \"align(plane, 4)\"}\n"
    "when: padded >= plane\n"
    "bindings: [{binding: 0, tensor: in}, {binding: 1, tensor: out}]\n"
    "uniforms:\n"
    "  - binding: 3\n"
    "    members:\n"
    "      - {name: shape, type: ivec4, value: in}\n"
    "      - {name: pair, type: uvec2, values: [plane, padded]}\n"
    "      - {name: real, type: vec3, values: [alpha * 2, in.w / in.h, 0.5]}\n"
    "      - {name: list, type: float, values: [1, 2, 3]}\n"
    "      - {name: last, type: int, value: -7}\n"
    "push:\n"
    "  - {name: count, type: uint, value: out.count}\n"
    "  - {name: list, type: int, values: [plane << 2, padded | 1]}\n"
    "  - {name: four, type: vec4, values: [\"floor(2.5)\", sqrt(16), 1e-1, -alpha]}\n"
    "dispatch: {threads: [out.count]}\n"
    "---*/\n"
    "#version 450\n"
    "layout(local_size_x = 64) in;\n"
    "layout(std430, binding = 0) readonly buffer In { float x[]; };\n"
    "layout(std430, binding = 1) writeonly buffer Out { float y[]; };\n"
    "layout(std140, binding = 3) uniform U { ivec4 shape; uvec2 pair; vec3 real; float list[3]; "
    "int last; } u;\n"
    "layout(push_constant) uniform P { uint count; int list[2]; vec4 four; } p;\n"
    "void main() {\n"
    "    uint i = gl_GlobalInvocationID.x;\n"
    "    if (i >= p.count) return;\n"
    "    bool good = u.shape == ivec4(2, 3, 5, 7) && u.pair == uvec2(35, 36) &&\n"
    "        u.real == vec3(0.02, 7.0 / 5.0, 0.5) && u.list[0] == 1.0 && u.list[1] == 2.0 &&\n"
    "        u.list[2] == 3.0 && u.last == -7 && p.list[0] == 140 && p.list[1] == 37 &&\n"
    "        p.four == vec4(2.0, 4.0, 0.1, -0.01);\n"
    "    y[i] = good ? x[i] : -1.0;\n"
    "}\n";

// A texel of two samplers: nearest of in, through both kinds of declaration.
static const char samplers[] =
    "/*---\n"
    "kernel: samplers\n"
    "operator: leaky_relu\n"
    "precisions: [f16s]\n"
    "layouts: [image]\n"
    "contract: {accumulator: f32}\n"
    "bindings:\n"
    "  - {binding: 0, tensor: in, sampler: {filter: nearest}}\n"
    "  - {binding: 1, tensor: out}\n"
    "  - {binding: 2, tensor: in}\n"
    "  - {binding: 3, sampler: {filter: linear, address: border}}\n"
    "push: [{name: size, type: ivec3, values: [out.w, out.h, out.n * out.s]}]\n"
    "dispatch: {threads: [out.w, out.h, out.n * out.s]}\n"
    "---*/\n"
    "#version 450\n"
    "layout(local_size_x = 4, local_size_y = 4) in;\n"
    "layout(binding = 0) uniform sampler2DArray source;\n"
    "layout(binding = 1) writeonly uniform image2DArray target;\n"
    "layout(binding = 2) uniform texture2DArray again;\n"
    "layout(binding = 3) uniform sampler how;\n"
    "layout(push_constant) uniform P { ivec3 size; } p;\n"
    "void main() {\n"
    "    ivec3 at = ivec3(gl_GlobalInvocationID);\n"
    "    if (any(greaterThanEqual(at, p.size))) return;\n"
    "    vec3 middle = vec3((vec2(at.xy) + 0.75) / vec2(p.size.xy), at.z);\n"
    "    vec4 x = textureLod(source, middle, 0.0);\n"
    "    vec4 y = textureLod(sampler2DArray(again, how), middle - vec3(3.0, 0.0, 0.0), 0.0);\n"
    "    imageStore(target, at, x + y);\n" // the border: zeros
    "}\n";

// Rows without a pass of the manifest's own: X.yaml, with one shader in two ways and a helper.
static const char passes[] =
    "kernel: passes\n"
    "operator: leaky_relu\n"
    "precisions: [f32]\n"
    "layouts: [nchw]\n"
    "contract: {accumulator: f32}\n"
    "scratch: [{name: half, elements: out.count}]\n"
    "push: [{name: count, type: int, value: out.count}]\n"
    "dispatch: {threads: [out.count]}\n"
    "passes:\n"
    "  - name: twice\n"
    "    shader: helper.comp\n"
    "    defines: [TWICE]\n"
    "    bindings: [{binding: 0, tensor: in}, {binding: 4, tensor: half}]\n"
    "  - name: half\n"
    "    shader: helper.comp\n"
    "    bindings: [{binding: 0, tensor: half}, {set: 1, binding: 1, tensor: out}]\n";

static const char helper[] =
    "#version 450\n"
    "layout(local_size_x = 64) in;\n"
    "layout(std430, binding = 0) readonly buffer A { float x[]; };\n"
    "#ifdef TWICE\n"
    "layout(std430, binding = 4) writeonly buffer B { float y[]; };\n"
    "#else\n"
    "layout(std430, set = 1, binding = 1) writeonly buffer B { float y[]; };\n"
    "#endif\n"
    "layout(push_constant) uniform P { int count; } p;\n"
    "void main() {\n"
    "    int i = int(gl_GlobalInvocationID.x);\n"
    "    if (i >= p.count) return;\n"
    "#ifdef TWICE\n"
    "    y[i] = 2.0 * x[i];\n"
    "#else\n"
    "    y[i] = 0.5 * x[i];\n"
    "#endif\n"
    "}\n";

// A buffer that is declared as float and as vec4; a size of subgroups.
static const char alias[] = "/*---\n"
                            "kernel: alias\n"
                            "operator: leaky_relu\n"
                            "precisions: [f32]\n"
                            "layouts: [nchw]\n"
                            "contract: {accumulator: f32}\n"
                            "subgroup: {size: 8}\n"
                            "bindings: [{binding: 0, tensor: in}, {binding: 1, tensor: out}]\n"
                            "push:\n"
                            "  - {type: uint, value: out.count}\n"
                            "  - {type: uint, value: subgroup}\n"
                            "constants: [{id: 0, type: uint, value: subgroup * 4}]\n"
                            "dispatch: {threads: [\"ceil_div(out.count, 4)\"]}\n"
                            "---*/\n"
                            "#version 450\n"
                            "#extension GL_KHR_shader_subgroup_basic : require\n"
                            "layout(local_size_x_id = 0) in;\n"
                            "layout(std430, binding = 0) readonly buffer In { float x[]; };\n"
                            "layout(std430, binding = 0) readonly buffer In4 { vec4 x4[]; };\n"
                            "layout(std430, binding = 1) writeonly buffer Out { float y[]; };\n"
                            "layout(push_constant) uniform P { uint count, lanes; } p;\n"
                            "void main() {\n"
                            "    uint i = gl_GlobalInvocationID.x;\n"
                            "    for (uint k = 0; k < 4 && 4 * i + k < p.count; k++)\n"
                            "        y[4 * i + k] = gl_SubgroupSize != p.lanes ? -1.0\n"
                            "            : 4 * i + 3 < p.count ? x4[i][k] : x[4 * i + k];\n"
                            "}\n";

// Adds atomically, for which no feature is enabled.
static const char atomic[] = "/*---\n"
                             "kernel: atomic\n"
                             "operator: leaky_relu\n"
                             "precisions: [f32]\n"
                             "layouts: [nchw]\n"
                             "contract: {accumulator: f32}\n"
                             "bindings: [{binding: 0, tensor: in}, {binding: 1, tensor: out}]\n"
                             "dispatch: {groups: [out.count]}\n"
                             "---*/\n"
                             "#version 450\n"
                             "#extension GL_EXT_shader_atomic_float : require\n"
                             "layout(std430, binding = 0) readonly buffer In { float x[]; };\n"
                             "layout(std430, binding = 1) buffer Out { float y[]; };\n"
                             "void main() {\n"
                             "    atomicAdd(y[gl_WorkGroupID.x], x[gl_WorkGroupID.x]);\n"
                             "}\n";

enum { COUNT = 2 * 3 * 5 * 7 };
static float input[COUNT];
static const float *inputs[ASSAY_INPUTS_MAX] = {input};
static float outputs[ASSAY_RUNS][COUNT];

static assay_problem make_problem(void)
{
    assay_problem problem;
    assay_error error = {0};
    assay_problem_init(&problem, assay_operator_find("leaky_relu"));
    problem.input[0] = (assay_shape){
        4, {2, 3, 5, 7}
    };
    if (assay_problem_infer(&problem, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    return problem;
}

static assay_job run(assay_device *device, const assay_kernel *kernel, const assay_problem *problem)
{
    assay_error error = {0};
    assay_job job = {
        .kernel = kernel, .problem = problem, .in = inputs, .out = {outputs[0], outputs[1]}
    };
    if (assay_jobs_run(device, &job, 1, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    return job;
}

static void assert_copied(const assay_job *job)
{
    if (job->status != ASSAY_OK)
        fail_msg("%s", job->error.message);
    for (int r = 0; r < ASSAY_RUNS; r++) {
        assert_int_equal(job->guard[r].unwritten, 0);
        assert_int_equal(job->guard[r].stray, 0);
        for (int i = 0; i < COUNT; i++)
            if (outputs[r][i] != input[i])
                fail_msg("run %d, element %d: %g", r, i, (double)outputs[r][i]);
    }
    assert_null(job->messages);
}

static void load(assay_kernels *kernels, const char *source)
{
    assay_error error = {0};
    if (shader_load(kernels, source, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
}

static assay_status load_passes(assay_kernels *kernels, const char *yaml, assay_error *error)
{
    shader_write("passes.yaml", yaml, strlen(yaml));
    shader_write("helper.comp", helper, strlen(helper));
    return assay_kernels_load(kernels, shader_path("passes.yaml"), error);
}

static void runs_what_is_described_right(void **state)
{
    assay_device *device = *state;
    assay_problem problem = make_problem();
    static const char *const sources[] = {blocks, samplers, alias};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        assay_kernels kernels = {0};
        load(&kernels, sources[i]);
        assay_job job = run(device, kernels.items[0], &problem);
        if (sources[i] == alias && job.status == ASSAY_LIMIT) // a device of another size
            assert_non_null(strstr(job.error.message, "asks for subgroups of 8"));
        else
            assert_copied(&job);
        assay_kernels_destroy(&kernels);
    }
}

static void runs_passes_with_shaders_of_their_own(void **state)
{
    assay_device *device = *state;
    assay_problem problem = make_problem();
    assay_kernels kernels = {0};
    assay_error error = {0};
    if (load_passes(&kernels, passes, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    assert_int_equal(kernels.items[0]->module_count, 2);
    assay_job job = run(device, kernels.items[0], &problem);
    assert_copied(&job);
    uint64_t hash = kernels.items[0]->info.hash;
    assay_kernels_destroy(&kernels);

    unlink(shader_path("shader.comp")); // what a pass names is no kernel of the folder
    assert_int_equal(assay_kernels_load(&kernels, shader_path(""), &error), ASSAY_OK);
    assert_int_equal(kernels.count, 1);
    assay_kernels_destroy(&kernels);

    char *same = shader_edit(passes, "    defines: [TWICE]\n", ""); // one module for both passes
    char *text =
        shader_edit(same, "{binding: 4, tensor: half}", "{set: 1, binding: 1, tensor: half}");
    assert_int_equal(load_passes(&kernels, text, &error), ASSAY_OK);
    assert_int_equal(kernels.items[0]->module_count, 1);
    assert_true(kernels.items[0]->info.hash != hash);
    job = run(device, kernels.items[0], &problem);
    assert_true(outputs[0][1] == 0.25f * input[1]);
    assay_kernels_destroy(&kernels);
    free(text);
    free(same);
}

static void skips_what_the_device_has_not(void **state)
{
    assay_device *device = *state;
    assay_problem problem = make_problem();
    assay_kernels kernels = {0};
    load(&kernels, atomic);
    assay_job job = run(device, kernels.items[0], &problem);
    assert_int_equal(job.status, ASSAY_LIMIT);
    assert_non_null(strstr(job.error.message, "atomic needs atomic addition of floats, which "));
    assay__module *module = kernels.items[0]->module[0];
    for (int i = 0; i < module->capability_count; i++)
        module->capability[i] = 77777;
    job = run(device, kernels.items[0], &problem);
    assert_int_equal(job.status, ASSAY_LIMIT);
    assert_non_null(strstr(job.error.message, "SPIR-V's capability 77777"));
    assay_kernels_destroy(&kernels);
}

// Values that the shader notices to be others, or that there are none of.
static const struct {
    const char *source, *from, *to;
    const char *says; // NULL: the result is wrong
} values[] = {
    {blocks,   "in.w / in.h",        "in.w / in.w",                     NULL                         },
    {blocks,   "[plane, padded]",    "[padded, plane]",                 NULL                         },
    {blocks,   "value: in}",         "value: out.count}",               "is no tensor of leaky_relu" },
    {blocks,   "value: -7",          "value: 1 / (in.h - 5)",           "member of a uniform block 5"},
    {blocks,   "value: -7",          "value: in.h << 40",               "does not fit type int"      },
    {blocks,   "[plane, padded]",    "[plane, -padded]",                "does not fit type uint"     },
    {blocks,   "alpha * 2",          "1e30 * 1e30",                     "does not fit type float"    },
    {blocks,   "alpha * 2",          "alpha / (in.h - 5)",              "division by zero"           },
    {blocks,   "value: in.h * in.w", "value: in.h / (in.h - 5)",        "let plane"                  },
    {samplers, "address: border",    "address: edge",                   NULL                         },
    {samplers, "filter: nearest",    "filter: linear, address: mirror", NULL                         },
    {alias,    "size: 8",            "size: in.h",                      "a power of two"             },
    {alias,    "size: 8",            "size: 128",                       "asks for subgroups of 128"  },
    {alias,    "value: subgroup}",   "value: subgroup + 1}",            NULL                         },
};

static void sees_wrong_values(void **state)
{
    assay_device *device = *state;
    assay_problem problem = make_problem();
    (void)device;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        assay_kernels kernels = {0};
        assay_error error = {0};
        char *text = shader_edit(values[i].source, values[i].from, values[i].to);
        assay_status status = shader_load(&kernels, text, &error);
        assay_job job = {.status = status, .error = error};
        if (status == ASSAY_OK)
            job = run(device, kernels.items[0], &problem);
        bool differs = job.status == ASSAY_OK && memcmp(outputs[0], input, sizeof input) != 0;
        if (values[i].says ? job.status == ASSAY_OK || !strstr(job.error.message, values[i].says)
                           : !differs)
            fail_msg("%s -> %s: %s", values[i].from, values[i].to, job.error.message);
        assay_kernels_destroy(&kernels);
        free(text);
    }
}

// What a manifest says, and the line on which it is wrong.
static const struct {
    const char *source, *from, *to;
    int line;
    const char *says;
} mistakes[] = {
    {blocks,   "name: padded",                                                   "name: plane",                                         9,  "the name \"plane\" is taken"                },
    {blocks,   "name: padded",                                                   "name: alpha",                                         9,  "is taken"                                   },
    {blocks,   "name: padded",                                                   "name: in",                                            9,  "is taken"                                   },
    {blocks,   "name: padded",                                                   "name: n",                                             9,  "is taken"                                   },
    {blocks,   "name: padded",                                                   "name: local",                                         9,  "is taken"                                   },
    {blocks,   "name: padded",                                                   "name: 4th",                                           9,  "is no name"                                 },
    {blocks,   "value: in.h * in.w",                                             "value: padded * in.w",                                8,
     "\"padded\" is used before it is named"                                                                                                                                             },
    {blocks,   "value: in.h * in.w",                                             "value: plane + 1",                                    8,  "\"plane\" is used before"                   },
    {blocks,   "value: in.h * in.w",                                             "value: local.x",                                      8,  "no variable \"local.x\""                    },
    {blocks,   "value: in.h * in.w",                                             "value: in.h * 0.5",                                   8,  "for values of type float"                   },
    {blocks,   "when: padded >= plane",                                          "when: 1.5 > 1",                                       10, "for values of type float"                   },
    {blocks,   "when: padded >= plane",                                          "when: subgroup > 1",                                  10, "no variable \"subgroup\""                   },
    {blocks,   "binding: 3",                                                     "binding: 4",                                          13, "no uniform block of set 0, binding 4"       },
    {blocks,   "binding: 1, tensor: out}",                                       "binding: 1, tensor: out}, {binding: 3, tensor: in}",  11,
     "is a uniform block"                                                                                                                                                                },
    {blocks,   "{name: shape, type: ivec4, value: in}",                          "{name: shape, type: uvec4, value: in}",               15,
     "member 1 is uvec4 here and ivec4 in the shader (shape)"                                                                                                                            },
    {blocks,   "type: uvec2",                                                    "type: uvec3",                                         16, "2 values are no multiple of the 3 of uvec3" },
    {blocks,   "type: vec3",                                                     "type: float",                                         17, "member 3 is float[3] here and vec3"         },
    {blocks,   "values: [1, 2, 3]",                                              "values: [1, 2]",                                      18, "member 4 is float[2] here and float[3]"     },
    {blocks,   "values: [1, 2, 3]",                                              "value: 1",                                            18, "member 4 is float here and float[3]"        },
    {blocks,   "values: [1, 2, 3]",                                              "value: 1, values: [1, 2, 3]",                         18, "either a value or values"                   },
    {blocks,   "values: [1, 2, 3]",                                              "offset: 40, values: [1, 2, 3]",                       18, "offset 40: offsets grow"                    },
    {blocks,   "values: [1, 2, 3]",                                              "offset: 64, values: [1, 2, 3]",                       18,
     "stands at byte 64 here and at 48"                                                                                                                                                  },
    {blocks,   "type: int, value: -7",                                           "type: ivec2, value: -7",                              19, "a value of ivec2 is a list"                 },
    {blocks,   "type: int, value: -7",                                           "type: int64_t, value: -7",                            19,
     "member 5 is int64_t here and int in"                                                                                                                                               },
    {blocks,   "type: int, value: -7",                                           "type: mat4, value: -7",                               19, "type \"mat4\"; there are"                   },
    {blocks,   "type: int, value: -7",                                           "type: int, value: beta",                              19, "no variable \"beta\""                       },
    {blocks,   "      - {name: last, type: int, value: -7}\n",                   "",                                                    14,
     "4 members, but the shader's block has 5"                                                                                                                                           },
    {blocks,   "plane << 2",                                                     "plane << 2.5",                                        22, "for values of type float"                   },
    {blocks,   "sqrt(16)",                                                       "sqrt(gamma)",                                         23, "no variable \"gamma\""                      },
    {blocks,   "sqrt(16)",                                                       "1.5 % 2",                                             23, "operation of whole numbers"                 },
    {samplers, "filter: nearest",                                                "filter: cubic",                                       8,
     "filter \"cubic\"; there are nearest and linear"                                                                                                                                    },
    {samplers, "address: border",                                                "address: wrap",                                       11, "there are edge, border, repeat and mirror"  },
    {samplers, "address: border",                                                "coordinates: pixels",                                 11, "there are normalized and texels"            },
    {samplers, "address: border",                                                "address: repeat, coordinates: texels",                11,
     "edge and border alone"                                                                                                                                                             },
    {samplers, "filter: nearest",                                                "coordinates: texels",                                 8,  "for images of one layer"                    },
    {samplers, "{binding: 2, tensor: in}",                                       "{binding: 2, tensor: in, sampler: {filter: linear}}",
     10,                                                                                                                                    "has no sampler in the shader"               },
    {samplers, "{binding: 3, sampler: {filter: linear, address: border}}",
     "{binding: 3, tensor: in}",                                                                                                        11, "is no single storage image or sampled image"},
    {samplers, "{binding: 2, tensor: in}",                                       "{binding: 2, sampler: {filter: linear}}",             10,
     "is no single sampler without"                                                                                                                                                      },
    {samplers, "{binding: 2, tensor: in}",                                       "{binding: 2}",                                        10, "a sampler alone"                            },
    {samplers, "binding = 2) uniform texture2DArray again",
     "binding = 2) uniform itexture2DArray again",                                                                                      0,  "does not compile"                           },
    {samplers, "binding: 1, tensor: out",                                        "binding: 1, tensor: in",                              7,  "nothing binds \"out\""                      },
    {alias,    "layout(std430, binding = 0) readonly buffer In4 { vec4 x4[]; }",
     "layout(std140, binding = 0) uniform In4 { vec4 x4[4]; }",                                                                         8,
     "twice (In, In4), as different things"                                                                                                                                              },
    {alias,    "subgroup: {size: 8}",                                            "subgroup: {full: false}",                             7,  "a subgroup has a size"                      },
    {alias,    "subgroup: {size: 8}",                                            "subgroup: {size: local.x}",                           7,  "no variable \"local.x\""                    },
};

static void names_the_line_of_every_mistake(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        assay_kernels kernels = {0};
        assay_error error = {0};
        char line[32];
        char *text = shader_edit(mistakes[i].source, mistakes[i].from, mistakes[i].to);
        assay_status status = shader_load(&kernels, text, &error);
        snprintf(line, sizeof line, "shader.comp:%d: ", mistakes[i].line);
        if (status == ASSAY_OK || !strstr(error.message, mistakes[i].says) ||
            (mistakes[i].line && !strstr(error.message, line))) {
            print_error("\"%s\" -> \"%s\": %s\n", mistakes[i].from, mistakes[i].to, error.message);
            wrong++;
        }
        assay_kernels_destroy(&kernels);
        free(text);
    }
    assert_int_equal(wrong, 0);
}

static const struct {
    const char *from, *to;
    int line;
    const char *says;
} pass_mistakes[] = {
    {"shader: helper.comp",               "shader: missing.comp",                          0,  "missing.comp does not compile"     },
    {"shader: helper.comp",               "shader: helper.txt",                            11, "is no X.comp and no X.spv"         },
    {"    shader: helper.comp\n",         "",                                              0,  "passes.spv and no .comp"           },
    {"    defines: [TWICE]\n",            "",                                              12, "the shader has no set 0, binding 4"},
    {"    defines: [TWICE]\n",            "    defines: [TWICE]\n    entry: other\n",      0,
     "no compute entry point \"other\""                                                                                            },
    {"    defines: [TWICE]\n",            "    defines: [TWICE]\n    push: []\n",          13,
     "0 push constants, but the shader's block has 1"                                                                              },
    {"{set: 1, binding: 1, tensor: out}", "{set: 1, binding: 1, tensor: half}",            9,
     "nothing binds \"out\""                                                                                                       },
    {"tensor: half}, {set: 1",            "tensor: half, offset: 4}, {set: 1",             16, "is bound already"                  },
    {"push: [",                           "bindings: [{binding: 0, tensor: in}]\npush: [", 7,
     "bindings of the top has no effect"                                                                                           },
};

static void names_the_line_of_mistakes_of_passes(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof pass_mistakes / sizeof *pass_mistakes; i++) {
        assay_kernels kernels = {0};
        assay_error error = {0};
        char line[32];
        char *text = shader_edit(passes, pass_mistakes[i].from, pass_mistakes[i].to);
        assay_status status = load_passes(&kernels, text, &error);
        snprintf(line, sizeof line, "passes.yaml:%d: ", pass_mistakes[i].line);
        if (status == ASSAY_OK || !strstr(error.message, pass_mistakes[i].says) ||
            (pass_mistakes[i].line && !strstr(error.message, line))) {
            print_error("\"%s\" -> \"%s\": %s\n", pass_mistakes[i].from, pass_mistakes[i].to,
                        error.message);
            wrong++;
        }
        assay_kernels_destroy(&kernels);
        free(text);
    }
    assert_int_equal(wrong, 0);
}

static int open_once(void **state)
{
    assay_device_options options = {.validate = ASSAY_VALIDATE_CORE};
    assay_device *device;
    assay_error error = {0};
    for (int i = 0; i < COUNT; i++)
        input[i] = (float)(i % 97 + 1);
    if (assay_device_open(&options, &device, &error) != ASSAY_OK)
        fail_msg("no device: %s", error.message);
    *state = device;
    return 0;
}

static int close_once(void **state)
{
    assay_device_close(*state);
    return 0;
}

int main(void)
{
    static const char *const files[] = {"shader.comp", "passes.yaml", "helper.comp", NULL};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_what_is_described_right),
        cmocka_unit_test(runs_passes_with_shaders_of_their_own),
        cmocka_unit_test(skips_what_the_device_has_not),
        cmocka_unit_test(sees_wrong_values),
        cmocka_unit_test(names_the_line_of_every_mistake),
        cmocka_unit_test(names_the_line_of_mistakes_of_passes),
    };
    int failed = cmocka_run_group_tests_name("interface", tests, open_once, close_once);
    shader_clean(files);
    return failed;
}
