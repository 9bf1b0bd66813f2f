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
        cmocka_unit_test(open_questions_are_refused),
    };
    static const char *const files[] = {"draft.spv", "draft.comp", NULL};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    shader_clean(files);
    return failed;
}
