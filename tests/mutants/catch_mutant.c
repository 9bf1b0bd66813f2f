// SPDX-License-Identifier: Apache-2.0
// catch_mutant FILE.mutant SHADER.comp [SEEDS]
//
// Runs the mutant's cases with 30 seeds on the mutated shader and on the kernel it was made from.
// In every single run the mutant must be rejected by each tier or guard that its file names, and
// the original must not be rejected at all.
#include "fixtures/caselist.h"
#include "harness/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEDS 30

typedef struct mutant {
    char kernel[64], expect[128], cases[1024], layout[16], precision[16];
} mutant;

static bool read_mutant(const char *path, mutant *m)
{
    static const struct {
        const char *key;
        size_t offset, size;
    } rows[] = {
        {"kernel: ",    offsetof(mutant, kernel),    sizeof m->kernel   },
        {"precision: ", offsetof(mutant, precision), sizeof m->precision},
        {"expect: ",    offsetof(mutant, expect),    sizeof m->expect   },
        {"cases: ",     offsetof(mutant, cases),     sizeof m->cases    },
        {"layout: ",    offsetof(mutant, layout),    sizeof m->layout   },
    };
    char line[2048];
    FILE *file = fopen(path, "r");
    memset(m, 0, sizeof *m);
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            size_t length = strlen(rows[i].key);
            if (strncmp(line, rows[i].key, length) == 0)
                snprintf((char *)m + rows[i].offset, rows[i].size, "%s", line + length);
        }
    }
    if (file)
        fclose(file);
    return m->kernel[0] && m->expect[0] && m->cases[0];
}

// "T0 poison" -> bits; 0 when a word is unknown.
static unsigned expected_bits(const char *words)
{
    static const struct {
        const char *name;
        unsigned bit;
    } rows[] = {
#define XX(id, bit, name, summary) {name, bit},
        ASSAY_CAUGHT_MAP(XX)
#undef XX
    };
    unsigned bits = 0;
    while (*words) {
        size_t length = strcspn(words, " "), i = 0;
        while (i < sizeof rows / sizeof *rows &&
               (strlen(rows[i].name) != length || strncmp(rows[i].name, words, length) != 0))
            i++;
        if (i == sizeof rows / sizeof *rows)
            return 0;
        bits |= rows[i].bit;
        words += length;
        words += strspn(words, " ");
    }
    return bits;
}

static assay_status add_cases(const char *words, uint64_t seed, assay_caselist *list,
                              assay_error *error)
{
    char copy[1024], *save = NULL;
    snprintf(copy, sizeof copy, "%s", words);
    for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
        ASSAY_TRY(assay_caselist_expand(list, word, error));
    return assay_caselist_reseed(list, seed, error);
}

// All seeds of one kernel in one run; caught[s] collects what rejected seed s. Verdicts other than
// PASS, FAIL and VACUOUS are printed and make it fail.
static assay_status run_all(const assay_kernels *kernels, const mutant *m, int seeds,
                            unsigned *caught, assay_error *error)
{
    assay_caselist *lists = calloc((size_t)seeds, sizeof *lists);
    assay_lab *lab = calloc(1, sizeof *lab);
    assay_plan plan = {0};
    assay_verify_outcome outcome = {0};
    assay_selection selection = {kernels, m->kernel, m->precision[0] ? m->precision : "f32",
                                 m->layout[0] ? m->layout : "nchw", 0};
    assay_status status =
        lists && lab ? ASSAY_OK : assay_fail(error, ASSAY_MEMORY, "out of memory");
    for (int s = 0; s < seeds && status == ASSAY_OK; s++) {
        status = add_cases(m->cases, (uint64_t)s + 1, &lists[s], error);
        for (size_t c = 0; c < lists[s].count && status == ASSAY_OK; c++)
            status = assay_plan_add(&plan, &selection, &lists[s].cases[c], NULL, NULL, error);
    }
    if (status == ASSAY_OK && plan.count == 0)
        status = assay_fail(error, ASSAY_NOTHING_SELECTED, "no case of kernel %s", m->kernel);
    if (status == ASSAY_OK) {
        lab->plan = &plan;
        lab->device_options.validate = ASSAY_VALIDATE_CORE | ASSAY_VALIDATE_SYNC;
        assay_verify_options options = {.lab = lab, .children = 1, .timeout_s = 60};
        status = assay_verify(&options, &outcome, error);
    }
    for (size_t i = 0; i < outcome.count && status == ASSAY_OK; i++) {
        const assay_result *r = &outcome.results[i];
        size_t s = 0; // the seed is the case's last segment
        s = strtoul(strrchr(r->case_text, '/') + 1, NULL, 10) - 1;
        caught[s] |= (unsigned)*r->caught;
        bool ran = *r->verdict == ASSAY_VERDICT_PASS || *r->verdict == ASSAY_VERDICT_FAIL ||
                   *r->verdict == ASSAY_VERDICT_VACUOUS;
        if (!ran)
            status = assay_fail(error, ASSAY_INTERNAL, "%s: %s: %.600s", r->check,
                                assay_verdict_name((assay_verdict)*r->verdict), r->reason);
    }
    assay_verify_outcome_destroy(&outcome);
    assay_plan_destroy(&plan);
    for (int s = 0; lists && s < seeds; s++)
        assay_caselist_destroy(&lists[s]);
    free(lists);
    free(lab);
    return status;
}

static int judge(const char *path, const mutant *m, int seeds, const unsigned *mutated,
                 const unsigned *original)
{
    unsigned expected = expected_bits(m->expect);
    int missed = 0, wronged = 0;
    char text[128];
    for (int s = 0; s < seeds; s++) {
        if ((mutated[s] & expected) != expected) {
            missed++;
            printf("seed %d: %s rejected the mutant, expected %s\n", s + 1,
                   assay_caught_format(mutated[s], text, sizeof text), m->expect);
        }
        if (original[s]) {
            wronged++;
            printf("seed %d: %s rejected the kernel itself\n", s + 1,
                   assay_caught_format(original[s], text, sizeof text));
        }
    }
    printf("%s: rejected by %s in %d of %d runs, the unmutated %s passed in %d of %d\n", path,
           m->expect, seeds - missed, seeds, m->kernel, seeds - wronged, seeds);
    return missed || wronged || !expected;
}

int main(int argc, char **argv)
{
    mutant m;
    assay_kernels mutants = {0}, originals = {0};
    assay_error error = {0};
    int seeds = argc > 3 ? atoi(argv[3]) : SEEDS;
    if (argc < 3 || seeds < 1 || !read_mutant(argv[1], &m)) {
        fprintf(stderr, "usage: catch_mutant FILE.mutant SHADER.comp [SEEDS]\n");
        return 2;
    }
    unsigned *mutated = calloc((size_t)seeds, sizeof *mutated);
    unsigned *original = calloc((size_t)seeds, sizeof *original);
    assay_status status = assay_kernels_load(&mutants, argv[2], &error);
    if (status == ASSAY_OK)
        status = assay_kernels_builtin(&originals, &error);
    if (status == ASSAY_OK)
        status = run_all(&mutants, &m, seeds, mutated, &error);
    if (status == ASSAY_OK)
        status = run_all(&originals, &m, seeds, original, &error);
    if (status != ASSAY_OK)
        printf("%s: %s\n", argv[1], error.message);
    int code = status == ASSAY_OK ? judge(argv[1], &m, seeds, mutated, original) : 1;
    assay_kernels_destroy(&mutants);
    assay_kernels_destroy(&originals);
    free(mutated);
    free(original);
    return code;
}
