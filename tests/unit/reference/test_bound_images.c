// SPDX-License-Identifier: Apache-2.0
// The bounds of linear resizing, of the ends of an image pipeline and of blending: kernels of every
// form, on a device as bad as Vulkan allows, never pass them and come near them.
#include "tests/unit/reference/adversarial_checks.h"

enum { PATTERNS = 32, AREA = 500, IN_H = 11, IN_W = 37, OUT_H = 17, OUT_W = 53 };

// What a kernel makes of output element i.
typedef double element_kernel(adversary *a, const bench *b, int64_t i);
typedef void filler(bench *b, int precision, int round);

// Scale and bias of a colour, and one value of the three.
static double colour(adversary *a, const bench *b, int64_t i, int channels)
{
    int64_t channel = i / AREA % channels;
    double x = load(a, (double)b->data[0][i]), scale = load(a, (double)b->data[1][channel]);
    double bias = load(a, (double)b->data[2][channel]);
    return next_bit(a) ? multiply_add(a, x, scale, bias) : add(a, mul(a, x, scale), bias);
}

static double k_image_to_tensor(adversary *a, const bench *b, int64_t i)
{
    return colour(a, b, i, 4); // one image: its fourth channel comes last
}

static double k_tensor_to_image(adversary *a, const bench *b, int64_t i)
{
    return i >= 3 * AREA ? 255 : smaller(a, larger(a, colour(a, b, i, 3), 0), 255);
}

static void fill_colours(bench *b, int precision, int round)
{
    bool pixels = b->p.input[0].dim[1] == 4;
    for (int i = 0; i < assay_shape_elements(&b->p.input[0]); i++)
        b->data[0][i] =
            pixels ? (float)random_integer(0, 255) : stored((double)random_float(), precision);
    for (int k = 0; k < 3; k++) {
        b->data[1][k] =
            stored(pixels ? (double)random_float() / 100 : random_uniform() * 150, precision);
        b->data[2][k] = stored(pixels ? (double)random_float() : 128 + k, precision);
        if (round % 3 == 0) // few additions are exact
            b->data[2][k] = stored(random_uniform() * (pixels ? 0x1p-12 : 0x1p-3), precision);
    }
}

// mask fg + (1 - mask) bg, the last two multiplied out, and one step from bg: where the mask
// decides for one of the layers that one is not to be used.
static double k_alpha_composite(adversary *a, const bench *b, int64_t i)
{
    double fg = load(a, (double)b->data[0][i]), bg = load(a, (double)b->data[1][i]);
    double mask = load(a, (double)b->data[2][i / (3 * AREA) * AREA + i % AREA]);
    int form = next_bit(a) + 2 * next_bit(a);
    if (form == 3 && (mask == 0 || mask == 1))
        form = 2;
    switch (form) {
    case 0:
        return add(a, mul(a, mask, fg), mul(a, add(a, 1, -mask), bg));
    case 1:
        return multiply_add(a, mask, fg, mul(a, add(a, 1, -mask), bg));
    case 2:
        return add(a, add(a, bg, -mul(a, mask, bg)), mul(a, mask, fg));
    default:
        return add(a, bg, mul(a, mask, add(a, fg, -bg)));
    }
}

static void fill_layers(bench *b, int precision, int round)
{
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < assay_shape_elements(&b->p.input[k]); i++)
            b->data[k][i] = stored(k < 2        ? (double)random_float()
                                   : i % 7 == 0 ? i / 7 % 2
                                                : random_uniform(),
                                   precision);
    if (round % 3 == 0) // the same layer twice
        memcpy(b->data[1], b->data[0],
               (size_t)assay_shape_elements(&b->p.input[0]) * sizeof(float));
}

// One axis of a resizing kernel: the cell and the weight that it finds. Coordinates are f32.
typedef struct found {
    int low, high;
    double weight;
} found;

static found find(adversary *a, int64_t coordinates, int64_t i, int in, int out)
{
    adversary single = *a;
    single.half = single.stored = false;
    double c = (double)i;
    if (coordinates == 1) {
        c = mul(&single, c, quotient(&single, in - 1, out - 1));
    } else {
        double scale = quotient(&single, in, out);
        c = coordinates ? mul(&single, c, scale)
                        : add(&single, mul(&single, add(&single, c, 0.5), scale), -0.5);
    }
    c = c < 0 ? 0 : c > in - 1 ? in - 1 : c;
    double low = floor(c), weight = add(&single, c, -low);
    a->step = single.step;
    return (found){(int)low, low + 1 < in ? (int)low + 1 : (int)low, rounded(a, weight)};
}

static double step_between(adversary *a, double from, double to, double weight)
{
    double difference = add(a, to, -from);
    return next_bit(a) ? multiply_add(a, weight, difference, from)
                       : add(a, from, mul(a, weight, difference));
}

static double mean_between(adversary *a, double from, double to, double weight)
{
    double rest = add(a, 1, -weight);
    return next_bit(a) ? multiply_add(a, to, weight, mul(a, from, rest))
                       : add(a, mul(a, from, rest), mul(a, to, weight));
}

// Nested steps, nested means, and a sum of four products.
static double k_resize(adversary *a, const bench *b, int64_t i)
{
    int64_t coordinates = assay_get(&b->p, "coordinate_transformation_mode")->i[0];
    found y = find(a, coordinates, i / OUT_W, IN_H, OUT_H);
    found x = find(a, coordinates, i % OUT_W, IN_W, OUT_W);
    double v[4], sum = 0;
    for (int k = 0; k < 4; k++)
        v[k] =
            load(a, (double)b->data[0][(k / 2 ? y.high : y.low) * IN_W + (k % 2 ? x.high : x.low)]);
    bool nested = next_bit(a), steps = next_bit(a);
    double (*between)(adversary *, double, double, double) = steps ? step_between : mean_between;
    if (nested) {
        double top = between(a, v[0], v[1], x.weight), low = between(a, v[2], v[3], x.weight);
        return between(a, top, low, y.weight);
    }
    double u = add(a, 1, -x.weight), w = add(a, 1, -y.weight);
    for (int k = 0; k < 4; k++) {
        double weight = mul(a, k % 2 ? x.weight : u, k / 2 ? y.weight : w);
        sum = add(a, sum, mul(a, v[k], weight));
    }
    return sum;
}

// Random, flat, and steep: neighbours differ by as much as they can.
static void fill_plane(bench *b, int precision, int round)
{
    set(&b->p, "coordinate_transformation_mode", round % 3, 0);
    for (int i = 0; i < IN_H * IN_W; i++) {
        double steep = (i / IN_W + i % IN_W) % 2 ? 1 : -1;
        double x = round / 3 == 0 ? (double)random_float() : round / 3 == 1 ? 1.01 : steep;
        b->data[0][i] = stored(x, precision);
    }
}

static const struct row {
    const char *op;
    int64_t shape[4];
    filler *fill;
    element_kernel *kernel;
    double near;
} rows[] = {
    {"image_to_tensor", {1, 4, 1, AREA},    fill_colours, k_image_to_tensor, 0.3},
    {"tensor_to_image", {1, 3, 1, AREA},    fill_colours, k_tensor_to_image, 0.3},
    {"alpha_composite", {2, 3, 1, AREA},    fill_layers,  k_alpha_composite, 0.3},
    {"resize",          {1, 1, IN_H, IN_W}, fill_plane,   k_resize,          0.3},
};

static int64_t check(const struct row *row, int precision)
{
    usage u = {0};
    for (int k = 0; k < 9 * SETTINGS; k++) {
        setting s = setting_of(precision, k % SETTINGS);
        assay_problem p =
            start(row->op, nchw(row->shape[0], row->shape[1], row->shape[2], row->shape[3]));
        if (row->kernel == k_resize) {
            set(&p, "size", OUT_H, OUT_W);
            set(&p, "mode", 1, 0);
        }
        bench b = bench_of(p);
        row->fill(&b, precision, k / SETTINGS);
        solve(&b, ASSAY_METHOD_PLAIN, &s.contract);
        for (int64_t i = 0; i < b.ref.count; i++)
            for (int pattern = 0; pattern < PATTERNS; pattern++) {
                begin(&s.device, pattern);
                judge(&u, &s.device, &b.ref, i, row->kernel(&s.device, &b, i), true, row->op);
            }
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        PRECISION_TESTS,
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
