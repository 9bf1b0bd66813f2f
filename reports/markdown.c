// SPDX-License-Identifier: Apache-2.0
// A summary for a pull request. GitHub refuses a step summary above 1 MiB, so every section has a
// limit and says how much it left out.
#include "reports/report_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FAILURES_MOST ((size_t)600 << 10)
#define TABLE_MOST    ((size_t)200 << 10)
#define REASONS_MOST  ((size_t)100 << 10)

// A section: blocks are made in memory, and written as long as they fit.
typedef struct section {
    FILE *out;
    size_t used, most, left_out;
} section;

typedef struct block {
    FILE *file;
    char *text;
    size_t size;
} block;

static FILE *begin(block *b)
{
    *b = (block){0};
    b->file = open_memstream(&b->text, &b->size);
    return b->file;
}

static void end(section *s, block *b)
{
    bool fits = b->file && fclose(b->file) == 0 && b->size <= s->most - s->used;
    if (fits) {
        fwrite(b->text, 1, b->size, s->out);
        s->used += b->size;
    } else {
        s->left_out++;
        s->used = s->most; // nothing after the first that is left out: the order stays
    }
    free(b->text);
}

static void close_section(section *s, const char *what)
{
    if (s->left_out)
        fprintf(s->out, "\n... and %zu more %s that this summary has no room for.\n", s->left_out,
                what);
}

// As text and nothing else: every character that Markdown or HTML gives a meaning is a number.
static void put_plain(FILE *out, const char *text)
{
    uint32_t code;
    while ((code = assay__text_next(&text)) != 0) {
        if (code == '\n' || code == '\t' || code == '\r')
            code = ' ';
        if (code < 0x20 || (code >= 0x7F && code < 0xA0))
            code = ASSAY__REPLACEMENT;
        if (code < 0x80 && strchr("<>&|`*_[]\\~#@!$", (int)code))
            fprintf(out, "&#%u;", (unsigned)code);
        else
            assay__text_put(out, code);
    }
}

static void put_code(FILE *out, const char *text)
{
    fputs("<code>", out);
    put_plain(out, text);
    fputs("</code>", out);
}

// Never at the start of a line, so it cannot end the block.
static void put_command(FILE *out, const char *word, const char *command)
{
    if (!*command)
        return;
    fprintf(out, "  %s: ", word);
    assay__text_line(out, command);
    putc('\n', out);
}

static void put_failure(FILE *out, const assay_result *result)
{
    char command[ASSAY__COMMAND_SIZE];
    fprintf(out, "- **%s** ", assay_verdict_name(assay__verdict(result)));
    put_code(out, result->check);
    fputs("<br>", out);
    put_plain(out, result->reason);
    fputs("\n  <details><summary>reproduce</summary>\n\n  ```\n", out);
    assay__put_first_wrong(out, result, "  ");
    put_command(out, "reproduce", assay__reproduce(result));
    put_command(out, "explain", assay__explanation(result, command, sizeof command));
    fputs("  ```\n\n  </details>\n", out);
}

static void put_failures(FILE *out, const assay_result *results, size_t count)
{
    section s = {.out = out, .most = FAILURES_MOST};
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        block b;
        if (!assay_verdict_fails(assay__verdict(&results[i])))
            continue;
        if (!any)
            fputs("\n## Failing checks\n\n", out);
        any = true;
        if (begin(&b))
            put_failure(b.file, &results[i]);
        end(&s, &b);
    }
    close_section(&s, "failing checks");
}

static void put_head(FILE *out, const assay_tally *all, const char *before, bool numbers)
{
    fprintf(out, "| %s", before);
    for (int v = 0; v < ASSAY_VERDICT_COUNT; v++)
        if (all->count[v] || v == ASSAY_VERDICT_PASS)
            fprintf(out, " | %s", assay_verdict_name((assay_verdict)v));
    fprintf(out, "%s |\n|%s", numbers ? " | bound use | max ULP | time" : "",
            numbers ? " --- | ---" : " ---:");
    for (int v = 0; v < ASSAY_VERDICT_COUNT; v++)
        if (all->count[v] || v == ASSAY_VERDICT_PASS)
            fputs(" | ---:", out);
    fprintf(out, "%s |\n", numbers ? " | ---: | ---: | ---:" : "");
}

static void put_counts(FILE *out, const assay_tally *all, const assay_tally *own)
{
    for (int v = 0; v < ASSAY_VERDICT_COUNT; v++)
        if (all->count[v] || v == ASSAY_VERDICT_PASS)
            fprintf(out, " | %" PRId64, own->count[v]);
}

static void put_table(FILE *out, const assay_result *results, size_t count, const assay_tally *all)
{
    section s = {.out = out, .most = TABLE_MOST};
    assay__groups groups = assay__group_by(results, count, ASSAY__EVERY_VERDICT, assay__by_kernel);
    fputs("\n## By operator\n\n", out);
    put_head(out, all, "operator | kernel", true);
    for (size_t i = 0; i < groups.count; i++) {
        const assay__group *group = &groups.rows[i];
        char time[32];
        block b;
        if (begin(&b)) {
            fputs("| ", b.file);
            put_plain(b.file, group->first->operator_name);
            fputs(" | ", b.file);
            put_code(b.file, group->first->kernel);
            put_counts(b.file, all, &group->tally);
            fprintf(b.file, " | %.3g | %.4g | %s |\n", group->use_max, group->ulp_max,
                    assay__format_seconds(group->seconds, time, sizeof time));
        }
        end(&s, &b);
    }
    close_section(&s, "kernels");
    assay__groups_free(&groups);
}

static void put_reasons(FILE *out, const assay_result *results, size_t count)
{
    const unsigned verdicts = 1u << ASSAY_VERDICT_SKIP | 1u << ASSAY_VERDICT_VACUOUS;
    section s = {.out = out, .most = REASONS_MOST};
    assay__groups groups = assay__group_by(results, count, verdicts, assay__by_reason);
    if (groups.count)
        fputs("\n## Not counted\n\n", out);
    for (size_t i = 0; i < groups.count; i++) {
        block b;
        if (begin(&b)) {
            fprintf(b.file, "- %" PRId64 " %s: ", groups.rows[i].tally.total,
                    assay_verdict_name(assay__verdict(groups.rows[i].first)));
            put_plain(b.file, groups.rows[i].first->reason);
            putc('\n', b.file);
        }
        end(&s, &b);
    }
    close_section(&s, "reasons");
    assay__groups_free(&groups);
}

void assay_report_markdown(FILE *out, const assay_run_info *run, const assay_result *results,
                           size_t count)
{
    assay__numbers numbers = assay__numbers_begin();
    assay_tally all = assay_tally_of(results, count);
    int64_t failing = 0;
    for (int v = 0; v < ASSAY_VERDICT_COUNT; v++)
        failing += assay_verdict_fails((assay_verdict)v) ? all.count[v] : 0;
    fprintf(out, "# assay: %" PRId64 " of %" PRId64 " checks fail\n\n", failing, all.total);
    if (*run->device) {
        fputs("On ", out);
        put_plain(out, run->device);
        fputs("\n\n", out);
    }
    put_head(out, &all, "checks", false);
    fprintf(out, "| %" PRId64, all.total);
    put_counts(out, &all, &all);
    fputs(" |\n", out);
    put_failures(out, results, count);
    if (count)
        put_table(out, results, count, &all);
    put_reasons(out, results, count);
    assay__numbers_end(&numbers);
}
