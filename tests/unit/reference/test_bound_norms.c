// SPDX-License-Identifier: Apache-2.0
// The bounds of normalisations: kernels of every order and form, on a device as bad as Vulkan
// allows, never pass them and come near them; a variance from the squares does pass them.
#include "tests/unit/reference/adversarial_checks.h"
#include "tests/unit/reference/adversarial_sums.h"

enum { LONGEST = 400, PATTERNS = 8 };
static double ones[LONGEST], scratch[LONGEST];

typedef struct moments {
    double mean, variance;
} moments;

typedef moments moments_kernel(adversary *a, const double *x, int n, int order);

static moments two_passes(adversary *a, const double *x, int n, int order)
{
    moments m = {quotient(a, summations[order](a, x, ones, n), n), 0};
    for (int i = 0; i < n; i++)
        scratch[i] = add(a, x[i], -m.mean);
    m.variance = quotient(a, summations[order](a, scratch, scratch, n), n);
    return m;
}

static moments welford(adversary *a, const double *x, int n, int order)
{
    moments m = {x[0], 0};
    (void)order;
    for (int i = 1; i < n; i++) {
        double before = add(a, x[i], -m.mean);
        m.mean = add(a, m.mean, quotient(a, before, i + 1));
        m.variance = multiply_add(a, before, add(a, x[i], -m.mean), m.variance);
    }
    m.variance = quotient(a, m.variance, n);
    return m;
}

// Wrong: the mean of the squares less the square of the mean.
static moments one_pass(adversary *a, const double *x, int n, int order)
{
    moments m = {quotient(a, summations[order](a, x, ones, n), n), 0};
    double squares = quotient(a, summations[order](a, x, x, n), n);
    m.variance = fmax(multiply_add(a, -m.mean, m.mean, squares), 0);
    return m;
}

// inversesqrt at once, or the reciprocal of a root.
static double inverse_of(adversary *a, double variance, float epsilon)
{
    double sum = add(a, variance, constant(a, (double)epsilon));
    return next_bit(a) ? inverse_root(a, sum) : quotient(a, 1, root(a, sum));
}

// y of one element: factor by factor, or folded into a x + (b - mean a).
static double finish(adversary *a, double x, moments m, double inverse, double scale, double bias)
{
    double factor = mul(a, inverse, scale);
    if (next_bit(a))
        return multiply_add(a, factor, x, multiply_add(a, -m.mean, factor, bias));
    double d = add(a, x, -m.mean);
    return next_bit(a) ? multiply_add(a, d, factor, bias)
                       : multiply_add(a, mul(a, d, inverse), scale, bias);
}

// A row's length is that of `planes` planes; element i takes scale and bias i / plane % period,
// layer_norm's are its own.
static const struct row {
    const char *op, *attribute;
    int64_t value;
    int channels, planes;
    double near;
} rows[] = {
    {"instance_norm", NULL,         0, 3, 1, 0.3},
    {"group_norm",    "num_groups", 2, 4, 2, 0.3},
    {"layer_norm",    "axis",       1, 2, 2, 0.3},
};

// One large number and others that its sum loses: the error of the mean is all that it can be. With
// 60 numbers in f16 the squares of the others are rounded up to twice their size.
static void fill_adversarial(bench *b, int length, const setting *s)
{
    bool half = s->device.half, stored = s->device.stored;
    double share = s->device.nearest ? 1 : stored ? 0x1.ffcp0 : 0x1.fffffep0;
    double first = stored && !half ? 1024 : 1; // so that f16 holds the rest
    for (int i = 0; i < b->ref.count; i++)
        b->data[0][i] = (float)(i % length ? first * share * (half ? 0x1p-11 : 0x1p-24) : first);
    memset(b->data[2], 0, (size_t)assay_shape_elements(&b->p.input[2]) * sizeof(float));
}

// Rows of mean / deviation `ratio`; -1: tiny ones, whose quotients are subnormal in f16.
static bench bench_for(const struct row *row, int n, double ratio, int precision)
{
    assay_problem p = start(row->op, nchw(2, row->channels, 1, n));
    if (row->attribute)
        set(&p, row->attribute, row->value, 0);
    bench b = bench_of(p);
    for (int i = 0; i < 2 * row->channels * n; i++)
        b.data[0][i] = ratio < 0 ? stored((double)random_float() * 0x1p-12, precision)
                                 : stored(ratio + (double)random_float() * sqrt(3.0), precision);
    for (int c = 0; c < assay_shape_elements(&b.p.input[1]); c++) {
        b.data[1][c] = stored(1 + (double)random_float() / 4, precision);
        b.data[2][c] = stored(c % 3 ? (double)random_float() : 0, precision);
    }
    return b;
}

// One row; the count of wrong elements where they are not judged.
static int run_row(const struct row *row, const bench *b, int n, int first, adversary *a,
                   moments_kernel *k, int order, usage *u)
{
    double x[LONGEST] = {0};
    int length = row->planes * n, wrong = 0;
    int plane = strcmp(row->op, "layer_norm") ? n : 1;
    int period = (int)assay_shape_elements(&b->p.input[1]);
    for (int i = 0; i < length; i++)
        x[i] = load(a, (double)b->data[0][first + i]);
    moments m = k(a, x, length, order);
    double inverse = inverse_of(a, m.variance, 1e-5F);
    for (int i = 0; i < length; i++) {
        int at = first + i, place = at / plane % period;
        double y = finish(a, x[i], m, inverse, load(a, (double)b->data[1][place]),
                          load(a, (double)b->data[2][place]));
        if (u)
            judge(u, a, &b->ref, at, y, true, row->op);
        else
            wrong += !(fabs(y - b->ref.value[at]) <= b->ref.bound[at]);
    }
    return wrong;
}

static int64_t check(const struct row *row, int precision)
{
    static const int lengths[] = {1, 2, 3, 7, 30, 60, 100};
    static const double ratios[] = {0, 1, 17, 130, 1050, -1, 0}; // the last for adversarial rows
    usage u = {0};
    for (int k = 0; k < 7 * 7 * SETTINGS; k++) {
        int n = lengths[k % 7];
        setting s = setting_of(precision, k / 49);
        bench b = bench_for(row, n, ratios[k / 7 % 7], precision);
        solve(&b, ASSAY_METHOD_PLAIN, &s.contract);
        bool adversarial = k / 7 % 7 == 6;
        if (adversarial) {
            fill_adversarial(&b, row->planes * n, &s);
            solve(&b, ASSAY_METHOD_PLAIN, &s.contract);
        }
        for (int first = 0; first < b.ref.count; first += row->planes * n)
            for (int pattern = 0; pattern < (n < 4 || adversarial ? 32 : 2) * PATTERNS; pattern++) {
                begin(&s.device, pattern / 2);
                run_row(row, &b, n, first, &s.device, pattern % 2 ? welford : two_passes,
                        pattern / 2 % SUMMATIONS, &u);
            }
        bench_destroy(&b);
    }
    conclude(&u, row->op, precision, row->near);
    return u.checked;
}

static int64_t check_batch_norm(int precision)
{
    enum { COUNT = 400, ROUNDS = 12 };
    usage u = {0};
    for (int round = 0; round < ROUNDS * SETTINGS; round++) {
        setting s = setting_of(precision, round % SETTINGS);
        bench b = bench_of(start("batch_norm", nchw(1, COUNT, 1, 1)));
        for (int i = 0; i < COUNT; i++) {
            double mean = (double)random_float() * (round / SETTINGS % 3 ? 1 : 100);
            b.data[0][i] = stored(mean + (double)random_float(), precision);
            b.data[1][i] = stored((double)random_float(), precision);
            b.data[2][i] = stored(i % 3 ? (double)random_float() : 0, precision);
            b.data[3][i] = stored(mean, precision);
            b.data[4][i] = stored(fabs((double)(random_float() * random_float())), precision);
        }
        solve(&b, ASSAY_METHOD_PLAIN, &s.contract);
        for (int i = 0; i < COUNT; i++)
            for (int pattern = 0; pattern < PATTERNS; pattern++) {
                double v[5];
                begin(&s.device, pattern);
                for (int k = 0; k < 5; k++)
                    v[k] = load(&s.device, (double)b.data[k][i]);
                double inverse = inverse_of(&s.device, v[4], 1e-5F);
                moments m = {v[3], v[4]};
                judge(&u, &s.device, &b.ref, i, finish(&s.device, v[0], m, inverse, v[1], v[2]),
                      true, "batch_norm");
            }
        bench_destroy(&b);
    }
    conclude(&u, "batch_norm", precision, 0.3);
    return u.checked;
}

// With a mean of 300 .. 1000 deviations the squares have lost the variance.
static void test_one_pass_is_wrong(void **state)
{
    (void)state;
    for (int k = 0; k < 8; k++) {
        int n = k % 2 ? 40 : 99, wrong = 0;
        bench b = bench_for(&rows[0], n, k < 4 ? 300 : 1000, 0);
        setting s = setting_of(0, 0);
        solve(&b, ASSAY_METHOD_PLAIN, &s.contract);
        for (int first = 0; first < b.ref.count; first += n)
            wrong += run_row(&rows[0], &b, n, first, &s.device, one_pass, k % SUMMATIONS, NULL);
        print_message("%d elements, mean / deviation %g: %d wrong\n", 6 * n, k < 4 ? 300.0 : 1000.0,
                      wrong);
        assert_true(wrong > 0);
        bench_destroy(&b);
    }
}

static void test_precision(int precision)
{
    int64_t checked = check_batch_norm(precision);
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
        cmocka_unit_test(test_one_pass_is_wrong),
    };
    return cmocka_run_group_tests(tests, fill_ones, NULL);
}
