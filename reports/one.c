// SPDX-License-Identifier: Apache-2.0
// One result in full, driven by the table of fields.
#include "reports/report_internal.h"
#include "reports/reports_internal.h"

#include <inttypes.h>
#include <string.h>

#define NAME_WIDTH 15
#define BAR_WIDTH  40

static const void *value_of(const assay_result *result, const assay_field *field)
{
    return (const char *)result + field->offset;
}

static bool is_field(const assay_field *field, size_t offset)
{
    return field->offset == offset;
}

static void put_whole(FILE *out, const assay_result *result, const assay_field *field)
{
    const int64_t *value = value_of(result, field);
    char caught[128];
    if (is_field(field, offsetof(assay_result, verdict)))
        fprintf(out, "%-24s", assay_verdict_name(assay__verdict(result)));
    else if (is_field(field, offsetof(assay_result, caught)))
        fprintf(out, "%-24s", assay_caught_format((unsigned)*value, caught, sizeof caught));
    else if (is_field(field, offsetof(assay_result, input_hash)) ||
             is_field(field, offsetof(assay_result, output_hash)))
        fprintf(out, "%016" PRIx64 "        ", (uint64_t)*value);
    else
        fprintf(out, "%-24" PRId64, *value);
}

static void put_single(FILE *out, const assay_result *result, const assay_field *field)
{
    fprintf(out, "  %-*s ", NAME_WIDTH, field->name);
    if (field->kind == ASSAY_FIELD_TEXT) {
        const char *text = value_of(result, field);
        assay__text_line(out, *text ? text : "-");
        putc('\n', out);
        return;
    }
    if (field->kind == ASSAY_FIELD_I64) {
        put_whole(out, result, field);
    } else {
        char number[64];
        snprintf(number, sizeof number, "%.9g%s%s", *(const double *)value_of(result, field),
                 *field->unit ? " " : "", field->unit);
        fprintf(out, "%-24s", number);
    }
    fprintf(out, " %s\n", field->summary);
}

static void name_use_bin(int bin, char *name, size_t size)
{
    if (bin == 0)
        snprintf(name, size, "< 2^%d", 2 - ASSAY_USE_BINS);
    else if (bin == ASSAY_USE_BINS - 1)
        snprintf(name, size, ">= 1");
    else if (bin == ASSAY_USE_BINS - 2)
        snprintf(name, size, "< 1");
    else
        snprintf(name, size, "< 2^%d", bin + 2 - ASSAY_USE_BINS);
}

static void name_ulp_bin(int bin, char *name, size_t size)
{
    int64_t top = bin < 2 ? bin : INT64_C(1) << (bin - 1);
    if (bin == ASSAY_ULP_BINS - 1)
        snprintf(name, size, "> %" PRId64, top / 2);
    else if (bin < 3)
        snprintf(name, size, "%" PRId64, top);
    else
        snprintf(name, size, "%" PRId64 "-%" PRId64, top / 2 + 1, top);
}

// Only bins from the first to the last that hold something; a bar is a share of the fullest.
static void put_histogram(FILE *out, const assay_result *result, const assay_field *field,
                          void (*name_bin)(int, char *, size_t))
{
    const int64_t *bins = value_of(result, field);
    int64_t most = 0;
    int first = -1, last = -1;
    for (int i = 0; i < field->count; i++) {
        if (bins[i] <= 0)
            continue;
        most = bins[i] > most ? bins[i] : most;
        first = first < 0 ? i : first;
        last = i;
    }
    fprintf(out, "  %-*s %s%s\n", NAME_WIDTH, field->name,
            first < 0 ? "empty                    " : "", field->summary);
    for (int i = first; i >= 0 && i <= last; i++) {
        char name[48];
        int length = bins[i] > 0 ? (int)((double)bins[i] / (double)most * BAR_WIDTH + 0.5) : 0;
        length = bins[i] > 0 && length == 0 ? 1 : length;
        name_bin(i, name, sizeof name);
        fprintf(out, "  %*s %10" PRId64 " ", NAME_WIDTH + 4, name, bins[i]);
        while (length-- > 0)
            putc('#', out);
        putc('\n', out);
    }
}

// The four fields from `index` on, as a table: element, actual, expected, bound.
static void put_samples(FILE *out, const assay_result *result, const assay_field *index,
                        const char *title)
{
    const int64_t *places = value_of(result, index);
    const double *actual = value_of(result, index + 1);
    const double *expected = value_of(result, index + 2);
    const double *bound = value_of(result, index + 3);
    bool any = false;
    for (int i = 0; i < index->count; i++) {
        if (places[i] < 0)
            continue;
        if (!any)
            fprintf(out, "  %-*s %10s %16s %16s %12s\n", NAME_WIDTH, title, "element", "actual",
                    "expected", "bound");
        any = true;
        fprintf(out, "  %*s %10" PRId64 " %16.9g %16.9g %12.4g\n", NAME_WIDTH, "", places[i],
                actual[i], expected[i], bound[i]);
    }
    if (!any)
        fprintf(out, "  %-*s none\n", NAME_WIDTH, title);
}

void assay_report_one(FILE *out, const assay_result *result)
{
    assay__numbers numbers = assay__numbers_begin();
    fputs(assay_verdict_name(assay__verdict(result)), out);
    putc(' ', out);
    assay__text_line(out, result->check);
    putc('\n', out);
    for (int i = 0; i < assay_result_field_count; i++) {
        const assay_field *field = &assay_result_fields[i];
        if (is_field(field, offsetof(assay_result, use_histogram)))
            put_histogram(out, result, field, name_use_bin);
        else if (is_field(field, offsetof(assay_result, ulp_histogram)))
            put_histogram(out, result, field, name_ulp_bin);
        else if (is_field(field, offsetof(assay_result, first_index)))
            put_samples(out, result, field, "first wrong");
        else if (is_field(field, offsetof(assay_result, worst_index)))
            put_samples(out, result, field, "worst");
        else if (field->kind == ASSAY_FIELD_TEXT || field->count == 1)
            put_single(out, result, field);
    }
    assay__numbers_end(&numbers);
}
