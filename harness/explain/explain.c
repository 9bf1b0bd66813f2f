// SPDX-License-Identifier: Apache-2.0
// The explanation as a whole: finds the failing check, runs the probes one after the other, and
// does all of it in a child process that shares the explanation with its parent.
#include "harness/explain/explain_internal.h"

#include "harness/parallel.h"
#include "harness/plan.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PORTION 32 // cases that are run at once while a failing one is looked for

typedef struct shared {
    assay_explanation explanation;
    assay_status status;
    assay_error error;
    bool done;
} shared;

static void begin(assay_explanation *out, const char *stage)
{
    snprintf(out->stage, sizeof out->stage, "%s", stage);
}

static bool selected(const assay_explain_options *o, const assay_kernel_info *info)
{
    return (!o->kernel || strcmp(o->kernel, info->name) == 0) &&
           (!o->precision || strcmp(o->precision, assay_precision_name(info->precision)) == 0) &&
           (!o->layout || strcmp(o->layout, assay_layout_name(info->layout)) == 0);
}

// Puts a kernel on the bench.
static void mount(assay__workbench *bench, const assay_kernel *kernel)
{
    bench->kernel = kernel;
    bench->info = assay_kernel_get_info(kernel);
    bench->contract = assay_probe_contract(&bench->probe, bench->info);
}

// The first failing case of the kernel on the bench; *ran counts those that were run.
static assay_status find_failing(assay__workbench *bench, const assay_explain_options *o,
                                 assay__specimen *found, size_t *ran, assay_error *error)
{
    assay__specimen *s = calloc(PORTION, sizeof *s);
    assay_status status = s ? ASSAY_OK : assay_fail(error, ASSAY_MEMORY, "out of memory");
    for (size_t at = 0; at < o->case_count && status == ASSAY_OK && !found->ran;) {
        int n = 0;
        memset(s, 0, PORTION * sizeof *s);
        for (; at < o->case_count && n < PORTION; at++) {
            if (o->cases[at].problem.op != bench->info->op)
                continue;
            s[n].c = o->cases[at];
            s[n].vector = o->fixture ? assay_fixture_find(o->fixture, s[n].c.text) : NULL;
            n++;
        }
        if (n == 0)
            break;
        // what is under way is known, should the driver die in it
        assay_check_name(bench->info, o->device_number, &s[0].c, bench->out->check);
        status = assay__specimens_run(bench, s, n, error);
        for (int i = 0; i < n; i++) {
            *ran += s[i].ran;
            if (!found->ran && assay__specimen_fails(&s[i])) {
                *found = s[i]; // the subject points at its own case
                found->subject.c = &found->c;
                memset(&s[i], 0, sizeof s[i]);
            }
            assay__specimen_release(&s[i]);
        }
    }
    free(s);
    return status;
}

static assay_status patterns(assay__workbench *bench, const assay__specimen *s, assay_error *error)
{
    int64_t count = s->subject.reference.count;
    uint8_t *wrong = malloc((size_t)count);
    if (!wrong)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for patterns");
    bench->out->elements = count;
    for (int64_t i = 0; i < count; i++)
        bench->out->wrong += wrong[i] = assay__specimen_wrong(s, i);
    assay_status status = ASSAY_OK;
    assay_writers writers = {0};
    if (bench->out->wrong > 0 && bench->out->wrong < count) {
        status = assay__workbench_observe(bench, &s->c.problem, s->subject.in, &writers, error);
        if (status == ASSAY_OK)
            status = assay__stratify(bench->out, &s->c.problem, wrong, &writers, error);
    }
    free(writers.group);
    free(wrong);
    return status;
}

typedef struct shrinking {
    assay__workbench *bench;
    int64_t caught;
} shrinking;

static assay_status ask(void *context, const assay_case *cases, int count, bool *fails,
                        assay_error *error)
{
    shrinking *shrink = context;
    assay__specimen *s = calloc((size_t)count, sizeof *s);
    if (!s)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for %d cases", count);
    for (int i = 0; i < count; i++)
        s[i].c = cases[i];
    assay_status status = assay__specimens_run(shrink->bench, s, count, error);
    for (int i = 0; i < count; i++) {
        fails[i] = assay__specimen_fails(&s[i]) &&
                   assay__same_failure(*s[i].result.caught, shrink->caught);
        assay__specimen_release(&s[i]);
    }
    free(s);
    return status;
}

bool assay__same_failure(int64_t caught, int64_t other)
{
    const int64_t numbers = ASSAY_CAUGHT_T0 | ASSAY_CAUGHT_T1 | ASSAY_CAUGHT_T2 | ASSAY_CAUGHT_T4;
    bool both = (caught & numbers) != 0 || (other & numbers) == 0;
    return both && (caught & ~numbers) == (other & ~numbers);
}

static assay_status shrink(assay__workbench *bench, const assay_explain_options *o,
                           const assay__specimen *s, const assay_case *start, assay_error *error)
{
    shrinking context = {bench, *s->result.caught};
    assay__oracle oracle = {&context, ask};
    assay__specimen *small = calloc(1, sizeof *small);
    if (!small)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for smaller cases");
    small->c = *start;
    assay_status status = assay__shrink(&oracle, &small->c, 14, error);
    if (status == ASSAY_OK)
        status = assay__specimens_run(bench, small, 1, error);
    if (status == ASSAY_OK && assay__specimen_fails(small)) {
        assay_check_name(bench->info, o->device_number, &small->c, bench->out->shrunk);
        snprintf(bench->out->shrunk_reason, sizeof bench->out->shrunk_reason, "%s",
                 small->result.reason);
        begin(bench->out, "repeating the smallest case"); // one work group tells most
        status = assay__probe_parallel(bench, small, error);
    }
    assay__specimen_release(small);
    free(small);
    return status;
}

// Every element comes from where it should, and no number explains the values.
static assay_status nothing_else(assay__workbench *bench, const assay__specimen *s,
                                 assay_error *error)
{
    double best = 0;
    (void)error;
    for (int i = 0; i < bench->out->finding_count; i++)
        best = bench->out->finding[i].score > best ? bench->out->finding[i].score : best;
    if (best < 0.7 && strcmp(s->c.problem.op->name, "pad") == 0)
        assay__find(bench->out, ASSAY_CAUSE_pad_value, 0.7,
                    "no element comes from a wrong place: what is wrong is the border");
    else if (best < 0.7)
        assay__find(bench->out, ASSAY_CAUSE_formula, s->c.problem.op->unary ? 0.75 : 0.5,
                    "no other attribute, input or place explains what was written");
    return ASSAY_OK;
}

static const struct {
    const char *stage;
    assay_status (*probe)(assay__workbench *bench, const assay__specimen *s, assay_error *error);
} probes[] = {
    {"repeating the check",        assay__probe_parallel },
    {"sanitizing",                 assay__probe_sanitized},
    {"comparing items and groups", assay__look_at_items  },
    {"summing up zeros",           assay__probe_zeros    },
    {"varying the data",           assay__profile        },
    {"filling up the slices",      assay__probe_lanes    },
    {"testing hypotheses",         assay__test_hypotheses},
    {"probing the precision",      assay__probe_precision},
    {"probing with impulses",      assay__probe_structure},
    {"weighing what is left",      nothing_else          },
};

// A smaller case for the probes, where the failing one is large, or one on generated data: *small
// is run, or left alone.
static assay_status make_handy(assay__workbench *bench, const assay__specimen *s,
                               const assay_case *start, assay__specimen *small, assay_error *error)
{
    shrinking context = {bench, *s->result.caught};
    assay__oracle oracle = {&context, ask};
    small->c = *start;
    ASSAY_TRY(assay__shrink_a_little(&oracle, &small->c, error));
    if (strcmp(small->c.text, s->c.text) == 0)
        return ASSAY_OK;
    ASSAY_TRY(assay__specimens_run(bench, small, 1, error));
    if (small->ran)
        assay__note(bench->out, "probed: %s", small->c.text);
    return ASSAY_OK;
}

static assay_status explain_failure(assay__workbench *bench, const assay_explain_options *o,
                                    const assay__specimen *s, assay_error *error)
{
    assay_explanation *out = bench->out;
    assay_status status = ASSAY_OK;
    out->fails = true;
    assay_check_name(bench->info, o->device_number, &s->c, out->check);
    snprintf(out->reason, sizeof out->reason, "%s", s->result.reason);
    assay__draw_window(out, s);
    begin(out, "looking for patterns");
    status = patterns(bench, s, error);
    begin(out, "looking for a handy case");
    assay_case start = s->c;
    assay__specimen *small = calloc(1, sizeof *small);
    if (!small)
        return assay_fail(error, ASSAY_MEMORY, "out of memory");
    if (status == ASSAY_OK)
        status = assay__stand_in(bench, s, &start, error);
    if (status == ASSAY_OK)
        status = make_handy(bench, s, &start, small, error);
    const assay__specimen *probed = assay__specimen_fails(small) ? small : s;
    if (status == ASSAY_OK)
        assay__look_at_guards(bench, probed);
    for (size_t i = 0; i < sizeof probes / sizeof *probes && status == ASSAY_OK; i++) {
        begin(out, probes[i].stage);
        status = probes[i].probe(bench, probed, error);
    }
    assay__specimen_release(small);
    free(small);
    begin(out, "shrinking the case");
    if (status == ASSAY_OK && start.dataset != ASSAY_DATASET_FILE)
        status = shrink(bench, o, s, &start, error);
    return status;
}

static assay_status explain(const assay_explain_options *o, assay_explanation *out,
                            assay_error *error)
{
    assay__workbench bench = {.out = out};
    assay__specimen *s = calloc(1, sizeof *s);
    size_t ran = 0;
    assay_device_options device = {.selector = o->device};
    assay_status status = s ? ASSAY_OK : assay_fail(error, ASSAY_MEMORY, "out of memory");
    begin(out, "opening the device");
    if (status == ASSAY_OK)
        status = assay_device_open(&device, &bench.device, error);
    if (status == ASSAY_OK)
        status = assay_probe_device(bench.device, false, &bench.probe, error);
    begin(out, "running the check");
    for (int k = 0; k < o->kernels->count && status == ASSAY_OK && !s->ran; k++) {
        mount(&bench, o->kernels->items[k]);
        if (selected(o, bench.info))
            status = find_failing(&bench, o, s, &ran, error);
    }
    if (status == ASSAY_OK && ran == 0)
        status = assay_fail(error, ASSAY_NOTHING_SELECTED,
                            "no check is selected: no kernel computes the chosen cases");
    if (status == ASSAY_OK && s->ran)
        status = explain_failure(&bench, o, s, error);
    if (s)
        assay__specimen_release(s);
    free(s);
    assay_probe_destroy(&bench.probe);
    assay_device_close(bench.device);
    return status;
}

static void wait_for(pid_t pid, double timeout_s, assay_explanation *out)
{
    double end = assay_now() + timeout_s;
    const struct timespec pause = {.tv_nsec = 2000000};
    int status = 0;
    bool late = false;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (!late && assay_now() > end) {
            late = true;
            kill(pid, SIGKILL);
        }
        nanosleep(&pause, NULL);
    }
    if (late)
        snprintf(out->interrupted, sizeof out->interrupted, "the time of %g s was up while %s",
                 timeout_s, out->stage);
    else if (WIFSIGNALED(status))
        snprintf(out->interrupted, sizeof out->interrupted, "the driver died of signal %d while %s",
                 WTERMSIG(status), out->stage);
}

// A check in which the driver died or hung has failed, whatever else is known.
static void conclude(shared *s)
{
    assay_explanation *out = &s->explanation;
    if (s->done)
        return;
    if (!out->interrupted[0])
        snprintf(out->interrupted, sizeof out->interrupted, "the driver ended the process while %s",
                 out->stage);
    if (out->fails || strcmp(out->stage, "running the check") != 0)
        return;
    out->fails = true;
    snprintf(out->reason, sizeof out->reason, "%s", out->interrupted);
    assay__find(out, ASSAY_CAUSE_reads_outside, 0.3,
                "the driver does not survive the kernel: a wild "
                "address is the usual reason");
    assay__find(out, ASSAY_CAUSE_writes_outside, 0.3,
                "the driver does not survive the kernel: a "
                "wild address is the usual reason");
}

assay_status assay_explain(const assay_explain_options *options, assay_explanation *explanation,
                           assay_error *error)
{
    double start = assay_now();
    shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s == MAP_FAILED)
        return assay_fail(error, ASSAY_MEMORY, "no shared memory: %s", strerror(errno));
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        s->status = explain(options, &s->explanation, &s->error);
        s->done = true;
        _exit(0);
    }
    assay_status status = ASSAY_OK;
    if (pid < 0) {
        status = assay_fail(error, ASSAY_MEMORY, "no child process: %s", strerror(errno));
    } else {
        wait_for(pid, options->timeout_s, &s->explanation);
        conclude(s);
        if (s->done && s->status == ASSAY_DEVICE_LOST) {
            s->done = false;
            conclude(s);
        } else if (s->done && s->status != ASSAY_OK) {
            status = assay_fail(error, s->status, "%s", s->error.message);
        }
        assay__rank(&s->explanation);
        *explanation = s->explanation;
        explanation->seconds = assay_now() - start;
        if (status == ASSAY_OK && !explanation->fails && explanation->interrupted[0])
            status = assay_fail(error, ASSAY_VULKAN, "%s", explanation->interrupted);
    }
    munmap(s, sizeof *s);
    return status;
}
