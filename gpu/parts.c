// SPDX-License-Identifier: Apache-2.0
// The tensors of one slot: where each lies in it.
#include "gpu/job_internal.h"
#include "gpu/pack_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static assay_status fail_at(const assay_kernel *kernel, int tensor, const char *key,
                            assay_error *error, const char *sentence)
{
    char path[80];
    snprintf(path, sizeof path, "%.48s.%s", kernel->view[tensor].place, key);
    return assay__manifest_fail(&kernel->manifest, error, path, "%s", sentence);
}

// How a tensor that is no scratch lies, by itself.
static assay_status find_packing(const assay_device *device, assay__work *work, int tensor,
                                 assay__packing *packing, assay_error *error)
{
    const assay_kernel *kernel = work->job->kernel;
    *packing = assay__packing_of(&kernel->info, work->job->problem, tensor);
    if (kernel->info.mapping[tensor] == ASSAY_MAPPING_LAYOUT)
        return ASSAY_OK;
    int64_t most = ASSAY_ELEMENTS_MAX, bytes = assay__stored_bytes(packing->storage);
    if (!packing->image && device->info.max_buffer_range / (uint64_t)bytes < (uint64_t)most)
        most = (int64_t)(device->info.max_buffer_range / (uint64_t)bytes);
    ASSAY_TRY(
        assay__map_create(kernel, work->job->problem, tensor, most, &work->map[tensor], error));
    assay__packing_take_map(packing, work->map[tensor]);
    return ASSAY_OK;
}

static assay_status find_offset(const assay__work *work, assay__part *part, int64_t stored,
                                assay_error *error)
{
    const assay_kernel *kernel = work->job->kernel;
    const assay__expression *offset = kernel->view[part->tensor].offset;
    assay__scope scope;
    assay_error inner = {0};
    char sentence[700];
    int64_t value = 0;
    if (!offset)
        return ASSAY_OK;
    if (assay__scope_open(kernel, work->job->problem, &scope, &inner) != ASSAY_OK ||
        assay__expression_value(offset, assay__scope_lookup, &scope, &value, &inner) != ASSAY_OK)
        snprintf(sentence, sizeof sentence, "the offset of \"%.60s\" has no value: %.500s",
                 assay__tensor_name(kernel, part->tensor), inner.message);
    else if (value < 0 || value > ASSAY_ELEMENTS_MAX)
        snprintf(sentence, sizeof sentence,
                 "the offset of \"%.60s\" is %" PRId64 "; it lies in 0 .. %" PRId64,
                 assay__tensor_name(kernel, part->tensor), value, ASSAY_ELEMENTS_MAX);
    else {
        part->at = value * stored;
        return ASSAY_OK;
    }
    return fail_at(kernel, part->tensor, "offset", error, sentence);
}

// false: the problem has no such tensor.
static bool is_present(const assay_problem *problem, int tensor)
{
    return tensor >= ASSAY__TENSOR_OUT || problem->input[tensor].rank > 0;
}

static assay_status find_part(const assay_device *device, assay__work *work, int tensor,
                              assay__part *part, assay_error *error)
{
    const assay_kernel *kernel = work->job->kernel;
    int64_t stored, elements;
    part->tensor = tensor;
    if (tensor >= ASSAY__TENSOR_SCRATCH) {
        int scratch = tensor - ASSAY__TENSOR_SCRATCH;
        stored = assay__stored_bytes(kernel->scratch_storage[scratch]);
        ASSAY_TRY(assay__kernel_scratch(kernel, work->job->problem, scratch, &elements, error));
    } else {
        ASSAY_TRY(find_packing(device, work, tensor, &part->packing, error));
        stored = assay__stored_bytes(part->packing.storage);
        elements = part->packing.elements;
    }
    part->bytes = elements * stored;
    return find_offset(work, part, stored, error);
}

static int by_place(const void *a, const void *b)
{
    const assay__part *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->tensor - y->tensor; // an input before the output in its place
}

// Parts are sorted; only the output may lie in the place of another, and then in all of it.
static assay_status check_overlap(const assay_kernel *kernel, const assay__part *part, int count,
                                  assay_error *error)
{
    char sentence[300];
    for (int i = 1; i < count; i++) {
        const assay__part *a = &part[i - 1], *b = &part[i];
        const char *one = assay__tensor_name(kernel, a->tensor),
                   *two = assay__tensor_name(kernel, b->tensor);
        if (b->at >= a->at + a->bytes)
            continue;
        if (!kernel->view[a->tensor].in_place || b->tensor != ASSAY__TENSOR_OUT) {
            snprintf(sentence, sizeof sentence,
                     "\"%.60s\" (bytes %" PRId64 " .. %" PRId64
                     ") and \"%.60s\" (from byte %" PRId64 ") overlap",
                     one, a->at, a->at + a->bytes - 1, two, b->at);
            return fail_at(kernel, b->tensor, "offset", error, sentence);
        }
        if (a->bytes == b->bytes && a->packing.width == b->packing.width &&
            a->packing.height == b->packing.height)
            continue;
        snprintf(sentence, sizeof sentence,
                 "\"%.60s\" takes %" PRId64 " bytes and \"%.60s\" in its place %" PRId64, one,
                 a->bytes, two, b->bytes);
        return fail_at(kernel, b->tensor, "result", error, sentence);
    }
    return ASSAY_OK;
}

// Nothing beside the tensor and its guards needs a look.
static bool is_plain(const assay_kernel *kernel, const assay__part *part, int count)
{
    return count == 1 && part->at == 0 && !part->packing.map && !kernel->view[part->tensor].zero &&
           (part->tensor < ASSAY__TENSOR_SCRATCH || part->bytes % 4 == 0);
}

assay_status assay__parts_find(const assay_device *device, assay__work *work, assay__slot *slot,
                               int64_t *bytes, assay_error *error)
{
    const assay_kernel *kernel = work->job->kernel;
    assay__part *part = &work->part[0][work->part_count];
    slot->first = work->part_count;
    *bytes = 0;
    for (int tensor = 0; tensor < ASSAY__TENSORS_MAX; tensor++) {
        if (!assay__kernel_shares(kernel, slot->tensor, tensor))
            continue;
        bool present = is_present(work->job->problem, tensor);
        if (tensor < ASSAY__TENSOR_OUT && present != (work->job->in[tensor] != NULL))
            return assay_fail(error, ASSAY_INTERNAL, "data and shape of input \"%s\" contradict",
                              assay__tensor_name(kernel, tensor));
        if (present)
            ASSAY_TRY(find_part(device, work, tensor, &part[slot->parts++], error));
    }
    work->part_count += slot->parts;
    if (slot->parts > 1) {
        qsort(part, (size_t)slot->parts, sizeof *part, by_place);
        ASSAY_TRY(check_overlap(kernel, part, slot->parts, error));
    }
    slot->plain = slot->parts == 0 || is_plain(kernel, part, slot->parts);
    for (int i = 0; i < slot->parts; i++) {
        int64_t end = (part[i].at + part[i].bytes + 3) / 4 * 4;
        *bytes = end > *bytes ? end : *bytes;
        work->part[1][slot->first + i] = part[i];
    }
    return ASSAY_OK;
}
