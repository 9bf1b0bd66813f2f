// SPDX-License-Identifier: Apache-2.0
#include "harness/compare.h"

#include "harness/accept.h"
#include "harness/engine_outputs.h"
#include "harness/explain/explain_internal.h"
#include "harness/judge.h"
#include "harness/parallel.h"
#include "harness/subject.h"
#include "reference/format.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

typedef struct comparison {
    const assay_compare_options *options;
    assay_engine_output *outputs;
    assay_result *results;
    int count;
} comparison;

assay_status assay_compare_precision(const char *precision, assay_contract *contract,
                                     assay_error *error)
{
    static const struct {
        const char *name;
        assay_storage storage;
        assay_accumulator accumulator;
    } table[] = {
        {"f32",  ASSAY_STORAGE_F32, ASSAY_ACCUMULATOR_F32},
        {"f16s", ASSAY_STORAGE_F16, ASSAY_ACCUMULATOR_F32},
        {"f16a", ASSAY_STORAGE_F16, ASSAY_ACCUMULATOR_F16},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].name, precision) != 0)
            continue;
        contract->storage = table[i].storage;
        contract->accumulator = table[i].accumulator;
        return ASSAY_OK;
    }
    return assay_fail(error, ASSAY_USAGE, "--precision: \"%.40s\"; there are f32, f16s and f16a",
                      precision);
}

static void describe(const assay_compare_options *o, const assay_case *c, assay_result *result)
{
    assay_result_init(result);
    snprintf(result->check, sizeof result->check, "%.60s:%s:nchw@0 %.160s", o->engine, o->precision,
             c->text);
    snprintf(result->kernel, sizeof result->kernel, "%.60s", o->engine);
    snprintf(result->operator_name, sizeof result->operator_name, "%s", c->problem.op->name);
    snprintf(result->precision, sizeof result->precision, "%s", o->precision);
    snprintf(result->layout, sizeof result->layout, "nchw");
    snprintf(result->case_text, sizeof result->case_text, "%s", c->text);
    snprintf(result->device, sizeof result->device, "%.60s", o->device_name);
    snprintf(result->reproduce, sizeof result->reproduce, "%.700s '%s'", o->reproduce, c->text);
    *result->flops = assay_problem_flops(&c->problem);
    *result->bytes = assay_problem_bytes(&c->problem);
}

// A number that the storage does not have was not stored in it: the contract is another one.
static assay_status check_storage(const assay_compare_options *o, const assay_case *c,
                                  const float *values, assay_error *error)
{
    const assay_format *format = assay_format_of(o->contract.storage);
    int64_t count = assay_shape_elements(&c->problem.output);
    bool pixels = c->problem.op->output_role == ASSAY_ROLE_PIXELS;
    for (int64_t i = 0; i < count && o->contract.storage == ASSAY_STORAGE_F16 && !pixels; i++)
        if (!isnan(values[i]) && format->round((double)values[i], ASSAY_TO_NEAREST) != values[i])
            return assay_fail(error, ASSAY_FORMAT,
                              "element %" PRId64 " is %.9g, which f16 cannot hold: the output was "
                              "not stored as precision %s does",
                              i, (double)values[i], o->precision);
    return ASSAY_OK;
}

// The strongest pattern in the wrong elements, behind the reason.
static assay_status add_pattern(const assay_subject *subject, const float *values,
                                assay_result *result, assay_error *error)
{
    const assay_reference *ref = &subject->reference;
    assay_contract contract = subject->contract;
    assay_explanation *patterns = calloc(1, sizeof *patterns);
    uint8_t *wrong = calloc((size_t)ref->count, 1);
    assay_status status = patterns && wrong ? ASSAY_OK
                                            : assay_fail(error, ASSAY_MEMORY,
                                                         "out of memory for %s", subject->c->text);
    if (subject->c->problem.op->output_role == ASSAY_ROLE_PIXELS)
        contract.storage = ASSAY_STORAGE_RGBA8;
    for (int64_t i = 0; i < ref->count && status == ASSAY_OK; i++)
        wrong[i] = !assay_accept(values[i], ref->value[i], ref->bound[i], ref->nan_allowed[i] != 0,
                                 &contract);
    if (status == ASSAY_OK)
        status = assay__stratify(patterns, &subject->c->problem, wrong, NULL, error);
    size_t used = strlen(result->reason);
    const assay_stratum *first = patterns ? patterns->stratum : NULL;
    if (status == ASSAY_OK && patterns->stratum_count > 0)
        snprintf(result->reason + used, sizeof result->reason - used,
                 "; wrong above all: %s (%" PRId64 " of %" PRId64 ", p = %.1g)", first->text,
                 first->wrong, first->elements, first->p);
    free(patterns);
    free(wrong);
    return status;
}

static assay_status judge(const assay_compare_options *o, const assay_subject *subject,
                          const float *values, assay_result *result, assay_error *error)
{
    ASSAY_TRY(check_storage(o, subject->c, values, error));
    assay_evidence evidence = {
        .c = subject->c,
        .in = subject->in,
        .reference = &subject->reference,
        .contract = &subject->contract,
        .run = {values, values},
        .guard = NULL, // one run, elsewhere
    };
    *result->output_hash =
        (int64_t)XXH3_64bits(values, (size_t)subject->reference.count * sizeof(float));
    ASSAY_TRY(assay_judge(&evidence, result, error));
    return *result->verdict == ASSAY_VERDICT_FAIL ? add_pattern(subject, values, result, error)
                                                  : ASSAY_OK;
}

static void compare_one(void *context, int i)
{
    const comparison *k = context;
    const assay_engine_output *output = &k->outputs[i];
    const assay_vector *vector = &k->options->fixture->vectors[output->vector];
    assay_result *result = &k->results[i];
    assay_subject subject = {.c = &vector->c, .vector = vector, .contract = k->options->contract};
    assay_error error = output->error;
    assay_status status = output->status;
    double start = assay_now();
    describe(k->options, &vector->c, result);
    assay_contract_format(&subject.contract, result->contract, sizeof result->contract);
    if (status == ASSAY_OK) {
        assay_subject_prepare(&subject);
        *result->input_hash = (int64_t)subject.input_hash;
        *result->reference_s = subject.reference_s;
        status = subject.status;
        error = subject.error;
    }
    if (status == ASSAY_OK)
        status = judge(k->options, &subject, output->values, result, &error);
    if (status != ASSAY_OK) {
        *result->verdict = ASSAY_VERDICT_ERROR;
        snprintf(result->reason, sizeof result->reason, "%s",
                 error.message[0] ? error.message : assay_status_sentence(status));
    }
    *result->seconds = assay_now() - start;
    *result->compare_s = *result->seconds - *result->reference_s;
    assay_subject_release(&subject);
}

static bool selected(const assay_compare_options *o, const assay_case *c)
{
    for (int p = 0; p < o->pattern_count; p++)
        if (strcmp(o->patterns[p], c->text) == 0 || assay_glob_match(o->patterns[p], c->text))
            return true;
    return o->pattern_count == 0;
}

assay_status assay_compare(const assay_compare_options *options, assay_result **results,
                           size_t *count, char foreign[64], int *foreign_count, assay_error *error)
{
    size_t most = options->fixture->count + 1;
    comparison k = {.options = options};
    k.outputs = calloc(most, sizeof *k.outputs);
    k.results = calloc(most, sizeof *k.results);
    assay_status status = k.outputs && k.results
                              ? ASSAY_OK
                              : assay_fail(error, ASSAY_MEMORY, "out of memory for %zu vectors",
                                           options->fixture->count);
    for (size_t i = 0; i < options->fixture->count && status == ASSAY_OK; i++)
        if (selected(options, &options->fixture->vectors[i].c))
            k.outputs[k.count++].vector = i;
    if (status == ASSAY_OK && k.count == 0)
        status = assay_fail(error, ASSAY_NOTHING_SELECTED, "no vector of the fixture matches");
    if (status == ASSAY_OK)
        status = assay_engine_outputs_read(options->outputs, options->fixture, k.outputs, k.count,
                                           foreign, foreign_count, error);
    if (status == ASSAY_OK)
        assay_parallel_for(assay_processors(), k.count, compare_one, &k);
    for (int i = 0; i < k.count; i++)
        free(k.outputs[i].values);
    free(k.outputs);
    if (status != ASSAY_OK)
        free(k.results);
    *results = status == ASSAY_OK ? k.results : NULL;
    *count = status == ASSAY_OK ? (size_t)k.count : 0;
    return status;
}
