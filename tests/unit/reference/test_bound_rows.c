// SPDX-License-Identifier: Apache-2.0
// The bounds of softmax, log_softmax and local response normalisation: kernels of every order and
// form, on a device as bad as Vulkan allows, never pass them and come near them.
#include "tests/unit/reference/adversarial_checks.h"
#include "tests/unit/reference/adversarial_sums.h"

enum { LONGEST = 100, PATTERNS = 64, LRN_SIZE = 5 };
static double ones[LONGEST];

// All outputs of a row.
typedef void row_kernel(adversary *a, const assay_problem *p, const double *x, int n, int order,
                        double *y);

static double most_of(adversary *a, const double *x, int n)
{
    double most = x[0];
    for (int k = 1; k < n; k++)
        most = larger(a, most, x[k]);
    return most;
}

static void k_softmax(adversary *a, const assay_problem *p, const double *x, int n, int order,
                      double *y)
{
    double most = most_of(a, x, n), e[LONGEST] = {0};
    (void)p;
    for (int k = 0; k < n; k++)
        e[k] = power(a, add(a, x[k], -most));
    double sum = summations[order](a, e, ones, n), inverse = quotient(a, 1, sum);
    bool divides = next_bit(a);
    for (int k = 0; k < n; k++)
        y[k] = divides ? quotient(a, e[k], sum) : mul(a, e[k], inverse);
}

// x - max - log, or x - (max + log).
static void k_log_softmax(adversary *a, const assay_problem *p, const double *x, int n, int order,
                          double *y)
{
    double most = most_of(a, x, n), e[LONGEST] = {0};
    (void)p;
    for (int k = 0; k < n; k++)
        e[k] = power(a, add(a, x[k], -most));
    double total = logarithm(a, summations[order](a, e, ones, n));
    bool late = next_bit(a);
    for (int k = 0; k < n; k++)
        y[k] = late ? add(a, x[k], -add(a, most, total)) : add(a, add(a, x[k], -most), -total);
}

static double float_of(adversary *a, const assay_problem *p, const char *name)
{
    return constant(a, (double)assay_get(p, name)->f);
}

// x / base^beta, or x base^-beta.
static void k_lrn(adversary *a, const assay_problem *p, const double *x, int n, int order,
                  double *y)
{
    double alpha = float_of(a, p, "alpha"), beta = float_of(a, p, "beta");
    double bias = float_of(a, p, "bias");
    for (int i = 0; i < n; i++) {
        int first = i < 2 ? 0 : i - 2, end = i + 3 > n ? n : i + 3;
        double sum = summations[order](a, x + first, x + first, end - first);
        double scaled = next_bit(a) ? quotient(a, mul(a, alpha, sum), LRN_SIZE)
                                    : mul(a, quotient(a, alpha, LRN_SIZE), sum);
        double low = binary_logarithm(a, add(a, bias, scaled));
        y[i] = next_bit(a) ? quotient(a, x[i], binary_power(a, mul(a, beta, low)))
                           : mul(a, x[i], binary_power(a, mul(a, -beta, low)));
    }
}

static const struct row {
    const char *op;
    row_kernel *kernel;
    double near;
} rows[] = {
    {"softmax",     k_softmax,     0.3},
    {"log_softmax", k_log_softmax, 0.3},
    {"lrn",         k_lrn,         0.3},
};

static bench bench_for(const struct row *row, int n, int round, int precision)
{
    static const double ranges[] = {0.01, 1, 10, 60, 120};
    assay_problem p = start(row->op, nchw(1, n, 1, 1));
    if (row->kernel == k_lrn) {
        set(&p, "size", LRN_SIZE, 0);
        attribute(&p, "alpha")->f = round % 2 ? 1e-4F : 2;
        attribute(&p, "bias")->f = round % 4 > 1 ? 1 : 3;
    } else {
        set(&p, "axis", 1, 0);
    }
    bench b = bench_of(p);
    double range = row->kernel == k_lrn ? round % 3 ? 2 : 30 : ranges[round % 5];
    for (int i = 0; i < n; i++) // some far from zero
        b.data[0][i] = stored((double)random_float() * range + (round % 7 ? 0 : 50), precision);
    return b;
}

static void run_row(const struct row *row, bench *b, int n, const setting *s, usage *u)
{
    adversary a = s->device;
    double x[LONGEST] = {0}, y[LONGEST];
    solve(b, ASSAY_METHOD_PLAIN, &s->contract);
    for (int pattern = 0; pattern < PATTERNS; pattern++) {
        begin(&a, pattern);
        for (int i = 0; i < n; i++)
            x[i] = load(&a, (double)b->data[0][i]);
        row->kernel(&a, &b->p, x, n, pattern % SUMMATIONS, y);
        for (int i = 0; i < n; i++)
            judge(u, &a, &b->ref, i, y[i], true, row->op);
    }
}

static int64_t check(const struct row *row, int precision)
{
    static const int lengths[] = {1, 2, 3, 10, LONGEST};
    usage u = {0};
    for (int round = 0; round < 14; round++)
        for (int k = 0; k < 5 * SETTINGS; k++) {
            int n = lengths[k / SETTINGS];
            setting s = setting_of(precision, k % SETTINGS);
            bench b = bench_for(row, n, round, precision);
            run_row(row, &b, n, &s, &u);
            bench_destroy(&b);
        }
    conclude(&u, row->op, precision, row->near);
    return u.checked;
}

static void test_precision(int precision)
{
    int64_t checked = 0;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        checked += check(&rows[r], precision);
    assert_true(checked >= 1000000);
}

TESTS_OF_PRECISIONS(test_precision)

static int fill_ones(void **state)
{
    (void)state;
    for (int i = 0; i < LONGEST; i++)
        ones[i] = 1;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PRECISION_TESTS,
    };
    return cmocka_run_group_tests(tests, fill_ones, NULL);
}
