// SPDX-License-Identifier: Apache-2.0
// What manifests say of where tensors lie: every way to be wrong when it is read has its sentence
// and its line.
#include "gpu/kernel_internal.h"
#include "tests/unit/gpu/shader_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char source[] = "/*---\n"                                                        // 1
                             "kernel: lies\n"                                                 // 2
                             "operator: conv2d\n"                                             // 3
                             "precisions: [f32]\n"                                            // 4
                             "layouts: [nchw]\n"                                              // 5
                             "contract: {accumulator: f32}\n"                                 // 6
                             "when: groups == 1\n"                                            // 7
                             "bindings:\n"                                                    // 8
                             "  - {binding: 0, tensor: in, index: n * in.c + c + h + w}\n"    // 9
                             "  - {binding: 1, tensor: weights, storage: f16}\n"              // 10
                             "  - binding: 2\n"                                               // 11
                             "    tensors:\n"                                                 // 12
                             "      - {tensor: bias, offset: 4}\n"                            // 13
                             "      - {tensor: half, offset: out.c + 4}\n"                    // 14
                             "      - {tensor: out, offset: 99, index: n * 50 + c * 9 + w}\n" // 15
                             "scratch:\n"                                                     // 16
                             "  - {name: half, elements: out.count}\n"                        // 17
                             "dispatch: {threads: [out.count]}\n"                             // 18
                             "---*/\n"                                                        // 19
                             "#version 450\n"
                             "layout(std430, binding = 0) readonly buffer In { float x[]; };\n"
                             "layout(std430, binding = 1) readonly buffer W { uint w[]; };\n"
                             "layout(std430, binding = 2) buffer Out { float y[]; };\n"
                             "void main() { y[0] = x[0] + w[0]; }\n";

static const struct {
    const char *from, *to;
    int line; // 0: it is right
    const char *says;
} mistakes[] = {
    {"dispatch:",                                            "assumes: [{tensor: residual, value: 0}]\ndispatch:",     0,  ""                                           },
    {"dispatch:",                                            "assumes: [{tensor: residual, value: one}]\ndispatch:",   18,
     "\"one\" is no number"                                                                                                                                             },
    {"dispatch:",                                            "assumes: [{tensor: residual, value: inf}]\ndispatch:",   18,
     "\"inf\" is no number"                                                                                                                                             },
    {"dispatch:",                                            "assumes: [{tensor: in, value: 1}]\ndispatch:",           18, "\"in\" is bound already"                    },
    {"dispatch:",                                            "assumes: [{tensor: weight, value: 1}]\ndispatch:",       18, "no input \"weight\""                        },
    {"  - {binding: 1, tensor: weights, storage: f16}\n",    "",                                                       8,  "may say what it assumes"                    },
    {"offset: 4",                                            "offset: 4 + 4",                                          0,  ""                                           },
    {"c + h + w}",                                           "c + h + q}",                                             9,  "no variable \"q\""                          },
    {"c + h + w}",                                           "c + h + o}",                                             9,
     "no variable \"o\"; an element of \"in\" is at nchw"                                                                                                               }, // a letter of others
    {"c + h + w}",                                           "c + h + local.x}",                                       9,  "no variable \"local.x\""                    },
    {"c + h + w}",                                           "c + h + in.words}",                                      9,  "no variable \"in.words\""                   },
    {"groups == 1",                                          "in.words > 1",                                           7,  "no variable \"in.words\""                   },
    {"groups == 1",                                          "weights.words > 1",                                      0,  ""                                           },
    {"c + h + w}",                                           "c + h +}",                                               9,  "column 19"                                  },
    {"c + h + w}",                                           "c + h + w, layout: nhwc}",                               9,  "either an index or a layout"                },
    {"index: n * in.c + c + h + w",                          "texel: [c, w], lane: 0, size: [9, 9], lanes: 3",         9,
     "lanes \"3\"; there are 1 and 2"                                                                                                                                   },
    {"index: n * in.c + c + h + w",                          "texel: [c, w], size: [9, 9], lanes: 2",                  9,
     "a texel needs a lane"                                                                                                                                             },
    {"c + h + w}",                                           "c, lanes: 1}",                                           9,  "lanes belongs to a texel"                   },
    {"c + h + w}",                                           "c, texel: [c, w], lane: c % 4, size: [9, 9]}",           9,  "a texel or an index"                        },
    {"index: n * in.c + c + h + w",                          "layout: nhwc, texel: [c, w], lane: c % 4, size: [9, 9]", 9,
     "a texel or a layout"                                                                                                                                              },
    {"index: n * in.c + c + h + w",                          "texel: [c, w], lane: c % 4",                             9,  "needs a lane and the size"                  },
    {"index: n * in.c + c + h + w",                          "texel: [c, w], size: [9, 9]",                            9,  "needs a lane and the size"                  },
    {"index: n * in.c + c + h + w",                          "texel: [c, w, h, n], lane: 1, size: [9, 9, 9, 9]",       9,
     "one to three places"                                                                                                                                              },
    {"index: n * in.c + c + h + w",                          "texel: [c, w, h], lane: 1, size: [9, 9]",                9,
     "one to three places"                                                                                                                                              },
    {"index: n * in.c + c + h + w",                          "texel: [c, w + q], lane: 1, size: [9, 9]",               9,
     "no variable \"q\""                                                                                                                                                },
    {"index: n * in.c + c + h + w",                          "texel: [c, w], lane: 1, size: [9, c]",                   9,  "no variable \"c\""                          },
    {"index: n * in.c + c + h + w",                          "texel: [c, w], lane: 1, size: [9, 9], offset: 3",        9,
     "an image has no offset"                                                                                                                                           },
    {"index: n * in.c + c + h + w",                          "texel: [c, w], lane: 1, size: [9, 9]",                   9,
     "is no single storage image"                                                                                                                                       },
    {"index: n * in.c + c + h + w",                          "lane: c % 4",                                            9,  "lane belongs to a texel"                    },
    {"index: n * in.c + c + h + w",                          "size: [9, 9]",                                           9,  "size belongs to a texel"                    },
    {"index: n * in.c + c + h + w",                          "elements: 99",                                           9,  "elements belong to an index"                },
    {"c + h + w}",                                           "c, elements: c}",                                        9,  "no variable \"c\""                          },
    {"c + h + w}",                                           "c, fill: one}",                                          9,  "fill \"one\"; there is zero"                },
    {"c + h + w}",                                           "c, gaps: open}",                                         9,  "gaps \"open\"; there is free"               },
    {"c + h + w}",                                           "c, gaps: free}",                                         9,  "gaps are those of an output"                },
    {"index: n * in.c + c + h + w",                          "fill: zero",                                             9,  "layout nchw has no place that is no element"},
    {"c + h + w}",                                           "c, colour: red}",                                        9,  "Unexpected key: colour"                     },
    {"c + h + w}",                                           "c, result: in}",                                         9,  "the result is \"out\""                      },
    {"c + h + w}",                                           "c, result: out}",                                        15, "\"out\" is bound already"                   },
    {"storage: f16",                                         "storage: f64",                                           10, "storage \"f64\"; there are f32 and f16"     },
    {"tensor: weights, storage: f16",                        "tensor: in, storage: f16",                               10, "\"in\" is bound already"                    },
    {"tensor: weights, storage: f16",                        "tensor: half, storage: f16",                             10, "\"half\" is scratch"                        },
    {"    tensors:\n",                                       "    tensor: bias\n    tensors:\n",                       11, "either a tensor or a list"                  },
    {"tensor: weights, storage: f16",                        "storage: f16",                                           10, "either a tensor or a list"                  },
    {"    tensors:\n",                                       "    offset: 3\n    tensors:\n",                          12,
     "offset belongs to each of the tensors"                                                                                                                            },
    {"    tensors:\n",                                       "    layout: nhwc\n    tensors:\n",                       12, "layout belongs to each"                     },
    {"{tensor: bias, offset: 4}",                            "{offset: 4}",                                            13, "Missing required mapping field: tensor"     },
    {"{tensor: bias, offset: 4}",                            "{tensor: bias, offset: o}",                              13, "no variable \"o\""                          },
    {"{tensor: bias, offset: 4}",                            "{tensor: biased, offset: 4}",                            13, "no tensor \"biased\""                       },
    {"{tensor: bias, offset: 4}",                            "{tensor: in, offset: 4}",                                13, "\"in\" is bound already"                    },
    {"{tensor: bias, offset: 4}",                            "{tensor: bias, layout: image, offset: 4}",               0,
     ""                                                                                                                                                                 }, // dense anywhere
    {"{tensor: out, offset: 99, index: n * 50 + c * 9 + w}", "{tensor: out, layout: image}",                           15,
     "\"out\" is an image, which lies alone"                                                                                                                            },
    {"c * 9 + w}",                                           "c * 9 + w, fill: zero, gaps: free}",                     15, "either zero or free"                        },
    {"index: n * 50 + c * 9 + w}",                           "gaps: free}",                                            15, "gaps belong to an index or a texel"         },
    {"elements: out.count}",                                 "elements: out.count, storage: f8}",                      17, "storage \"f8\""                             },
    {"elements: out.count}",                                 "elements: out.count, fill: one}",                        17, "fill \"one\""                               },
    {"elements: out.count}",                                 "elements: out.words}",                                   17, "no variable \"out.words\""                  },
    {"2) buffer Out",                                        "2) readonly buffer Out",                                 0,  "does not compile"                           },
    {"{ y[0] = x[0] + w[0]; }",                              "{ }",                                                    9,  "no set 0, binding 0"                        },
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
        bool right = mistakes[i].line == 0 && !mistakes[i].says[0];
        if ((status == ASSAY_OK) != right || !strstr(error.message, mistakes[i].says) ||
            (mistakes[i].line && !strstr(error.message, line)))
            fail_msg("\"%s\" -> \"%s\": %s", mistakes[i].from, mistakes[i].to, error.message);
        assay_kernels_destroy(&kernels);
        free(text);
    }
}

// f16a computes with what is stored: nothing may be wider there.
static void f16a_stores_in_f16(void **state)
{
    (void)state;
    assay_kernels kernels = {0};
    assay_error error = {0};
    char *half = shader_edit(source, "[f32]", "[f16a]");
    char *wide = shader_edit(half, "storage: f16", "storage: f32");
    assert_int_equal(shader_load(&kernels, half, &error), ASSAY_OK);
    assert_int_equal(shader_load(&kernels, wide, &error), ASSAY_MANIFEST);
    assert_non_null(strstr(error.message, "shader.comp:10: storage \"f32\" in precision f16a"));
    assay_kernels_destroy(&kernels);
    free(wide);
    free(half);
}

static void is_read_in_full(void **state)
{
    (void)state;
    assay_kernels kernels = {0};
    assay_error error = {0};
    if (shader_load(&kernels, source, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    const assay_kernel *k = kernels.items[0];
    int half = ASSAY__TENSOR_SCRATCH;
    assert_int_equal(k->info.mapping[0], ASSAY_MAPPING_INDEX);
    assert_int_equal(k->info.mapping[1], ASSAY_MAPPING_LAYOUT);
    assert_int_equal(assay_kernel_storage(&k->info, 1), ASSAY_STORAGE_F16);
    assert_int_equal(assay_kernel_storage(&k->info, 0), ASSAY_STORAGE_F32);
    assert_int_equal(k->pass[0].binding[2].tensor, 2); // the bias, with the others behind it
    assert_true(assay__kernel_shares(k, 2, half) && assay__kernel_shares(k, 2, ASSAY__TENSOR_OUT));
    assert_false(assay__kernel_shares(k, 2, 0));
    assert_true(k->view[half].offset && !k->view[half].index && k->view[ASSAY__TENSOR_OUT].index);
    assert_string_equal(k->view[half].place, "bindings[2].tensors[1]");
    assay_kernels_destroy(&kernels);
}

int main(void)
{
    static const char *const files[] = {"shader.comp", NULL};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_read_in_full),
        cmocka_unit_test(names_the_line_of_every_mistake),
        cmocka_unit_test(f16a_stores_in_f16),
    };
    int failed = cmocka_run_group_tests_name("view_mistakes", tests, NULL, NULL);
    shader_clean(files);
    return failed;
}
