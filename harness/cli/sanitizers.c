// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/sanitizers.h"

#include "gpu/job.h"

#include <stdio.h>
#include <string.h>

assay_status cli_sanitizers(const char *text, unsigned *bits, assay_error *error)
{
    if (!text)
        return ASSAY_OK;
    *bits = 0;
    while (*text) {
        size_t length = strcspn(text, ",");
        unsigned found = 0;
        bool none = length == 4 && strncmp(text, "none", 4) == 0;
        if (length == 3 && strncmp(text, "all", 3) == 0)
            found = ASSAY_SANITIZE_ALL;
        for (int i = 0; i < ASSAY_SANITIZERS; i++) {
            const char *name = assay_sanitizer_name((assay_sanitizer)i);
            if (strlen(name) == length && strncmp(name, text, length) == 0)
                found |= 1u << i;
        }
        if (!found && !none)
            return assay_fail(
                error, ASSAY_USAGE,
                "sanitizer \"%.*s\" is none of shared, repeat, order, subgroups, all, "
                "none",
                (int)length, text);
        *bits |= found;
        text += length + (text[length] == ',');
    }
    return ASSAY_OK;
}

// Of how many kernels a sanitizer can say something; `reason` is that of the last where it cannot.
static int applies(assay_sanitizer sanitizer, const assay_device_info *device,
                   const assay_kernels *kernels, char *reason, size_t size)
{
    int count = 0;
    char why[128];
    reason[0] = '\0';
    for (int i = 0; i < kernels->count; i++) {
        if (assay_sanitizer_applies(sanitizer, device, kernels->items[i], why, sizeof why))
            count++;
        else
            snprintf(reason, size, "%s", why);
    }
    return count;
}

unsigned cli_validation_of(unsigned validate, const assay_kernels *kernels)
{
    for (int i = 0; i < kernels->count; i++)
        if (!assay_validation_suits(kernels->items[i]))
            return validate & ~(unsigned)ASSAY_VALIDATE_GPU;
    return validate;
}

void cli_tell_sanitizers(unsigned sanitize, unsigned validate, const assay_device_info *device,
                         const assay_kernels *kernels)
{
    static const struct {
        unsigned bit;
        const char *name;
    } layers[] = {
        {ASSAY_VALIDATE_CORE, "core"},
        {ASSAY_VALIDATE_SYNC, "sync"},
        {ASSAY_VALIDATE_GPU,  "gpu" },
    };
    char left[512] = "", reason[128];
    size_t used = 0;
    const char *comma = "";
    fprintf(stderr, "sanitizers: ");
    for (int i = 0; i < ASSAY_SANITIZERS; i++) {
        const char *name = assay_sanitizer_name((assay_sanitizer)i);
        if (!(sanitize >> i & 1))
            continue;
        if (applies((assay_sanitizer)i, device, kernels, reason, sizeof reason)) {
            fprintf(stderr, "%s%s", comma, name);
            comma = ", ";
        } else if (used < sizeof left) {
            used += (size_t)snprintf(left + used, sizeof left - used, "%s%s (%s)", used ? ", " : "",
                                     name, reason);
        }
    }
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        if (validate & layers[i].bit) {
            fprintf(stderr, "%svalidation %s", comma, layers[i].name);
            comma = ", ";
        }
    if (validate && cli_validation_of(ASSAY_VALIDATE_GPU, kernels) == 0 &&
        !(validate & ASSAY_VALIDATE_GPU) && used < sizeof left)
        used += (size_t)snprintf(left + used, sizeof left - used,
                                 "%svalidation gpu (samplers or uniform blocks are bound)",
                                 used ? ", " : "");
    fprintf(stderr, "%s%s%s\n", *comma ? "" : "none", used ? "; left out: " : "", left);
}
