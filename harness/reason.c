// SPDX-License-Identifier: Apache-2.0
// The one sentence of a failed check: what is wrong, where, and what was expected.
#include "harness/judge_internal.h"

#include "reference/format.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct sentence {
    char *text;
    size_t size, used;
} sentence;

static void say(sentence *s, const char *format, ...) ASSAY_PRINTF(2, 3);

static void say(sentence *s, const char *format, ...)
{
    if (s->used >= s->size)
        return;
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(s->text + s->used, s->size - s->used, format, arguments);
    va_end(arguments);
    s->used += n > 0 ? (size_t)n : 0;
}

// "[0,2,3,5]" with the dimension letters of the shape's operator: "n0 c2 h3 w5".
static void say_place(sentence *s, const assay_shape *shape, const char *letters, int64_t index)
{
    int64_t at[ASSAY_RANK_MAX] = {0};
    for (int d = shape->rank - 1; d >= 0; d--) {
        at[d] = index % shape->dim[d];
        index /= shape->dim[d];
    }
    for (int d = 0; d < shape->rank; d++)
        say(s, "%s%c%" PRId64, d ? " " : "", letters[d], at[d]);
}

static const char *tensor_name(const assay_evidence *e, int tensor)
{
    const assay_operator *op = e->c->problem.op;
    if (tensor > ASSAY_INPUTS_MAX)
        return "scratch";
    return tensor >= 0 && tensor < op->input_count ? op->inputs[tensor].name : "out";
}

// An infinity of f16 arithmetic or storage, or the lack of one, says what happened.
static void say_overflow(sentence *s, const assay_evidence *e, const assay_result *result)
{
    double actual = result->first_actual[0], expected = result->first_expected[0];
    bool half = e->contract->storage == ASSAY_STORAGE_F16 ||
                e->contract->accumulator == ASSAY_ACCUMULATOR_F16;
    const double most = 65504;
    if (!half || !isfinite(expected))
        return;
    if (isinf(actual) && fabs(expected) <= most)
        say(s, " (overflowed in f16: more than 65504 on the way to a result that f16 holds)");
    else if (isfinite(actual) && fabs(expected) - result->first_bound[0] >= most + 16)
        say(s, " (the result exceeds 65504, the most of f16: an infinity is right)");
}

static void say_elements(sentence *s, const assay_evidence *e, const assay_result *result)
{
    const assay_problem *problem = &e->c->problem;
    bool all = *result->mismatches == *result->elements;
    if (all)
        say(s, "all %" PRId64 " elements are wrong", *result->elements);
    else
        say(s, "%" PRId64 " of %" PRId64 " elements wrong", *result->mismatches, *result->elements);
    if (*result->unwritten)
        say(s, ", %" PRId64 " of them never written", *result->unwritten);
    say(s, "; first at ");
    say_place(s, &problem->output, problem->op->output, result->first_index[0]);
    double bound = result->first_bound[0];
    say(s, ": got %.9g, expected %.9g", result->first_actual[0], result->first_expected[0]);
    if (bound > 0)
        say(s, " +- %.3g", bound);
    else
        say(s, " exactly");
    if (e->contract->storage != ASSAY_STORAGE_F32)
        say(s, ", stored as %s", e->contract->storage == ASSAY_STORAGE_F16 ? "f16" : "rgba8");
    say_overflow(s, e, result);
    if (*result->caught & ASSAY_CAUGHT_POISON && !(*result->caught & ASSAY_CAUGHT_SHARED))
        say(s, " (NaN was read from outside of the tensors)");
}

static void say_guards(sentence *s, const assay_evidence *e)
{
    for (int run = 0; run < ASSAY_RUNS && e->guard; run++) {
        const assay_guard_report *g = &e->guard[run];
        const char *placement = run == ASSAY_RUN_GUARDED ? "guarded" : "exact";
        if (g->stray) {
            say(s,
                "%s%" PRId64
                " words written outside of \"%s\" (%s placement), first at byte %" PRId64,
                s->used ? "; " : "", g->stray, tensor_name(e, g->stray_tensor), placement,
                g->stray_offset);
            return;
        }
        if (g->nonzero) {
            say(s,
                "%s%" PRId64 " words of \"out\" that hold no element are not zero, which the "
                "manifest promises (%s placement), first at byte %" PRId64,
                s->used ? "; " : "", g->nonzero, placement, g->nonzero_offset);
            return;
        }
        if (g->changed) {
            const assay_problem *problem = &e->c->problem;
            say(s, "%s%" PRId64 " elements of the input \"%s\" were changed, first at ",
                s->used ? "; " : "", g->changed, tensor_name(e, g->changed_tensor));
            if (g->changed_tensor >= 0)
                say_place(s, &problem->input[g->changed_tensor],
                          problem->op->inputs[g->changed_tensor].letters, g->changed_index);
            return;
        }
    }
}

// Which element is not what its twin demands.
static void say_twins(sentence *s, const assay_evidence *e, const assay__kinship *kin)
{
    const assay_problem *problem = &e->c->problem;
    const float *y = e->run[ASSAY_RUN_GUARDED];
    float twin = y[kin->relation.partner];
    say(s, "%sT4: %" PRId64 " elements break the relation of twins; first ", s->used ? "; " : "",
        kin->broken);
    say_place(s, &problem->output, problem->op->output, kin->first);
    say(s, ": got %.9g, expected %g times ", (double)y[kin->first], (double)kin->relation.factor);
    say_place(s, &problem->output, problem->op->output, kin->relation.partner);
    say(s, " (%s), %.9g exactly", kin->kind == ASSAY_RELATION_ITEM ? "another item" : "its channel",
        (double)(kin->relation.factor * twin));
}

static void say_deviation(sentence *s, const assay_evidence *e, assay_sanitizer by)
{
    const assay_problem *problem = &e->c->problem;
    const assay_deviation *d = &e->deviation[by];
    if (!d->elements)
        return;
    say(s, "%s", s->used ? "; " : "");
    switch (by) {
    case ASSAY_SANITIZE_SHARED:
        say(s, "shared memory is read before it is written%s%s%s: what lies in it",
            d->where[0] ? " (" : "", d->where, d->where[0] ? ")" : "");
        break;
    case ASSAY_SANITIZE_ORDER:
        say(s, "the order of the work groups");
        break;
    case ASSAY_SANITIZE_SUBGROUPS:
        say(s, "the subgroup size %u", d->subgroup_size);
        break;
    default:
        say(s, "not repeatable: the same run once more");
    }
    say(s, " changes %" PRId64 " elements, first at ", d->elements);
    say_place(s, &problem->output, problem->op->output, d->first);
    say(s, ": %.9g becomes %.9g", (double)d->was, (double)d->became);
}

// How far beyond what the contract allows, where nothing else is wrong.
static void say_factor(sentence *s, const assay_evidence *e, const assay_result *result)
{
    char text[ASSAY_TEXT];
    if (*result->caught != ASSAY_CAUGHT_T2 || !(*result->use_max > 1) || isinf(*result->use_max))
        return;
    assay_contract_format(e->contract, text, sizeof text);
    size_t length = 0; // "f32 in f32"
    for (int words = 0; text[length] && (words += text[length] == ' ') < 3;)
        length++;
    say(s, "; beyond the contract (%.*s) by a factor of %.3g at most", (int)length, text,
        *result->use_max);
}

void assay__explain(const assay_evidence *e, const assay__kinship *kin, assay_result *result)
{
    sentence s = {result->reason, sizeof result->reason, 0};
    bool only_twins = *result->caught == ASSAY_CAUGHT_T4 && !*result->differing;
    if (*result->mismatches && !only_twins)
        say_elements(&s, e, result);
    if (s.used)
        say_factor(&s, e, result);
    if (kin->broken)
        say_twins(&s, e, kin);
    say_guards(&s, e);
    if (*result->differing)
        say(&s, "%stwo runs of the same data differ in %" PRId64 " elements", s.used ? "; " : "",
            *result->differing);
    for (int i = 0; e->deviation && i < ASSAY_SANITIZERS; i++)
        say_deviation(&s, e, (assay_sanitizer)i);
    if (e->messages) {
        size_t line = strcspn(e->messages, "\n");
        say(&s, "%svalidation: %.*s", s.used ? "; " : "", (int)(line > 300 ? 300 : line),
            e->messages);
    }
}
