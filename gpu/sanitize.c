// SPDX-License-Identifier: Apache-2.0
#include "gpu/sanitize.h"

#include "gpu/debug_lines.h"
#include "gpu/job_internal.h"
#include "gpu/spirv_edit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef assay__again trial;

#define REPEATS   2
#define PARTS_MAX 64

// Shared memory is full of this before each run: a NaN, which comes through arithmetic, and a
// large number, which comes through what passes over a NaN. Both are that in f32 and in f16.
static const uint32_t pattern[ASSAY_RUNS] = {UINT32_C(0x7FFF7FFF), UINT32_C(0x7BFF7BFF)};

const char *assay_sanitizer_name(assay_sanitizer sanitizer)
{
    static const char *const names[] = {
#define XX(id, name, what) name,
        ASSAY_SANITIZE_MAP(XX)
#undef XX
    };
    return names[sanitizer];
}

bool assay_sanitizer_applies(assay_sanitizer sanitizer, const assay_device_info *device,
                             const assay_kernel *kernel, char *reason, size_t size)
{
    reason[0] = '\0';
    int shared = 0;
    for (int i = 0; i < kernel->module_count; i++)
        shared += assay__shared_count(kernel->module[i]);
    if (sanitizer == ASSAY_SANITIZE_SHARED && shared == 0)
        return snprintf(reason, size, "no shared memory") < 0;
    if (sanitizer != ASSAY_SANITIZE_SUBGROUPS)
        return true;
    if (device->subgroup_max == 0)
        return snprintf(reason, size, "%.80s does not let them be chosen", device->name) < 0;
    if (device->subgroup_min == device->subgroup_max)
        return snprintf(reason, size, "%.80s has only %u", device->name, device->subgroup_max) < 0;
    return true;
}

bool assay_validation_suits(const assay_kernel *kernel)
{
    for (int pass = 0; pass < kernel->pass_count; pass++) {
        const assay__pass *p = &kernel->pass[pass];
        if (p->uniform_count > 0)
            return false;
        for (int i = 0; i < p->binding_count; i++)
            if (p->binding[i].type != VK_DESCRIPTOR_TYPE_STORAGE_BUFFER &&
                p->binding[i].type != VK_DESCRIPTOR_TYPE_STORAGE_IMAGE)
                return false;
    }
    return true;
}

static void compare(const trial *t, assay_deviation *d)
{
    const assay_job *job = t->work->job;
    int64_t count = (int64_t)(t->bytes / sizeof(float));
    memset(d, 0, sizeof *d);
    for (int64_t i = 0; i < count; i++) {
        int run = 0;
        while (run < ASSAY_RUNS && assay__again_same(job->out[run][i], t->out[run][i]))
            run++;
        if (run == ASSAY_RUNS)
            continue;
        if (d->elements++ == 0) {
            d->first = i;
            d->was = job->out[run][i];
            d->became = t->out[run][i];
        }
    }
}

// Results that differ by themselves say nothing about what was varied.
static bool is_steady(const trial *t)
{
    const assay_job *job = t->work->job;
    for (size_t i = 0; i < t->bytes / sizeof(float); i++)
        if (!assay__again_same(job->out[0][i], job->out[1][i]))
            return false;
    return job->deviation[ASSAY_SANITIZE_REPEAT].elements == 0;
}

static assay_status run_again(trial *t, const assay__variation *variation, assay_deviation *d,
                              assay_error *error)
{
    ASSAY_TRY(assay__again_run(t, variation, error));
    compare(t, d);
    return ASSAY_OK;
}

static assay_status repeat(trial *t, assay_deviation *d, assay_error *error)
{
    for (int i = 0; i < REPEATS && d->elements == 0; i++)
        ASSAY_TRY(run_again(t, NULL, d, error));
    return ASSAY_OK;
}

// What a run has in the shared variables: number `only` of one module, or all of all.
typedef struct filling {
    const assay__module *one; // NULL: all modules
    int only;                 // -1: all variables
    bool swapped;             // the placements have each other's pattern
} filling;

static assay_status fill(trial *t, const filling *f, assay_deviation *d, assay_error *error)
{
    const assay_kernel *kernel = t->work->job->kernel;
    assay__variation v = {0};
    for (int run = 0; run < ASSAY_RUNS; run++)
        for (int pass = 0; pass < kernel->pass_count; pass++) {
            const assay__module *m = kernel->pass[pass].module;
            const uint32_t *local = t->work->launch[pass].local;
            uint32_t *words = NULL;
            size_t count = 0;
            if (assay__shared_count(m) > 0 && (!f->one || f->one == m))
                ASSAY_TRY(assay__shared_fill(m, local[0] * local[1] * local[2],
                                             pattern[f->swapped ? 1 - run : run], f->only, &words,
                                             &count, error));
            ASSAY_TRY(
                assay__again_pipeline(t, pass, words, count, false, &v.pipeline[run][pass], error));
        }
    return run_again(t, &v, d, error);
}

static void say_where(const assay__module *m, int variable, assay_deviation *d)
{
    char line[160] = "";
    uint32_t id = assay__shared_id(m, variable);
    size_t read = assay__first_read(m, id);
    const char *name = assay__name_of(m, id);
    if (read)
        assay__line_of(m, read, line, sizeof line);
    int used = *name ? snprintf(d->where, sizeof d->where, "\"%.60s\"", name) : 0;
    if (line[0])
        snprintf(d->where + used, sizeof d->where - (size_t)used, "%sfirst read at %s",
                 used ? ", " : "", line);
}

// Where one placement came out otherwise with a NaN in shared memory than with a number. The
// patterns tell of what was read without the first runs, which may have read what an earlier kernel
// left behind, and one placement without the memory around the tensors, which differs between them.
// Of a kernel whose results differ by themselves nothing counts but a NaN where there was none.
static void compare_patterns(const trial *t, const float *with_nan, bool steady, assay_deviation *d)
{
    memset(d, 0, sizeof *d);
    for (size_t i = 0; i < t->bytes / sizeof(float); i++) {
        float is = with_nan[i], was = t->out[0][i];
        if (assay__again_same(is, was) || (!steady && !isnan(is)))
            continue;
        if (d->elements++ == 0) {
            d->first = (int64_t)i;
            d->was = was;
            d->became = is;
        }
    }
}

// Fills twice, so that each placement has both patterns; a first run that changes nothing is
// enough.
static assay_status fill_both(trial *t, filling f, bool steady, assay_deviation *d,
                              assay_error *error)
{
    assay_deviation other;
    ASSAY_TRY(fill(t, &f, d, error));
    if (d->elements == 0 && steady)
        return ASSAY_OK;
    float *with_nan = malloc(t->bytes);
    if (!with_nan)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for the sanitizers");
    memcpy(with_nan, t->out[0], t->bytes);
    f.swapped = true;
    assay_status status = fill(t, &f, &other, error);
    if (status == ASSAY_OK)
        compare_patterns(t, with_nan, steady, d);
    free(with_nan);
    return status;
}

// Which variable it is, is found by filling one at a time.
static assay_status shared(trial *t, assay_deviation *d, assay_error *error)
{
    const assay_kernel *kernel = t->work->job->kernel;
    bool steady = is_steady(t);
    ASSAY_TRY(fill_both(t, (filling){.only = -1}, steady, d, error));
    for (int i = 0; d->elements && !d->where[0] && i < kernel->module_count; i++) {
        const assay__module *m = kernel->module[i];
        int count = assay__shared_count(m);
        for (int k = 0; k < count && !d->where[0]; k++) {
            assay_deviation one = {0};
            ASSAY_TRY(fill_both(t, (filling){.one = m, .only = k}, steady, &one, error));
            if (one.elements || (count == 1 && kernel->module_count == 1))
                say_where(m, k, d);
        }
    }
    return ASSAY_OK;
}

static assay_status order(trial *t, assay_deviation *d, assay_error *error)
{
    const assay_kernel *kernel = t->work->job->kernel;
    assay__variation v = {.in_parts = true};
    uint64_t most = 0;
    for (int pass = 0; pass < kernel->pass_count; pass++) {
        const uint32_t *groups = t->work->launch[pass].groups;
        uint64_t all = (uint64_t)groups[0] * groups[1] * groups[2];
        most = all > most ? all : most;
    }
    if (most < 2) // one group has one order
        return ASSAY_OK;
    ASSAY_TRY(assay__again_in_parts(t, &v, error));
    return run_again(t, &v, d, error);
}

static assay_status with_subgroups(trial *t, uint32_t size, assay_deviation *d, assay_error *error)
{
    const assay_device_info *info = &t->window->device->info;
    const assay_kernel *kernel = t->work->job->kernel;
    assay__variation v = {0};
    for (int pass = 0; pass < kernel->pass_count; pass++) {
        const uint32_t *local = t->work->launch[pass].local;
        assay__pipeline_spec spec;
        assay__work_spec(t->work, pass, &spec);
        bool fits =
            (uint64_t)local[0] * local[1] * local[2] <= (uint64_t)size * info->subgroups_most;
        bool whole = !spec.full_subgroups || local[0] % size == 0;
        if (!spec.subgroup && fits && whole)
            spec.subgroup = size; // else it stays with what the kernel or the device asks for
        ASSAY_TRY(assay__pipeline_get(t->window->device, &spec, &v.pipeline[0][pass], error));
        v.pipeline[1][pass] = v.pipeline[0][pass];
    }
    return run_again(t, &v, d, error);
}

static assay_status subgroups(trial *t, assay_deviation *d, assay_error *error)
{
    const assay_device_info *info = &t->window->device->info;
    uint32_t size = info->subgroup_min;
    for (; size > 0 && size <= info->subgroup_max && d->elements == 0; size *= 2) {
        ASSAY_TRY(with_subgroups(t, size, d, error));
        d->subgroup_size = size;
    }
    return ASSAY_OK;
}

static assay_status run_all(trial *t, assay_error *error)
{
    static assay_status (*const runs[])(trial *, assay_deviation *, assay_error *) = {
        [ASSAY_SANITIZE_REPEAT] = repeat,
        [ASSAY_SANITIZE_SHARED] = shared,
        [ASSAY_SANITIZE_ORDER] = order,
        [ASSAY_SANITIZE_SUBGROUPS] = subgroups,
    };
    assay_job *job = t->work->job;
    char reason[128];
    for (int i = 0; i < ASSAY_SANITIZERS && !job->deviation[ASSAY_SANITIZE_SHARED].elements; i++) {
        bool blames = i <= ASSAY_SANITIZE_REPEAT || is_steady(t); // else it would blame the wrong
        if (job->sanitize >> i & 1 && blames &&
            assay_sanitizer_applies((assay_sanitizer)i, &t->window->device->info, job->kernel,
                                    reason, sizeof reason))
            ASSAY_TRY(runs[i](t, &job->deviation[i], error));
    }
    return ASSAY_OK;
}

assay_status assay__sanitize(const assay__window *window, assay__work *work, VkDeviceSize end,
                             assay_error *error)
{
    trial t;
    ASSAY_TRY(assay__again_begin(window, work, end, &t, error));
    assay_status status = run_all(&t, error);
    assay__again_end(&t);
    return status;
}

// Splits the axis with the largest parts until there are enough.
static uint32_t split(const uint32_t groups[3], uint32_t parts[3])
{
    for (;;) {
        int widest = 0;
        for (int axis = 1; axis < 3; axis++)
            if (groups[axis] / parts[axis] > groups[widest] / parts[widest])
                widest = axis;
        uint32_t more = 2 * parts[widest] < groups[widest] ? 2 * parts[widest] : groups[widest];
        uint32_t all = parts[0] * parts[1] * parts[2];
        if (more == parts[widest] || all / parts[widest] * more > PARTS_MAX)
            return all;
        parts[widest] = more;
    }
}

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    return b ? common_divisor(b, a % b) : a;
}

void assay__dispatch_in_parts(assay_device *device, const uint32_t groups[3], int run)
{
    uint32_t parts[3] = {1, 1, 1}, all = split(groups, parts), step = all * 5 / 8 + 1;
    while (common_divisor(step, all) != 1)
        step++;
    for (uint32_t i = 0; i < all; i++) { // backwards, or all over the place
        uint32_t n = run == ASSAY_RUN_GUARDED ? all - 1 - i : (i * step + all / 2) % all;
        uint32_t at[3] = {n % parts[0], n / parts[0] % parts[1], n / parts[0] / parts[1]};
        uint32_t from[3], size[3];
        for (int axis = 0; axis < 3; axis++) {
            uint64_t total = groups[axis];
            from[axis] = (uint32_t)(total * at[axis] / parts[axis]);
            size[axis] = (uint32_t)(total * (at[axis] + 1) / parts[axis]) - from[axis];
        }
        if (i > 0)
            assay__barrier(device, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT,
                           VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT);
        vkCmdDispatchBase(device->command, from[0], from[1], from[2], size[0], size[1], size[2]);
    }
}
