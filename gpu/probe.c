// SPDX-License-Identifier: Apache-2.0
#include "gpu/probe.h"
#include "gpu/layout.h"

#include "gpu/probe_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

assay_status assay__probe_create(assay_probe *probe, assay_error *error)
{
    static const struct {
        const char *name, *summary;
    } texts[] = {
#define XX(id, name, summary) {name, summary},
        ASSAY_PROBE_ROW_MAP(XX)
#undef XX
    };
    *probe = (assay_probe){.rows = calloc(ASSAY__ROW_COUNT, sizeof *probe->rows)};
    if (!probe->rows)
        return assay_fail(error, ASSAY_MEMORY, "out of memory probing the device");
    probe->count = ASSAY__ROW_COUNT;
    for (int i = 0; i < probe->count; i++) {
        probe->rows[i].name = texts[i].name;
        probe->rows[i].summary = texts[i].summary;
    }
    return ASSAY_OK;
}

void assay_probe_destroy(assay_probe *probe)
{
    if (!probe)
        return;
    free(probe->rows);
    *probe = (assay_probe){0};
}

void assay__probe_set(assay_probe *probe, assay__probe_row_id row, bool conformant,
                      const char *allowed, const char *format, ...)
{
    assay_probe_row *r = &probe->rows[row];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(r->value, sizeof r->value, format, arguments);
    va_end(arguments);
    snprintf(r->allowed, sizeof r->allowed, "%s", allowed);
    r->conformant = conformant;
}

uint64_t assay__probe_random(uint64_t counter)
{
    uint64_t x = (counter + 1) * UINT64_C(0x9E3779B97F4A7C15); // splitmix64
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static assay_status measure(assay_device *device, assay_probe *probe, assay_error *error)
{
    assay__bench *bench = NULL;
    assay_status status = assay__bench_open(device, ASSAY__PROBE_PAIRS, &bench, error);
    if (status == ASSAY_OK)
        status = assay__probe_rounding(bench, probe, error);
    if (status == ASSAY_OK)
        status = assay__probe_special(bench, probe, error);
    if (status == ASSAY_OK)
        status = assay__probe_functions(bench, probe, error);
    if (status == ASSAY_OK)
        status = assay__probe_half_arithmetic(bench, probe, error);
    assay__bench_close(bench);
    return status == ASSAY_OK ? assay__probe_store(device, probe, error) : status;
}

assay_status assay_probe_device(assay_device *device, bool fresh, assay_probe *probe,
                                assay_error *error)
{
    const assay_device_info *info = assay_device_get_info(device);
    char path[1024];
    assay__probe_cache_path(info, path, sizeof path);
    ASSAY_TRY(assay__probe_create(probe, error));
    if (!fresh && assay__probe_cache_read(path, info, probe))
        return ASSAY_OK;
    assay_status status = measure(device, probe, error);
    if (status != ASSAY_OK) {
        assay_probe_destroy(probe);
        return status;
    }
    assay__probe_cache_write(path, info, probe);
    return ASSAY_OK;
}

// The final store: exact where the accumulator is what is stored.
static void set_store(const assay_probe *probe, const assay_kernel_info *info,
                      assay_contract *contract)
{
    contract->store = contract->rounding;
    contract->store_source = contract->rounding_source;
    if (info->precision == ASSAY_F16A || contract->storage == ASSAY_STORAGE_F32)
        return;
    bool image = assay__tensor_layout(info, ASSAY__TENSOR_OUT) == ASSAY_IMAGE;
    bool nearest = image ? probe->rte_image : probe->rte_buffer;
    contract->store = nearest ? ASSAY_ROUNDING_RTE : ASSAY_ROUNDING_UNKNOWN;
    contract->store_source = nearest ? ASSAY_SOURCE_PROBED : ASSAY_SOURCE_SPEC;
}

// An input that is stored in f16 may have a subnormal flushed that is none in f32.
static assay_loads loads_of(const assay_kernel_info *info, assay_storage storage)
{
    bool any = false;
    for (int i = 0; info->op && i < info->op->input_count; i++)
        any = any || assay_kernel_storage(info, i) == ASSAY_STORAGE_F16;
    if (!info->op || any == (storage == ASSAY_STORAGE_F16))
        return ASSAY_LOADS_STORED;
    return any ? ASSAY_LOADS_F16 : ASSAY_LOADS_F32;
}

assay_contract assay_probe_contract(const assay_probe *probe, const assay_kernel_info *info)
{
    bool half = info->precision == ASSAY_F16A;
    assay_contract contract = assay_contract_default();
    contract.form = info->form;
    contract.accumulator = half ? ASSAY_ACCUMULATOR_F16 : ASSAY_ACCUMULATOR_F32;
    contract.storage = assay_kernel_storage(info, ASSAY_INPUTS_MAX);
    contract.loads = loads_of(info, contract.storage);
    bool stored = contract.storage == ASSAY_STORAGE_F16 || assay_contract_loads_f16(&contract);
    if (half ? probe->rte_f16 : probe->rte_f32) {
        contract.rounding = ASSAY_ROUNDING_RTE;
        contract.rounding_source = ASSAY_SOURCE_PROBED;
    }
    bool keeps = half ? probe->keeps_subnormal_f16 : !probe->flush_f32;
    if (keeps && (!stored || probe->keeps_subnormal_load)) {
        contract.flush = ASSAY_FLUSH_NO;
        contract.flush_source = ASSAY_SOURCE_PROBED;
    }
    if (half ? probe->keeps_nan_f16 : probe->keeps_nan_f32) {
        contract.nan = ASSAY_NAN_KEPT;
        contract.nan_source = ASSAY_SOURCE_PROBED;
    }
    set_store(probe, info, &contract);
    return contract;
}

assay_contract assay_probe_summary(const assay_probe *probe)
{
    return assay_probe_contract(probe, &(assay_kernel_info){.precision = ASSAY_F32});
}
