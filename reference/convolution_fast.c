// SPDX-License-Identifier: Apache-2.0
// The fast reference: windows laid out as columns (im2col), then matrix products. Written
// independently of the plain loops, which it is checked against.
#include "reference/convolution_internal.h"

#include "reference/operator_internal.h"

#include <cblas.h>
#include <pthread.h>
#include <stdlib.h>

// Elements of one tile of columns: large enough that packing the weights again for each does not
// show.
#define TILE_ELEMENTS (INT64_C(1) << 21)

// Products of one element beyond which f32 no longer counts or sums them with a small error.
#define DEPTH_MAX (INT64_C(1) << 20)

// One thread a case, cases in parallel: OpenBLAS must not start its own. The setting is one for the
// whole process.
static pthread_once_t single_threaded = PTHREAD_ONCE_INIT;

static void use_one_thread(void)
{
    openblas_set_num_threads(1);
}

typedef struct work {
    const assay__convolution *c;
    int64_t depth;           // products of an output element: in_group * kernel_h * kernel_w
    int64_t plane;           // output elements of a channel
    int64_t positions;       // columns: n * plane
    int64_t tile;            // columns at a time
    bool sums;               // magnitude, square and terms too
    bool dense;              // no weight is zero, so that n is the same for all output channels
    double scale_x, scale_w; // powers of two that bring the operands below 1: their f32 products
                             // cannot overflow
    double quantum;          // of the products, 0 when unknown
    double *weights, *columns, *value;
    float *weights_size, *columns_size, *magnitude; // |w|, |x| and their products
    float *weights_square, *columns_square, *square;
    float *weights_count, *columns_count, *count; // 1 where not zero
} work;

// The row of the input that tap k = (i, ky, kx) reads for output row y of image n, or NULL in the
// padding.
static const float *input_row(const assay__convolution *c, int64_t group, int64_t k, int64_t n,
                              int64_t y)
{
    int64_t ky = k / c->kernel_w % c->kernel_h, i = k / c->kernel_w / c->kernel_h;
    int64_t in_y = y * c->stride_h - c->pad_top + ky * c->dilation_h;
    if (in_y < 0 || in_y >= c->h)
        return NULL;
    return c->data + ((n * c->c + group * c->in_group + i) * c->h + in_y) * c->w;
}

// `count` elements of a row of columns: those that tap kx reads for output columns x, x + 1, ...; 0
// in the padding.
static void fill_run(const assay__convolution *c, const float *row, int64_t kx, int64_t x,
                     int64_t count, double *to)
{
    int64_t first = x * c->stride_w - c->pad_left + kx * c->dilation_w, k = 0;
    for (; k < count && (!row || first + k * c->stride_w < 0); k++)
        to[k] = 0;
    int64_t inside = k;
    if (row && first + k * c->stride_w < c->w)
        inside = (c->w - 1 - first) / c->stride_w + 1;
    inside = inside < count ? inside : count;
    if (c->stride_w == 1)
        for (; k < inside; k++)
            to[k] = (double)row[first + k];
    for (; k < inside; k++)
        to[k] = (double)row[first + k * c->stride_w];
    for (; k < count; k++)
        to[k] = 0;
}

// columns[k][p - begin] for positions begin .. begin + count - 1, a position being (n, y, x).
static void fill_columns(const work *w, int64_t group, int64_t begin, int64_t count)
{
    const assay__convolution *c = w->c;
    for (int64_t k = 0; k < w->depth; k++)
        for (int64_t p = begin; p < begin + count;) {
            int64_t n = p / w->plane, y = p % w->plane / c->out_w, x = p % c->out_w;
            int64_t run = c->out_w - x < begin + count - p ? c->out_w - x : begin + count - p;
            fill_run(c, input_row(c, group, k, n, y), k % c->kernel_w, x, run,
                     w->columns + k * count + p - begin);
            p += run;
        }
}

// |x| and x^2 in f32, of operands scaled below 1.
static void fill_sizes(const double *from, int64_t count, double scale, float *size, float *square)
{
    for (int64_t i = 0; i < count; i++) {
        float x = (float)fabs(from[i] * scale);
        size[i] = x;
        square[i] = x * x;
    }
}

static void fill_count(const double *from, int64_t count, float *to)
{
    for (int64_t i = 0; i < count; i++)
        to[i] = from[i] != 0 ? 1 : 0;
}

static void fill_weights(work *w, int64_t group)
{
    int64_t count = w->c->out_group * w->depth;
    const float *from = w->c->weights + group * count;
    w->dense = true;
    for (int64_t i = 0; i < count; i++) {
        w->weights[i] = (double)from[i];
        w->dense = w->dense && w->weights[i] != 0;
    }
    if (!w->sums)
        return;
    fill_sizes(w->weights, count, w->scale_w, w->weights_size, w->weights_square);
    if (!w->dense)
        fill_count(w->weights, count, w->weights_count);
}

static void multiply_f32(const work *w, const float *weights, const float *columns, int64_t count,
                         float *result)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)w->c->out_group, (blasint)count,
                (blasint)w->depth, 1, weights, (blasint)w->depth, columns, (blasint)count, 0,
                result, (blasint)count);
}

// n of each column: where no weight is zero the products that are not zero are the inputs that are
// not, whatever the output channel. Otherwise a product of ones and zeros, exact in f32.
static void multiply_counts(const work *w, int64_t count)
{
    if (!w->dense) {
        fill_count(w->columns, w->depth * count, w->columns_count);
        multiply_f32(w, w->weights_count, w->columns_count, count, w->count);
        return;
    }
    for (int64_t p = 0; p < count; p++)
        w->count[p] = 0;
    for (int64_t k = 0; k < w->depth; k++)
        for (int64_t p = 0; p < count; p++)
            w->count[p] += w->columns[k * count + p] != 0 ? 1.0F : 0.0F;
}

static void multiply(const work *w, int64_t count)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)w->c->out_group, (blasint)count,
                (blasint)w->depth, 1, w->weights, (blasint)w->depth, w->columns, (blasint)count, 0,
                w->value, (blasint)count);
    if (!w->sums)
        return;
    fill_sizes(w->columns, w->depth * count, w->scale_x, w->columns_size, w->columns_square);
    multiply_f32(w, w->weights_size, w->columns_size, count, w->magnitude);
    multiply_f32(w, w->weights_square, w->columns_square, count, w->square);
    multiply_counts(w, count);
}

// A from an f32 sum of n products, from above. The sum is exact as long as it stays below quantum *
// 2^24; otherwise it may be short by n roundings, and by what underflowed of each product of
// operands below 1.
static double magnitude_of(const work *w, double sum, double n)
{
    double unit = 1 / (w->scale_x * w->scale_w), q = w->quantum / unit;
    if (n == 0 || (q >= 0x1p-100 && sum < q * 0x1p24))
        return sum * unit;
    return (sum * (1 + (n + 2) * 0x1p-23) + n * 0x1p-120) * unit;
}

// Moves one tile into the reference, with the bias.
static void store(const work *w, int64_t group, int64_t begin, int64_t count,
                  assay_reference *reference)
{
    const assay__convolution *c = w->c;
    double square_unit = 1 / (w->scale_x * w->scale_x * w->scale_w * w->scale_w);
    for (int64_t m = 0; m < c->out_group; m++) {
        int64_t o = group * c->out_group + m;
        double bias = c->biases ? (double)c->biases[o] : 0;
        const float *terms = w->sums ? w->count + (w->dense ? 0 : m * count) : NULL;
        for (int64_t k = 0; k < count; k++) {
            int64_t p = begin + k, i = (p / w->plane * c->o + o) * w->plane + p % w->plane;
            reference->value[i] = w->value[m * count + k] + bias;
            if (!w->sums)
                continue;
            double n = (double)terms[k];
            reference->magnitude[i] =
                magnitude_of(w, (double)w->magnitude[m * count + k], n) + fabs(bias);
            reference->square[i] = (double)w->square[m * count + k] * square_unit + bias * bias;
            reference->terms[i] = terms[k] + (bias != 0 ? 1.0F : 0.0F);
        }
    }
}

static void release(work *w)
{
    free(w->weights);
    free(w->columns);
    free(w->value);
    free(w->weights_size);
    free(w->columns_size);
    free(w->magnitude);
    free(w->weights_square);
    free(w->columns_square);
    free(w->square);
    free(w->weights_count);
    free(w->columns_count);
    free(w->count);
}

// All buffers; those of the sums only where they are wanted. None is larger than the tensors that
// infer has accepted or a tile, so that the products fit.
static bool allocate(work *w)
{
    size_t weights = (size_t)(w->c->out_group * w->depth), columns = (size_t)(w->depth * w->tile);
    size_t results = (size_t)(w->c->out_group * w->tile);
    w->weights = malloc(weights * sizeof(double));
    w->columns = malloc(columns * sizeof(double));
    w->value = malloc(results * sizeof(double));
    bool whole = w->weights && w->columns && w->value;
    if (!w->sums || !whole)
        return whole;
    w->weights_size = malloc(weights * sizeof(float));
    w->columns_size = malloc(columns * sizeof(float));
    w->magnitude = malloc(results * sizeof(float));
    w->weights_square = malloc(weights * sizeof(float));
    w->columns_square = malloc(columns * sizeof(float));
    w->square = malloc(results * sizeof(float));
    w->weights_count = malloc(weights * sizeof(float));
    w->columns_count = malloc(columns * sizeof(float));
    w->count = malloc(results * sizeof(float));
    return w->weights_size && w->columns_size && w->magnitude && w->weights_square &&
           w->columns_square && w->square && w->weights_count && w->columns_count && w->count;
}

// 2^-e with |x| < 2^e for all of the operand's elements.
static double scale_of(const assay__scan *scan)
{
    int exponent;
    frexp(scan->most, &exponent);
    return ldexp(1, -exponent);
}

static int64_t tile_of(int64_t depth, int64_t positions)
{
    int64_t tile = TILE_ELEMENTS / depth;
    tile = tile < 128 ? 128 : tile > 8192 ? 8192 : tile;
    return tile < positions ? tile : positions;
}

bool assay__convolution_is_fast(const assay__convolution *c, const assay__operands *operands)
{
    return c->in_group * c->kernel_h * c->kernel_w <= DEPTH_MAX && operands->x.finite &&
           operands->w.finite && operands->b.finite;
}

assay_status assay__convolution_fast(const assay__convolution *c, const assay__operands *operands,
                                     assay_reference *reference, assay_error *error)
{
    work w = {.c = c, .depth = c->in_group * c->kernel_h * c->kernel_w};
    w.plane = c->out_h * c->out_w;
    w.positions = c->n * w.plane;
    w.tile = tile_of(w.depth, w.positions);
    w.sums = reference->magnitude != NULL;
    w.scale_x = scale_of(&operands->x);
    w.scale_w = scale_of(&operands->w);
    w.quantum = operands->x.quantum * operands->w.quantum;
    pthread_once(&single_threaded, use_one_thread);
    assay_status status = ASSAY_OK;
    if (!allocate(&w)) {
        status = assay_fail(error, ASSAY_MEMORY,
                            "out of memory for the fast reference of a convolution");
        goto done;
    }
    for (int64_t group = 0; group < c->groups; group++) {
        fill_weights(&w, group);
        for (int64_t p = 0; p < w.positions; p += w.tile) {
            int64_t count = w.positions - p < w.tile ? w.positions - p : w.tile;
            fill_columns(&w, group, p, count);
            multiply(&w, count);
            store(&w, group, p, count, reference);
        }
    }
done:
    release(&w);
    return status;
}
