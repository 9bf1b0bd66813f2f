// SPDX-License-Identifier: Apache-2.0
// The shaders of tests/shaders, right as they are, and wrong in every way that their manifests or
// their code may be about where tensors lie.
#include "tests/unit/gpu/driver_leaks.h"
#include "tests/unit/gpu/view_trial.h"

#define OUT ASSAY_INPUTS_MAX

typedef struct row {
    const char *from, *to; // the shader is edited so; NULL: it is as it is
    trial_end end;
    int tensor;       // of STRAY and CHANGED
    const char *says; // in the sentence of ERROR
} row;

static void run_rows(assay_device *device, const char *shader, const assay_problem *problem,
                     const row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *text = trial_shader(shader);
        if (rows[i].from) {
            char *edited = shader_edit(text, rows[i].from, rows[i].to);
            free(text);
            text = edited;
        }
        trial t = trial_run(device, text, problem);
        int tensor = t.end == TRIAL_CHANGED ? t.guard.changed_tensor : t.guard.stray_tensor;
        bool named = (t.end != TRIAL_STRAY && t.end != TRIAL_CHANGED) || tensor == rows[i].tensor;
        if (t.end != rows[i].end || !named || (rows[i].says && !strstr(t.message, rows[i].says)))
            fail_msg("%s, row %zu \"%s\": end %d, tensor %d, \"%s\"", shader, i,
                     rows[i].to ? rows[i].to : "", (int)t.end, tensor, t.message);
        free(text);
    }
}
#define RUN(device, shader, problem, rows)                                                         \
    run_rows(device, shader, problem, rows, sizeof(rows) / sizeof *(rows))

static assay_problem leaky_relu(void)
{
    assay_problem problem;
    assay_problem_init(&problem, assay_operator_find("leaky_relu"));
    problem.input[0] = (assay_shape){
        4, {2, 5, 3, 5}
    };
    trial_infer(&problem);
    return problem;
}

static void in_place_with_steps_of_channels(void **state)
{
    static const row rows[] = {
        {NULL,                                      NULL,                                     TRIAL_RIGHT, 0,   NULL                                        },
        {"at.y * p.step + at.x",                    "at.y * p.size + at.x",                   TRIAL_WRONG, 0,   NULL                                        },
        {"value: \"ceil_div(in.h * in.w, 8) * 8\"", "value: in.h * in.w",                     TRIAL_WRONG, 0,   NULL                                        },
        {"x[i] = STORED(",
         "if (at.x == 0) x[i + p.size] = STORED(1);\n"
         "    x[i] = STORED(",                                                                TRIAL_STRAY, OUT, NULL                                        },
        {"if (at.x >= p.size",                      "if (at.x == 3 || at.x >= p.size",        TRIAL_WRONG, 0,   NULL                                        },
        {"x[i] = STORED(",
         "if (i == 0) x[p.channels * p.step] = STORED(1);"
         "    x[i] = STORED(",                                                                TRIAL_STRAY, OUT, NULL                                        },
        {"(n * in.c + c)",                          "(n + c)",                                TRIAL_ERROR, 0,
         "shader.comp:13: index of \"in\" puts n0 c1 h0 w0 and n1 c0 h0 w0 both at 16"                                                                      },
        {"* in.w + w",                              "* in.w",                                 TRIAL_ERROR, 0,   "puts n0 c0 h0 w0 and n0 c0 h0 w1 both at 0"},
        {"* in.w + w",                              "* in.w + w - 1",                         TRIAL_ERROR, 0,
         "index of \"in\" puts n0 c0 h0 w0 at -1, outside of 0 .. 159"                                                                                      },
        {"* in.w + w",                              "* in.w + w + 2",                         TRIAL_ERROR, 0,
         "puts n1 c4 h2 w4 at 160, outside of 0 .. 159"                                                                                                     },
        {"* in.w + w",                              "* in.w + w * 9223372036854775807",       TRIAL_ERROR, 0,   "does not fit 64 bits"                      },
        {"* in.w + w",                              "* in.w + w % (c - 3)",                   TRIAL_ERROR, 0,   "division by zero"                          },
        {"elements: \"in.n",                        "elements: \"-in.n",                      TRIAL_ERROR, 0,
         "shader.comp:14: elements of \"in\" is -160"                                                                                                       },
        {"elements: \"in.n",                        "elements: \"4611686018427387904 * in.n", TRIAL_ERROR, 0,
         "does not fit 64 bits"                                                                                                                             },
        {"elements: \"in.n",                        "elements: \"100000000 * in.n",           TRIAL_ERROR, 0,
         "elements of \"in\" is 16000000000"                                                                                                                },
    };
    assay_problem problem = leaky_relu();
    RUN(*state, "pack1_in_place", &problem, rows);
}

// A gap that is free may be written, here or there; what lies behind it may not.
static void gaps_are_free_where_it_is_said(void **state)
{
    assay_problem problem = leaky_relu();
    static const struct {
        const char *write;
        trial_end end;
    } rows[] = {
        {"x[i + p.size]",     TRIAL_RIGHT},
        {"x[i + p.size + 1]", TRIAL_WRONG}, // the next channel, and in the end the guard
    };
    for (int i = 0; i < 2; i++) {
        char edit[200];
        char *text = trial_shader("pack1_in_place");
        char *freed = shader_edit(text, "    result: out\n", "    result: out\n    gaps: free\n");
        snprintf(edit, sizeof edit,
                 "if (at.x == 0) %s = STORED(1);\n    memoryBarrierBuffer();\n    x[i] = STORED(",
                 rows[i].write);
        char *edited = shader_edit(freed, "x[i] = STORED(", edit);
        trial t = trial_run(*state, edited, &problem);
        assert_int_equal(t.end != TRIAL_RIGHT, rows[i].end != TRIAL_RIGHT);
        free(edited);
        free(freed);
        free(text);
    }
}

static void packs_of_four_with_blocks_of_weights(void **state)
{
    static const row rows[] = {
        {NULL,                                                                  NULL,                   TRIAL_RIGHT,     0,   NULL             },
        {"16\"\n    fill: zero",                                                "16\"",                 TRIAL_NAN,       0,   NULL             }, // 0 * NaN
        {"kernel_w * 16\"\n    fill: zero",                                     "kernel_w * 16\"",      TRIAL_NAN,       0,   NULL             },
        {"    gaps: free\n",                                                    "",                     TRIAL_STRAY,     OUT, NULL             },
        {"o % 4 * 4 + i % 4",                                                   "o % 4 + i % 4 * 4",    TRIAL_WRONG,     0,   NULL             },
        {"o % 4 * 4 + i % 4",                                                   "o % 4 + i % 4",        TRIAL_ERROR,     0,
         "puts o0 i1 h0 w0 and o1 i0 h0 w0 both at 1"                                                                                          },
        {"{name: in_step, type: int, value: \"ceil_div(in.h * in.w, 4) * 4\"}",
         "{name: in_step, type: int, value: in.h * in.w}",                                              TRIAL_WRONG,     0,   NULL             },
        {"value: \"ceil_div(out.h * out.w, 4) * 4\"",                           "value: out.h * out.w", TRIAL_UNWRITTEN, 0,
         NULL                                                                                                                                  },
        {"elements: \"out.n * out.s * ceil_div(out.h * out.w, 4) * 16\"",       "elements: out.count",
         TRIAL_ERROR,                                                                                                    0,   "outside of 0 .."},
    };
    assay_problem problem;
    assay_problem_init(&problem, assay_operator_find("conv2d"));
    problem.input[0] = (assay_shape){
        4, {2, 5, 5, 7}
    };
    problem.attribute[assay_attribute_index(problem.op, "out_channels")].i[0] = 6;
    assay_value *kernel = &problem.attribute[assay_attribute_index(problem.op, "kernel_shape")];
    kernel->i[0] = 3;
    kernel->i[1] = 2;
    trial_infer(&problem);
    RUN(*state, "pack4_conv", &problem, rows);
}

static void packs_of_eight_keep_their_zeros(void **state)
{
    static const row rows[] = {
        {NULL,                  NULL,                                         TRIAL_RIGHT,     0, NULL},
        {"sum[k] = p",          "sum[k] = k == 3 ? 0x3c003c00u : p",          TRIAL_NONZERO,   0, NULL},
        {"sum[k] = p",          "sum[k] = k == 3 ? 0x80008000u : p",          TRIAL_RIGHT,     0, NULL},
        {"y[i] = sum;",         "y[i].xyz = sum.xyz;",                        TRIAL_NONZERO,   0, NULL},
        {"8\"\n    fill: zero", "8\"",                                        TRIAL_NONZERO,   0, NULL},
        {"y[i] = sum;",         "if (i != 2u) y[i] = sum;",                   TRIAL_NONZERO,   0, NULL},
        {"y[i] = sum;",         "if (i != 2u) y[i] = sum; else y[i].w = 0u;", TRIAL_UNWRITTEN, 0, NULL},
    };
    assay_problem problem;
    assay_problem_init(&problem, assay_operator_find("add"));
    problem.input[0] = problem.input[1] = (assay_shape){
        4, {2, 6, 3, 5}
    };
    trial_infer(&problem);
    RUN(*state, "pack8_add", &problem, rows);
}

static assay_problem linear(int64_t bias)
{
    assay_problem problem;
    assay_problem_init(&problem, assay_operator_find("linear"));
    problem.input[0] = (assay_shape){
        2, {3, 11, 1, 1}
    };
    problem.attribute[assay_attribute_index(problem.op, "out_features")].i[0] = 13;
    problem.attribute[assay_attribute_index(problem.op, "bias")].i[0] = bias;
    trial_infer(&problem);
    return problem;
}

// in is tensor 0, weights 1, bias 2.
static void tensors_share_a_buffer(void **state)
{
    static const row rows[] = {
        {NULL,                     NULL,                                                    TRIAL_RIGHT,     0,   NULL              },
        {"storage: f16, ",         "",                                                      TRIAL_NAN,       0,   NULL              },
        {"value: (in.c + 3) * 4",  "value: in.c * 4",                                       TRIAL_NAN,       0,   NULL              },
        {"value: (out.c + 5) * 4", "value: (out.c + 4) * 4",                                TRIAL_STRAY,     OUT, NULL              },
        {"= sum;",                 "= sum; y[p.in_at / 4 + 2] = 9.0;",                      TRIAL_CHANGED,   0,   NULL              },
        {"= sum;",                 "= sum; y[p.bias_at / 4 + 2] = 9.0;",                    TRIAL_CHANGED,   2,   NULL              },
        {"= sum;",                 "= sum; y[p.in_at / 4 + p.columns + 1] = 9.0;",          TRIAL_STRAY,     0,   NULL              },
        {"= sum;",                 "= sum; y[p.bias_at / 4 + p.rows] = 9.0;",               TRIAL_STRAY,     2,   NULL              },
        {"= sum;",                 "= sum; y[0] = 9.0;",                                    TRIAL_STRAY,     2,   NULL              },
        {"= sum;",                 "= sum; y[p.out_at / 4 + p.rows] = 9.0;",                TRIAL_STRAY,     OUT, NULL              },
        {"= sum;",                 "= sum; y[p.out_at / 4 + 3 * (p.rows + 5) + 50] = 9.0;", TRIAL_STRAY,     OUT, NULL              },
        {"y[(",                    "if (at.x != 2) y[(",                                    TRIAL_UNWRITTEN, 0,   NULL              },
        {"bias, offset: 16",       "bias, offset: 24",                                      TRIAL_ERROR,     0,
         "shader.comp:14: \"bias\" (bytes 96 .. 147) and \"in\" (from byte 128) overlap"                                            },
        {"bias, offset: 16",       "bias, offset: -1",                                      TRIAL_ERROR,     0,
         "shader.comp:13: the offset of \"bias\" is -1"                                                                             },
        {"bias, offset: 16",       "bias, offset: 1000000007 * in.c",                       TRIAL_ERROR,     0,
         "the offset of \"bias\" is 11000000077"                                                                                    },
        {"bias, offset: 16",       "bias, offset: 16 / (in.c - 11)",                        TRIAL_ERROR,     0,   "division by zero"},
        {"in.n * (in.c + 3)\"}",   "in.n\"}",                                               TRIAL_ERROR,     0,   "overlap"         },
    };
    assay_problem problem = linear(1), without = linear(0);
    RUN(*state, "shared_matmul", &problem, rows);
    run_rows(*state, "shared_matmul", &without, rows, 1);
}

static void weights_lie_in_images(void **state)
{
    static const row rows[] = {
        {NULL,                                               NULL,                                   TRIAL_RIGHT, 0, NULL},
        {"size: [\"ceil_div(in.c, 4)\", out.c], fill: zero", "size: [\"ceil_div(in.c, 4)\", out.c]",
         TRIAL_NAN,                                                                                               0, NULL},
        {"4\", fill: zero, storage",                         "4\", storage",                         TRIAL_NAN,   0, NULL},
        {"texel: [c / 4, o]",                                "texel: [c / 4, out.c - 1 - o]",        TRIAL_WRONG, 0, NULL},
        {"texel: [o / 4, 0]",                                "texel: [o / 4, 1]",                    TRIAL_ERROR, 0,
         "texel of \"bias\" puts o0 at y 1, outside of 0 .. 0"                                                           },
        {"ivec2(i, at.x)",                                   "ivec2(i, at.x + 1)",                   TRIAL_NAN,   0, NULL},
    };
    assay_problem problem = linear(1), without = linear(0);
    RUN(*state, "texel_linear", &problem, rows);
    run_rows(*state, "texel_linear", &without, rows, 1); // the image is there, of poison
}

static void pixels_lie_in_rows_with_a_pitch(void **state)
{
    static const row rows[] = {
        {NULL,                                     NULL,                     TRIAL_RIGHT, 0, NULL       },
        {"value: \"ceil_div(pixels.w, 16) * 16\"", "value: pixels.w",        TRIAL_WRONG, 0, NULL       },
        {"readonly buffer Pixels",                 "buffer Pixels",          TRIAL_RIGHT, 0, NULL       },
        {"* 64 + w * 4 + c\"",                     "* 64 + w * 4 + c / 2\"", TRIAL_ERROR, 0, "both at 0"},
    };
    assay_problem problem;
    assay_problem_init(&problem, assay_operator_find("image_to_tensor"));
    problem.input[0] = (assay_shape){
        4, {2, 4, 3, 5}
    };
    trial_infer(&problem);
    RUN(*state, "pitched_pixels", &problem, rows);
    // A gap of bytes is a gap.
    char *text = trial_shader("pitched_pixels");
    char *open = shader_edit(text, "readonly buffer Pixels", "buffer Pixels");
    char *stray = shader_edit(open, "    uint pixel =",
                              "    if (at.x == 0) pixels[p.pitch - 1] = 7u;\n"
                              "    uint pixel =");
    trial t = trial_run(*state, stray, &problem);
    assert_int_equal(t.end, TRIAL_STRAY);
    assert_int_equal(t.guard.stray, 1);
    assert_int_equal(t.guard.stray_offset, 60);
    assert_int_equal(t.guard.stray_tensor, 0);
    free(stray);
    free(open);
    free(text);
}

static void texels_lie_as_expressions_say(void **state)
{
    static const row rows[] = {
        {NULL,                               NULL,                                    TRIAL_RIGHT,     0,   NULL                 },
        {", gaps: free",                     "",                                      TRIAL_STRAY,     OUT, NULL                 },
        {"imageStore(target, at,",
         "if (at.x == 0) imageStore(target, at + ivec2(p.width, 0), vec4(1));\n"
         "    imageStore(target, at,",                                                TRIAL_STRAY,     OUT, NULL                 },
        {"imageLoad(source, at)",            "imageLoad(source, at.yx)",              TRIAL_NAN,       0,   NULL                 },
        {"imageLoad(source, at)",            "imageLoad(source, at + ivec2(5, 0))",   TRIAL_NAN,       0,   NULL                 },
        {"imageStore(target, at,",           "if (at.x != 3) imageStore(target, at,", TRIAL_UNWRITTEN, 0,
         NULL                                                                                                                    },
        {"lane: c % 4,",                     "lane: c % 5,",                          TRIAL_ERROR,     0,
         "lane of \"in\" puts n0 c4 h0 w0 into lane 4, outside of 0 .. 3"                                                        },
        {"n * in.h + h]",                    "h]",                                    TRIAL_ERROR,     0,
         "texel of \"in\" puts n0 c0 h0 w0 and n1 c0 h0 w0 both at 0"                                                            },
        {"size: [in.s * in.w",               "size: [in.w",                           TRIAL_ERROR,     0,
         "texel of \"in\" puts n0 c4 h0 w0 at x 5, outside of 0 .. 4"                                                            },
        {"size: [in.s * in.w, in.n * in.h]", "size: [1000000 * in.w, 1000 * in.h]",   TRIAL_ERROR,     0,
         "image of more than"                                                                                                    },
        {"size: [in.s * in.w",               "size: [in.w - 5",                       TRIAL_ERROR,     0,   "size of \"in\" is 0"},
    };
    assay_problem problem = leaky_relu();
    RUN(*state, "texel_slope", &problem, rows);
}

static void texels_have_one_lane_or_two(void **state)
{
    static const row rows[] = {
        {NULL,                        NULL,                                         TRIAL_RIGHT,     0,   NULL       },
        {"texelFetch(source, at, 0)", "texelFetch(source, at + ivec3(1, 0, 0), 0)", TRIAL_NAN,       0,
         NULL                                                                                                        },
        {"imageStore(target, at,",    "if (at.x != 3) imageStore(target, at,",      TRIAL_UNWRITTEN, 0,
         NULL                                                                                                        },
        {"imageStore(target, at,",
         "if (at.x == 0) imageStore(target, at + ivec3(p.size.x, 0, 0), vec4(1));\n"
         "    imageStore(target, at,",                                              TRIAL_STRAY,     OUT, NULL       },
        {"[c % 2];",                  "[0];",                                       TRIAL_WRONG,     0,   NULL       },
        {"lane: c % 2",               "lane: c % 3",                                TRIAL_ERROR,     0,
         "lane of \"slope\" puts c2 into lane 2, outside of 0 .. 1"                                                  },
        {"texel: [c / 2]",            "texel: [c / 3]",                             TRIAL_ERROR,     0,   "both at 0"},
        {"n * in.c + c], lanes: 1",   "n * in.c + c], lanes: 1, lane: c % 2",       TRIAL_ERROR,     0,
         "lane of \"in\" puts n0 c1 h0 w0 into lane 1, outside of 0 .. 0"                                            },
        {"precisions: [f32, f16s]",   "precisions: [f16s]",                         TRIAL_RIGHT,     0,   NULL       },
    };
    assay_problem problem;
    assay_problem_init(&problem, assay_operator_find("prelu"));
    problem.input[0] = (assay_shape){
        4, {2, 5, 3, 7}
    };
    trial_infer(&problem);
    RUN(*state, "lanes_prelu", &problem, rows);
}

static assay_problem sum_of_planes(void)
{
    assay_problem problem;
    assay_problem_init(&problem, assay_operator_find("reduce_sum"));
    problem.input[0] = (assay_shape){
        4, {2, 6, 3, 5}
    };
    assay_value *axes = &problem.attribute[assay_attribute_index(problem.op, "axes")];
    for (int axis = 0; axis < 4; axis++)
        axes->i[axis] = axis > 1;
    trial_infer(&problem);
    return problem;
}

static void each_tensor_has_its_storage(void **state)
{
    static const row rows[] = {
        {NULL,                        NULL,                          TRIAL_RIGHT,     0,   NULL},
        {", fill: zero}",             "}",                           TRIAL_UNWRITTEN, 0,
         NULL                                                                                  }, // the garbage of scratch, a NaN, goes through
        {", fill: zero}",             ", fill: zero, storage: f16}", TRIAL_NAN,       0,   NULL},
        {"storage: f32",              "storage: f16",                TRIAL_STRAY,     OUT, NULL},
        {"tensor: out, storage: f32", "tensor: out",                 TRIAL_STRAY,     OUT, NULL},
        {"tensor: in}",               "tensor: in, storage: f32}",   TRIAL_WRONG,     0,   NULL},
    };
    assay_problem problem = sum_of_planes();
    RUN(*state, "widened_sum", &problem, rows);
}

// The output of another shape has another size; where it has the same, its letters may differ.
static void in_place_takes_as_much_memory(void **state)
{
    char *text = trial_shader("pack1_in_place");
    char *pooled = shader_edit(text, "operator: leaky_relu", "operator: global_max_pool");
    char *named = shader_edit(pooled, "float, value: alpha", "float, value: 1");
    char *open =
        shader_edit(named, "    elements: \"in.n * in.c * ceil_div(in.h * in.w, 8) * 8\"\n", "");
    assay_problem problem;
    assay_problem_init(&problem, assay_operator_find("global_max_pool"));
    problem.input[0] = (assay_shape){
        4, {2, 5, 3, 5}
    };
    trial_infer(&problem);
    assert_int_equal(trial_run(*state, named, &problem).end, TRIAL_WRONG); // no maximum
    trial t = trial_run(*state, open, &problem);
    assert_int_equal(t.end, TRIAL_ERROR);
    if (!strstr(t.message, "shader.comp:12: \"in\" takes 636 bytes and \"out\" in its place 580"))
        fail_msg("%s", t.message);
    free(open);
    free(named);
    free(pooled);
    free(text);
}

static const char image_in_place[] =
    "/*---\n"
    "kernel: image_in_place\n"
    "operator: leaky_relu\n"
    "precisions: [f32]\n"
    "layouts: [image]\n"
    "contract: {accumulator: f32}\n"
    "bindings: [{binding: 0, tensor: in, result: out}]\n"
    "push: [{type: int, value: in.w}, {type: int, value: in.h}, {type: int, value: in.n * in.s},\n"
    "       {type: float, value: alpha}]\n"
    "dispatch: {threads: [in.w, in.h, in.n * in.s]}\n"
    "---*/\n"
    "#version 450\n"
    "layout(local_size_x = 8, local_size_y = 8) in;\n"
    "layout(binding = 0, rgba32f) uniform image2DArray blob;\n"
    "layout(push_constant) uniform P { int w, h, layers; float slope; } p;\n"
    "void main() {\n"
    "    ivec3 at = ivec3(gl_GlobalInvocationID);\n"
    "    if (at.x >= p.w || at.y >= p.h) return;\n"
    "    vec4 v = imageLoad(blob, at);\n"
    "    imageStore(blob, at, mix(p.slope * v, v, greaterThanEqual(v, vec4(0.0))));\n"
    "    // more\n"
    "}\n";

static void images_may_be_in_place(void **state)
{
    static const struct {
        const char *from, *to;
        trial_end end;
    } rows[] = {
        {"// more",                  "// no more",                                                         TRIAL_RIGHT},
        {"result: out}",             "result: out, fill: zero}",
         TRIAL_RIGHT                                                                                                  }, // spare lanes and what becomes of them
        {"tensor: in, result: out}",
         "tensor: in, result: out, texel: [w, n * in.h + h, c / 4], lane: c % 4, "
         "size: [in.w, in.n * in.h, in.s]}",                                                               TRIAL_WRONG}, // not what the shader does
        {"// more",                  "if (at.x == 0) imageStore(blob, at + ivec3(p.w, 0, 0), vec4(2.0));",
         TRIAL_STRAY                                                                                                  },
        {"mix(",                     "0.0 * mix(",                                                         TRIAL_WRONG},
    };
    assay_problem problem = leaky_relu();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = shader_edit(image_in_place, rows[i].from, rows[i].to);
        trial t = trial_run(*state, text, &problem);
        if (t.end != rows[i].end)
            fail_msg("row %zu: end %d, %s", i, (int)t.end, t.message);
        free(text);
    }
}

// Scratch beside the tensors: nobody looks at what it holds, but at what surrounds it.
static void scratch_may_share_a_buffer(void **state)
{
    static const row rows[] = {
        {"- {binding: 1, tensor: out, storage: f32}",
         "- {binding: 1, tensors: [{tensor: total, offset: 3}, {tensor: out, storage: f32, offset: "
         "50}]}", TRIAL_RIGHT, 0, NULL                                                           },
        {"- {binding: 1, tensor: out, storage: f32}",
         "- {binding: 1, tensors: [{tensor: total, offset: 3}, {tensor: out, storage: f32, offset: "
         "14}]}", TRIAL_ERROR, 0, "\"total\" (bytes 12 .. 59) and \"out\" (from byte 56) overlap"},
        {"- {binding: 1, tensor: out, storage: f32}",
         "- {binding: 1, tensors: [{tensor: total, offset: 4}, {tensor: out, storage: f32, offset: "
         "50}]}", TRIAL_NAN,   0, NULL                                                           }, // the shader begins at 3
    };
    char *text = trial_shader("widened_sum");
    char *sums = shader_edit(text, "  - {binding: 2, tensor: total}\n", "");
    char *loads = shader_edit(sums, "layout(std430, binding = 2) buffer Total { float t[]; };", "");
    char *adds = shader_edit(loads, "y[i] = t[i]", "y[50 + i] = y[3 + i]");
    char *right = shader_edit(adds, "t[i] += sum", "y[3 + i] += sum");
    char *whole = shader_edit(right, "writeonly buffer Out", "buffer Out");
    assay_problem problem = sum_of_planes();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *edited = shader_edit(whole, rows[i].from, rows[i].to);
        trial t = trial_run(*state, edited, &problem);
        if (t.end != rows[i].end || (rows[i].says && !strstr(t.message, rows[i].says)) ||
            (t.end == TRIAL_STRAY && t.guard.stray_tensor != rows[i].tensor))
            fail_msg("row %zu: end %d, tensor %d, %s", i, (int)t.end, t.guard.stray_tensor,
                     t.message);
        free(edited);
    }
    char *before = shader_edit(whole, "y[3 + i] += sum;", "y[3 + i] += sum; y[2] = 1.0;");
    char *edited = shader_edit(before, rows[0].from, rows[0].to);
    trial t = trial_run(*state, edited, &problem);
    assert_int_equal(t.end, TRIAL_STRAY);
    assert_int_equal(t.guard.stray_tensor, OUT + 1);
    assert_int_equal(t.guard.stray_offset, -4);
    free(edited);
    free(before);
    free(whole);
    free(right);
    free(adds);
    free(loads);
    free(sums);
    free(text);
}

// Spare lanes of a layout, promised to be zero on both sides.
static const char zero_lanes[] =
    "/*---\n"
    "kernel: zero_lanes\n"
    "operator: leaky_relu\n"
    "precisions: [f32]\n"
    "layouts: [nc4hw4]\n"
    "contract: {accumulator: f32}\n"
    "bindings: [{binding: 0, tensor: in, fill: zero}, {binding: 1, tensor: out, fill: zero}]\n"
    "push: [{type: int, value: out.texels}, {type: float, value: alpha}]\n"
    "dispatch: {threads: [out.texels]}\n"
    "---*/\n"
    "#version 450\n"
    "layout(local_size_x = 64) in;\n"
    "layout(std430, binding = 0) readonly buffer In { vec4 x[]; };\n"
    "layout(std430, binding = 1) writeonly buffer Out { vec4 y[]; };\n"
    "layout(push_constant) uniform P { int texels; float slope; } p;\n"
    "void main() {\n"
    "    int i = int(gl_GlobalInvocationID.x);\n"
    "    if (i >= p.texels) return;\n"
    "    vec4 v = x[i];\n"
    "    y[i] = mix(p.slope * v, v, greaterThanEqual(v, vec4(0.0)));\n"
    "}\n";

static void lanes_of_layouts_may_be_zero(void **state)
{
    static const struct {
        const char *from, *to;
        trial_end end;
    } rows[] = {
        {"kernel: zero",            "kernel: zero",                          TRIAL_RIGHT  },
        {"tensor: in, fill: zero",  "tensor: in",                            TRIAL_NONZERO}, // NaN goes through
        {"tensor: out, fill: zero", "tensor: out",                           TRIAL_RIGHT  }, // then lanes are free
        {"vec4 v = x[i];",          "vec4 v = x[i]; v.w = v.x;",             TRIAL_NONZERO}, // of elements as well
        {"y[i] = mix",              "y[i].x = 0.0; if (i != 15) y[i] = mix", TRIAL_NONZERO},
    };
    assay_problem problem = leaky_relu();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = shader_edit(zero_lanes, rows[i].from, rows[i].to);
        trial t = trial_run(*state, text, &problem);
        if (t.end != rows[i].end)
            fail_msg("row %zu: end %d, %s", i, (int)t.end, t.message);
        free(text);
    }
}

int main(void)
{
    static const char *const files[] = {"shader.comp", NULL};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_place_with_steps_of_channels),
        cmocka_unit_test(gaps_are_free_where_it_is_said),
        cmocka_unit_test(packs_of_four_with_blocks_of_weights),
        cmocka_unit_test(packs_of_eight_keep_their_zeros),
        cmocka_unit_test(tensors_share_a_buffer),
        cmocka_unit_test(weights_lie_in_images),
        cmocka_unit_test(pixels_lie_in_rows_with_a_pitch),
        cmocka_unit_test(texels_lie_as_expressions_say),
        cmocka_unit_test(texels_have_one_lane_or_two),
        cmocka_unit_test(each_tensor_has_its_storage),
        cmocka_unit_test(in_place_takes_as_much_memory),
        cmocka_unit_test(images_may_be_in_place),
        cmocka_unit_test(scratch_may_share_a_buffer),
        cmocka_unit_test(lanes_of_layouts_may_be_zero),
    };
    int failed = cmocka_run_group_tests_name("views", tests, trial_open, trial_close);
    shader_clean(files);
    return failed;
}
