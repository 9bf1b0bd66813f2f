// SPDX-License-Identifier: Apache-2.0
// The report for a person: what fails and how to see it again, what was covered, and one line that
// says it all.
#include "reports/report_internal.h"

#include <inttypes.h>
#include <string.h>

// More failures than this are listed with their `reproduce:` lines alone, unless all was asked for.
#define IN_FULL 20
// More contracts or reasons than this are counted.
#define LISTED 8

typedef struct console {
    FILE *out;
    bool verbose, color;
} console;

enum { PLAIN, BOLD, RED, GREEN, YELLOW, GRAY };

static void paint(const console *c, int style)
{
    static const char *const codes[] = {"\033[0m",  "\033[1m",  "\033[1;31m",
                                        "\033[32m", "\033[33m", "\033[2m"};
    if (c->color)
        fputs(codes[style], c->out);
}

static int style_of(assay_verdict verdict)
{
    return assay_verdict_fails(verdict)       ? RED
           : verdict == ASSAY_VERDICT_PASS    ? GREEN
           : verdict == ASSAY_VERDICT_VACUOUS ? YELLOW
                                              : GRAY;
}

static void put_line(const console *c, const char *before, const char *text)
{
    if (!*text)
        return;
    fputs(before, c->out);
    assay__text_line(c->out, text);
    putc('\n', c->out);
}

// Validation messages: a line each; the first alone unless all was asked for.
static void put_messages(const console *c, const assay_result *result)
{
    const char *text = result->messages;
    while (*text) {
        char line[ASSAY_TEXT_LONG];
        size_t length = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        put_line(c, "  validation: ", line);
        text += length + strspn(text + length, "\n");
        if (!c->verbose)
            break;
    }
}

static void put_check(const console *c, const assay_result *result)
{
    assay_verdict verdict = assay__verdict(result);
    paint(c, style_of(verdict));
    fputs(assay_verdict_name(verdict), c->out);
    paint(c, PLAIN);
    put_line(c, " ", result->check);
}

static void put_failure(const console *c, const assay_result *result, bool in_full)
{
    put_check(c, result);
    put_line(c, "  ", result->reason);
    if (in_full) {
        assay__put_first_wrong(c->out, result, "  ");
        if (*result->caught) {
            char caught[128];
            put_line(c, "  caught by ",
                     assay_caught_format((unsigned)*result->caught, caught, sizeof caught));
        }
        put_messages(c, result);
    }
    put_line(c, "reproduce: ", assay__reproduce(result));
    char command[ASSAY__COMMAND_SIZE];
    put_line(c, "explain: ", assay__explanation(result, command, sizeof command));
    putc('\n', c->out);
}

static void put_failures(const console *c, const assay_result *results, size_t count)
{
    size_t shown = 0;
    for (size_t i = 0; i < count; i++)
        if (assay_verdict_fails(assay__verdict(&results[i])))
            put_failure(c, &results[i], c->verbose || shown++ < IN_FULL);
}

static void put_vacuous(const console *c, const assay_result *results, size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (assay__verdict(&results[i]) != ASSAY_VERDICT_VACUOUS)
            continue;
        any = true;
        put_check(c, &results[i]);
        put_line(c, "  ", results[i].reason);
    }
    if (any)
        putc('\n', c->out);
}

static void put_cell(const console *c, const char *text, int width)
{
    int used = assay__text_line(c->out, text);
    fprintf(c->out, "%*s", width > used ? width - used : 0, "");
}

// Right-aligned; a zero is a point, so that what there is stands out.
static void put_count(const console *c, assay_verdict verdict, int64_t count, int width)
{
    if (count == 0) {
        fprintf(c->out, "  %*s", width, ".");
        return;
    }
    if (verdict != ASSAY_VERDICT_PASS)
        paint(c, style_of(verdict));
    fprintf(c->out, "  %*" PRId64, width, count);
    if (verdict != ASSAY_VERDICT_PASS)
        paint(c, PLAIN);
}

static int verdict_width(int verdict)
{
    int width = (int)strlen(assay_verdict_name((assay_verdict)verdict));
    return width < 6 ? 6 : width;
}

static void put_row(const console *c, const assay__group *group, const assay_tally *all,
                    const int width[2])
{
    char time[32];
    put_cell(c, group->first->operator_name, width[0] + 2);
    put_cell(c, group->first->kernel, width[1]);
    for (int v = 0; v < ASSAY_VERDICT_COUNT; v++)
        if (all->count[v] || v == ASSAY_VERDICT_PASS)
            put_count(c, (assay_verdict)v, group->tally.count[v], verdict_width(v));
    if (group->tally.total == group->tally.count[ASSAY_VERDICT_SKIP])
        fprintf(c->out, "  %9s  %9s", "-", "-");
    else
        fprintf(c->out, "  %9.3g  %9.4g", group->use_max, group->ulp_max);
    fprintf(c->out, "  %9s\n", assay__format_seconds(group->seconds, time, sizeof time));
}

static void put_table(const console *c, const assay_result *results, size_t count,
                      const assay_tally *all)
{
    int width[2] = {8, 6};
    assay__groups groups = assay__group_by(results, count, ASSAY__EVERY_VERDICT, assay__by_kernel);
    for (size_t i = 0; i < groups.count; i++) {
        int a = assay__text_width(groups.rows[i].first->operator_name);
        int b = assay__text_width(groups.rows[i].first->kernel);
        width[0] = a > width[0] ? a : width[0];
        width[1] = b > width[1] ? b : width[1];
    }
    paint(c, BOLD);
    fprintf(c->out, "%-*s  %-*s", width[0], "operator", width[1], "kernel");
    for (int v = 0; v < ASSAY_VERDICT_COUNT; v++)
        if (all->count[v] || v == ASSAY_VERDICT_PASS)
            fprintf(c->out, "  %*s", verdict_width(v), assay_verdict_name((assay_verdict)v));
    fprintf(c->out, "  %9s  %9s  %9s", "bound use", "max ULP", "time");
    paint(c, PLAIN);
    putc('\n', c->out);
    for (size_t i = 0; i < groups.count; i++)
        put_row(c, &groups.rows[i], all, width);
    assay__groups_free(&groups);
    putc('\n', c->out);
}

// "skipped   12  the device has no f16 storage", one line a reason.
static void put_reasons(const console *c, const char *title, const assay_result *results,
                        size_t count, assay_verdict verdict)
{
    assay__groups groups = assay__group_by(results, count, 1u << verdict, assay__by_reason);
    for (size_t i = 0; i < groups.count; i++) {
        if (i == LISTED && groups.count > LISTED + 1 && !c->verbose) {
            fprintf(c->out, "%-10s        and %zu more reasons\n", "", groups.count - i);
            break;
        }
        fprintf(c->out, "%-10s%6" PRId64 "  ", i ? "" : title, groups.rows[i].tally.total);
        assay__text_line(c->out, groups.rows[i].first->reason);
        putc('\n', c->out);
    }
    assay__groups_free(&groups);
}

static void put_kinds(const console *c, const char *title, const assay_result *results,
                      size_t count, assay__order order, size_t field)
{
    const unsigned judged =
        1u << ASSAY_VERDICT_PASS | 1u << ASSAY_VERDICT_FAIL | 1u << ASSAY_VERDICT_VACUOUS;
    assay__groups groups = assay__group_by(results, count, judged, order);
    bool any = false;
    for (size_t i = 0; i < groups.count && i < LISTED; i++) {
        const char *text = (const char *)groups.rows[i].first + field;
        if (!*text)
            continue;
        fprintf(c->out, "%-10s%6" PRId64 "  ", any ? "" : title, groups.rows[i].tally.total);
        put_line(c, "", text);
        any = true;
    }
    assay__groups_free(&groups);
}

static void put_summary(const console *c, const assay_run_info *run, const assay_tally *all)
{
    bool fails = false;
    for (int v = 0; v < ASSAY_VERDICT_COUNT; v++)
        fails |= all->count[v] && assay_verdict_fails((assay_verdict)v);
    paint(c, fails ? RED : all->count[ASSAY_VERDICT_PASS] ? GREEN : YELLOW);
    fprintf(c->out, "%" PRId64 " check%s", all->total, all->total == 1 ? "" : "s");
    bool any = false;
    for (int v = 0; v < ASSAY_VERDICT_COUNT; v++) {
        if (!all->count[v])
            continue;
        fprintf(c->out, "%s %" PRId64 " %s", any ? "," : ":", all->count[v],
                assay_verdict_name((assay_verdict)v));
        any = true;
    }
    if (*run->device) {
        fputs(" on ", c->out);
        assay__text_line(c->out, run->device);
    }
    paint(c, PLAIN);
    putc('\n', c->out);
}

void assay_report_console(FILE *out, const assay_run_info *run, const assay_result *results,
                          size_t count, assay_detail detail, bool color)
{
    assay__numbers numbers = assay__numbers_begin();
    bool verbose = detail == ASSAY_DETAIL_VERBOSE;
    console c = {out, verbose, color};
    assay_tally all = assay_tally_of(results, count);
    put_failures(&c, results, count);
    if (verbose)
        put_vacuous(&c, results, count);
    if (count && detail != ASSAY_DETAIL_QUIET) {
        put_table(&c, results, count, &all);
        put_kinds(&c, "tier", results, count, assay__by_tier, offsetof(assay_result, tier));
        put_kinds(&c, "contract", results, count, assay__by_contract,
                  offsetof(assay_result, contract));
        put_reasons(&c, "skipped", results, count, ASSAY_VERDICT_SKIP);
        put_reasons(&c, "vacuous", results, count, ASSAY_VERDICT_VACUOUS);
    }
    put_summary(&c, run, &all);
    assay__numbers_end(&numbers);
}
