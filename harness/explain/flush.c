// SPDX-License-Identifier: Apache-2.0
// What becomes of subnormal numbers: one that meets a large factor shows whether it is lost where
// it is loaded, one that is made of normal numbers whether it is lost where it is stored.
#include "harness/explain/arithmetic.h"

#include "reference/format.h"

#include <inttypes.h>
#include <math.h>

enum { LOADED, MADE, POINTS };

// Results of a subnormal number alone are one as well: both are lost together then.
static void fill(const assay__line *line, double in, double out, assay__point points[POINTS])
{
    bool factors = line->factors >= 0;
    points[LOADED] = (assay__point){
        .number = {in / 4,                      0},
          .factor = {factors ? 16 / in * out : 1, 1}
    };
    points[MADE] = (assay__point){
        .number = {factors ? out * 0x1p10 : 1.25 * out, 0},
          .factor = {0x1p-12,                             1}
    };
    if (!factors && line->count == 2)
        points[MADE].number[1] = -out * line->weight[0] / line->weight[1];
}

static bool is_subnormal(double x, double least)
{
    return x != 0 && fabs(x) < least;
}

static bool is_lost(const assay__point *point)
{
    return point->written == 0;
}

// Lost or kept, and nothing else.
static bool is_clear(const assay__point *point)
{
    return is_lost(point) || fabs(point->written - point->right) <= 0.25 * fabs(point->right);
}

// Wrong elements that are zero where the right result is small, but no zero.
static bool fails_there(const assay__specimen *s, double least)
{
    const assay_reference *ref = &s->subject.reference;
    int64_t wrong = 0, there = 0;
    for (int64_t i = 0; i < ref->count; i++) {
        if (!assay__specimen_wrong(s, i))
            continue;
        wrong++;
        there += s->out[0][i] == 0 && ref->value[i] != 0 && fabs(ref->value[i]) < 1024 * least;
    }
    return wrong > 0 && there * 10 >= wrong * 9;
}

assay_status assay__line_flush(assay__workbench *bench, const assay__line *line,
                               const assay__specimen *s, assay_error *error)
{
    assay__point points[POINTS];
    assay_contract contract = assay__output_contract(&line->problem, &bench->contract);
    if (line->count == 0 || contract.storage == ASSAY_STORAGE_RGBA8)
        return ASSAY_OK;
    double in = assay_format_of(assay_kernel_storage(bench->info, line->place[0].input))->least;
    double out = assay_format_of(contract.storage)->least;
    fill(line, in, out, points);
    ASSAY_TRY(assay__line_run(bench, line, points, POINTS, error));
    bool loaded = is_lost(&points[LOADED]), made = is_lost(&points[MADE]);
    if (fabs(points[LOADED].right) < 2 * assay_format_of(contract.storage)->spacing ||
        !is_clear(&points[LOADED]) || !is_clear(&points[MADE]))
        return ASSAY_OK;
    bool told = !is_subnormal(points[LOADED].right, out);
    if (!told)
        assay__note(bench->out, "subnormal numbers %s", loaded ? "become zero" : "are kept");
    else
        assay__note(bench->out, "subnormal inputs %s, subnormal results %s",
                    loaded ? "are taken for zero" : "are kept", made ? "become zero" : "are kept");
    if (told && loaded && contract.flush == ASSAY_FLUSH_NO && fails_there(s, out))
        assay__find(bench->out, ASSAY_CAUSE_inputs_rounded, 0.9,
                    "subnormal inputs are taken for zero");
    return ASSAY_OK;
}
