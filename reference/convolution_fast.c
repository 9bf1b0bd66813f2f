// SPDX-License-Identifier: Apache-2.0
// The fast reference: windows laid out as columns (im2col), then matrix products. Written
// independently of the plain loops, which it is checked against.
#include "reference/convolution_internal.h"

#include <cblas.h>
#include <pthread.h>
#include <stdlib.h>

// Elements of a block of weights or columns: small enough to stay in a cache, and so that fresh
// memory does not cost more than the arithmetic. At least so many rows and columns that packing
// them again for each other's blocks does not show.
#define BLOCK_ELEMENTS (INT64_C(1) << 19)
#define BLOCK_LEAST    INT64_C(256)
#define BLOCK_MOST     INT64_C(1024)

// Products of one element beyond which f32 no longer counts or sums them with a small error.
#define DEPTH_MAX (INT64_C(1) << 20)

// One thread a case, cases in parallel: OpenBLAS must not start its own. The setting is one for the
// whole process.
static pthread_once_t single_threaded = PTHREAD_ONCE_INIT;

static void use_one_thread(void)
{
    openblas_set_num_threads(1);
}

// A block of rows (output channels) by columns (output positions n, y, x).
typedef struct block {
    int64_t group, row, rows, column, columns;
} block;

typedef struct work {
    const assay__convolution *c;
    assay_reference *reference;
    int64_t depth;            // products of an output element: in_group * kernel_h * kernel_w
    int64_t plane, positions; // output elements of a channel in one image, and in all
    int64_t rows, columns;    // of the largest block
    bool direct;              // the input is its own columns
    double scale_x,
        scale_w;    // powers of two for the f32 products, whose sums of squares must not overflow
    double unit;    // 1 / (scale_x scale_w)
    double quantum; // of the products in that unit, 0 when unknown
    float *taps;    // depth x columns: what each output position multiplies; not when direct
    double *left, *right, *sum; // weights, columns and their product in fp64
    float *left32, *right32, *sum32;
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

// What tap kx reads for `count` output columns from x on; 0 in the padding.
static void fill_run(const assay__convolution *c, const float *row, int64_t kx, int64_t x,
                     int64_t count, float *to)
{
    int64_t first = x * c->stride_w - c->pad_left + kx * c->dilation_w, k = 0, inside = 0;
    if (row && first < c->w)
        inside = (c->w - 1 - first) / c->stride_w + 1;
    inside = inside < count ? inside : count;
    for (; k < inside && first + k * c->stride_w < 0; k++)
        to[k] = 0;
    if (c->stride_w == 1)
        for (; k < inside; k++)
            to[k] = row[first + k];
    for (; k < inside; k++)
        to[k] = row[first + k * c->stride_w];
    for (; k < count; k++)
        to[k] = 0;
}

// An image under 1 x 1 windows is its own columns.
static bool is_direct(const assay__convolution *c)
{
    return c->kernel_h == 1 && c->kernel_w == 1 && c->stride_h == 1 && c->stride_w == 1 &&
           c->out_h == c->h && c->out_w == c->w && c->n == 1;
}

static void fill_taps(const work *w, const block *b)
{
    const assay__convolution *c = w->c;
    for (int64_t k = 0; !w->direct && k < w->depth; k++) {
        float *to = w->taps + k * b->columns;
        for (int64_t p = 0; p < b->columns;) {
            int64_t at = b->column + p, x = at % c->out_w;
            int64_t run = c->out_w - x < b->columns - p ? c->out_w - x : b->columns - p;
            const float *row = input_row(c, b->group, k, at / w->plane, at % w->plane / c->out_w);
            fill_run(c, row, k % c->kernel_w, x, run, to + p);
            p += run;
        }
    }
}

// What tap k reads for the positions of the block.
static const float *taps_of(const work *w, const block *b, int64_t k)
{
    if (w->direct)
        return w->c->data + (b->group * w->c->in_group + k) * w->plane + b->column;
    return w->taps + k * b->columns;
}

static const float *weights_of(const work *w, const block *b)
{
    return w->c->weights + (b->group * w->c->out_group + b->row) * w->depth;
}

// The four products: the value, and by the same layout |w||x|, w^2 x^2, and the count of what is
// not zero.
typedef enum kind { COUNT, SIZE, SQUARE, VALUE } kind;

static void widen(const float *from, int64_t count, double *to)
{
    for (int64_t i = 0; i < count; i++)
        to[i] = (double)from[i];
}

static void count(const float *from, int64_t elements, float *to)
{
    for (int64_t i = 0; i < elements; i++)
        to[i] = from[i] != 0 ? 1.0F : 0.0F;
}

static void size(const float *from, int64_t elements, double scale, float *to)
{
    if (scale == 1) // nearly always
        for (int64_t i = 0; i < elements; i++)
            to[i] = fabsf(from[i]);
    else
        for (int64_t i = 0; i < elements; i++)
            to[i] = (float)fabs((double)from[i] * scale);
}

static void square(float *x, int64_t elements)
{
    for (int64_t i = 0; i < elements; i++)
        x[i] *= x[i];
}

// A from an f32 sum of n products, from above. The sum is exact as long as it stays below quantum *
// 2^24; otherwise it may be short by n roundings, and by what underflowed of each product of
// operands below 1.
static inline double magnitude_of(const work *w, double sum, double n)
{
    if (w->quantum >= 0x1p-100 && sum < w->quantum * 0x1p24)
        return sum * w->unit;
    return (sum * (1 + (n + 2) * 0x1p-23) + n * 0x1p-120) * w->unit;
}

// Adds the bias to `count` results of one kind and output channel, and writes them from element
// `at` on.
static void store_run(const work *w, kind what, const double *sum, const float *sum32, double bias,
                      int64_t count, int64_t at)
{
    assay_reference *r = w->reference;
    double square_unit = w->unit * w->unit;
    for (int64_t k = 0; what == VALUE && k < count; k++)
        r->value[at + k] = sum[k] + bias;
    for (int64_t k = 0; what == COUNT && k < count; k++)
        r->terms[at + k] = sum32[k] + (bias != 0 ? 1.0F : 0.0F);
    for (int64_t k = 0; what == SIZE && k < count; k++)
        r->magnitude[at + k] =
            magnitude_of(w, (double)sum32[k], (double)r->terms[at + k]) + fabs(bias);
    for (int64_t k = 0; what == SQUARE && k < count; k++)
        r->square[at + k] = (double)sum32[k] * square_unit + bias * bias;
}

// One row of results: the positions of each image lie together.
static void store_row(const work *w, kind what, const block *b, int64_t row, int64_t from)
{
    int64_t o = b->group * w->c->out_group + row;
    double bias = w->c->biases ? (double)w->c->biases[o] : 0;
    for (int64_t p = 0; p < b->columns;) {
        int64_t image = (b->column + p) / w->plane, place = (b->column + p) % w->plane;
        int64_t run = w->plane - place < b->columns - p ? w->plane - place : b->columns - p;
        store_run(w, what, w->sum + from + p, w->sum32 + from + p, bias, run,
                  (image * w->c->o + o) * w->plane + place);
        p += run;
    }
}

static void store(const work *w, kind what, const block *b)
{
    for (int64_t m = 0; m < b->rows; m++)
        store_row(w, what, b, b->row + m, m * b->columns);
}

static void multiply_value(const work *w, const block *b)
{
    widen(weights_of(w, b), b->rows * w->depth, w->left);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)b->rows, (blasint)b->columns,
                (blasint)w->depth, 1, w->left, (blasint)w->depth, w->right, (blasint)b->columns, 0,
                w->sum, (blasint)b->columns);
    store(w, VALUE, b);
}

static void multiply_sums(const work *w, kind what, const block *b)
{
    int64_t elements = b->rows * w->depth;
    if (what == COUNT)
        count(weights_of(w, b), elements, w->left32);
    else
        size(weights_of(w, b), elements, w->scale_w, w->left32);
    if (what == SQUARE)
        square(w->left32, elements);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)b->rows, (blasint)b->columns,
                (blasint)w->depth, 1, w->left32, (blasint)w->depth, w->right32, (blasint)b->columns,
                0, w->sum32, (blasint)b->columns);
    store(w, what, b);
}

static bool is_dense(const work *w, int64_t group)
{
    int64_t elements = w->c->out_group * w->depth;
    const float *weights = w->c->weights + group * elements;
    for (int64_t i = 0; i < elements; i++)
        if (weights[i] == 0)
            return false;
    return true;
}

// Where no weight is zero, the products that are not zero are the inputs that are not, whatever the
// output channel.
static void count_dense(const work *w, const block *b)
{
    for (int64_t p = 0; p < b->columns; p++)
        w->sum32[p] = 0;
    for (int64_t k = 0; k < w->depth; k++) {
        const float *taps = taps_of(w, b, k);
        for (int64_t p = 0; p < b->columns; p++)
            w->sum32[p] += taps[p] != 0 ? 1.0F : 0.0F;
    }
    for (int64_t m = 0; m < w->c->out_group; m++)
        store_row(w, COUNT, b, m, 0);
}

// The columns of the block as this kind wants them. SQUARE follows upon SIZE and finds its columns.
static void fill_columns(const work *w, kind what, const block *b)
{
    int64_t n = b->columns;
    if (what == SQUARE)
        square(w->right32, w->depth * n);
    for (int64_t k = 0; what != SQUARE && k < w->depth; k++) {
        const float *taps = taps_of(w, b, k);
        if (what == VALUE)
            widen(taps, n, w->right + k * n);
        else if (what == COUNT)
            count(taps, n, w->right32 + k * n);
        else
            size(taps, n, w->scale_x, w->right32 + k * n);
    }
}

// All output channels of the group for the columns of the block.
static void multiply(const work *w, kind what, block b)
{
    fill_columns(w, what, &b);
    for (b.row = 0; b.row < w->c->out_group; b.row += w->rows) {
        b.rows = w->c->out_group - b.row < w->rows ? w->c->out_group - b.row : w->rows;
        if (what == VALUE)
            multiply_value(w, &b);
        else
            multiply_sums(w, what, &b);
    }
}

static void multiply_group(const work *w, int64_t group)
{
    bool dense = w->reference->magnitude && is_dense(w, group);
    for (int64_t p = 0; p < w->positions; p += w->columns) {
        int64_t left = w->positions - p;
        block b = {.group = group, .column = p, .columns = left < w->columns ? left : w->columns};
        fill_taps(w, &b);
        multiply(w, VALUE, b);
        if (!w->reference->magnitude)
            continue;
        if (dense)
            count_dense(w, &b);
        else
            multiply(w, COUNT, b);
        multiply(w, SIZE, b);
        multiply(w, SQUARE, b);
    }
}

static void release(work *w)
{
    free(w->taps);
    free(w->left);
    free(w->right);
    free(w->sum);
    free(w->left32);
    free(w->right32);
    free(w->sum32);
}

// depth and blocks are bounded: the products fit.
static bool allocate(work *w)
{
    size_t left = (size_t)(w->rows * w->depth), right = (size_t)(w->depth * w->columns);
    size_t sum = (size_t)(w->rows * w->columns);
    w->taps = malloc(w->direct ? sizeof(float) : right * sizeof(float));
    w->left = malloc(left * sizeof(double));
    w->right = malloc(right * sizeof(double));
    w->sum = malloc(sum * sizeof(double));
    w->left32 = malloc(left * sizeof(float));
    w->right32 = malloc(right * sizeof(float));
    w->sum32 = malloc(sum * sizeof(float));
    return w->taps && w->left && w->right && w->sum && w->left32 && w->right32 && w->sum32;
}

// 2^-e with |x| < 2^e for all of the operand's elements; 1 where that is small and not tiny anyway.
static double scale_of(const assay__scan *scan)
{
    int exponent;
    frexp(scan->most, &exponent);
    return exponent > -20 && exponent < 20 ? 1 : ldexp(1, -exponent);
}

static int64_t extent_of(int64_t depth, int64_t all)
{
    int64_t extent = BLOCK_ELEMENTS / depth;
    extent = extent < BLOCK_LEAST ? BLOCK_LEAST : extent > BLOCK_MOST ? BLOCK_MOST : extent;
    return extent < all ? extent : all;
}

bool assay__convolution_is_fast(const assay__convolution *c, const assay__operands *operands)
{
    return c->in_group * c->kernel_h * c->kernel_w <= DEPTH_MAX && operands->x.finite &&
           operands->w.finite && operands->b.finite;
}

assay_status assay__convolution_fast(const assay__convolution *c, const assay__operands *operands,
                                     assay_reference *reference, assay_error *error)
{
    work w = {.c = c, .reference = reference, .depth = c->in_group * c->kernel_h * c->kernel_w};
    w.plane = c->out_h * c->out_w;
    w.positions = c->n * w.plane;
    w.rows = extent_of(w.depth, c->out_group);
    w.columns = extent_of(w.depth, w.positions);
    w.scale_x = scale_of(&operands->x);
    w.scale_w = scale_of(&operands->w);
    w.unit = 1 / (w.scale_x * w.scale_w);
    w.quantum = operands->x.quantum * operands->w.quantum / w.unit;
    w.direct = is_direct(c);
    pthread_once(&single_threaded, use_one_thread);
    bool whole = allocate(&w);
    for (int64_t group = 0; whole && group < c->groups; group++)
        multiply_group(&w, group);
    release(&w);
    return whole ? ASSAY_OK
                 : assay_fail(error, ASSAY_MEMORY,
                              "out of memory for the fast reference of a convolution");
}
