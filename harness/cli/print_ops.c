// SPDX-License-Identifier: Apache-2.0
// `assay list ops`: with --verbose the form of an operator's case strings, its tensors with the
// letters of their dimensions, and its attributes as case strings spell them and as manifests call
// them (and, in brackets, as the table does).
#include "harness/cli/listings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const type_names[] = {"integer", "flag",    "float", "HxW",
                                         "padding", "NxCxHxW", "word"};

// "concat/nchw+nchw[+nchw][+nchw]/axis": what may be left out stands in brackets.
static void print_form(const assay_operator *op)
{
    printf("    %s/", op->name);
    for (int i = 0; i < op->given; i++)
        printf("%s%s%s%s", op->inputs[i].optional ? "[" : "", i ? "+" : "", op->inputs[i].letters,
               op->inputs[i].optional ? "]" : "");
    printf("/%s", op->attribute_count ? "" : "-");
    for (int a = 0; a < op->attribute_count; a++)
        printf(op->attributes[a].always ? "%s%s" : "%s[%s]", a ? " " : "",
               op->attributes[a].spelling);
    printf("\n");
}

static void print_default(const assay_attribute *a, char *text, size_t size)
{
    const int64_t *i = a->standard.i;
    bool one = a->type == ASSAY_ATTRIBUTE_INT || a->type == ASSAY_ATTRIBUTE_FLAG;
    if (a->type == ASSAY_ATTRIBUTE_FLOAT)
        for (int digits = 1; digits <= 9; digits++) { // the shortest that reads back
            snprintf(text, size, "%.*g", digits, (double)a->standard.f);
            if (strtof(text, NULL) == a->standard.f)
                break;
        }
    else if (a->type == ASSAY_ATTRIBUTE_WORD)
        snprintf(text, size, "%s", a->words[i[0]]);
    else if (i[0] < a->least)
        snprintf(text, size, "required");
    else if (one || a->type == ASSAY_ATTRIBUTE_PADDING)
        snprintf(text, size, "%" PRId64, i[0]);
    else if (a->type == ASSAY_ATTRIBUTE_PAIR)
        snprintf(text, size, "%" PRId64 "x%" PRId64, i[0], i[1]);
    else
        snprintf(text, size, "%" PRId64 "x%" PRId64 "x%" PRId64 "x%" PRId64, i[0], i[1], i[2],
                 i[3]);
}

static void print_attribute(const assay_attribute *a)
{
    char text[64];
    print_default(a, text, sizeof text);
    printf("    %-12s %-8s %-14s %-14s %s", a->spelling, type_names[a->type], a->variable, text,
           a->summary);
    for (int w = 0; a->words && a->words[w]; w++)
        printf("%s%s = %d", w ? ", " : "; ", a->words[w], w);
    printf(strcmp(a->name, a->variable) ? " (%s)\n" : "\n", a->name);
}

static void print_details(const assay_operator *op)
{
    print_form(op);
    for (int i = 0; i < op->input_count; i++)
        printf("    %-12s %-8s %s%s\n", op->inputs[i].name, op->inputs[i].letters,
               op->inputs[i].summary, op->inputs[i].optional ? "; may be absent" : "");
    printf("    %-12s %s\n", "out", op->output);
    for (int i = 0; i < op->attribute_count; i++)
        print_attribute(&op->attributes[i]);
}

void cli_print_ops(bool verbose)
{
    for (int i = 0; i < assay_operator_count; i++) {
        const assay_operator *op = assay_operators[i];
        printf("%-20s %-22s %s\n", op->name, op->onnx[0] ? op->onnx : "-", op->summary);
        if (verbose)
            print_details(op);
    }
}
