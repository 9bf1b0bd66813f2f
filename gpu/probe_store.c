// SPDX-License-Identifier: Apache-2.0
// How a result of f32 is stored as f16, in a buffer and in an image: a kernel that adds, on
// operands whose sum is exact in f32, run as any other kernel is.
#include "gpu/probe_internal.h"

#include "gpu/gpu_internal.h"
#include "gpu/job.h"
#include "gpu/kernel_internal.h"
#include "reference/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char manifest[] = "kernel: probe_store\n"
                               "operator: add\n"
                               "precisions: [f16s]\n"
                               "layouts: [%s]\n"
                               "contract: {accumulator: f32}\n"
                               "bindings:\n"
                               "  - {binding: 0, tensor: a}\n"
                               "  - {binding: 1, tensor: b}\n"
                               "  - {binding: 2, tensor: out}\n"
                               "push: [{name: shape, type: ivec4, value: out}]\n"
                               "dispatch: {flat: out.texels}\n";

#define SIDE     256
#define ELEMENTS (4 * SIDE * SIDE)

// The largest numbers and infinity; then subnormal numbers.
static const float large[][2] = {
    {65504,  15   },
    {65504,  16   },
    {65504,  65504},
    {-65504, -16  }
};
#define LARGE      ((int)(sizeof large / sizeof *large))
#define SUBNORMALS 1023

// Sums of 23 bits at most.
static void fill(float *a, float *b)
{
    for (int i = 0; i < ELEMENTS; i++) {
        uint64_t r = assay__probe_random((uint64_t)i);
        int ea = (int)(r >> 24 & 7) - 4, eb = ea - (int)((r >> 32 & 0xFFFF) % 13);
        a[i] = assay__probe_half(r, ea);
        b[i] = i % 4 ? assay__probe_half(r << 12, eb < -14 ? -14 : eb)
                     : a[i] * 0x1p-11F; // rounded below; near a tie of the sum
        b[i] = assay_from_f16(assay_to_f16((double)b[i]));
        if (i % 8 == 0)
            b[i] = ldexpf(a[i] < 0 ? -1 : 1, ea - 11); // a tie
    }
    for (int i = 0; i < LARGE; i++) {
        a[i] = large[i][0];
        b[i] = large[i][1];
    }
    for (int i = 0; i < SUBNORMALS; i++) {
        a[LARGE + i] = (float)(i + 1) * 0x1p-24F;
        b[LARGE + i] = 0;
    }
}

static bool judge(const float *a, const float *b, const float *out, assay__rounding *r)
{
    bool kept = true;
    for (int i = LARGE; i < ELEMENTS; i++) {
        if (i < LARGE + SUBNORMALS)
            kept = kept && out[i] == a[i];
        else
            assay__rounding_note_half(r, out[i], (double)a[i] + (double)b[i]);
    }
    for (int i = 0; i < LARGE; i++) // to infinity, or back to the largest number
        r->rte = r->rte && out[i] == assay_from_f16(assay_to_f16((double)a[i] + (double)b[i]));
    return kept;
}

// Runs the kernel; *out is left alone where the device cannot.
static assay_status run(assay_device *device, const char *shader_name, const char *layout,
                        float *data[4], bool *ran, assay_error *error)
{
    const assay__shader *shader = assay__probe_shader(shader_name);
    assay_kernels kernels = {0};
    assay_problem problem;
    char text[sizeof manifest + 8];
    const float *in[ASSAY_INPUTS_MAX] = {data[0], data[1]};
    if (!shader)
        return assay_fail(error, ASSAY_INTERNAL, "there is no probe shader %s", shader_name);
    int length = snprintf(text, sizeof text, manifest, layout);
    assay_problem_init(&problem, assay_operator_find("add"));
    problem.input[0] = problem.input[1] = (assay_shape){
        4, {1, 4, SIDE, SIDE}
    };
    assay_status status = assay_problem_infer(&problem, error);
    if (status == ASSAY_OK)
        status =
            assay__kernels_add_variants(&kernels, shader_name, text, (size_t)length, 1,
                                        (const char *)shader->words, shader->word_count * 4, error);
    if (status == ASSAY_OK) {
        assay_job job = {
            .kernel = kernels.items[0], .problem = &problem, .in = in, .out = {data[2], data[3]}
        };
        status = assay_jobs_run(device, &job, 1, error);
        *ran = status == ASSAY_OK && job.status == ASSAY_OK;
        free(job.messages);
    }
    assay_kernels_destroy(&kernels);
    return status;
}

static assay_status probe_one(assay_device *device, bool image, float *data[4], assay_probe *probe,
                              bool *kept, assay_error *error)
{
    assay__probe_row_id rounding = image ? ASSAY__ROW_STORE_IMAGE : ASSAY__ROW_STORE_BUFFER;
    assay__probe_row_id subnormal =
        image ? ASSAY__ROW_SUBNORMAL_IMAGE : ASSAY__ROW_SUBNORMAL_BUFFER;
    assay__rounding r = assay__rounding_start();
    bool ran = false;
    fill(data[0], data[1]);
    ASSAY_TRY(run(device, image ? "probe_store_image" : "probe_store_buffer",
                  image ? "image" : "nc4hw4", data, &ran, error));
    if (!ran) {
        assay__probe_set(probe, rounding, true, "", "no f16 storage");
        assay__probe_set(probe, subnormal, true, "", "no f16 storage");
        *kept = false;
        return ASSAY_OK;
    }
    bool all = judge(data[0], data[1], data[2], &r);
    bool rte = r.rte && !r.wrong;
    *(image ? &probe->rte_image : &probe->rte_buffer) = rte;
    *kept = *kept && all;
    assay__probe_set(probe, rounding, !r.wrong, "one of the two neighbours", "%s",
                     assay__rounding_name(&r));
    assay__probe_set(probe, subnormal, true, "", "%s", all ? "kept" : "flushed");
    return ASSAY_OK;
}

assay_status assay__probe_store(assay_device *device, assay_probe *probe, assay_error *error)
{
    float *data[4];
    bool whole = true, kept = true;
    for (int i = 0; i < 4; i++) {
        data[i] = malloc(ELEMENTS * sizeof(float));
        whole = whole && data[i];
    }
    assay_status status =
        whole ? ASSAY_OK : assay_fail(error, ASSAY_MEMORY, "out of memory probing the device");
    for (int image = 0; image < 2 && status == ASSAY_OK; image++)
        status = probe_one(device, image, data, probe, &kept, error);
    probe->keeps_subnormal_load = kept && status == ASSAY_OK;
    for (int i = 0; i < 4; i++)
        free(data[i]);
    return status;
}
