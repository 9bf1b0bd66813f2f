// SPDX-License-Identifier: Apache-2.0
#include "harness/judge_internal.h"

#include "harness/accept.h"
#include "reference/format.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Finite inputs and a finite sum of magnitudes cannot make a NaN: it was read from outside.
// Elsewhere the poison's own payload, or its absence in the placement without guards, is the proof.
static bool came_from_poison(const assay_evidence *e, int64_t i)
{
    const assay_reference *ref = e->reference;
    uint32_t payload = UINT32_C(0x003FFFFF);
    double safe = assay_contract_arithmetic(e->contract).most / 2;
    uint32_t bits = assay_bits_of_float(e->run[ASSAY_RUN_GUARDED][i]);
    if (!e->guard || !isnan(e->run[ASSAY_RUN_GUARDED][i]) || isnan(ref->value[i]))
        return false;
    if ((bits & payload) == (ASSAY_POISON_BITS & payload))
        return true;
    if (ref->magnitude && ref->magnitude[i] < safe)
        return true;
    return !isnan(e->run[ASSAY_RUN_EXACT][i]);
}

static bool is_prefill(const assay_evidence *e, int64_t i)
{
    return assay_bits_of_float(e->run[ASSAY_RUN_GUARDED][i]) == ASSAY_PREFILL_BITS_0 &&
           assay_bits_of_float(e->run[ASSAY_RUN_EXACT][i]) == ASSAY_PREFILL_BITS_1;
}

// Pixels are stored as RGBA8 whatever the inputs are stored in.
static assay_contract contract_of_output(const assay_evidence *e)
{
    assay_contract contract = *e->contract;
    if (e->c->problem.op->output_role == ASSAY_ROLE_PIXELS)
        contract.storage = ASSAY_STORAGE_RGBA8;
    return contract;
}

void assay__note_mismatch(int64_t i, float actual, double expected, double bound,
                          assay_result *result)
{
    int64_t at = (*result->mismatches)++;
    if (at >= ASSAY_SAMPLES)
        return;
    result->first_index[at] = i;
    result->first_actual[at] = (double)actual;
    result->first_expected[at] = expected;
    result->first_bound[at] = bound;
}

// One element of both runs: counts, mismatches and what caught them.
static unsigned judge_element(const assay_evidence *e, int64_t i, bool structural,
                              assay_result *result)
{
    const assay_reference *ref = e->reference;
    float a = e->run[ASSAY_RUN_GUARDED][i], b = e->run[ASSAY_RUN_EXACT][i];
    bool exact = ref->bound[i] == 0;
    bool same = memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
    *result->exact += exact;
    *result->nan_out += isnan(a);
    *result->nan_expected += isnan(ref->value[i]);
    *result->infinite_out += isinf(a);
    if (is_prefill(e, i)) {
        (*result->unwritten)++;
        assay__note_mismatch(i, a, ref->value[i], ref->bound[i], result);
        return ASSAY_CAUGHT_UNWRITTEN;
    }
    unsigned caught = same ? 0 : ASSAY_CAUGHT_T4;
    *result->differing += !same;
    bool allowed = ref->nan_allowed[i] != 0;
    bool right = assay_accept(a, ref->value[i], ref->bound[i], allowed, e->contract);
    bool right_too =
        same ? right : assay_accept(b, ref->value[i], ref->bound[i], allowed, e->contract);
    if (right && right_too)
        return caught;
    assay__note_mismatch(i, right ? b : a, ref->value[i], ref->bound[i], result);
    if (came_from_poison(e, i))
        return caught | ASSAY_CAUGHT_POISON;
    return caught | (structural ? ASSAY_CAUGHT_T1 : exact ? ASSAY_CAUGHT_T0 : ASSAY_CAUGHT_T2);
}

static const unsigned by_sanitizer[ASSAY_SANITIZERS] = {
#define XX(id, name, what) [ASSAY_SANITIZE_##id] = ASSAY_CAUGHT_##id,
    ASSAY_SANITIZE_MAP(XX)
#undef XX
};

static unsigned judge_guards(const assay_evidence *e, assay_result *result)
{
    unsigned caught = 0;
    for (int run = 0; run < ASSAY_RUNS && e->guard; run++) {
        *result->stray += e->guard[run].stray + e->guard[run].nonzero;
        *result->changed += e->guard[run].changed;
    }
    if (*result->stray)
        caught |= ASSAY_CAUGHT_STRAY;
    if (*result->changed)
        caught |= ASSAY_CAUGHT_INPUT;
    if (e->messages)
        caught |= ASSAY_CAUGHT_VALIDATION;
    for (int i = 0; e->deviation && i < ASSAY_SANITIZERS; i++)
        if (e->deviation[i].elements)
            caught |= by_sanitizer[i];
    return caught;
}

// True when a kernel that writes y everywhere would pass.
static bool constant_passes(const assay_evidence *e, float y)
{
    const assay_reference *ref = e->reference;
    for (int64_t i = 0; i < ref->count; i++)
        if (!assay_accept(y, ref->value[i], ref->bound[i], ref->nan_allowed[i], e->contract))
            return false;
    return true;
}

static const char *why_blind(const assay_contract *contract)
{
    if (contract->accumulator == ASSAY_ACCUMULATOR_F16)
        return "f16 arithmetic loses as much; such long sums rest on T0, T1 and T4";
    if (assay_store_rounds(contract))
        return "the bound and the rounding of the store hide them";
    return "the bound is wider than that";
}

// Nothing wrong was seen: could anything have been? The answer goes to result->reason. What twins
// show of each other needs no bound; where they differ by a factor a constant breaks it.
static bool is_vacuous(const assay_evidence *e, const assay__kinship *kin, assay_result *result)
{
    const assay_reference *ref = e->reference;
    const assay_format *format = assay_format_of(e->contract->storage);
    int64_t any = 0, some = 0;
    for (int64_t i = 0; i < ref->count; i++) {
        any += isinf(ref->bound[i]);
        some = isinf(ref->bound[some]) ? i : some;
    }
    if (any == ref->count)
        return snprintf(result->reason, sizeof result->reason,
                        "the contract allows any result for every element") > 0;
    if (*result->blind_median > ASSAY_BLIND_LIMIT && !kin->held)
        return snprintf(result->reason, sizeof result->reason,
                        "average terms of the sums could be lost unseen (blind taps): %s",
                        why_blind(e->contract)) > 0;
    float y = format->round(ref->value[some], ASSAY_TO_NEAREST);
    if (ref->count > 1 && !kin->scaled && (constant_passes(e, y) || constant_passes(e, 0)))
        return snprintf(result->reason, sizeof result->reason,
                        "one value is right for every element, a constant would pass") > 0;
    return false;
}

assay_status assay_judge(const assay_evidence *evidence, assay_result *result, assay_error *error)
{
    assay_contract contract = contract_of_output(evidence);
    assay_evidence local = *evidence, *e = &local;
    const assay_reference *ref = e->reference;
    local.contract = &contract;
    double *scratch = malloc((size_t)ref->count * sizeof *scratch);
    if (!scratch)
        return assay_fail(error, ASSAY_MEMORY, "out of memory comparing %s", e->c->text);
    bool structural = assay_dataset_is_structural(e->c->dataset);
    unsigned caught = judge_guards(e, result);
    *result->elements = ref->count;
    for (int64_t i = 0; i < ref->count; i++)
        caught |= judge_element(e, i, structural, result);
    assay__kinship kin = assay__judge_twins(e, result);
    caught |= kin.broken ? ASSAY_CAUGHT_T4 : 0;
    assay__measure(e, scratch, result);
    free(scratch);

    *result->caught = caught;
    bool all_exact = *result->exact == ref->count;
    snprintf(result->tier, sizeof result->tier, "%s",
             kin.held     ? "T4"
             : !all_exact ? "T2"
             : structural ? "T1"
                          : "T0");
    if (e->messages)
        snprintf(result->messages, sizeof result->messages, "%s", e->messages);
    bool vacuous = !caught && is_vacuous(e, &kin, result);
    *result->verdict = caught    ? ASSAY_VERDICT_FAIL
                       : vacuous ? ASSAY_VERDICT_VACUOUS
                                 : ASSAY_VERDICT_PASS;
    if (caught)
        assay__explain(e, &kin, result);
    return ASSAY_OK;
}
