// SPDX-License-Identifier: Apache-2.0
#include "reports/result.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    bool fails;
} verdicts[] = {
#define XX(id, name, fails, summary) {name, fails},
    ASSAY_VERDICT_MAP(XX)
#undef XX
};

const char *assay_verdict_name(assay_verdict verdict)
{
    return verdict < ASSAY_VERDICT_COUNT ? verdicts[verdict].name : "?";
}

bool assay_verdict_fails(assay_verdict verdict)
{
    return verdict >= ASSAY_VERDICT_COUNT || verdicts[verdict].fails;
}

const char *assay_caught_format(unsigned caught, char *buffer, int size)
{
    static const struct {
        unsigned bit;
        const char *name;
    } rows[] = {
#define XX(id, bit, name, summary) {bit, name},
        ASSAY_CAUGHT_MAP(XX)
#undef XX
    };
    size_t room = size > 0 ? (size_t)size : 0;
    size_t used = 0;
    snprintf(buffer, room, "-");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!(caught & rows[i].bit) || used >= room)
            continue;
        int n = snprintf(buffer + used, room - used, "%s%s", used ? "+" : "", rows[i].name);
        used += n > 0 ? (size_t)n : 0;
    }
    return buffer;
}

const assay_field assay_result_fields[] = {
#define XX(kind, name, count, unit, summary)                                                       \
    {ASSAY_FIELD_##kind, #name, count, unit, summary, offsetof(assay_result, name)},
    ASSAY_RESULT_MAP(XX)
#undef XX
};

const int assay_result_field_count = sizeof assay_result_fields / sizeof *assay_result_fields;

void assay_result_init(assay_result *result)
{
    memset(result, 0, sizeof *result);
    for (int i = 0; i < ASSAY_SAMPLES; i++)
        result->first_index[i] = result->worst_index[i] = -1;
    *result->rms_ratio = *result->bias_z = *result->nmse = *result->snr_db = (double)NAN;
}
