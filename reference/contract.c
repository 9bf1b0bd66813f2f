// SPDX-License-Identifier: Apache-2.0
#include "reference/contract.h"

#include <stdio.h>

assay_contract assay_contract_default(void)
{
    return (assay_contract){0}; // the first of every enumeration is Vulkan's default
}

bool assay_contract_equal(const assay_contract *a, const assay_contract *b)
{
    return a->accumulator == b->accumulator && a->storage == b->storage && a->loads == b->loads &&
           a->rounding == b->rounding && a->store == b->store && a->flush == b->flush &&
           a->nan == b->nan && a->form == b->form && a->rounding_source == b->rounding_source &&
           a->store_source == b->store_source && a->flush_source == b->flush_source &&
           a->nan_source == b->nan_source;
}

bool assay_contract_loads_f16(const assay_contract *contract)
{
    return contract->loads == ASSAY_LOADS_STORED ? contract->storage == ASSAY_STORAGE_F16
                                                 : contract->loads == ASSAY_LOADS_F16;
}

assay_arithmetic assay_contract_arithmetic(const assay_contract *contract)
{
    bool half = contract->accumulator == ASSAY_ACCUMULATOR_F16;
    bool nearest = contract->rounding == ASSAY_ROUNDING_RTE;
    assay_arithmetic a = {
        .u = half ? 0x1p-11 : 0x1p-24,
        .least = half ? 0x1p-14 : 0x1p-126,
        .spacing = half ? 0x1p-24 : 0x1p-149,
        .bits = half ? 11 : 24,
        .most = half ? 65504 : 0x1.fffffep127,
    };
    a.operand = assay_contract_loads_f16(contract) ? 0x1p-14 : a.least;
    a.r = nearest ? a.u : 2 * a.u;
    if (contract->flush != ASSAY_FLUSH_NO)
        a.eta = a.least;
    else
        a.eta = nearest ? a.spacing / 2 : a.spacing;
    return a;
}

const char *assay_contract_format(const assay_contract *contract, char *buffer, size_t size)
{
    static const char *const accumulators[] = {"f32", "f16"};
    static const char *const storages[] = {"f32", "f16", "rgba8"};
    static const char *const roundings[] = {"unknown", "rte"};
    static const char *const flushes[] = {"maybe", "no", "yes"};
    static const char *const nans[] = {"ignored", "kept"};
    static const char *const forms[] = {"standard", "native"};
    static const char *const sources[] = {"spec", "declared", "probed"};
    static const char *const loads[] = {"", " loads=f32", " loads=f16"};
    snprintf(
        buffer, size, "%s in %s%s rounding=%s(%s) store=%s(%s) flush=%s(%s) nan=%s(%s) form=%s",
        accumulators[contract->accumulator], storages[contract->storage], loads[contract->loads],
        roundings[contract->rounding], sources[contract->rounding_source],
        roundings[contract->store], sources[contract->store_source], flushes[contract->flush],
        sources[contract->flush_source], nans[contract->nan], sources[contract->nan_source],
        forms[contract->form]);
    return buffer;
}
