// SPDX-License-Identifier: Apache-2.0
// A few rows and columns around the first wrong element, as they should be and as they are.
#include "harness/explain/explain_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ROWS    3
#define COLUMNS 5

static void put(assay_explanation *out, const char *format, ...) ASSAY_PRINTF(2, 3);

static void put(assay_explanation *out, const char *format, ...)
{
    size_t used = strlen(out->window);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out->window + used, sizeof out->window - used, format, arguments);
    va_end(arguments);
}

static void put_row(assay_explanation *out, const assay__specimen *s, int64_t base, int64_t first,
                    int64_t end, int run)
{
    for (int64_t x = first; x < end; x++) {
        double expected = s->subject.reference.value[base + x];
        bool wrong = assay__specimen_wrong(s, base + x);
        if (run < 0)
            put(out, " %11.6g ", expected);
        else
            put(out, " %11.6g%c", (double)s->out[run][base + x], wrong ? '*' : ' ');
    }
}

void assay__draw_window(assay_explanation *out, const assay__specimen *s)
{
    const assay_shape *shape = &s->c.problem.output;
    const char *letters = s->c.problem.op->output;
    int64_t at[ASSAY_RANK_MAX], wrong = 0, count = s->subject.reference.count;
    while (wrong < count && !assay__specimen_wrong(s, wrong))
        wrong++;
    if (wrong == count)
        return;
    assay__coordinates(shape, wrong, at);
    int last = shape->rank - 1, above = shape->rank - 2;
    int64_t width = shape->dim[last], height = above >= 0 ? shape->dim[above] : 1;
    int64_t x0 = at[last] > COLUMNS / 2 ? at[last] - COLUMNS / 2 : 0;
    int64_t y = above >= 0 ? at[above] : 0, y0 = y > ROWS / 2 ? y - ROWS / 2 : 0;
    int64_t x1 = x0 + COLUMNS < width ? x0 + COLUMNS : width;
    int64_t y1 = y0 + ROWS < height ? y0 + ROWS : height;
    int run = s->out[0][wrong] == (float)s->subject.reference.value[wrong] ? 1 : 0;
    put(out, "around");
    for (int d = 0; d < shape->rank; d++)
        put(out, " %c%" PRId64, letters[d], at[d]);
    put(out, ", columns %" PRId64 " to %" PRId64 ": expected | written, wrong ones starred", x0,
        x1 - 1);
    for (int64_t row = y0; row < y1; row++) {
        int64_t base = wrong - at[last] + (row - y) * width;
        put(out, "\n  %4" PRId64 ":", row);
        put_row(out, s, base, x0, x1, -1);
        put(out, " |");
        put_row(out, s, base, x0, x1, run);
    }
}
