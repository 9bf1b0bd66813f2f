// SPDX-License-Identifier: Apache-2.0
// Tier T4 of the data set twins: the results of one check held against each other.
#include "harness/judge_internal.h"

#include "harness/accept.h"
#include "reference/format.h"

#include <math.h>

// Whether -x is rounded as x is, and 2x as x: to nearest. What rounds either way promises neither;
// then copies alone are held.
static bool is_symmetric(const assay_contract *contract)
{
    return contract->rounding == ASSAY_ROUNDING_RTE &&
           (!assay_store_rounds(contract) || contract->store == ASSAY_ROUNDING_RTE);
}

// Far enough from both ends of the format that a factor of two cost or cost nothing on the way.
static bool can_scale(const assay_evidence *e, int64_t i)
{
    const assay_format *format = assay_format_of(e->contract->storage);
    assay_arithmetic arithmetic = assay_contract_arithmetic(e->contract);
    double size = fabs(e->reference->value[i]);
    double least = fmax((double)format->least, arithmetic.least);
    double most = fmin((double)format->most, arithmetic.most);
    return size == 0 || (size >= 4 * least && size <= most / 4);
}

// The factors are powers of two: the product is exact. Zeros of either sign are equal.
static bool is_related(float y, float twin, float factor)
{
    return y == factor * twin || (isnan(y) && isnan(twin));
}

// Not yet noted as outside of its interval.
static bool is_right(const assay_evidence *e, int64_t i)
{
    const assay_reference *ref = e->reference;
    for (int run = 0; run < ASSAY_RUNS; run++)
        if (!assay_accept(e->run[run][i], ref->value[i], ref->bound[i], ref->nan_allowed[i] != 0,
                          e->contract))
            return false;
    return true;
}

// The first relation that element i breaks, or ASSAY_RELATIONS; counts what it was held to.
static int broken_by(const assay_evidence *e, const assay_twins *twins, bool symmetric, int64_t i,
                     assay__kinship *kin, assay_relation *r)
{
    const float *y = e->run[ASSAY_RUN_GUARDED];
    bool held = false, scaled = false;
    int kind = 0;
    for (; kind < ASSAY_RELATIONS; kind++) {
        if (!assay_twins_relation(twins, kind, i, r))
            continue;
        if (r->factor != 1 && !(symmetric && can_scale(e, i) && can_scale(e, r->partner)))
            continue;
        held = true;
        scaled = scaled || r->factor != 1;
        if (!is_related(y[i], y[r->partner], r->factor))
            break;
    }
    kin->held += held && y[i] != 0;
    kin->scaled += scaled && y[i] != 0;
    return kind;
}

assay__kinship assay__judge_twins(const assay_evidence *e, assay_result *result)
{
    assay__kinship kin = {0};
    assay_twins twins;
    const float *y = e->run[ASSAY_RUN_GUARDED];
    if (e->c->dataset != ASSAY_DATASET_TWINS ||
        assay_twins_of(&e->c->problem, e->c->seed, &twins, NULL) != ASSAY_OK)
        return kin;
    bool symmetric = is_symmetric(e->contract);
    for (int64_t i = 0; i < e->reference->count; i++) {
        assay_relation r;
        int kind = broken_by(e, &twins, symmetric, i, &kin, &r);
        if (kind == ASSAY_RELATIONS)
            continue;
        if (!kin.broken++) {
            kin.first = i;
            kin.kind = kind;
            kin.relation = r;
        }
        if (is_right(e, i))
            assay__note_mismatch(i, y[i], (double)(r.factor * y[r.partner]), 0, result);
    }
    return kin;
}
