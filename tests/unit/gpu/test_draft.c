// SPDX-License-Identifier: Apache-2.0
// Drafts of manifests for all of the project's kernels, whose manifests are known: how much is
// guessed right, with names and without.
#include "gpu/draft.h"
#include "gpu/kernel_internal.h"
#include "tests/unit/gpu/shader_file.h"

#include <setjmp.h>
#include <spirv_cross_c.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct tally {
    int right, wrong, open;
} tally;

// The module without names and lines.
static size_t strip(const uint32_t *words, size_t count, uint32_t *out)
{
    size_t used = 5;
    memcpy(out, words, 5 * sizeof *words);
    for (size_t i = 5; i < count; i += words[i] >> 16) {
        uint32_t operation = words[i] & 0xFFFF;
        if (operation == SpvOpName || operation == SpvOpMemberName || operation == SpvOpLine ||
            operation == SpvOpNoLine)
            continue;
        memcpy(out + used, words + i, (words[i] >> 16) * sizeof *words);
        used += words[i] >> 16;
    }
    return used;
}

static void draft_of(const assay__module *module, const assay_operator *op, bool stripped,
                     char **text)
{
    assay_error error = {0};
    const assay_compile_options none = {0};
    uint32_t *words = malloc(module->word_count * sizeof *words);
    size_t count = module->word_count;
    assert_non_null(words);
    if (stripped)
        count = strip(module->words, count, words);
    else
        memcpy(words, module->words, count * sizeof *words);
    FILE *file = fopen(shader_path("draft.spv"), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(words, sizeof *words, count, file), count);
    assert_int_equal(fclose(file), 0);
    free(words);
    if (assay_manifest_draft(shader_path("draft.spv"), op, &none, text, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
}

// What the draft says behind `before`, up to the next of ",}".
static void count_one(const char *text, const char *before, const char *truth, tally *t)
{
    const char *found = strstr(text, before);
    char value[32] = "";
    if (!found)
        return;
    snprintf(value, sizeof value, "%.31s", found + strlen(before));
    value[strcspn(value, ",}")] = '\0';
    if (strcmp(value, "\"?\"") == 0)
        t->open++;
    else if (strcmp(value, truth) == 0)
        t->right++;
    else
        t->wrong++;
}

static void count_bindings(const assay_kernel *k, const char *text, tally *t)
{
    const assay__pass *pass = &k->pass[0];
    for (int i = 0; i < pass->binding_count; i++) {
        int tensor = pass->binding[i].tensor;
        char before[64];
        if (tensor < 0 || tensor > ASSAY__TENSOR_OUT)
            continue;
        snprintf(before, sizeof before, "binding: %u, tensor: ", pass->binding[i].binding);
        count_one(text, before,
                  tensor == ASSAY__TENSOR_OUT ? "out" : k->info.op->inputs[tensor].name, t);
    }
}

static void count_all(bool stripped, tally *bindings, int *kernels)
{
    assay_kernels all = {0};
    assay_error error = {0};
    assert_int_equal(assay_kernels_builtin(&all, &error), ASSAY_OK);
    for (int i = 0; i < all.count; i++) {
        const assay_kernel *k = all.items[i];
        if (k->info.precision != ASSAY_F32)
            continue;
        char *text = NULL;
        draft_of(k->module[0], k->info.op, stripped, &text);
        if (k->info.layout == ASSAY_IMAGE)
            assert_non_null(strstr(text, "layouts: [image]"));
        count_bindings(k, text, bindings);
        (*kernels)++;
        free(text);
    }
    assay_kernels_destroy(&all);
}

static void guesses_tensors_with_names(void **state)
{
    tally t = {0};
    int kernels = 0;
    (void)state;
    count_all(false, &t, &kernels);
    print_message("%d modules: %d bindings right, %d wrong, %d open\n", kernels, t.right, t.wrong,
                  t.open);
    assert_true(t.right >= 19 * (t.right + t.wrong + t.open) / 20);
}

static void guesses_tensors_without_names(void **state)
{
    tally t = {0};
    int kernels = 0;
    (void)state;
    count_all(true, &t, &kernels);
    print_message("%d modules: %d bindings right, %d wrong, %d open\n", kernels, t.right, t.wrong,
                  t.open);
    assert_true(t.right >= 19 * (t.right + t.wrong + t.open) / 20);
}

static const char source[] =
    "#version 450\n"
    "layout(local_size_x_id = 3, local_size_y = 4) in;\n"
    "layout(set = 1, binding = 2) buffer B { vec4 bottom_blob[]; };\n"
    "layout(binding = 7) buffer T { vec4 top_blob[]; };\n"
    "layout(binding = 5) uniform C { ivec2 size; float eps; } c;\n"
    "layout(push_constant) uniform P { int outw; float unheard_of; } p;\n"
    "void main() {\n"
    "    uint i = gl_GlobalInvocationID.x;\n"
    "    if (i < p.outw) top_blob[i] = bottom_blob[i] * p.unheard_of + c.eps + c.size.x;\n"
    "}\n";

static void says_what_it_knows_and_what_not(void **state)
{
    static const char *const says[] = {
        "layouts: [nc4hw4]",
        "{set: 1, binding: 2, tensor: in}  # guess: by its place among the bindings",
        "{binding: 7, tensor: out}  # guess: nothing else is written",
        "{name: size, type: ivec2, offset: 0, values: [\"?\", \"?\"]}",
        "{name: outw, type: int, offset: 0, value: out.w}  # guess: named \"outw\"",
        "{name: unheard_of, type: float, offset: 4, value: \"?\"}  # ?",
        "sets the work group size along x",
    };
    assay_error error = {0};
    const assay_compile_options none = {0};
    char *text = NULL;
    (void)state;
    FILE *file = fopen(shader_path("draft.comp"), "w");
    assert_non_null(file);
    fputs(source, file);
    fclose(file);
    assert_int_equal(assay_manifest_draft(shader_path("draft.comp"), assay_operator_find("relu"),
                                          &none, &text, &error),
                     ASSAY_OK);
    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        if (!strstr(text, says[i]))
            fail_msg("no \"%s\" in:\n%s", says[i], text);
    free(text);
    assert_int_equal(
        assay_manifest_draft("x.txt", assay_operator_find("relu"), &none, &text, &error),
        ASSAY_USAGE);
}

// Declarations and a body, and what a draft says of them, or does not.
static const struct {
    const char *op, *declarations, *body;
    const char *says, *not ;
} shaders[] = {
    {"max_pool2d",
     "layout(binding = 2) uniform C { ivec4 inputSize, outputSize; ivec2 pad, kernelSize, stride; "
     "vec2 scale; } c;",                                                                                  "ivec3 at = ivec3(gl_GlobalInvocationID); if (all(lessThan(at, c.outputSize.xyz))) "
     "y[at.x + c.inputSize.z + c.pad.x + c.kernelSize.x + c.stride.y] = x[at.y] * c.scale.x;",                                                                          "name: inputSize, type: ivec4, offset: 0, values: [in.w, in.h, in.s, in.n]}\n"
     "name: outputSize, type: ivec4, offset: 16, values: [out.w, out.h, out.n * out.s, out.n]}\n"
     "name: pad, type: ivec2, offset: 32, values: [pad_left, pad_top]}\n"
     "name: kernelSize, type: ivec2, offset: 40, values: [kernel_w, kernel_h]}\n"
     "name: stride, type: ivec2, offset: 48, values: [stride_w, stride_h]}\n"
     "name: scale, type: vec2, offset: 56, values: [\"?\", \"?\"]}\n"
     "dispatch: {threads: [out.w, out.h, out.n * out.s]}",                                                                                                            "when: in.n == 1  #"},
    {"relu",       "layout(push_constant) uniform P { ivec4 outputSize; } p;",
     "ivec3 at = ivec3(gl_GlobalInvocationID); if (at.x >= p.outputSize.w || at.y >= "
     "p.outputSize.z) return; y[at.x] = x[at.y];",                                                                                                                                              "values: [\"?\", \"?\", \"?\", \"?\"]}",                                                    "threads: [out.n"   }, // n, c, h, w
    {"relu",
     "layout(constant_id = 3) const int outw = 0; layout(constant_id = 4) const int k = 0;"
     "layout(push_constant) uniform P { int outw, outh, outc; } p;",                                      "ivec3 at = ivec3(gl_GlobalInvocationID); if (at.x >= (outw == 0 ? p.outw : outw) || "
     "at.y >= p.outh || at.z >= p.outc) return; y[at.x + at.y + at.z] = x[k];",                                             "{id: 3, name: outw, type: int, value: 0}  # guess: 0 is its default, and a push\n"
     "{id: 4, name: k, type: int, value: \"?\"}\n"
     "when: in.n == 1  # guess: its invocations end at out.s along z\n"
     "dispatch: {threads: [out.w, out.h, out.s]}  # guess: the shader compares",                                                         NULL                },
    {"relu",       "layout(push_constant) uniform P { int outw, outh, outc, batch; } p;",
     "uvec3 at = gl_GlobalInvocationID; if (at.x < p.outw * p.outh && at.y < p.outc * p.batch) "
     "y[at.x] = x[at.y];",                                                                                                                                                                      "dispatch: {threads: [out.w * out.h, out.s * in.n]}",                                       "when: in.n == 1  #"},
    {"relu",       "layout(push_constant) uniform P { uint ne; } p;",
     "uint i = gl_GlobalInvocationID.z * 262144 + gl_GlobalInvocationID.y * 512 + "
     "gl_GlobalInvocationID.x; if (i < p.ne) y[i] = x[i];",                                                                                                                                     "threads: [512, \"min(512, ceil_div(out.count, 512))\", \"ceil_div(out.count, 262144)\"]}",
     NULL                                                                                                                                                                                                                                                                                                       },
    {"relu",       "layout(push_constant) uniform P { int outw, outh; } p;",
     "ivec3 at = ivec3(gl_GlobalInvocationID); if (at.x < p.outw && at.y < p.outh) "
     "y[at.z] = x[at.y];",                                                                                                                                                                      "threads: [out.w, out.h, \"out.n * out.s\"]}  # guess: the shader compares "
     "gl_GlobalInvocationID with these, but along z",                                                                                                                                                                                                             NULL                },
    {"relu",       "layout(push_constant) uniform P { int outw; } p;",
     "ivec3 at = ivec3(gl_GlobalInvocationID); if (at.x < p.outw) y[at.y] = x[at.y];",                                                                                                          "guess: a pixel and four channels each",                                                    "threads: [out.w]"  }, // y is used
    {"relu",       "",                                                                                    "y[gl_WorkGroupID.x] = x[gl_WorkGroupID.x];",                                         "dispatch: {groups: [\"?\"]}",
     "threads"                                                                                                                                                                                                                                                                                                  },
    {"conv2d",
     "layout(binding = 3) readonly buffer Bias { vec4 bias[]; };"
     "layout(push_constant) uniform P { int activation_type; } p;",                                       "y[gl_GlobalInvocationID.x] = x[0] + bias[p.activation_type];",
     "tensor: bias, index: o, elements: out.s * 4, fill: zero}  # guess: named \"Bias\"; vec4\n"
     "type: int, offset: 0, value: \"?\"}  # ? the engine's number",                                                                                                                                                                                                                        "value: act"        },
    {"add",        "layout(push_constant) uniform P { uint ne00, nb02, ne13, nb23, a_offset, ne30; } p;",
     "y[gl_GlobalInvocationID.x] = x[p.ne00 + p.nb02 + p.ne13 + p.nb23 + p.a_offset + p.ne30];",                                                                                                "name: ne00, type: uint, offset: 0, value: a.w}\n"
     "name: nb02, type: uint, offset: 4, value: a.h * a.w}\n"
     "name: ne13, type: uint, offset: 8, value: b.n}\n"
     "name: nb23, type: uint, offset: 12, value: out.c * out.h * out.w}\n"
     "name: a_offset, type: uint, offset: 16, value: 0}\n"
     "name: ne30, type: uint, offset: 20, value: \"?\"}",                                                                                                                                   NULL                },
    {"relu",
     "struct M { uvec4 sizes[2]; uint numel; }; "
     "layout(binding = 5) uniform O { M outp, two[2]; };",                                                "uint i = gl_GlobalInvocationID.x; if (i < outp.numel) y[i] = x[two[1].sizes[1].x];",
     "name: outp.sizes, type: uvec4, offset: 0, values: [out.w, out.h, out.c, out.n, 1, 1, 1, 1]}\n"
     "name: \"two[1].numel\", type: uint, offset: 128, value: in.count}\n"
     "dispatch: {threads: [out.count]}",                                                                                                                                                                                                                                                    NULL                },
};

static char *draft_text(const char *op, const char *head, const char *declarations,
                        const char *body)
{
    assay_error error = {0};
    const assay_compile_options none = {0};
    char *text = NULL;
    FILE *file = fopen(shader_path("draft.comp"), "w");
    assert_non_null(file);
    fprintf(file, "%s%s\nvoid main() { %s }\n", head, declarations, body);
    fclose(file);
    if (assay_manifest_draft(shader_path("draft.comp"), assay_operator_find(op), &none, &text,
                             &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    return text;
}

static void reads_what_the_shader_says(void **state)
{
    static const char head[] = "#version 450\n"
                               "layout(local_size_x = 8) in;\n"
                               "layout(binding = 0) readonly buffer A { vec4 x[]; };\n"
                               "layout(binding = 1) writeonly buffer B { vec4 y[]; };\n";
    (void)state;
    for (size_t i = 0; i < sizeof shaders / sizeof *shaders; i++) {
        char *text = draft_text(shaders[i].op, head, shaders[i].declarations, shaders[i].body);
        char line[200];
        for (const char *at = shaders[i].says; *at; at += strlen(line) + (at[strlen(line)] != 0)) {
            snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
            if (!strstr(text, line))
                fail_msg("%zu: no \"%s\" in:\n%s", i, line, text);
        }
        if (shaders[i].not &&strstr(text, shaders[i].not ))
            fail_msg("%zu: \"%s\" in:\n%s", i, shaders[i].not, text);
        free(text);
    }
}

static void reads_images_of_one_layer(void **state)
{
    static const char head[] = "#version 450\n"
                               "layout(local_size_x = 8) in;\n"
                               "layout(binding = 0) uniform sampler2D uInput;\n"
                               "layout(binding = 1) writeonly uniform image2D uOutput;\n"
                               "layout(binding = 2) uniform sampler2D uKernel;\n";
    (void)state;
    char *text = draft_text("conv2d", head, "",
                            "ivec2 at = ivec2(gl_GlobalInvocationID.xy); "
                            "imageStore(uOutput, at, texelFetch(uInput, at, 0) * "
                            "texelFetch(uKernel, at, 0));");
    assert_non_null(strstr(text, "tensor: in, sampler: {filter: nearest, address: edge}, texel: "
                                 "[c / 4 * in.w + w, n * in.h + h], lane: c % 4, size: [in.s * "
                                 "in.w, in.n * in.h]}  # guess: named \"uInput\"; slices side"));
    assert_non_null(strstr(text, "size: [out.s * out.w, out.n * out.h], gaps: free}"));
    assert_non_null(strstr(text, "texel: [\"?\", \"?\"], lane: \"?\", size: [\"?\", \"?\"]}"));
    free(text);
}

static void reads_images_of_one_lane(void **state)
{
    static const char head[] = "#version 450\n"
                               "layout(local_size_x = 8) in;\n"
                               "layout(binding = 0, r16f) readonly uniform image3D uInput;\n"
                               "layout(binding = 1, r16f) writeonly uniform image3D uOutput;\n"
                               "layout(binding = 2) uniform sampler1D uSlope;\n";
    (void)state;
    char *text = draft_text("prelu", head, "",
                            "ivec3 at = ivec3(gl_GlobalInvocationID);"
                            "imageStore(uOutput, at, imageLoad(uInput, at) * "
                            "texelFetch(uSlope, at.z, 0));");
    assert_non_null(strstr(text, "precisions: [f16s]"));
    assert_non_null(strstr(text, "tensor: in, texel: [w, h, n * in.c + c], size: [in.w, in.h, "
                                 "in.n * in.c], lanes: 1}  # guess: named \"uInput\"; a channel"));
    assert_non_null(strstr(text, "\"out.n * out.c\""));
    assert_non_null(strstr(text, "texel: [c / 4], lane: c % 4, size: [in.s], fill: zero}"));
    free(text);
}

// An open question is no value, wherever it stands.
static void open_questions_are_refused(void **state)
{
    static const char yaml[] = "kernel: x\noperator: relu\nprecisions: [f32]\nlayouts: [nchw]\n"
                               "contract: {accumulator: f32}\nbindings:\n"
                               "  - {binding: 0, tensor: \"?\"}\n";
    assay__manifest manifest;
    assay_error error = {0};
    (void)state;
    assert_int_equal(assay__manifest_create("m.yaml", yaml, sizeof yaml - 1, 1, &manifest, &error),
                     ASSAY_MANIFEST);
    assert_non_null(strstr(error.message, "m.yaml:7: a question is still open"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guesses_tensors_with_names),
        cmocka_unit_test(guesses_tensors_without_names),
        cmocka_unit_test(says_what_it_knows_and_what_not),
        cmocka_unit_test(reads_what_the_shader_says),
        cmocka_unit_test(reads_images_of_one_layer),
        cmocka_unit_test(reads_images_of_one_lane),
        cmocka_unit_test(open_questions_are_refused),
    };
    static const char *const files[] = {"draft.spv", "draft.comp", NULL};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    shader_clean(files);
    return failed;
}
