// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/explanation.h"

#include "harness/cli/reporting.h"

#include <inttypes.h>
#include <string.h>

// The words of a p-value that may be too small for a number.
static void put_p(FILE *out, double p)
{
    if (p < 1e-300)
        fputs("p < 1e-300", out);
    else
        fprintf(out, "p = %.1g", p);
}

void cli_explanation_text(FILE *out, const assay_explanation *e, const char *command)
{
    if (!e->fails) {
        fprintf(out,
                "nothing fails: %d runs of the kernel were right, there is nothing to explain\n",
                e->runs);
        return;
    }
    fprintf(out, "%s\n%s\n", e->check, e->reason);
    if (e->window[0])
        fprintf(out, "\n%s\n", e->window);
    if (e->stratum_count)
        fprintf(out, "\nwhere the wrong elements lie\n");
    for (int i = 0; i < e->stratum_count; i++) {
        const assay_stratum *s = &e->stratum[i];
        fprintf(out, "  %s: %" PRId64 " of %" PRId64 " are wrong, which is %s (", s->text, s->wrong,
                s->elements, s->wrong == e->wrong ? "all that are" : "most unlikely by chance");
        put_p(out, s->p);
        fputs(")\n", out);
    }
    if (e->note_count)
        fprintf(out, "\nwhat the probes say\n");
    for (int i = 0; i < e->note_count; i++)
        fprintf(out, "  %s\n", e->note[i]);
    fprintf(out, "\nlikely causes\n");
    if (e->finding_count == 0)
        fprintf(out, "  none that a probe speaks for\n");
    for (int i = 0; i < e->finding_count; i++) {
        const assay_finding *f = &e->finding[i];
        fprintf(out, "  %d. %s (%s, %.2f)\n     %s\n", i + 1, assay_cause_sentence(f->cause),
                assay_cause_name(f->cause), f->score, f->text);
    }
    if (e->shrunk[0])
        fprintf(out, "\nthe smallest case that fails so\n  %s\n  %s\n", e->shrunk,
                e->shrunk_reason);
    if (e->interrupted[0])
        fprintf(out, "\nthe explanation is not whole: %s\n", e->interrupted);
    fprintf(out, "\n%d runs of the kernel, %.1f s\n", e->runs, e->seconds);
    char check[ASSAY_TEXT + 16];
    cli_quote(check, sizeof check, e->shrunk[0] ? e->shrunk : e->check);
    fprintf(out, "reproduce: %s %s\n", command, check);
}

static void put_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", out);
        else if (c < 0x20)
            fprintf(out, "\\u%04x", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

static void put_field(FILE *out, const char *name, const char *text)
{
    fprintf(out, "  \"%s\": ", name);
    put_string(out, text);
    fputs(",\n", out);
}

void cli_explanation_json(FILE *out, const assay_explanation *e, const char *shader)
{
    fprintf(out, "{\n  \"fails\": %s,\n", e->fails ? "true" : "false");
    put_field(out, "check", e->fails ? e->check : "");
    put_field(out, "shader", shader ? shader : "");
    put_field(out, "reason", e->reason);
    put_field(out, "shrunk", e->shrunk);
    put_field(out, "window", e->window);
    put_field(out, "interrupted", e->interrupted);
    fprintf(out, "  \"wrong\": %" PRId64 ",\n  \"elements\": %" PRId64 ",\n  \"causes\": [",
            e->wrong, e->elements);
    for (int i = 0; i < e->finding_count; i++) {
        fprintf(out, "%s\n    {\"cause\": \"%s\", \"score\": %.2f, \"text\": ", i ? "," : "",
                assay_cause_name(e->finding[i].cause), e->finding[i].score);
        put_string(out, e->finding[i].text);
        fputc('}', out);
    }
    fprintf(out, "%s],\n  \"strata\": [", e->finding_count ? "\n  " : "");
    for (int i = 0; i < e->stratum_count; i++) {
        const assay_stratum *s = &e->stratum[i];
        fprintf(out, "%s\n    {\"text\": ", i ? "," : "");
        put_string(out, s->text);
        fprintf(out, ", \"wrong\": %" PRId64 ", \"elements\": %" PRId64 ", \"p\": %.3g}", s->wrong,
                s->elements, s->p);
    }
    fprintf(out, "%s],\n  \"evidence\": [", e->stratum_count ? "\n  " : "");
    for (int i = 0; i < e->note_count; i++) {
        fprintf(out, "%s\n    ", i ? "," : "");
        put_string(out, e->note[i]);
    }
    fprintf(out, "%s],\n  \"runs\": %d,\n  \"seconds\": %.3f\n}\n", e->note_count ? "\n  " : "",
            e->runs, e->seconds);
}
