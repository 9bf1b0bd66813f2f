// SPDX-License-Identifier: Apache-2.0
// The same shapes with every data set: what fails and what does not tells slips of structure from
// those that only large, negative or nearly equal numbers bring out.
#include "harness/explain/explain_internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BIT(id) (1u << ASSAY_DATASET_##id)

typedef struct wildness {
    int64_t wrong, wild; // wrong elements; of them NaN or infinite where the result is finite
    double absolute;     // largest error of the finite ones, relative to the largest result
} wildness;

static wildness measure(const assay__specimen *s)
{
    const assay_reference *ref = &s->subject.reference;
    wildness w = {0};
    double largest = 0;
    for (int64_t i = 0; i < ref->count; i++)
        if (isfinite(ref->value[i]))
            largest = fmax(largest, fabs(ref->value[i]));
    for (int64_t i = 0; i < ref->count; i++) {
        if (!isfinite(ref->value[i]) || !assay__specimen_wrong(s, i))
            continue;
        w.wrong++;
        if (!isfinite(s->out[0][i]))
            w.wild++;
        else if (largest > 0)
            w.absolute = fmax(w.absolute, fabs((double)s->out[0][i] - ref->value[i]) / largest);
    }
    return w;
}

static void conclude(assay__workbench *bench, const assay__specimen *s, unsigned fails,
                     unsigned passes)
{
    const unsigned plain = BIT(I1) | BIT(I1H) | BIT(HE) | BIT(UNIFORM) | BIT(NEGATIVE);
    assay_explanation *out = bench->out;
    wildness w = measure(s);
    bool wild_data = !(fails & plain) && (passes & plain);
    bool poison = (*s->result.caught & (ASSAY_CAUGHT_POISON | ASSAY_CAUGHT_UNWRITTEN)) != 0;
    assay_kind kind = assay_operator_kind(s->c.problem.op);
    const unsigned positive = BIT(UNIFORM) | BIT(IMPULSE) | BIT(INDEX);
    if (kind == ASSAY_KIND_SELECT && !s->c.problem.op->unary && s->c.problem.op->input_count == 1 &&
        (fails & BIT(NEGATIVE)) && !(fails & positive) && (passes & positive)) {
        assay__find(out, ASSAY_CAUSE_initial_value, 0.84,
                    "data that are not negative pass, negative ones fail");
        assay__find(out, ASSAY_CAUSE_pad_value,
                    assay_attribute_index(s->c.problem.op, "pads") < 0 ? 0.3 : 0.8,
                    "data that are not negative pass, negative ones fail");
    }
    if (w.wild && !poison)
        assay__find(out, ASSAY_CAUSE_overflow, wild_data ? 0.93 : 0.7,
                    "%" PRId64 " results are NaN or infinite, with data for which the result is "
                    "finite%s",
                    w.wild, wild_data ? "; data of usual size passes" : "");
    if (w.wrong && !w.wild && wild_data && !poison) {
        assay__find(out, fails == BIT(TINY) ? ASSAY_CAUSE_overflow : ASSAY_CAUSE_cancellation, 0.82,
                    "data of usual size passes; what fails has large, small or nearly equal "
                    "numbers");
        assay__find(out, fails == BIT(TINY) ? ASSAY_CAUSE_cancellation : ASSAY_CAUSE_overflow, 0.6,
                    "data of usual size passes");
    }
    if (w.wrong && !w.wild && w.absolute < 4e-7 && !poison &&
        (kind == ASSAY_KIND_EXP || kind == ASSAY_KIND_LOG || kind == ASSAY_KIND_NORM))
        assay__find(out, ASSAY_CAUSE_cancellation, 0.9,
                    "errors are small beside the largest result (%.2g) and large beside the wrong "
                    "ones: differences that cancel",
                    w.absolute);
}

assay_status assay__profile(assay__workbench *bench, const assay__specimen *s, assay_error *error)
{
    assay__specimen *all = calloc(ASSAY_DATASET_FILE, sizeof *all);
    char failing[160] = "", passing[160] = "";
    unsigned fails = 0, passes = 0;
    if (!all)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for data sets");
    for (int d = 0; d < ASSAY_DATASET_FILE; d++) {
        all[d].c = s->c;
        all[d].c.dataset = (assay_dataset)d;
        if (assay_case_format(&all[d].c, NULL) != ASSAY_OK)
            all[d].c = s->c;
    }
    assay_status status = assay__specimens_run(bench, all, ASSAY_DATASET_FILE, error);
    for (int d = 0; d < ASSAY_DATASET_FILE && status == ASSAY_OK; d++) {
        bool fail = assay__specimen_fails(&all[d]);
        char *list = fail ? failing : passing;
        if (!all[d].ran)
            continue;
        fails |= fail ? 1u << d : 0;
        passes |= fail ? 0 : 1u << d;
        size_t used = strlen(list);
        snprintf(list + used, sizeof failing - used, "%s%s", used ? " " : "",
                 assay_dataset_name((assay_dataset)d));
    }
    assay__note(bench->out, "of the data sets fail: %s; pass: %s", *failing ? failing : "none",
                *passing ? passing : "none");
    if (status == ASSAY_OK)
        conclude(bench, s, fails, passes);
    for (int d = 0; d < ASSAY_DATASET_FILE; d++)
        assay__specimen_release(&all[d]);
    free(all);
    return status;
}
