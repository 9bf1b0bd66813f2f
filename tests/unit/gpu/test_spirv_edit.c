// SPDX-License-Identifier: Apache-2.0
// Modules that are rewritten stay modules: those of every kernel of the project, and one that has
// all that may stand in shared memory. And what debug information says of lines.
#include "gpu/debug_lines.h"
#include "gpu/kernel_internal.h"
#include "gpu/spirv_edit.h"
#include "tests/unit/gpu/shader_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char shader[] =
    "/*---\n"
    "kernel: copy\n"
    "operator: relu\n"
    "precisions: [f32]\n"
    "layouts: [nchw]\n"
    "contract: {accumulator: f32}\n"
    "bindings: [{binding: 0, tensor: in}, {binding: 1, tensor: out}]\n"
    "constants: [{id: 3, name: n, type: int, value: 5}]\n"
    "dispatch: {groups: [1]}\n"
    "---*/\n"
    "#version 450\n"
    "layout(local_size_x = 64) in;\n"
    "layout(constant_id = 3) const int N = 5;\n"
    "struct Both { vec3 v; int i[3]; mat2x3 m; bool b; };\n"
    "shared float plain;\n"
    "shared vec4 tile[N + 1][17][N];\n"
    "shared Both both[4];\n"
    "shared bool flag;\n"
    "layout(std430, binding = 0) readonly buffer In { float x[]; };\n"
    "layout(std430, binding = 1) buffer Out { float y[]; };\n"
    "void main() {\n"
    "    uint i = gl_LocalInvocationIndex;\n"
    "    tile[i % N][i % 17][1].x = x[i];\n"
    "    both[i % 4].v = vec3(x[i]); both[0].i[i % 3] = 1; both[1].m[0][0] = x[2];\n"
    "    both[2].b = true; plain = x[1]; flag = x[0] > 0.0;\n"
    "    barrier();\n"
    "    y[i] = plain + tile[0][1][i % N].x +\n"
    "        both[3].v.y + float(both[1].i[2]) +\n"
    "        both[1].m[1][1] + (flag && both[2].b ? 1.0 : 0.0) +\n"
    "        float(gl_NumWorkGroups.y);\n"
    "}\n";

// The rewritten module is valid, and needs what the old one needed.
static void must_be_module(const assay__module *from, uint32_t *words, size_t count)
{
    assay__module module;
    assay_error error = {0};
    if (assay__module_create(words, count * 4, "rewritten", from->entry, &module, &error) !=
        ASSAY_OK)
        fail_msg("%s", error.message);
    assert_int_equal(module.binding_count, from->binding_count);
    assert_memory_equal(module.local, from->local, sizeof module.local);
    assay__module_destroy(&module);
    free(words);
}

static void rewrite(const assay__module *m)
{
    static const uint32_t groups[3] = {7, 65535, 1};
    assay_error error = {0};
    uint32_t *words;
    size_t count;
    assert_int_equal(assay__shared_fill(m, 64, 0x7FFF7FFF, -1, &words, &count, &error), ASSAY_OK);
    must_be_module(m, words, count);
    if (!assay__reads_group_count(m))
        return;
    assert_int_equal(assay__fix_group_count(m, groups, &words, &count, &error), ASSAY_OK);
    assay__module fixed = {.words = words, .word_count = count};
    assert_false(assay__reads_group_count(&fixed));
    must_be_module(m, words, count);
}

static void test_every_kernel_can_be_rewritten(void **state)
{
    (void)state;
    assay_kernels kernels = {0};
    assay_error error = {0};
    int with_shared = 0, with_count = 0;
    assert_int_equal(assay_kernels_builtin(&kernels, &error), ASSAY_OK);
    for (int i = 0; i < kernels.count; i++) {
        const assay__module *m = kernels.items[i]->module[0];
        with_shared += assay__shared_count(m) > 0;
        with_count += assay__reads_group_count(m);
        rewrite(m);
    }
    assert_true(with_shared > 10);
    assert_true(with_count > 10);
    assay_kernels_destroy(&kernels);
}

// Every variable of shared memory is stored to: OpStore instructions behind the last function.
static void test_all_kinds_of_variables(void **state)
{
    (void)state;
    assay_kernels kernels = {0};
    assay_error error = {0};
    if (shader_load(&kernels, shader, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    const assay__module *m = kernels.items[0]->module[0];
    assert_int_equal(assay__shared_count(m), 4);
    for (int only = -1; only < 4; only++) {
        uint32_t *words;
        size_t count, stores = 0, at = m->word_count;
        assert_int_equal(assay__shared_fill(m, 64, 0x7BFF7BFF, only, &words, &count, &error),
                         ASSAY_OK);
        const assay__module made = {.words = words, .word_count = count};
        const uint32_t *word;
        size_t last = 0;
        for (at = 5; (word = assay__spirv_at(&made, at)); at += *word >> 16) {
            if ((*word & 0xFFFF) == 54) // OpFunction
                last = at;
        }
        for (at = last; (word = assay__spirv_at(&made, at)); at += *word >> 16)
            stores += (*word & 0xFFFF) == 62; // OpStore
        assert_int_equal(stores, only < 0 ? 4 : 1);
        must_be_module(m, words, count);
    }
    rewrite(m);
    assay_kernels_destroy(&kernels);
}

static void test_lines_of_instructions(void **state)
{
    (void)state;
    assay_kernels kernels = {0};
    assay_error error = {0};
    char line[256];
    if (shader_load(&kernels, shader, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    const assay__module *m = kernels.items[0]->module[0];
    static const struct {
        const char *name, *line;
    } rows[] = {
        {"plain", ".comp:27"},
        {"tile",  ".comp:27"},
        {"both",  ".comp:28"},
        {"flag",  ".comp:29"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t id = 0;
        for (int k = 0; k < 4; k++)
            if (strcmp(assay__name_of(m, assay__shared_id(m, k)), rows[i].name) == 0)
                id = assay__shared_id(m, k);
        assert_true(id > 0);
        assay__line_of(m, assay__first_read(m, id), line, sizeof line);
        if (!strstr(line, rows[i].line))
            fail_msg("%s is read at \"%s\"", rows[i].name, line);
    }
    assert_int_equal(assay__first_read(m, m->words[3] - 1), 0);
    assert_string_equal(assay__line_of(m, 6, line, sizeof line), "");
    assay_kernels_destroy(&kernels);
}

static void test_lines_of_messages(void **state)
{
    (void)state;
    char place[64];
    size_t length;
    const char *said = "out of bounds. Command buffer (0x55). Shader Instruction Index = 94.  "
                       "Shader validation error occurred in file x.comp at line 27.Unable to";
    assert_string_equal(assay__message_place(said, place, sizeof place, &length), "x.comp:27: ");
    assert_int_equal(length, strlen("out of bounds."));
    said = "a message at line 4 of nothing";
    assert_string_equal(assay__message_place(said, place, sizeof place, &length), "");
    assert_int_equal(length, strlen(said));
}

static void test_relaxed_precision_is_named(void **state)
{
    (void)state;
    assay_kernels kernels = {0};
    assay_error error = {0};
    char *text = shader_edit(shader, "float x[]", "mediump float x[]");
    assert_int_equal(shader_load(&kernels, text, &error), ASSAY_MANIFEST);
    if (!strstr(error.message, "(mediump): \"In\" and at ") || !strstr(error.message, ".comp:23"))
        fail_msg("%s", error.message);
    free(text);
    assay_kernels_destroy(&kernels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kernel_can_be_rewritten),
        cmocka_unit_test(test_all_kinds_of_variables),
        cmocka_unit_test(test_lines_of_instructions),
        cmocka_unit_test(test_lines_of_messages),
        cmocka_unit_test(test_relaxed_precision_is_named),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    shader_clean((const char *const[]){"shader.comp", NULL});
    return failed;
}
