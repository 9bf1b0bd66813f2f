// SPDX-License-Identifier: Apache-2.0
// Manifests: every way to be wrong has its sentence and its line.
#include "gpu/kernel_internal.h"
#include "tests/unit/gpu/shader_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char source[] = "// a line before\n"                                         // 1
                             "/*---\n"                                                    // 2
                             "kernel: scale\n"                                            // 3
                             "operator: leaky_relu\n"                                     // 4
                             "summary: a kernel with one of everything\n"                 // 5
                             "precisions: [f32]\n"                                        // 6
                             "layouts: [nchw]\n"                                          // 7
                             "contract: {accumulator: f32, form: standard}\n"             // 8
                             "when: in.c > 0\n"                                           // 9
                             "bindings:\n"                                                // 10
                             "  - {binding: 0, tensor: in}\n"                             // 11
                             "  - {binding: 1, tensor: out}\n"                            // 12
                             "  - {set: 1, binding: 2, tensor: half}\n"                   // 13
                             "scratch:\n"                                                 // 14
                             "  - {name: half, elements: out.count}\n"                    // 15
                             "push:\n"                                                    // 16
                             "  - {name: count, type: int, value: out.count}\n"           // 17
                             "  - {name: alpha, type: float, value: alpha}\n"             // 18
                             "  - {name: far, type: uint, value: local.x, offset: 16}\n"  // 19
                             "constants:\n"                                               // 20
                             "  - {id: 0, type: uint, value: 32}\n"                       // 21
                             "  - {id: 3, type: int, value: 1}\n"                         // 22
                             "defines: [FACTOR=2, PLAIN]\n"                               // 23
                             "dispatch: {threads: [out.count]}\n"                         // 24
                             "passes:\n"                                                  // 25
                             "  - {name: first}\n"                                        // 26
                             "  - name: second\n"                                         // 27
                             "    constants: [{id: 3, type: int, value: 2}]\n"            // 28
                             "    dispatch: {groups: [\"ceil_div(out.count, 32)\", 1]}\n" // 29
                             "---*/\n"                                                    // 30
                             "#version 450\n"
                             "layout(local_size_x_id = 0) in;\n"
                             "layout(constant_id = 3) const int PASS = 0;\n"
                             "layout(std430, binding = 0) readonly buffer In { float x[]; };\n"
                             "layout(std430, binding = 1) writeonly buffer Out { float y[]; };\n"
                             "layout(std430, set = 1, binding = 2) buffer Half { float h[]; };\n"
                             "layout(push_constant) uniform P { int count; float alpha;\n"
                             "    layout(offset = 16) uint far; } p;\n"
                             "#ifndef PLAIN\n"
                             "#error not plain\n"
                             "#endif\n"
                             "void main() {\n"
                             "    int i = int(gl_GlobalInvocationID.x);\n"
                             "    if (i >= p.count || p.far != 32u) return;\n"
                             "    if (PASS == 1) h[i] = x[i] / FACTOR;\n"
                             "    else y[i] = FACTOR * (h[i] >= 0 ? h[i] : p.alpha * h[i]);\n"
                             "}\n";

static void is_read_in_full(void **state)
{
    (void)state;
    assay_kernels kernels = {0};
    assay_error error = {0};
    assay_problem problem;
    assay__launch launch;
    char reason[200];
    if (shader_load(&kernels, source, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    assert_int_equal(kernels.count, 1);
    const assay_kernel *k = kernels.items[0];
    assert_string_equal(k->info.name, "scale");
    assert_string_equal(k->info.when, "in.c > 0");
    assert_string_equal(k->info.op->name, "leaky_relu");
    assert_true(k->info.form == ASSAY_FORM_STANDARD && k->info.hash != 0);
    assert_int_equal(k->pass_count, 2);
    assert_int_equal(k->pass[0].push.bytes, 20);
    assay_problem_init(&problem, k->info.op);
    problem.input[0] = (assay_shape){
        4, {2, 3, 5, 7}
    };
    assert_int_equal(assay_problem_infer(&problem, &error), ASSAY_OK);
    assert_true(assay_kernel_applies(k, &problem, reason, sizeof reason));
    for (int pass = 0; pass < 2; pass++) {
        float alpha;
        assert_int_equal(assay__kernel_launch(k, &problem, pass, 32, &launch, &error), ASSAY_OK);
        memcpy(&alpha, &launch.push[1], 4);
        assert_true(alpha == assay_get(&problem, "alpha")->f);
        assert_int_equal(launch.push[0], 210);
        assert_int_equal(launch.push[4], 32);
        assert_int_equal(launch.constant[0] + launch.constant[1], 32 + pass + 1);
        assert_int_equal(launch.local[0], 32);
        assert_int_equal(launch.groups[0], 7);
        assert_int_equal(launch.groups[1], 1);
    }
    assay_kernels_destroy(&kernels);
}

static const struct {
    const char *from, *to;
    int line; // 0: none
    const char *says;
} mistakes[] = {
    {"operator:",                                      "operater:",                               4,  "Unexpected key: operater"                },
    {"operator: leaky_relu\n",                         "",                                        0,  "Missing required mapping field: operator"},
    {"leaky_relu",                                     "leaky",                                   4,  "no operator \"leaky\""                   },
    {"leaky_relu",                                     "[leaky_relu]",                            4,  "Expecting STRING"                        },
    {"kernel: scale",                                  "kernel: Scale",                           3,  "no kernel name"                          },
    {"kernel: scale",                                  "kernel: scale: x",                        3,  "no YAML"                                 },
    {"kernel: scale",                                  "kernel: &a scale\nentry: *a",             0,  ""                                        },
    {"kernel: scale",                                  "kernel: scale\nkernel: scale",            4,  "already seen"                            },
    {"summary: a",                                     "entry: other\nsummary: a",                0,  "no compute entry point \"other\""        },
    {"[f32]",                                          "[f64]",                                   6,  "precision \"f64\"; there are f32"        },
    {"[nchw]",                                         "[chwn]",                                  7,  "layout \"chwn\"; there are nchw, nhwc"   },
    {"accumulator: f32",                               "accumulator: f16",                        8,  "is for precision f16a, not f32"          },
    {"form: standard",                                 "form: fast",                              8,  "form \"fast\""                           },
    {"when: in.c > 0",                                 "when: in.c >",                            9,  "\"in.c >\", column 7"                    },
    {"when: in.c > 0",                                 "when: in.q > 0",                          9,  "no variable \"in.q\""                    },
    {"when: in.c > 0",                                 "when: local.x > 0",                       9,  "no variable \"local.x\""                 },
    {"binding: 0, tensor: in}",                        "binding: 0, tensor: weights}",            11, "no tensor \"weights\""                   },
    {"binding: 0, tensor: in}",                        "binding: 0, tensor: out}",                10, "nothing binds \"in\""                    },
    {"binding: 1, tensor: out}",                       "binding: 1, tensor: in}",                 10, "nothing binds \"out\""                   },
    {"binding: 1, tensor: out}",                       "binding: 0, tensor: out}",                12, "bound a second time"                     },
    {"binding: 1, tensor: out}",                       "binding: 7, tensor: out}",                12, "no set 0, binding 7"                     },
    {"binding: 1, tensor: out}",                       "binding: -1, tensor: out}",               12, "Invalid UINT"                            },
    {"binding: 1, tensor: out}",                       "binding: 1, tensor: out, layout: chwn}",  12, "layout \"chwn\"; there are nchw"         },
    {"  - {set: 1, binding: 2, tensor: half}\n",       "",                                        10, "set 1, binding 2 (Half), which nothing"  },
    {"name: half, el",                                 "name: out, el",                           15, "\"out\" is there already"                },
    {"elements: out.count",                            "elements: out.count *",                   15, "missing"                                 },
    {"type: int, value: out.count",                    "type: long, value: out.count",            17, "type \"long\""                           },
    {"type: int, value: out.count",                    "type: uint, value: out.count",            17, "uint here and int"                       },
    {"value: alpha}",                                  "value: beta}",                            18, "no variable \"beta\""                    },
    {"type: float, value: alpha",                      "type: int, value: 1",                     18, "int here and float"                      },
    {"offset: 16",                                     "offset: 12",                              19, "byte 12 here and at 16"                  },
    {"offset: 16",                                     "offset: 6",                               19, "multiples of 4"                          },
    {"offset: 16",                                     "offset: 4",                               19, "offsets grow"                            },
    {"  - {name: alpha, type: float, value: alpha}\n", "",                                        16,
     "2 push constants, but the shader's"                                                                                                       },
    {"  - {id: 3, type: int, value: 1}\n",             "",                                        20,
     "specialization constant 3 (PASS), which is not"                                                                                           },
    {"{id: 0, type: uint",                             "{id: 0, type: float",                     21, "constant 0 is uint in the shader"        },
    {"{id: 0, type: uint",                             "{id: 1, type: uint",                      21, "no specialization constant 1"            },
    {"{id: 3, type: int, value: 1}",                   "{id: 0, type: uint, value: 1}",           22, "given twice"                             },
    {"value: 32}",                                     "value: local.x}",                         21, "no variable \"local.x\""                 },
    {"{threads: [out.count]}",                         "{threads: [out.count], groups: [1]}",     24,
     "either threads or groups"                                                                                                                 },
    {"{threads: [out.count]}",                         "{}",                                      24, ""                                        },
    {"{threads: [out.count]}",                         "{threads: [1, 1, 1, 1]}",                 24, "three dimensions"                        },
    {"dispatch: {threads: [out.count]}\n",             "",                                        25, "no dispatch"                             },
    {"ceil_div(out.count, 32)",                        "ceil_div(out.counts, 32)",                29, "no variable \"out.counts\""              },
    {"---*/",                                          "",                                        0,  "no line \"---*/\""                       },
    {"/*---",                                          "/*--",                                    0,  "there is no manifest"                    },
    {"defines: [FACTOR=2, PLAIN]\n",                   "",                                        0,  "not plain"                               },
    {"writeonly buffer Out",                           "readonly buffer Out",                     0,  "does not compile"                        },
    {"{ float x[]; }",                                 "{ float x[]; } xs[2]",                    0,  "does not compile"                        },
    {"float x[]",                                      "mediump float x[]",                       6,  "relaxed precision"                       },
    {"{ int count; float",                             "{ ivec2 count; float",                    0,  "does not compile"                        },
};

static void names_the_line_of_every_mistake(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        assay_kernels kernels = {0};
        assay_error error = {0};
        char line[32];
        char *text = shader_edit(source, mistakes[i].from, mistakes[i].to);
        assay_status status = shader_load(&kernels, text, &error);
        snprintf(line, sizeof line, "shader.comp:%d: ", mistakes[i].line);
        if (status == ASSAY_OK || !strstr(error.message, "shader.comp") ||
            !strstr(error.message, mistakes[i].says) ||
            (mistakes[i].line && !strstr(error.message, line)))
            fail_msg("\"%s\" -> \"%s\": %s", mistakes[i].from, mistakes[i].to, error.message);
        assert_int_equal(kernels.count, 0);
        assay_kernels_destroy(&kernels);
        free(text);
    }
}

static void refuses_a_second_kernel_of_the_name(void **state)
{
    (void)state;
    assay_kernels kernels = {0};
    assay_error error = {0};
    assert_int_equal(shader_load(&kernels, source, &error), ASSAY_OK);
    assert_int_equal(shader_load(&kernels, source, &error), ASSAY_MANIFEST);
    assert_non_null(strstr(error.message, "is there already"));
    assert_int_equal(kernels.count, 1);
    assay_kernels_destroy(&kernels);
}

static void says_why_it_does_not_apply(void **state)
{
    (void)state;
    assay_kernels kernels = {0};
    assay_error error = {0};
    assay_problem problem;
    char reason[200];
    char *text = shader_edit(source, "when: in.c > 0", "when: in.c / (in.h - 5) == 3");
    assert_int_equal(shader_load(&kernels, text, &error), ASSAY_OK);
    assay_problem_init(&problem, kernels.items[0]->info.op);
    for (int h = 4; h <= 6; h++) {
        problem.input[0] = (assay_shape){
            4, {1, 3, h, 2}
        };
        assert_int_equal(assay_problem_infer(&problem, &error), ASSAY_OK);
        assert_int_equal(assay_kernel_applies(kernels.items[0], &problem, reason, sizeof reason),
                         h == 6);
        if (h == 4)
            assert_string_equal(reason, "needs in.c / (in.h - 5) == 3");
        if (h == 5)
            assert_non_null(strstr(reason, "division by zero"));
    }
    problem.op = assay_operator_find("relu");
    assert_false(assay_kernel_applies(kernels.items[0], &problem, reason, sizeof reason));
    assert_string_equal(reason, "computes leaky_relu, not relu");
    assay_kernels_destroy(&kernels);
    free(text);
}

int main(void)
{
    static const char *const files[] = {"shader.comp", NULL};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_read_in_full),
        cmocka_unit_test(names_the_line_of_every_mistake),
        cmocka_unit_test(refuses_a_second_kernel_of_the_name),
        cmocka_unit_test(says_why_it_does_not_apply),
    };
    int failed = cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
    shader_clean(files);
    return failed;
}
