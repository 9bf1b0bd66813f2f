// SPDX-License-Identifier: Apache-2.0
#include "gpu/gpu_internal.h"
#include "gpu/probe_internal.h"
#include "tests/unit/gpu/driver_leaks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static assay_device *device;
static char folder[64];

static int open_device(void **state)
{
    (void)state;
    assay_error error = {0};
    snprintf(folder, sizeof folder, "/tmp/assay-probe-XXXXXX");
    if (!mkdtemp(folder) || setenv("XDG_CACHE_HOME", folder, 1) != 0)
        return -1;
    assay_status status = assay_device_open(&(assay_device_options){0}, &device, &error);
    if (status != ASSAY_OK)
        print_error("%s\n", error.message);
    return status == ASSAY_OK ? 0 : -1;
}

static int close_device(void **state)
{
    (void)state;
    char command[128];
    assay_device_close(device);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

// What a device would return that rounds the exact sum of a and b in one direction.
static float rounded(double exact, const char *how)
{
    float nearest = (float)exact;
    double rest = exact - (double)nearest;
    bool up = strcmp(how, "up") == 0 || (strcmp(how, "rtz") == 0 && exact < 0);
    if (rest == 0 || strcmp(how, "rte") == 0 || (rest < 0) == up)
        return nearest;
    return assay__next_f32(nearest, up);
}

static assay__rounding tally(const char *how, const char *how_later)
{
    assay__rounding r = assay__rounding_start();
    for (int i = 0; i < 1000; i++) {
        double exact = (i % 2 ? -1 : 1) * (1 + i * 0x1.3p-26);
        float nearest = (float)exact;
        double rest = exact - (double)nearest;
        assay__rounding_note(&r, rounded(exact, i < 500 ? how : how_later), nearest, rest,
                             assay__next_f32(nearest, rest > 0));
    }
    return r;
}

static void names_each_direction(void **state)
{
    (void)state;
    static const char *const directions[] = {"rte", "rtz", "up", "down"};
    for (int i = 0; i < 4; i++) {
        assay__rounding r = tally(directions[i], directions[i]);
        assert_string_equal(assay__rounding_name(&r), directions[i]);
        r = tally(directions[i], directions[(i + 1) % 4]);
        assert_string_equal(assay__rounding_name(&r), "mixed");
    }
}

static void finds_results_that_are_no_neighbour(void **state)
{
    (void)state;
    assay__rounding r = assay__rounding_start();
    float other = assay__next_f32(1, true);
    assay__rounding_note(&r, 1, 1, 0x1p-30, other);
    assert_string_equal(assay__rounding_name(&r), "rte"); // of "down" and it
    assay__rounding_note(&r, assay__next_f32(other, true), 1, 0x1p-30, other);
    assert_string_equal(assay__rounding_name(&r), "wrong");

    r = assay__rounding_start();
    assay__rounding_note(&r, other, 1, 0, other); // an exact result must be itself
    assert_string_equal(assay__rounding_name(&r), "wrong");
    r = assay__rounding_start();
    assay__rounding_note(&r, NAN, 1, 0x1p-30, other);
    assert_string_equal(assay__rounding_name(&r), "wrong");
}

static void steps_between_numbers(void **state)
{
    (void)state;
    assert_true(assay__next_f32(1, true) == 1 + FLT_EPSILON);
    assert_true(assay__next_f32(1, false) == 1 - FLT_EPSILON / 2);
    assert_true(assay__next_f32(-1, true) == -1 + FLT_EPSILON / 2);
    assert_true(assay__next_f32(-1, false) == -1 - FLT_EPSILON);
    assert_true(assay__next_f32(0, true) == FLT_TRUE_MIN);
    assert_true(assay__next_f32(0, false) == -FLT_TRUE_MIN);
    assert_true(assay__ulp_f32(1.5) == 0x1p-23);
    assert_true(assay__ulp_f32(-0.75) == 0x1p-24);
    assert_true(assay__ulp_f32(0x1p-140) == 0x1p-149);
    assert_true(assay__ulp_f32(0) == 0x1p-149);
}

static const char *value_of(const assay_probe *probe, const char *name)
{
    for (int i = 0; i < probe->count; i++)
        if (strcmp(probe->rows[i].name, name) == 0)
            return probe->rows[i].value;
    fail_msg("no row %s", name);
    return "";
}

static bool is(const assay_probe *probe, const char *name, const char *value)
{
    return strcmp(value_of(probe, name), value) == 0;
}

static void probes_the_device(void **state)
{
    (void)state;
    assay_error error = {0};
    assay_probe probe;
    assert_int_equal(assay_probe_device(device, true, &probe, &error), ASSAY_OK);
    assert_int_equal(probe.count, ASSAY__ROW_COUNT);
    for (int i = 0; i < probe.count; i++) {
        const assay_probe_row *row = &probe.rows[i];
        assert_true(row->name[0] && row->summary[0] && row->value[0]);
        if (!row->conformant)
            print_message("[ not conformant ] %s = %s, allowed: %s\n", row->name, row->value,
                          row->allowed);
    }
    bool rte = is(&probe, "add.rounding", "rte") && is(&probe, "sub.rounding", "rte") &&
               is(&probe, "mul.rounding", "rte") && is(&probe, "fma.rounding", "rte");
    assert_int_equal(probe.rte_f32, rte);
    bool kept =
        is(&probe, "f32.subnormal.copy", "kept") && is(&probe, "f32.subnormal.operand", "kept") &&
        is(&probe, "f32.subnormal.result", "kept") && is(&probe, "f32.subnormal.function", "kept");
    assert_int_equal(probe.flush_f32, !kept);
    bool ieee =
        is(&probe, "nan.copy", "as IEEE 754") && is(&probe, "nan.arithmetic", "as IEEE 754") &&
        is(&probe, "inf.arithmetic", "as IEEE 754") && is(&probe, "nan.compare", "as IEEE 754");
    assert_int_equal(probe.keeps_nan_f32, ieee);
    assert_int_equal(probe.fused_fma, is(&probe, "fma.fused", "yes"));
    bool rte_f16 = is(&probe, "f16.add.rounding", "rte") && is(&probe, "f16.sub.rounding", "rte") &&
                   is(&probe, "f16.mul.rounding", "rte") && is(&probe, "f16.fma.rounding", "rte");
    assert_int_equal(probe.rte_f16, rte_f16);
    assert_int_equal(probe.keeps_nan_f16, is(&probe, "f16.nan", "as IEEE 754"));
    assert_int_equal(probe.keeps_subnormal_f16, is(&probe, "f16.subnormal", "kept"));
    assert_int_equal(probe.rte_buffer, is(&probe, "f16.buffer.rounding", "rte"));
    assert_int_equal(probe.rte_image, is(&probe, "f16.image.rounding", "rte"));
    assert_int_equal(probe.keeps_subnormal_load, is(&probe, "f16.buffer.subnormal", "kept") &&
                                                     is(&probe, "f16.image.subnormal", "kept"));
    assay_probe_destroy(&probe);
    assay_probe_destroy(&probe); // also of what is gone already
    assay_probe_destroy(NULL);
}

static void assert_same(const assay_probe *a, const assay_probe *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->rte_f32, b->rte_f32);
    assert_int_equal(a->flush_f32, b->flush_f32);
    assert_int_equal(a->keeps_nan_f32, b->keeps_nan_f32);
    assert_int_equal(a->fused_fma, b->fused_fma);
    assert_int_equal(a->rte_f16, b->rte_f16);
    assert_int_equal(a->keeps_nan_f16, b->keeps_nan_f16);
    assert_int_equal(a->keeps_subnormal_f16, b->keeps_subnormal_f16);
    assert_int_equal(a->rte_buffer, b->rte_buffer);
    assert_int_equal(a->rte_image, b->rte_image);
    assert_int_equal(a->keeps_subnormal_load, b->keeps_subnormal_load);
    for (int i = 0; i < a->count; i++) {
        assert_string_equal(a->rows[i].value, b->rows[i].value);
        assert_string_equal(a->rows[i].allowed, b->rows[i].allowed);
        assert_int_equal(a->rows[i].conformant, b->rows[i].conformant);
    }
}

static void uses_and_mends_the_cache(void **state)
{
    (void)state;
    assay_error error = {0};
    assay_probe first, second;
    const assay_device_info *info = assay_device_get_info(device);
    char path[1024];
    assay__probe_cache_path(info, path, sizeof path);
    assert_int_equal(strncmp(path, folder, strlen(folder)), 0);
    assert_int_equal(assay_probe_device(device, true, &first, &error), ASSAY_OK);

    // A value that no device has shows whether the cache was used.
    assay__probe_set(&first, ASSAY__ROW_SWAMPED, false, "", "%s", "from the cache");
    assay__probe_cache_write(path, info, &first);
    assert_int_equal(assay_probe_device(device, false, &second, &error), ASSAY_OK);
    assert_same(&first, &second);
    assay_probe_destroy(&second);

    assert_int_equal(truncate(path, 100), 0);
    assert_int_equal(assay_probe_device(device, false, &second, &error), ASSAY_OK);
    assert_false(is(&second, "sum.swamped", "from the cache"));
    assay_probe third;
    assert_int_equal(assay__probe_create(&third, &error), ASSAY_OK);
    assert_true(assay__probe_cache_read(path, info, &third)); // written again
    assert_same(&second, &third);
    assay_probe_destroy(&first);
    assay_probe_destroy(&second);
    assay_probe_destroy(&third);
}

static void rejects_every_damaged_byte(void **state)
{
    (void)state;
    assay_error error = {0};
    assay_device_info info = {.uuid = "00ff", .driver_uuid = "ee11", .driver_version = 7};
    assay_probe probe, read;
    char path[128];
    snprintf(path, sizeof path, "%s/damaged", folder);
    assert_int_equal(assay__probe_create(&probe, &error), ASSAY_OK);
    assert_int_equal(assay__probe_create(&read, &error), ASSAY_OK);
    for (int i = 0; i < probe.count; i++)
        assay__probe_set(&probe, (assay__probe_row_id)i, i % 2, "this or that", "%d.5 ULP", i);
    probe.rte_f32 = probe.fused_fma = probe.rte_image = probe.keeps_nan_f16 = true;
    assay__probe_cache_write(path, &info, &probe);
    assert_true(assay__probe_cache_read(path, &info, &read));
    assert_same(&probe, &read);
    assay_device_info other = info;
    other.driver_version = 8;
    assert_false(assay__probe_cache_read(path, &other, &read));
    assert_false(assay__probe_cache_read("", &info, &read));

    void *data = NULL;
    size_t size = 0;
    assert_true(assay__cache_read(path, &data, &size));
    unsigned char *bytes = data;
    for (size_t i = 0; i < size; i += i < 64 ? 1 : 13) {
        bytes[i] ^= 1;
        assay__cache_write(path, bytes, size);
        assert_false(assay__probe_cache_read(path, &info, &read));
        assay__cache_write(path, bytes, i + 1);
        assert_false(assay__probe_cache_read(path, &info, &read));
        bytes[i] ^= 1;
    }
    free(data);
    assay_probe_destroy(&probe);
    assay_probe_destroy(&read);
}

static void promises_only_what_was_proven(void **state)
{
    (void)state;
    assay_probe nothing = {.flush_f32 = true};
    assay_contract standard = assay_contract_default();
    assay_kernel_info info = {.form = ASSAY_FORM_NATIVE};
    assay_contract contract = assay_probe_contract(&nothing, &info);
    assert_int_equal(contract.form, ASSAY_FORM_NATIVE);
    assert_int_equal(contract.rounding, standard.rounding);
    assert_int_equal(contract.rounding_source, ASSAY_SOURCE_SPEC);
    assert_int_equal(contract.flush, ASSAY_FLUSH_MAYBE);
    assert_int_equal(contract.nan, ASSAY_NAN_IGNORED);

    assay_probe all = {.rte_f32 = true, .keeps_nan_f32 = true};
    contract = assay_probe_summary(&all);
    assert_int_equal(contract.rounding, ASSAY_ROUNDING_RTE);
    assert_int_equal(contract.rounding_source, ASSAY_SOURCE_PROBED);
    assert_int_equal(contract.flush, ASSAY_FLUSH_NO);
    assert_int_equal(contract.flush_source, ASSAY_SOURCE_PROBED);
    assert_int_equal(contract.nan, ASSAY_NAN_KEPT);
    assert_int_equal(contract.nan_source, ASSAY_SOURCE_PROBED);
    assert_int_equal(contract.store, ASSAY_ROUNDING_RTE);
    assert_int_equal(contract.store_source, ASSAY_SOURCE_PROBED);
}

// What is known of f32 says nothing of f16, and of a buffer nothing of an image.
static void promises_f16_by_what_was_seen_of_it(void **state)
{
    (void)state;
    assay_probe probe = {.rte_f32 = true, .keeps_nan_f32 = true};
    assay_kernel_info stored = {.precision = ASSAY_F16S}, image = stored;
    assay_kernel_info half = {.precision = ASSAY_F16A};
    image.layout = ASSAY_IMAGE;
    assay_contract c = assay_probe_contract(&probe, &stored);
    assert_int_equal(c.accumulator, ASSAY_ACCUMULATOR_F32);
    assert_int_equal(c.storage, ASSAY_STORAGE_F16);
    assert_int_equal(c.rounding, ASSAY_ROUNDING_RTE);
    assert_int_equal(c.store, ASSAY_ROUNDING_UNKNOWN);
    assert_int_equal(c.flush, ASSAY_FLUSH_MAYBE);
    assert_int_equal(c.nan, ASSAY_NAN_KEPT);
    probe.rte_buffer = probe.keeps_subnormal_load = true;
    assert_int_equal(assay_probe_contract(&probe, &stored).store, ASSAY_ROUNDING_RTE);
    assert_int_equal(assay_probe_contract(&probe, &stored).flush, ASSAY_FLUSH_NO);
    assert_int_equal(assay_probe_contract(&probe, &image).store, ASSAY_ROUNDING_UNKNOWN);
    probe.rte_image = true;
    assert_int_equal(assay_probe_contract(&probe, &image).store, ASSAY_ROUNDING_RTE);
    c = assay_probe_contract(&probe, &half);
    assert_int_equal(c.accumulator, ASSAY_ACCUMULATOR_F16);
    assert_int_equal(c.rounding, ASSAY_ROUNDING_UNKNOWN);
    assert_int_equal(c.store, ASSAY_ROUNDING_UNKNOWN);
    assert_int_equal(c.flush, ASSAY_FLUSH_MAYBE);
    assert_int_equal(c.nan, ASSAY_NAN_IGNORED);
    probe.rte_f16 = probe.keeps_nan_f16 = probe.keeps_subnormal_f16 = true;
    c = assay_probe_contract(&probe, &half);
    assert_int_equal(c.rounding, ASSAY_ROUNDING_RTE);
    assert_int_equal(c.store, ASSAY_ROUNDING_RTE);
    assert_int_equal(c.flush, ASSAY_FLUSH_NO);
    assert_int_equal(c.nan, ASSAY_NAN_KEPT);
}

// Operands and results may have a storage of their own.
static void promises_by_the_storage_of_each(void **state)
{
    (void)state;
    assay_probe probe = {.rte_f32 = true, .rte_buffer = true};
    assay_kernel_info info = {.precision = ASSAY_F32, .op = assay_operator_find("add")};
    assay_contract c = assay_probe_contract(&probe, &info);
    assert_int_equal(c.flush, ASSAY_FLUSH_NO);
    assert_int_equal(c.loads, ASSAY_LOADS_STORED);
    assert_true(assay_contract_arithmetic(&c).operand == 0x1p-126);
    info.own_storage[1] = ASSAY_STORAGE_F16 + 1; // one of two operands
    c = assay_probe_contract(&probe, &info);
    assert_int_equal(c.storage, ASSAY_STORAGE_F32);
    assert_int_equal(c.loads, ASSAY_LOADS_F16);
    assert_int_equal(c.store, ASSAY_ROUNDING_RTE); // that of the sum
    assert_int_equal(c.flush, ASSAY_FLUSH_MAYBE);  // when it is loaded
    assert_true(assay_contract_arithmetic(&c).operand == 0x1p-14);
    info.own_storage[1] = 0;
    info.own_storage[ASSAY_INPUTS_MAX] = ASSAY_STORAGE_F16 + 1; // the result
    c = assay_probe_contract(&probe, &info);
    assert_int_equal(c.storage, ASSAY_STORAGE_F16);
    assert_int_equal(c.loads, ASSAY_LOADS_F32);
    assert_true(assay_contract_arithmetic(&c).operand == 0x1p-126);
    probe.rte_buffer = false;
    assert_int_equal(assay_probe_contract(&probe, &info).store, ASSAY_ROUNDING_UNKNOWN);
    info = (assay_kernel_info){.precision = ASSAY_F16S, .op = info.op};
    info.own_storage[ASSAY_INPUTS_MAX] = ASSAY_STORAGE_F32 + 1; // f16 operands alone
    c = assay_probe_contract(&probe, &info);
    assert_int_equal(c.storage, ASSAY_STORAGE_F32);
    assert_int_equal(c.loads, ASSAY_LOADS_F16);
    assert_int_equal(c.store, ASSAY_ROUNDING_RTE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_each_direction),
        cmocka_unit_test(finds_results_that_are_no_neighbour),
        cmocka_unit_test(steps_between_numbers),
        cmocka_unit_test(probes_the_device),
        cmocka_unit_test(uses_and_mends_the_cache),
        cmocka_unit_test(rejects_every_damaged_byte),
        cmocka_unit_test(promises_only_what_was_proven),
        cmocka_unit_test(promises_f16_by_what_was_seen_of_it),
        cmocka_unit_test(promises_by_the_storage_of_each),
    };
    return cmocka_run_group_tests_name("probe", tests, open_device, close_device);
}
