// SPDX-License-Identifier: Apache-2.0
// JSON, written as it goes: the order of keys is that of the tables. docs/results.schema.json.
#include "reports/report_internal.h"
#include "reports/reports_internal.h"
#include "reports/store.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Everything down to this depth has a line of its own: a result is one line.
#define LINES_TO 2

typedef struct json {
    FILE *out;
    int depth;
    bool begun[8]; // something stands already at that depth
} json;

static void put_string(FILE *out, const char *text)
{
    static const char named[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    uint32_t code;
    putc('"', out);
    while ((code = assay__text_next(&text)) != 0) {
        const char *found = code < 0x80 ? strchr(named, (int)code) : NULL;
        if (found)
            fprintf(out, "\\%c", letters[found - named]);
        else if (code < 0x20 || code == 0x7F)
            fprintf(out, "\\u%04x", (unsigned)code);
        else
            assay__text_put(out, code);
    }
    putc('"', out);
}

// What stands before a value: comma, line, key (NULL in an array).
static void put_key(json *j, const char *key)
{
    if (j->begun[j->depth])
        putc(',', j->out);
    if (j->depth > 0 && j->depth <= LINES_TO)
        fprintf(j->out, "\n%*s", 2 * j->depth, "");
    else if (j->begun[j->depth])
        putc(' ', j->out);
    j->begun[j->depth] = true;
    if (key) {
        put_string(j->out, key);
        fputs(": ", j->out);
    }
}

static void put_open(json *j, const char *key, char bracket)
{
    put_key(j, key);
    putc(bracket, j->out);
    j->begun[++j->depth] = false;
}

static void put_close(json *j, char bracket)
{
    bool any = j->begun[j->depth--];
    if (any && j->depth < LINES_TO)
        fprintf(j->out, "\n%*s", 2 * j->depth, "");
    putc(bracket, j->out);
}

static void put_text(json *j, const char *key, const char *text)
{
    put_key(j, key);
    put_string(j->out, text);
}

static void put_whole(json *j, const char *key, int64_t value)
{
    put_key(j, key);
    fprintf(j->out, "%" PRId64, value);
}

// The shortest of two forms that reads back the same; JSON has no NaN and no infinity: they are
// strings.
static void put_number(json *j, const char *key, double value)
{
    char text[32];
    put_key(j, key);
    if (!isfinite(value)) {
        fputs(isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"", j->out);
        return;
    }
    snprintf(text, sizeof text, "%.15g", value);
    if (strtod(text, NULL) != value)
        snprintf(text, sizeof text, "%.17g", value);
    fputs(text, j->out);
}

static void put_caught(json *j, const char *key, int64_t caught)
{
    char one[32];
    put_open(j, key, '[');
    for (unsigned bit = 1; bit <= ASSAY_CAUGHT_ALL; bit <<= 1)
        if ((uint64_t)caught & bit)
            put_text(j, NULL, assay_caught_format(bit, one, sizeof one));
    put_close(j, ']');
}

static void put_one(json *j, const assay_field *field, const char *key, const uint8_t *at)
{
    int64_t whole;
    double number;
    memcpy(&whole, at, sizeof whole);
    memcpy(&number, at, sizeof number);
    if (field->kind == ASSAY_FIELD_F64)
        put_number(j, key, number);
    else
        put_whole(j, key, whole);
}

static void put_field(json *j, const assay_result *result, const assay_field *field)
{
    const uint8_t *at = (const uint8_t *)result + field->offset;
    if (field->kind == ASSAY_FIELD_TEXT) {
        put_text(j, field->name, (const char *)at);
    } else if (field->offset == offsetof(assay_result, verdict)) {
        put_text(j, field->name, assay_verdict_name(assay__verdict(result)));
    } else if (field->offset == offsetof(assay_result, caught)) {
        put_caught(j, field->name, *result->caught);
    } else if (field->offset == offsetof(assay_result, input_hash) ||
               field->offset == offsetof(assay_result, output_hash)) {
        char hash[20]; // as a string: many readers keep whole numbers as doubles
        int64_t whole;
        memcpy(&whole, at, sizeof whole);
        snprintf(hash, sizeof hash, "%016" PRIx64, (uint64_t)whole);
        put_text(j, field->name, hash);
    } else if (field->count == 1) {
        put_one(j, field, field->name, at);
    } else {
        put_open(j, field->name, '[');
        for (int i = 0; i < field->count; i++)
            put_one(j, field, NULL, at + 8 * i);
        put_close(j, ']');
    }
}

void assay_report_json(FILE *out, const assay_run_info *run, const assay_result *results,
                       size_t count)
{
    assay__numbers numbers = assay__numbers_begin();
    assay_tally all = assay_tally_of(results, count);
    json j = {.out = out};
    put_open(&j, NULL, '{');
    put_text(&j, "format", "assay results");
    put_whole(&j, "schema_version", ASSAY_RESULTS_SCHEMA);
    put_open(&j, "run", '{');
    for (int i = 0; i < assay__run_field_count; i++)
        put_text(&j, assay__run_fields[i].name, assay__run_text(run, i));
    put_close(&j, '}');
    put_open(&j, "totals", '{');
    put_whole(&j, "checks", all.total);
    for (int v = 0; v < ASSAY_VERDICT_COUNT; v++)
        put_whole(&j, assay_verdict_name((assay_verdict)v), all.count[v]);
    put_close(&j, '}');
    put_open(&j, "results", '[');
    for (size_t i = 0; i < count; i++) {
        put_open(&j, NULL, '{');
        for (int f = 0; f < assay_result_field_count; f++)
            put_field(&j, &results[i], &assay_result_fields[f]);
        put_close(&j, '}');
    }
    put_close(&j, ']');
    put_close(&j, '}');
    putc('\n', out);
    assay__numbers_end(&numbers);
}
