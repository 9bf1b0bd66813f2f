// SPDX-License-Identifier: Apache-2.0
// JUnit XML as Jenkins, GitLab and GitHub's readers take it. GitLab shows the contents of a failure
// and drops its message attribute, others do the reverse: both are written.
#include "reports/lookup.h"
#include "reports/report_internal.h"
#include "reports/reports_internal.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

// A time above 30 years is damage; readers refuse a decimal of 300 digits.
#define SECONDS_MOST 1e9

// XML 1.0, production 2 (Char): what is outside cannot be written in any form.
static bool is_char(uint32_t code)
{
    return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code <= 0xD7FF) ||
           (code >= 0xE000 && code <= 0xFFFD) || code >= 0x10000;
}

// In contents and in attributes alike: '>' is escaped, so no "]]>" stands in the text; line ends of
// an attribute would be read as blanks if they were not numbers.
static void put_xml(FILE *out, const char *text)
{
    uint32_t code;
    while ((code = assay__text_next(&text)) != 0) {
        switch (code) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\t':
        case '\n':
        case '\r':
            fprintf(out, "&#%u;", (unsigned)code);
            break;
        default:
            assay__text_put(out, is_char(code) ? code : ASSAY__REPLACEMENT);
        }
    }
}

static void put_attribute(FILE *out, const char *name, const char *value)
{
    fprintf(out, " %s=\"", name);
    put_xml(out, value);
    putc('"', out);
}

// xs:dateTime in UTC, or nothing: "2026-01-02T03:04:05Z".
static void put_timestamp(FILE *out, const assay_run_info *run)
{
    static const char form[] = "0000-00-00T00:00:00Z";
    if (strlen(run->started) != sizeof form - 1)
        return;
    for (size_t i = 0; form[i]; i++)
        if (form[i] == '0' ? !isdigit((unsigned char)run->started[i]) : run->started[i] != form[i])
            return;
    put_attribute(out, "timestamp", run->started);
}

typedef struct totals {
    int64_t tests, failures, errors, skipped;
    double seconds;
} totals;

static void add(totals *sum, const assay_result *result)
{
    assay_verdict verdict = assay__verdict(result);
    sum->tests++;
    sum->failures += verdict == ASSAY_VERDICT_FAIL;
    sum->errors += assay_verdict_fails(verdict) && verdict != ASSAY_VERDICT_FAIL;
    sum->skipped += verdict == ASSAY_VERDICT_SKIP;
    sum->seconds += *result->seconds > 0 && *result->seconds < SECONDS_MOST ? *result->seconds : 0;
}

static void put_totals(FILE *out, const totals *sum)
{
    fprintf(out,
            " tests=\"%" PRId64 "\" failures=\"%" PRId64 "\" errors=\"%" PRId64
            "\" skipped=\"%" PRId64 "\" time=\"%.6f\"",
            sum->tests, sum->failures, sum->errors, sum->skipped, sum->seconds);
}

static void put_line(FILE *out, const char *word, const char *text)
{
    if (!*text)
        return;
    fprintf(out, "%s: ", word);
    put_xml(out, text);
    fputs("\n", out);
}

static void put_trouble(FILE *out, const assay_result *result, const char *element)
{
    char caught[128], command[ASSAY__COMMAND_SIZE];
    assay_verdict verdict = assay__verdict(result);
    fprintf(out, "      <%s", element);
    put_attribute(out, "message", result->reason);
    put_attribute(out, "type",
                  verdict == ASSAY_VERDICT_FAIL
                      ? assay_caught_format((unsigned)*result->caught, caught, sizeof caught)
                      : assay_verdict_name(verdict));
    fputs(">", out);
    put_xml(out, result->reason);
    fputs("\n", out);
    assay__put_first_wrong(out, result, "");
    put_line(out, "validation", result->messages);
    put_line(out, "reproduce", assay__reproduce(result));
    put_line(out, "explain", assay__explanation(result, command, sizeof command));
    fprintf(out, "</%s>\n", element);
}

static void put_case(FILE *out, const assay_result *result, bool first, size_t number)
{
    assay_verdict verdict = assay__verdict(result);
    totals own = {0};
    char name[160];
    add(&own, result);
    snprintf(name, sizeof name, "assay.%s.%s", result->operator_name, result->precision);
    fputs("    <testcase", out);
    put_attribute(out, "classname", name);
    fputs(" name=\"", out);
    put_xml(out, result->check);
    if (!first || !*result->check) // readers drop a second one of a name
        fprintf(out, " (result %zu)", number);
    fprintf(out, "\" time=\"%.6f\"", own.seconds);
    if (verdict == ASSAY_VERDICT_PASS) {
        fputs("/>\n", out);
        return;
    }
    fputs(">\n", out);
    if (verdict == ASSAY_VERDICT_SKIP) {
        fputs("      <skipped", out);
        put_attribute(out, "message", result->reason);
        fputs("/>\n", out);
    } else if (verdict == ASSAY_VERDICT_VACUOUS) {
        fputs("      <system-out>VACUOUS: ", out);
        put_xml(out, result->reason);
        fputs("</system-out>\n", out);
    } else {
        put_trouble(out, result, verdict == ASSAY_VERDICT_FAIL ? "failure" : "error");
    }
    fputs("    </testcase>\n", out);
}

static void put_properties(FILE *out, const assay_run_info *run)
{
    bool any = false;
    for (int i = 0; i < assay__run_field_count; i++) {
        const char *text = assay__run_text(run, i);
        if (!*text)
            continue;
        fputs(any ? "" : "    <properties>\n", out);
        any = true;
        fputs("      <property", out);
        put_attribute(out, "name", assay__run_fields[i].name);
        put_attribute(out, "value", text);
        fputs("/>\n", out);
    }
    fputs(any ? "    </properties>\n" : "", out);
}

static void put_suite(FILE *out, const assay_run_info *run, const assay_result *results,
                      const assay_result **rows, size_t count, const assay_lookup *lookup)
{
    totals sum = {0};
    for (size_t i = 0; i < count; i++)
        add(&sum, rows[i]);
    fputs("  <testsuite name=\"", out);
    put_xml(out, rows[0]->operator_name);
    if (*rows[0]->device) {
        fputs(" on ", out);
        put_xml(out, rows[0]->device);
    }
    putc('"', out);
    put_totals(out, &sum);
    put_timestamp(out, run);
    fputs(">\n", out);
    put_properties(out, run);
    for (size_t i = 0; i < count; i++) {
        size_t place = (size_t)(rows[i] - results);
        bool first = assay_lookup_find(lookup, results, rows[i]->check) == place;
        put_case(out, rows[i], first, place + 1);
    }
    fputs("  </testsuite>\n", out);
}

void assay_report_junit(FILE *out, const assay_run_info *run, const assay_result *results,
                        size_t count)
{
    assay__numbers numbers = assay__numbers_begin();
    totals sum = {0};
    assay_lookup lookup = {0};
    size_t found;
    const assay_result **rows =
        assay__sorted(results, count, ASSAY__EVERY_VERDICT, assay__by_suite, &found);
    bool whole = rows != NULL, added;
    for (size_t i = 0; i < count && whole; i++) {
        whole = assay_lookup_add(&lookup, results, i, &added, NULL) == ASSAY_OK;
        add(&sum, &results[i]);
    }
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
    if (whole) {
        fputs("<testsuites name=\"assay\"", out);
        put_totals(out, &sum);
        put_timestamp(out, run);
        fputs(">\n", out);
        for (size_t from = 0, to; from < count; from = to) {
            for (to = from + 1; to < count && assay__by_suite(&rows[from], &rows[to]) == 0;)
                to++;
            put_suite(out, run, results, rows + from, to - from, &lookup);
        }
        fputs("</testsuites>\n", out);
    } else {
        fputs("out of memory\n", out); // no XML, so that no reader takes it for an empty report
    }
    free(rows);
    assay_lookup_destroy(&lookup);
    assay__numbers_end(&numbers);
}
