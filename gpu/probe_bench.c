// SPDX-License-Identifier: Apache-2.0
#include "gpu/probe_internal.h"

#include "gpu/gpu_internal.h"

#include <stdlib.h>

struct assay__bench {
    assay_device *device;
    float *operand[3];
    float *result;
};

assay_status assay__bench_open(assay_device *device, uint32_t capacity, assay__bench **bench,
                               assay_error *error)
{
    assay__bench *b = calloc(1, sizeof *b);
    *bench = b;
    if (!b)
        return assay_fail(error, ASSAY_MEMORY, "out of memory probing the device");
    b->device = device;
    bool whole = true;
    for (int k = 0; k < 4; k++) {
        float **array = k < 3 ? &b->operand[k] : &b->result;
        *array = calloc(capacity, sizeof **array);
        whole = whole && *array;
    }
    if (whole)
        return ASSAY_OK;
    assay__bench_close(b);
    *bench = NULL;
    return assay_fail(error, ASSAY_MEMORY, "out of memory probing the device");
}

void assay__bench_close(assay__bench *bench)
{
    if (!bench)
        return;
    for (int k = 0; k < 3; k++)
        free(bench->operand[k]);
    free(bench->result);
    free(bench);
}

float *assay__bench_operand(assay__bench *bench, int which)
{
    return bench->operand[which];
}

const float *assay__bench_result(const assay__bench *bench)
{
    return bench->result;
}

// Runs `op` of a probe shader over `count` elements of the first `operands` arrays.
static assay_status run(assay__bench *bench, const char *shader_name, uint32_t op, int operands,
                        uint32_t count, uint32_t elements, assay_error *error)
{
    const assay__shader *shader = assay__probe_shader(shader_name);
    if (!shader)
        return assay_fail(error, ASSAY_INTERNAL, "there is no probe shader %s", shader_name);
    assay__dispatch_buffer buffers[4];
    size_t bytes = elements * sizeof(float);
    for (int k = 0; k < operands; k++)
        buffers[k] = (assay__dispatch_buffer){(uint32_t)k, bench->operand[k], bytes, false};
    buffers[operands] = (assay__dispatch_buffer){3, bench->result, bytes, true};
    const uint32_t push[2] = {op, count};
    const assay__dispatch dispatch = {
        .words = shader->words,
        .word_count = shader->word_count,
        .buffers = buffers,
        .buffer_count = operands + 1,
        .push = push,
        .push_bytes = sizeof push,
        .groups = {(count + 127) / 128, 1, 1},
    };
    return assay__dispatch_run(bench->device, &dispatch, NULL, error);
}

assay_status assay__bench_arithmetic(assay__bench *bench, assay__probe_op op, uint32_t count,
                                     assay_error *error)
{
    uint32_t elements = op == ASSAY__OP_SUM ? (count + 7) / 8 * 8 : count;
    return run(bench, "probe_arithmetic", op, 3, count, elements, error);
}

bool assay__bench_has_half(const assay__bench *bench)
{
    return assay_device_get_info(bench->device)->shader_f16;
}

assay_status assay__bench_half(assay__bench *bench, assay__probe_op op, uint32_t count,
                               assay_error *error)
{
    return run(bench, "probe_half", op, 3, count, count, error);
}

assay_status assay__bench_function(assay__bench *bench, assay__probe_function f, uint32_t count,
                                   assay_error *error)
{
    return run(bench, "probe_functions", f, 1, count, count, error);
}
