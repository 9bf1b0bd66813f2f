// SPDX-License-Identifier: Apache-2.0
// Which work group writes which element: every bit of a group's number along an axis is found by
// running the groups that have it, and in the other placement those that do not. What is written is
// what comes out as in the whole run; the rest still holds the prefill.
#include "gpu/job_internal.h"

#include <spirv_cross_c.h>

#include <string.h>

#define GROUPS_MAX 4096 // along an axis: half of them may be a dispatch each

// Work groups that may wait for each other must not be run apart.
static bool may_wait(const assay__module *m)
{
    const uint32_t *word;
    for (size_t i = ASSAY__SPIRV_FIRST; (word = assay__spirv_at(m, i)); i += *word >> 16) {
        uint32_t operation = *word & 0xFFFF, count = *word >> 16;
        uint32_t mark = operation == SpvOpDecorate && count > 2         ? word[2]
                        : operation == SpvOpMemberDecorate && count > 3 ? word[3]
                                                                        : SpvDecorationMax;
        if (mark == SpvDecorationCoherent || mark == SpvDecorationVolatile ||
            (operation >= SpvOpAtomicLoad && operation <= SpvOpAtomicXor) ||
            operation == SpvOpAtomicFAddEXT || operation == SpvOpAtomicFMinEXT ||
            operation == SpvOpAtomicFMaxEXT)
            return true;
    }
    return false;
}

static bool may_be_asked(const assay__work *work)
{
    const assay_kernel *kernel = work->job->kernel;
    const uint32_t *groups = work->launch[0].groups;
    return kernel->pass_count == 1 && !may_wait(kernel->pass[0].module) &&
           groups[0] <= GROUPS_MAX && groups[1] <= GROUPS_MAX && groups[2] <= GROUPS_MAX;
}

// One bit of every element's group: -1 where both halves wrote it, or none.
static void take_bit(const assay__again *a, const assay__variation *v)
{
    const assay_job *job = a->work->job;
    for (size_t i = 0; i < a->bytes / sizeof(float); i++) {
        int32_t *group = job->writers->group[i];
        bool with = assay__again_same(a->out[0][i], job->out[0][i]);
        bool without = assay__again_same(a->out[1][i], job->out[1][i]);
        if (with == without)
            group[0] = group[1] = group[2] = -1;
        else if (with && group[v->axis] >= 0)
            group[v->axis] |= 1 << v->bit;
    }
}

static assay_status find(assay__again *a, assay_error *error)
{
    assay__variation v = {.half = true};
    const uint32_t *groups = a->work->launch[0].groups;
    ASSAY_TRY(assay__again_in_parts(a, &v, error));
    for (v.axis = 0; v.axis < 3; v.axis++)
        for (v.bit = 0; groups[v.axis] > 1u << v.bit; v.bit++) {
            ASSAY_TRY(assay__again_run(a, &v, error));
            take_bit(a, &v);
        }
    return ASSAY_OK;
}

assay_status assay__writers_find(const assay__window *window, assay__work *work, VkDeviceSize end,
                                 assay_error *error)
{
    assay_writers *writers = work->job->writers;
    assay__again again;
    int64_t count = assay_shape_elements(&work->job->problem->output);
    writers->observed = may_be_asked(work);
    memset(writers->group, writers->observed ? 0 : 0xFF, (size_t)count * sizeof *writers->group);
    if (!writers->observed)
        return ASSAY_OK;
    memcpy(writers->groups, work->launch[0].groups, sizeof writers->groups);
    memcpy(writers->local, work->launch[0].local, sizeof writers->local);
    ASSAY_TRY(assay__again_begin(window, work, end, &again, error));
    assay_status status = find(&again, error);
    assay__again_end(&again);
    return status;
}

void assay__dispatch_half(assay_device *device, const uint32_t groups[3], const assay__variation *v,
                          int run)
{
    uint32_t step = 1u << v->bit;
    for (uint32_t at = run == 0 ? step : 0; at < groups[v->axis]; at += 2 * step) {
        uint32_t from[3] = {0, 0, 0}, size[3] = {groups[0], groups[1], groups[2]};
        from[v->axis] = at;
        size[v->axis] = groups[v->axis] - at < step ? groups[v->axis] - at : step;
        vkCmdDispatchBase(device->command, from[0], from[1], from[2], size[0], size[1], size[2]);
    }
}
