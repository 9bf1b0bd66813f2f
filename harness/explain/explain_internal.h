// SPDX-License-Identifier: Apache-2.0
// What the probes of an explanation share: a workbench that runs the kernel, and what was run.
#ifndef ASSAY_EXPLAIN_INTERNAL_H
#define ASSAY_EXPLAIN_INTERNAL_H

#include "gpu/job.h"
#include "gpu/probe.h"
#include "harness/explain/explain.h"
#include "harness/subject.h"

typedef struct assay__workbench {
    assay_device *device;
    assay_probe probe;
    const assay_kernel *kernel;
    const assay_kernel_info *info;
    assay_contract contract;
    assay_explanation *out;
    bool unsteady; // runs on the same data differ: what impulses move means nothing
} assay__workbench;

// One run of the kernel on data of our own. in[] and out[] are the trial's.
typedef struct assay__trial {
    const assay_problem *problem;
    float *in[ASSAY_INPUTS_MAX];
    float *out[ASSAY_RUNS];
    int64_t count; // elements of the output
    assay_guard_report guard[ASSAY_RUNS];
    unsigned sanitize; // as in assay_job; what they saw is in deviation
    assay_deviation deviation[ASSAY_SANITIZERS];
    assay_status status;
    assay_error error;
} assay__trial;

// Allocates inputs (zero) and outputs. The problem must outlive the trial.
ASSAY_CHECKED assay_status assay__trial_create(const assay_problem *problem, assay__trial *trial,
                                               assay_error *error);
void assay__trial_destroy(assay__trial *trial);

// Runs all trials; a trial's own trouble is in its status.
ASSAY_CHECKED assay_status assay__workbench_run(assay__workbench *bench, assay__trial *trials,
                                                int count, assay_error *error);

// Which work group writes which element of the output. writers->group is released with free().
ASSAY_CHECKED assay_status assay__workbench_observe(assay__workbench *bench,
                                                    const assay_problem *problem,
                                                    const float *const *in, assay_writers *writers,
                                                    assay_error *error);

// A case, run and judged.
typedef struct assay__specimen {
    assay_case c;
    const assay_vector *vector; // stored inputs of c, or NULL
    assay_subject subject;
    float *out[ASSAY_RUNS];
    assay_guard_report guard[ASSAY_RUNS];
    assay_result result; // verdict, caught, reason, samples
    bool ran;
} assay__specimen;

// Runs and judges the cases of specimens[0 .. count-1], whose c is set. Those that the kernel does
// not compute, or that cannot be generated, are left with ran = false.
ASSAY_CHECKED assay_status assay__specimens_run(assay__workbench *bench, assay__specimen *specimens,
                                                int count, assay_error *error);
void assay__specimen_release(assay__specimen *specimen);
bool assay__specimen_fails(const assay__specimen *specimen);
// True where element i of either run is wrong.
bool assay__specimen_wrong(const assay__specimen *specimen, int64_t i);

// The case that probes and shrinking begin with: the specimen's own, or, of a stored vector, one of
// the same shapes on generated data that fails alike; still the vector's where there is none.
ASSAY_CHECKED assay_status assay__stand_in(assay__workbench *bench, const assay__specimen *s,
                                           assay_case *c, assay_error *error);

// What holds for the output of a problem; and whether y is right for element i of it.
assay_contract assay__output_contract(const assay_problem *problem, const assay_contract *contract);
bool assay__accepts(const assay_problem *problem, const assay_contract *contract,
                    const assay_reference *ref, int64_t i, float y);

// True when both failures are of one kind: numbers, poison, unwritten, stray, input.
bool assay__same_failure(int64_t caught, int64_t other);

// The smallest case that fails in the same way, by `fails` (an oracle over many cases at once).
// Bounded by `rounds`.
typedef struct assay__oracle {
    void *context;
    assay_status (*ask)(void *context, const assay_case *cases, int count, bool *fails,
                        assay_error *error);
} assay__oracle;
ASSAY_CHECKED assay_status assay__shrink(const assay__oracle *oracle, assay_case *c, int rounds,
                                         assay_error *error);

// The same, but only halves dimensions, and only until impulses into every input are cheap: shapes
// stay such that borders, tails and items can be told apart.
#define ASSAY__LINKS_MAX INT64_C(3000000)
ASSAY_CHECKED assay_status assay__shrink_a_little(const assay__oracle *oracle, assay_case *c,
                                                  assay_error *error);

// Notes and findings go to bench->out. Of several findings of a cause the best counts.
void assay__note(assay_explanation *out, const char *format, ...) ASSAY_PRINTF(2, 3);
void assay__find(assay_explanation *out, assay_cause cause, double score, const char *format, ...)
    ASSAY_PRINTF(4, 5);
// The score that a cause has so far; 0 when nothing speaks for it.
double assay__score(const assay_explanation *out, assay_cause cause);
void assay__rank(assay_explanation *out);

// The same problem without what hides sums, the activation, where the kernel computes that.
void assay__without_activation(const assay__workbench *bench, assay_problem *problem);

// The probes, each a file.
void assay__look_at_guards(assay__workbench *bench, const assay__specimen *s);
// `writers` NULL: which work group writes what is not known.
ASSAY_CHECKED assay_status assay__stratify(assay_explanation *out, const assay_problem *problem,
                                           const uint8_t *wrong, const assay_writers *writers,
                                           assay_error *error);
ASSAY_CHECKED assay_status assay__look_at_items(assay__workbench *bench, const assay__specimen *s,
                                                assay_error *error);
ASSAY_CHECKED assay_status assay__probe_parallel(assay__workbench *bench, const assay__specimen *s,
                                                 assay_error *error);
ASSAY_CHECKED assay_status assay__probe_sanitized(assay__workbench *bench, const assay__specimen *s,
                                                  assay_error *error);
ASSAY_CHECKED assay_status assay__probe_zeros(assay__workbench *bench, const assay__specimen *s,
                                              assay_error *error);
ASSAY_CHECKED assay_status assay__probe_lanes(assay__workbench *bench, const assay__specimen *s,
                                              assay_error *error);
ASSAY_CHECKED assay_status assay__probe_structure(assay__workbench *bench, const assay__specimen *s,
                                                  assay_error *error);
ASSAY_CHECKED assay_status assay__test_hypotheses(assay__workbench *bench, const assay__specimen *s,
                                                  assay_error *error);
ASSAY_CHECKED assay_status assay__probe_precision(assay__workbench *bench, const assay__specimen *s,
                                                  assay_error *error);
// The order in which a sum is formed; a file of its own, called by the precision's.
ASSAY_CHECKED assay_status assay__probe_summation(assay__workbench *bench,
                                                  const assay_problem *problem, assay_error *error);
ASSAY_CHECKED assay_status assay__profile(assay__workbench *bench, const assay__specimen *s,
                                          assay_error *error);
void assay__draw_window(assay_explanation *out, const assay__specimen *s);

// What a dimension's letter counts: "row".
const char *assay__noun(char letter);

// Coordinates of a linear index, outermost first; missing dimensions are 0.
void assay__coordinates(const assay_shape *shape, int64_t index, int64_t at[ASSAY_RANK_MAX]);

// log of the p-value of Fisher's exact test, one-sided: at least `wrong_in` of `in` elements of a
// stratum are wrong, where `wrong` of `all` are. Natural logarithm, at most 0.
double assay__fisher(int64_t wrong_in, int64_t in, int64_t wrong, int64_t all);

#endif
