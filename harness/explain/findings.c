// SPDX-License-Identifier: Apache-2.0
// What was found, and which of it comes first.
#include "harness/explain/explain_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LISTED 3 // causes that an explanation names at least, once it names one

static const struct {
    const char *name, *sentence;
    assay_cause alike, also;
} causes[] = {
#define CAUSE(name, a, b, sentence) {#name, sentence, ASSAY_CAUSE_##a, ASSAY_CAUSE_##b},
#include "harness/explain/causes.def"
#undef CAUSE
};

const char *assay_cause_name(assay_cause cause)
{
    return causes[cause].name;
}

const char *assay_cause_sentence(assay_cause cause)
{
    return causes[cause].sentence;
}

void assay__note(assay_explanation *out, const char *format, ...)
{
    if (out->note_count >= ASSAY_NOTES_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out->note[out->note_count], sizeof *out->note, format, arguments);
    va_end(arguments);
    for (int i = 0; i < out->note_count; i++)
        if (strcmp(out->note[i], out->note[out->note_count]) == 0)
            return; // said before, of another case
    out->note_count++;
}

// The finding of a cause, a new one, or the weakest of all where the table is full.
static assay_finding *place_for(assay_explanation *out, assay_cause cause)
{
    assay_finding *weakest = &out->finding[0];
    for (int i = 0; i < out->finding_count; i++) {
        if (out->finding[i].cause == cause)
            return &out->finding[i];
        if (out->finding[i].score < weakest->score)
            weakest = &out->finding[i];
    }
    if (out->finding_count < ASSAY_FINDINGS_MAX) {
        weakest = &out->finding[out->finding_count++];
        *weakest = (assay_finding){.cause = cause};
    }
    return weakest;
}

void assay__find(assay_explanation *out, assay_cause cause, double score, const char *format, ...)
{
    assay_finding *finding = place_for(out, cause);
    if (finding->score >= score)
        return;
    finding->cause = cause;
    finding->score = score;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->text, sizeof finding->text, format, arguments);
    va_end(arguments);
}

double assay__score(const assay_explanation *out, assay_cause cause)
{
    for (int i = 0; i < out->finding_count; i++)
        if (out->finding[i].cause == cause)
            return out->finding[i].score;
    return 0;
}

// Somebody who finds the first cause untrue looks there next.
static void add_alike(assay_explanation *out)
{
    const assay_cause best = out->finding[0].cause;
    const assay_cause next[2] = {causes[best].alike, causes[best].also};
    for (int k = 0; k < 2 && out->finding_count < LISTED; k++)
        if (assay__score(out, next[k]) == 0)
            assay__find(out, next[k], 0.15 - 0.05 * k,
                        "leaves traces like those of the first cause; nothing else speaks for it");
}

static void sort(assay_explanation *out)
{
    for (int i = 1; i < out->finding_count; i++)
        for (int k = i; k > 0 && out->finding[k].score > out->finding[k - 1].score; k--) {
            assay_finding swapped = out->finding[k];
            out->finding[k] = out->finding[k - 1];
            out->finding[k - 1] = swapped;
        }
}

void assay__rank(assay_explanation *out)
{
    sort(out);
    if (out->finding_count > 0 && out->finding_count < LISTED)
        add_alike(out);
}
