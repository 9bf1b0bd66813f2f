// SPDX-License-Identifier: Apache-2.0
// Index maps: the table is what the expression says at every element, row by row or not, and quick.
#include "gpu/gpu_internal.h"
#include "gpu/map.h"
#include "tests/unit/gpu/shader_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// Nothing is run: the shader is there to be described.
static const char source[] = "/*---\n"
                             "kernel: mapped\n"
                             "operator: relu\n"
                             "precisions: [f32]\n"
                             "layouts: [nchw]\n"
                             "contract: {accumulator: f32}\n"
                             "bindings:\n"
                             "  - {binding: 0, tensor: in, index: \"INDEX\"}\n"
                             "  - {binding: 1, tensor: out}\n"
                             "dispatch: {threads: [1]}\n"
                             "---*/\n"
                             "#version 450\n"
                             "layout(std430, binding = 0) readonly buffer In { float x[]; };\n"
                             "layout(std430, binding = 1) writeonly buffer Out { float y[]; };\n"
                             "void main() { y[0] = x[0]; }\n";

static assay_problem problem_of(int64_t n, int64_t c, int64_t h, int64_t w)
{
    assay_problem problem;
    assay_error error = {0};
    assay_problem_init(&problem, assay_operator_find("relu"));
    problem.input[0] = (assay_shape){
        4, {n, c, h, w}
    };
    if (assay_problem_infer(&problem, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    return problem;
}

static void load(assay_kernels *kernels, const char *index)
{
    assay_error error = {0};
    char *text = shader_edit(source, "INDEX", index);
    if (shader_load(kernels, text, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    free(text);
}

// Each element by itself, through nothing that the map has.
static void check(const char *index, const assay_problem *problem)
{
    assay_kernels kernels = {0};
    assay_error error = {0};
    assay__map *map;
    load(&kernels, index);
    const assay_kernel *k = kernels.items[0];
    if (assay__map_create(k, problem, 0, ASSAY_ELEMENTS_MAX, &map, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    int64_t at[ASSAY_RANK_MAX], expected, used = 0, most = 0, number = 0;
    const int64_t *dim = problem->input[0].dim;
    assay__scope scope = {.info = &k->info, .problem = problem};
    assay__element_scope element = {&scope, "nchw", at};
    for (at[0] = 0; at[0] < dim[0]; at[0]++)
        for (at[1] = 0; at[1] < dim[1]; at[1]++)
            for (at[2] = 0; at[2] < dim[2]; at[2]++)
                for (at[3] = 0; at[3] < dim[3]; at[3]++, number++) {
                    assert_int_equal(assay__expression_value(k->view[0].index,
                                                             assay__element_lookup, &element,
                                                             &expected, &error),
                                     ASSAY_OK);
                    assert_int_equal(map->at[number], expected);
                    assert_true(assay__map_uses(map, expected));
                    most = expected > most ? expected : most;
                }
    assert_int_equal(map->count, number);
    assert_int_equal(map->elements, most + 1);
    for (int64_t i = 0; i < map->elements; i++)
        used += assay__map_uses(map, i);
    assert_int_equal(used, number); // nothing else is marked
    assay__map_destroy(map);
    assay_kernels_destroy(&kernels);
}

static void is_what_the_expression_says(void **state)
{
    (void)state;
    static const char *const indices[] = {
        "((n * in.c + c) * in.h + h) * in.w + w",
        "((n * ceil_div(in.c, 4) + c / 4) * in.h * in.w + h * in.w + w) * 4 + c % 4",
        "((n * in.w + w) * in.h + h) * in.c + in.c - 1 - c", // w outermost, c backwards
        "(n * in.c + c) * in.h * in.w + (h + 1) * in.w - 1 - w",
        "(n * in.c + c) * in.h * in.w + h * in.w + (h % 2 ? in.w - 1 - w : w)", // row by row back
                                                                                // and forth
        "(n * in.c + c) * in.h * in.w + h * in.w + (w < 2 ? w : in.w + 1 - w)",
        "(n * in.c + c) * 1000 + h * 100 + w * w",
        "w * 3 + h * 300 + (c + n * in.c) * 3000 + w % 2",
        "((c * in.n + n) * in.w + w) * in.h + (in.h > 100 ? 1 / (h - h) : h)",
        "(n * in.c + c) * in.h * in.w + h * in.w + min(w, in.w) + 0 * -w + abs(w - w)",
        "w == 0 ? n * 1000 + c * 100 + h : 5000 + ((n * in.c + c) * in.h + h) * in.w + w",
    };
    const assay_problem problems[] = {problem_of(2, 5, 3, 7), problem_of(1, 1, 1, 1),
                                      problem_of(3, 9, 1, 2), problem_of(2, 3, 8, 1)};
    for (size_t i = 0; i < sizeof indices / sizeof *indices; i++)
        for (size_t p = 0; p < sizeof problems / sizeof *problems; p++)
            check(indices[i], &problems[p]);
}

// Linear in w: what overflows does so at an end of the row, and is found there.
static void finds_what_is_out_of_range_inside_of_a_row(void **state)
{
    (void)state;
    static const char *const indices[] = {
        "w * 2147483647",
        "w * 4611686018427387904",
        "10 - w * 3 + h * 100 + n * 1000 + c * 10000",
        "w == 3 ? -1 : w",
    };
    for (size_t i = 0; i < sizeof indices / sizeof *indices; i++) {
        assay_kernels kernels = {0};
        assay_error error = {0};
        assay__map *map;
        assay_problem problem = problem_of(1, 1, 1, 9);
        load(&kernels, indices[i]);
        assert_int_equal(
            assay__map_create(kernels.items[0], &problem, 0, ASSAY_ELEMENTS_MAX, &map, &error),
            ASSAY_MANIFEST);
        assert_null(map);
        assert_non_null(strstr(error.message, "shader.comp:8: index of \"in\""));
        assay_kernels_destroy(&kernels);
    }
}

static void leaves_what_no_buffer_holds(void **state)
{
    (void)state;
    assay_kernels kernels = {0};
    assay_error error = {0};
    assay__map *map;
    assay_problem problem = problem_of(1, 1, 1, 9);
    load(&kernels, "w * 1000");
    assert_int_equal(assay__map_create(kernels.items[0], &problem, 0, 8000, &map, &error),
                     ASSAY_LIMIT);
    assert_non_null(strstr(error.message, "8001 elements of memory; 8000 can be bound"));
    assert_int_equal(assay__map_create(kernels.items[0], &problem, 0, 8001, &map, &error),
                     ASSAY_OK);
    assay__map_destroy(map);
    assay_kernels_destroy(&kernels);
}

// Millions of elements a second, also where nothing is linear along a row; the limit is far off.
static void is_quick(void **state)
{
    (void)state;
    static const struct {
        const char *what, *index;
        int64_t h, w;
    } rows[] = {
        {"rows",     "(n * in.c / 4 + c / 4) * in.h * in.w * 4 + (h * in.w + w) * 4 + c % 4", 512, 512   },
        {"elements", "(c / 4 * in.w + w / 4) * 16 + w % 4 * 4 + c % 4",                       1,   262144},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assay_kernels kernels = {0};
        assay_error error = {0};
        assay__map *map;
        assay_problem problem = problem_of(1, 16, rows[i].h, rows[i].w);
        load(&kernels, rows[i].index);
        double start = assay__seconds();
        assert_int_equal(
            assay__map_create(kernels.items[0], &problem, 0, ASSAY_ELEMENTS_MAX, &map, &error),
            ASSAY_OK);
        double rate = (double)map->count / (assay__seconds() - start);
        print_message("%s: %.1f million elements a second\n", rows[i].what, rate * 1e-6);
        assert_true(rate > 1e5); // also sanitized, on a busy machine
        assay__map_destroy(map);
        assay_kernels_destroy(&kernels);
    }
}

int main(void)
{
    static const char *const files[] = {"shader.comp", NULL};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_what_the_expression_says),
        cmocka_unit_test(finds_what_is_out_of_range_inside_of_a_row),
        cmocka_unit_test(leaves_what_no_buffer_holds),
        cmocka_unit_test(is_quick),
    };
    int failed = cmocka_run_group_tests_name("map", tests, NULL, NULL);
    shader_clean(files);
    return failed;
}
