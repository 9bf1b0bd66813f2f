// SPDX-License-Identifier: Apache-2.0
// Devices, modules that are none, and the cache.
#include "gpu/gpu_internal.h"
#include "gpu/module.h"
#include "tests/unit/gpu/driver_leaks.h"
#include "tests/unit/gpu/shader_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void lists_and_opens(void **state)
{
    (void)state;
    assay_device_info *list;
    assay_device *device;
    assay_error error = {0};
    int count;
    if (assay_device_list(&list, &count, &error) != ASSAY_OK)
        fail_msg("no device: %s", error.message);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        char selector[16];
        snprintf(selector, sizeof selector, "%d", i);
        assert_int_equal(list[i].index, i);
        assert_true(list[i].name[0] && list[i].driver[0] && strlen(list[i].uuid) == 32);
        assert_true(list[i].max_group_invocations >= 128 && list[i].max_push_bytes >= 128);
        assert_int_equal(
            assay_device_open(&(assay_device_options){.selector = selector}, &device, &error),
            ASSAY_OK);
        assert_string_equal(assay_device_get_info(device)->name, list[i].name);
        assay_device_close(device);
    }
    free(list);
    assert_int_equal(
        assay_device_open(&(assay_device_options){.selector = "no such device"}, &device, &error),
        ASSAY_NO_DEVICE);
    assert_null(device);
    assay_device_close(NULL);
}

static void says_what_is_missing(void **state)
{
    (void)state;
    assay_device_info *list;
    assay_error error = {0};
    int count;
    char *before = getenv("VK_DRIVER_FILES") ? strdup(getenv("VK_DRIVER_FILES")) : NULL;
    setenv("VK_DRIVER_FILES", "/nowhere/icd.json", 1);
    assert_int_equal(assay_device_list(&list, &count, &error), ASSAY_NO_DEVICE);
    assert_null(list);
    assert_non_null(strstr(error.message, "VK_DRIVER_FILES is \"/nowhere/icd.json\""));
    if (before)
        setenv("VK_DRIVER_FILES", before, 1);
    else
        unsetenv("VK_DRIVER_FILES");
    free(before);
}

static void says_that_the_layer_is_missing(void **state)
{
    (void)state;
    assay_device *device;
    assay_error error = {0};
    setenv("VK_LAYER_PATH", "/nowhere", 1); // replaces where explicit layers are looked for
    assert_false(assay_validation_available());
    assert_int_equal(assay_device_open(&(assay_device_options){.validate = ASSAY_VALIDATE_CORE},
                                       &device, &error),
                     ASSAY_UNSUPPORTED);
    assert_non_null(strstr(error.message, "vulkan-validationlayers"));
    unsetenv("VK_LAYER_PATH");
    assert_true(assay_validation_available());
}

static void rejects_what_is_no_module(void **state)
{
    (void)state;
    static const uint32_t head[] = {0x07230203, 0x00010300, 0, 8, 0};
    static const uint32_t swapped[] = {0x03022307, 0, 0, 0, 0};
    static const uint32_t zero[] = {0x07230203, 0x00010300, 0, 8, 0, 0};
    static const uint32_t endless[] = {0x07230203, 0x00010300, 0, 8, 0, 0xFFFF0011, 1};
    static const struct {
        const void *data;
        size_t bytes;
        const char *says;
    } rows[] = {
        {"",                          0,                           "too few"                },
        {head,                        19,                          "too few"                },
        {"#version 450 is no SPIR-V", 24,                          "it starts with 72657623"},
        {swapped,                     sizeof swapped,              "other byte order"       },
        {head,                        sizeof head,                 "spirv-val rejects"      },
        {zero,                        sizeof zero,                 "spirv-val rejects"      },
        {zero,                        sizeof zero - 1,             "not a multiple of 4"    },
        {endless,                     sizeof endless,              "spirv-val rejects"      },
        {head,                        ASSAY__MODULE_BYTES_MAX + 4, "too many"               },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assay__module module;
        assay_error error = {0};
        assert_int_equal(
            assay__module_create(rows[i].data, rows[i].bytes, "x.spv", "main", &module, &error),
            ASSAY_SPIRV);
        if (strncmp(error.message, "x.spv: ", 7) != 0 || !strstr(error.message, rows[i].says))
            fail_msg("%s", error.message);
        assay__module_destroy(&module);
    }
}

static const assay__shader *some_shader(void)
{
    const assay__shader *shader = assay__probe_shader("probe_arithmetic");
    assert_non_null(shader);
    assert_null(assay__probe_shader("no_such_probe"));
    return shader;
}

// Every cut and many single changes of a real module: accepted or refused, never a crash.
static void survives_damaged_modules(void **state)
{
    (void)state;
    const assay__shader *shader = some_shader();
    uint32_t *words = malloc(shader->word_count * 4);
    uint32_t random = 1;
    int refused = 0;
    for (int i = 0; i < 400; i++) {
        assay__module module;
        size_t count =
            i < 200 ? 5 + (size_t)i * (shader->word_count - 6) / 200 : shader->word_count;
        memcpy(words, shader->words, count * 4);
        random = random * 1664525 + 1013904223;
        if (i >= 200)
            words[5 + random % (shader->word_count - 5)] ^= 1u << (random >> 27);
        assay_status status =
            assay__module_create(words, count * 4, "x.spv", "main", &module, NULL);
        refused += status != ASSAY_OK;
        if (i < 200)
            assert_int_not_equal(status, ASSAY_OK);
        assay__module_destroy(&module);
    }
    assert_true(refused > 200);
    free(words);
}

static void loads_modules_beside_manifests(void **state)
{
    (void)state;
    static const char yaml[] = "kernel: p\noperator: relu\nprecisions: [f32]\nlayouts: [nchw]\n"
                               "contract: {accumulator: f32}\n"
                               "bindings:\n  - {binding: 90, tensor: in}\n"
                               "  - {binding: 91, tensor: out}\n"
                               "dispatch: {groups: [1]}\n";
    const assay__shader *shader = some_shader();
    assay_kernels kernels = {0};
    assay_error error = {0};
    shader_write("p.yaml", yaml, strlen(yaml));
    assert_int_equal(assay_kernels_load(&kernels, shader_path("p.yaml"), &error), ASSAY_READ);
    assert_non_null(strstr(error.message, "p.spv and no .comp of that name"));
    shader_write("p.spv", shader->words, shader->word_count * 4);
    assert_int_equal(assay_kernels_load(&kernels, shader_path("p.spv"), &error), ASSAY_MANIFEST);
    assert_non_null(strstr(error.message, "p.yaml:7: the shader has no set 0, binding 90"));
    assert_int_equal(assay_kernels_load(&kernels, shader_path(""), &error), ASSAY_MANIFEST);
    assert_int_equal(assay_kernels_load(&kernels, "/nowhere", &error), ASSAY_READ);
    assert_int_equal(assay_kernels_load(&kernels, "/dev/null", &error), ASSAY_USAGE);
    assert_int_equal(kernels.count, 0);
    assay_kernels_destroy(&kernels);
}

static void keeps_a_cache(void **state)
{
    (void)state;
    char path[512], other[512];
    void *data;
    size_t bytes;
    char *before = getenv("XDG_CACHE_HOME") ? strdup(getenv("XDG_CACHE_HOME")) : NULL;
    setenv("XDG_CACHE_HOME", shader_path("cache"), 1);
    assert_true(assay__cache_path("a/b", path, sizeof path));
    assert_non_null(strstr(path, "/cache/assay/a/b"));
    assert_false(assay__cache_path("a/b", other, 10));
    assert_false(assay__cache_read(path, &data, &bytes));
    assay__cache_write(path, "", 0);
    assert_false(assay__cache_read(path, &data, &bytes)); // empty
    assay__cache_write(path, "something", 9);
    assert_true(assay__cache_read(path, &data, &bytes));
    assert_int_equal(bytes, 9);
    assert_memory_equal(data, "something", 9);
    free(data);
    unlink(path);
    assay__cache_write("/nowhere/at/all", "x", 1); // silently nothing
    setenv("XDG_CACHE_HOME", "relative", 1);
    assert_true(assay__cache_path("mesa", path, sizeof path));
    assert_null(strstr(path, "relative"));
    if (before)
        setenv("XDG_CACHE_HOME", before, 1);
    else
        unsetenv("XDG_CACHE_HOME");
    free(before);
}

int main(void)
{
    static const char *const files[] = {"p.yaml", "p.spv", NULL};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_and_opens),
        cmocka_unit_test(says_what_is_missing),
        cmocka_unit_test(says_that_the_layer_is_missing),
        cmocka_unit_test(rejects_what_is_no_module),
        cmocka_unit_test(survives_damaged_modules),
        cmocka_unit_test(loads_modules_beside_manifests),
        cmocka_unit_test(keeps_a_cache),
    };
    int failed = cmocka_run_group_tests_name("device", tests, NULL, NULL);
    char folder[300];
    static const char *const made[] = {"cache/assay/a", "cache/assay", "cache"};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        snprintf(folder, sizeof folder, "%s", shader_path(made[i]));
        rmdir(folder);
    }
    shader_clean(files);
    return failed;
}
