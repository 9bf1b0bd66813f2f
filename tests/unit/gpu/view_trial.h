// SPDX-License-Identifier: Apache-2.0
// One run of a shader whose manifest says how tensors lie: what the guards and the reference say of
// it.
#ifndef ASSAY_VIEW_TRIAL_H
#define ASSAY_VIEW_TRIAL_H

#include "gpu/job.h"
#include "reference/format.h"
#include "tests/unit/gpu/shader_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

enum { TRIAL_MOST = 20000 };

// What a trial ends in. Of several the guards come first.
typedef enum trial_end {
    TRIAL_RIGHT,
    TRIAL_WRONG,     // an element is far from the reference, in one run or both
    TRIAL_NAN,       // the same, and it is the poison in the guarded run
    TRIAL_UNWRITTEN, // it holds the prefill
    TRIAL_STRAY,     // of report.stray_tensor
    TRIAL_NONZERO,   // a place that promises zero
    TRIAL_CHANGED,   // of report.changed_tensor
    TRIAL_ERROR,     // the manifest is wrong for this problem
} trial_end;

typedef struct trial {
    trial_end end;
    assay_guard_report guard;
    char message[1024];
} trial;

// The state of a group of tests is the first device.
static inline int trial_open(void **state)
{
    assay_device *device;
    assay_error error = {0};
    if (assay_device_open(&(assay_device_options){0}, &device, &error) != ASSAY_OK)
        fail_msg("no device: %s", error.message);
    *state = device;
    return 0;
}

static inline int trial_close(void **state)
{
    assay_device_close(*state);
    return 0;
}

// Attributes are set by the caller, before the shapes are inferred.
static inline void trial_infer(assay_problem *problem)
{
    assay_error error = {0};
    if (assay_problem_infer(problem, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
}

static inline trial_end trial_judge(const assay_job *job, const assay_reference *reference,
                                    trial *t)
{
    bool wrong = false, poison = false, unwritten = false;
    for (int run = ASSAY_RUNS - 1; run >= 0; run--) {
        const assay_guard_report *g =
            t->guard.stray || t->guard.nonzero || t->guard.changed ? &t->guard : &job->guard[run];
        t->guard = *g;
        unwritten = unwritten || job->guard[run].unwritten > 0;
        for (int64_t i = 0; i < reference->count; i++) {
            double y = (double)job->out[run][i], x = reference->value[i];
            bool far = !(fabs(y - x) <= 0x1p-9 * (1 + fabs(x)));
            wrong = wrong || far;
            poison = poison || (far && run == 0 && isnan(y));
        }
    }
    return t->guard.stray     ? TRIAL_STRAY
           : t->guard.nonzero ? TRIAL_NONZERO
           : t->guard.changed ? TRIAL_CHANGED
           : unwritten        ? TRIAL_UNWRITTEN
           : poison           ? TRIAL_NAN
           : wrong            ? TRIAL_WRONG
                              : TRIAL_RIGHT;
}

// Small numbers of f16, of either sign.
static inline const float *trial_data(void)
{
    static float data[TRIAL_MOST];
    for (int i = 0; i < TRIAL_MOST && data[0] == 0; i++)
        data[TRIAL_MOST - 1 - i] = (float)((TRIAL_MOST - i) * 7 % 23 - 11) / 4;
    data[0] = 1.5f;
    return data;
}

static inline const float *trial_pixels(void)
{
    static float data[TRIAL_MOST];
    for (int i = 0; i < TRIAL_MOST; i++)
        data[i] = (float)(i * 37 % 251);
    return data;
}

// Loads the shader alone; what the manifest's own mistakes are is not for here.
static inline trial trial_run(assay_device *device, const char *source,
                              const assay_problem *problem)
{
    static float out[ASSAY_RUNS][TRIAL_MOST];
    assay_kernels kernels = {0};
    assay_error error = {0};
    assay_reference reference = {0};
    trial t = {0};
    const float *in[ASSAY_INPUTS_MAX] = {0};
    if (shader_load(&kernels, source, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    for (int i = 0; i < problem->op->input_count; i++)
        in[i] = problem->input[i].rank == 0                        ? NULL
                : problem->op->inputs[i].role == ASSAY_ROLE_PIXELS ? trial_pixels()
                                                                   : trial_data() + 3 * i;
    assay_job job = {
        .kernel = kernels.items[0], .problem = problem, .in = in, .out = {out[0], out[1]}
    };
    if (assay_jobs_run(device, &job, 1, &error) != ASSAY_OK ||
        assay_reference_create(problem, in, ASSAY_METHOD_AUTO, &reference, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    if (job.status != ASSAY_OK && job.status != ASSAY_MANIFEST)
        fail_msg("no defect of the manifest: %s", job.error.message);
    t.end = job.status == ASSAY_OK ? trial_judge(&job, &reference, &t) : TRIAL_ERROR;
    snprintf(t.message, sizeof t.message, "%s", job.error.message);
    assay_reference_destroy(&reference);
    assay_kernels_destroy(&kernels);
    free(job.messages);
    return t;
}

// "tests/shaders/<name>.comp"; free() it.
static inline char *trial_shader(const char *name)
{
    char path[1000];
    snprintf(path, sizeof path, "%s/tests/shaders/%s.comp", ASSAY_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 20000);
    if (!file || !text || fread(text, 1, 19999, file) == 0)
        fail_msg("%s", path);
    fclose(file);
    return text;
}

#endif
