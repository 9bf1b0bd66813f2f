// SPDX-License-Identifier: Apache-2.0
// Several tensors in one buffer, or one that lies as expressions say: what they and the places
// between them hold before a kernel runs, and what it made of that.
#include "gpu/guard.h"
#include "gpu/job_internal.h"
#include "gpu/pack_internal.h"

#include <string.h>

static const assay__part *parts_of(const assay__work *work, int run, const assay__slot *slot)
{
    return &work->part[run][slot->first];
}

// The input whose memory a part takes, or NULL: it stands before it.
static const assay__part *below(const assay__work *work, const assay__slot *slot,
                                const assay__part *part)
{
    bool first = part == &work->part[0][slot->first] || part == &work->part[1][slot->first];
    bool out = part->tensor == ASSAY__TENSOR_OUT;
    return out && !first && work->job->kernel->view[part[-1].tensor].in_place ? part - 1 : NULL;
}

// What stands beside the elements of an input or the output, at first and at the end.
static assay__spare spare_before(const assay_kernel *kernel, const assay__part *part)
{
    const assay__view *view = &kernel->view[part->tensor];
    if (part->tensor != ASSAY__TENSOR_OUT)
        return view->zero ? ASSAY__SPARE_ZERO : ASSAY__SPARE_HOSTILE;
    return !part->packing.map || view->zero || view->open ? ASSAY__SPARE_PREFILL
                                                          : ASSAY__SPARE_POISON;
}

static assay__spare spare_after(const assay_kernel *kernel, const assay__part *part, bool in_place)
{
    const assay__view *view = &kernel->view[part->tensor];
    if (part->tensor != ASSAY__TENSOR_OUT)
        return spare_before(kernel, part);
    if (view->open || (!part->packing.map && !view->zero))
        return ASSAY__SPARE_ANY;
    if (view->zero)
        return ASSAY__SPARE_ZERO;
    return in_place ? ASSAY__SPARE_HOSTILE : ASSAY__SPARE_POISON; // as it was
}

static void pack_scratch(const assay__work *work, int run, const assay__part *part, uint8_t *at)
{
    uint32_t word = assay__prefill_of(ASSAY_STORAGE_F32, run);
    if (work->job->kernel->view[part->tensor].zero)
        memset(at, 0, (size_t)part->bytes);
    else
        for (int64_t byte = 0; byte < part->bytes; byte++)
            at[byte] = ((const uint8_t *)&word)[byte % 4];
}

void assay__parts_pack(const assay__work *work, int run, const assay__slot *slot, uint8_t *at)
{
    const assay_kernel *kernel = work->job->kernel;
    const assay__part *part = parts_of(work, run, slot);
    for (int i = 0; i < slot->parts; i++, part++) {
        const assay__packing *p = &part->packing;
        uint8_t *to = at + part->at;
        if (part->tensor > ASSAY__TENSOR_OUT) {
            pack_scratch(work, run, part, to);
            continue;
        }
        if (below(work, slot, part))
            continue;
        assay__spare_fill(p, run, spare_before(kernel, part), to);
        if (part->tensor == ASSAY__TENSOR_OUT)
            assay__prefill(p, run, to);
        else
            assay__pack(p, work->job->in[part->tensor], to);
    }
}

void assay__add_stray(const assay__work *work, int run, const assay__slot *slot, int64_t words,
                      int64_t offset)
{
    assay_guard_report *report = &work->job->guard[run];
    const assay__part *part = parts_of(work, run, slot);
    int near = 0; // the last that begins before it, or the first of all
    while (near + 1 < slot->parts && part[near + 1].at <= offset)
        near++;
    if (words > 0 && report->stray == 0) {
        report->stray_offset = slot->parts ? offset - part[near].at : offset;
        report->stray_tensor = slot->parts ? part[near].tensor : slot->tensor;
    }
    report->stray += words;
}

void assay__part_take(const assay__work *work, int run, const assay__part *part, const uint8_t *at)
{
    assay_job *job = work->job;
    assay_guard_report *report = &job->guard[run];
    int64_t first = 0;
    if (part->tensor == ASSAY__TENSOR_OUT) {
        assay__unpack(&part->packing, run, at, job->out[run]);
        return;
    }
    int64_t changed = assay__packing_changed(&part->packing, job->in[part->tensor], at, &first);
    if (changed > 0 && report->changed == 0) {
        report->changed_index = first;
        report->changed_tensor = part->tensor;
    }
    report->changed += changed;
}

// Poison between the tensors, byte by byte: one may begin in the middle of a word.
static void verify_between(const assay__work *work, int run, const assay__slot *slot,
                           const uint8_t *at, int64_t from, int64_t to)
{
    const uint32_t poison = ASSAY_POISON_BITS;
    int64_t words = 0, first = 0, last = -1;
    for (int64_t byte = from; byte < to; byte++) {
        if (at[byte] == ((const uint8_t *)&poison)[byte % 4])
            continue;
        first = words == 0 ? byte : first;
        words += byte / 4 != last;
        last = byte / 4;
    }
    if (words > 0)
        assay__add_stray(work, run, slot, words, first);
}

static void verify_part(const assay__work *work, int run, const assay__slot *slot,
                        const assay__part *part, const uint8_t *at)
{
    const assay_kernel *kernel = work->job->kernel;
    assay_guard_report *guard = &work->job->guard[run];
    if (part->tensor > ASSAY__TENSOR_OUT || kernel->view[part->tensor].in_place)
        return;
    const assay__part *input = below(work, slot, part);
    assay__spare_report report = assay__spare_check(&part->packing, input ? &input->packing : NULL,
                                                    run, spare_after(kernel, part, input != NULL),
                                                    (int)(part->at % 4), at + part->at);
    if (report.stray > 0)
        assay__add_stray(work, run, slot, report.stray, part->at + report.stray_offset);
    if (part->tensor == ASSAY__TENSOR_OUT) {
        guard->nonzero = report.nonzero;
        guard->nonzero_offset = report.nonzero_offset;
    } else if (report.nonzero > 0) { // zeros that the harness put there
        assay__add_stray(work, run, slot, report.nonzero, part->at + report.nonzero_offset);
    }
    assay__part_take(work, run, part, at + part->at);
}

void assay__parts_verify(const assay__work *work, int run, const assay__slot *slot,
                         const uint8_t *at)
{
    const assay__part *part = parts_of(work, run, slot);
    int64_t end = 0;
    for (int i = 0; i < slot->parts; i++) {
        verify_between(work, run, slot, at, end, part[i].at);
        verify_part(work, run, slot, &part[i], at);
        end = part[i].at + part[i].bytes > end ? part[i].at + part[i].bytes : end;
    }
    verify_between(work, run, slot, at, end, (int64_t)slot->payload.bytes);
}
