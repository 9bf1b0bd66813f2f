// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/cli.h"

#include "fixtures/onnx.h"
#include "fixtures/outputs.h"
#include "harness/cli/verification.h"
#include "harness/compare.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct fixture_options {
    const char *out, *npz, *suite, *precision;
    uint64_t seed;
    bool seed_given, verbose;
} fixture_options;

static assay_status write_fixture(const fixture_options *o, const assay_fixture *fixture,
                                  assay_error *error)
{
    if (!o->out)
        return assay_fail(error, ASSAY_USAGE, "name the file to write with --out F.h5");
    ASSAY_TRY(assay_fixture_write(fixture, o->out, error));
    fprintf(stderr, "%s: %zu vectors\n", o->out, fixture->count);
    if (!o->npz)
        return ASSAY_OK;
    ASSAY_TRY(assay_fixture_write_npz(fixture, o->npz, error));
    fprintf(stderr, "%s: their inputs\n", o->npz);
    return ASSAY_OK;
}

static assay_status make(const fixture_options *o, char **argv, int count, int *code,
                         assay_error *error)
{
    assay_caselist cases = {0};
    assay_fixture fixture = {0};
    assay_contract contract = assay_contract_default();
    (void)code;
    ASSAY_TRY(assay_compare_precision(o->precision, &contract, error));
    assay_status status =
        cli_select_cases(o->suite, argv, count, o->seed_given ? &o->seed : NULL, &cases, error);
    snprintf(fixture.origin, sizeof fixture.origin, "assay fixture make");
    for (size_t i = 0; i < cases.count && status == ASSAY_OK; i++)
        status = assay_fixture_make(&fixture, &cases.cases[i], &contract, error);
    if (status == ASSAY_OK)
        status = write_fixture(o, &fixture, error);
    assay_fixture_destroy(&fixture);
    assay_caselist_destroy(&cases);
    return status;
}

static void print_shape(const char *name, const assay_shape *shape)
{
    printf("  %s[", name);
    for (int d = 0; d < shape->rank; d++)
        printf("%s%" PRId64, d ? "," : "", shape->dim[d]);
    printf("]");
}

static assay_status show(const fixture_options *o, char **argv, int count, int *code,
                         assay_error *error)
{
    assay_fixture fixture = {0};
    (void)code;
    (void)count;
    assay_status status = assay_fixture_read(argv[0], &fixture, error);
    if (status == ASSAY_OK)
        printf("%s: %zu vectors, schema %d\norigin: %s\ncontract: %s\n", argv[0], fixture.count,
               ASSAY_FIXTURE_SCHEMA, fixture.origin, fixture.contract);
    for (size_t i = 0; i < fixture.count; i++) {
        const assay_vector *v = &fixture.vectors[i];
        const assay_problem *p = &v->c.problem;
        printf("%s\n", v->c.text);
        if (!o->verbose)
            continue;
        for (int t = 0; t < p->op->input_count; t++)
            if (v->input[t])
                print_shape(p->op->inputs[t].name, &p->input[t]);
        print_shape("out", &p->output);
        printf("  %s%s\n", v->source, v->given ? ", with an output of its own" : "");
    }
    assay_fixture_destroy(&fixture);
    return status;
}

// The stored reference must be what the reference says today, to the bit.
static int64_t disagreements(const assay_vector *v, assay_error *error, assay_status *status)
{
    assay_reference reference = {0};
    const float *in[ASSAY_INPUTS_MAX];
    int64_t wrong = 0;
    for (int i = 0; i < ASSAY_INPUTS_MAX; i++)
        in[i] = v->input[i];
    *status = assay_reference_create(&v->c.problem, in, ASSAY_METHOD_PLAIN, &reference, error);
    for (int64_t i = 0; *status == ASSAY_OK && i < reference.count; i++) {
        bool both_nan = isnan(reference.value[i]) && isnan(v->value[i]);
        double slack =
            v->bound[i] * 0x1p-20; // the plain and the fast reference differ by rounding of fp64
        bool same = reference.value[i] == v->value[i] || both_nan ||
                    fabs(reference.value[i] - v->value[i]) <= slack;
        wrong += !same;
    }
    assay_reference_destroy(&reference);
    return wrong;
}

static assay_status verify(const fixture_options *o, char **argv, int count, int *code,
                           assay_error *error)
{
    assay_fixture fixture = {0};
    assay_status status = assay_fixture_read(argv[0], &fixture, error);
    size_t right = 0, given = 0, outside_vectors = 0;
    (void)count;
    for (size_t i = 0; i < fixture.count && status == ASSAY_OK; i++) {
        const assay_vector *v = &fixture.vectors[i];
        int64_t outside = 0, first = -1;
        double worst = 0;
        int64_t wrong = disagreements(v, error, &status);
        if (status != ASSAY_OK)
            break;
        if (wrong)
            printf("FAIL  %s: the stored reference differs in %" PRId64 " elements\n", v->c.text,
                   wrong);
        right += wrong == 0;
        if (v->given) {
            given++;
            assay_vector_check(v, &outside, &first, &worst);
            outside_vectors += outside > 0;
        }
        if (outside)
            printf("OUTSIDE  %s: %" PRId64
                   " elements of its own output lie outside of the bound, the first at "
                   "%" PRId64 ", the worst by %.3g bounds\n",
                   v->c.text, outside, first, worst);
        else if (o->verbose && !wrong)
            printf("ok  %s\n", v->c.text);
    }
    if (status == ASSAY_OK)
        printf("%zu vectors: %zu agree with the reference; %zu bring an output of their own, %zu "
               "of them "
               "outside of the bound\n",
               fixture.count, right, given, outside_vectors);
    *code = right == fixture.count && outside_vectors == 0 ? 0 : 1;
    assay_fixture_destroy(&fixture);
    return status;
}

static assay_status import(const fixture_options *o, char **argv, int count, int *code,
                           assay_error *error)
{
    assay_fixture fixture = {0};
    assay_onnx_report report = {0};
    assay_contract contract = assay_contract_default();
    assay_status status = ASSAY_OK;
    (void)code;
    snprintf(fixture.origin, sizeof fixture.origin, "assay fixture import %.200s%s", argv[0],
             count > 1 ? " ..." : "");
    for (int i = 0; i < count && status == ASSAY_OK; i++)
        status = assay_onnx_import(argv[i], &contract, &fixture, &report, error);
    for (size_t i = 0; i < report.count && status == ASSAY_OK; i++)
        if (o->verbose || !report.notes[i].imported)
            printf("%-9s %s%s%s\n", report.notes[i].imported ? "imported" : "left out",
                   report.notes[i].name, report.notes[i].reason[0] ? ": " : "",
                   report.notes[i].reason);
    if (status == ASSAY_OK)
        printf("%zu vectors seen: %zu imported, %zu left out\n", report.count, report.imported,
               report.count - report.imported);
    if (status == ASSAY_OK && fixture.count == 0)
        status = assay_fail(error, ASSAY_NOTHING_SELECTED, "no vector could be imported from %s",
                            argv[0]);
    if (status == ASSAY_OK)
        status = write_fixture(o, &fixture, error);
    assay_onnx_report_destroy(&report);
    assay_fixture_destroy(&fixture);
    return status;
}

int cmd_fixture(int argc, char **argv)
{
    fixture_options o = {.precision = "f32"};
    const cli_option options[] = {
        {"out",       'o', CLI_TEXT,   "F.h5",      "the file to write",                      &o.out,       NULL},
        {"npz",       0,   CLI_TEXT,   "F.npz",     "write the inputs for numpy, too",        &o.npz,       NULL},
        {"precision", 0,   CLI_TEXT,   "P",
         "for make: f32, f16s or f16a: inputs that such an engine has (f32)",                 &o.precision, NULL},
        {"suite",     's', CLI_TEXT,   "NAME|FILE", "for make: cases to choose from (smoke)", &o.suite,
         NULL                                                                                                   },
        {"seed",      0,   CLI_NUMBER, "N",         "for make: another seed for every case",  &o.seed,
         &o.seed_given                                                                                          },
        {"verbose",   'v', CLI_FLAG,   NULL,        "say it for every vector",                &o.verbose,   NULL},
    };
    const cli_command command = {
        .usage = "fixture make|show|verify|import ARGUMENT... [options]",
        .about =
            "make CASE-GLOB... -o F.h5   inputs, reference and bounds of cases\n"
            "show F.h5                   what it holds\n"
            "verify F.h5                 its reference, and outputs that came with the vectors\n"
            "import FOLDER... -o F.h5    ONNX test folders (model.onnx + test_data_set_*)",
        .options = options,
        .option_count = sizeof options / sizeof *options,
        .least = 1,
        .most = -1,
    };
    static const struct {
        const char *name;
        int least, most;
        assay_status (*run)(const fixture_options *o, char **argv, int count, int *code,
                            assay_error *error);
    } actions[] = {
        {"make",   0, -1, make  },
        {"show",   1, 1,  show  },
        {"verify", 1, 1,  verify},
        {"import", 1, -1, import},
    };
    assay_error error = {0};
    int count, code = 0;
    if (cli_parse(&command, argc, argv, &count, &code) == CLI_EXIT)
        return code;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(actions[i].name, argv[0]) != 0)
            continue;
        int given = count - 1;
        if (given < actions[i].least || (actions[i].most >= 0 && given > actions[i].most))
            return cli_fail_usage(
                "fixture %s: wrong number of arguments; see `assay fixture --help`", argv[0]);
        assay_status status = actions[i].run(&o, argv + 1, given, &code, &error);
        return status == ASSAY_OK ? code : cli_fail(&error);
    }
    return cli_fail_usage("\"%s\" is none of make, show, verify, import", argv[0]);
}
