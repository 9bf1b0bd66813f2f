// SPDX-License-Identifier: Apache-2.0
// Problems and data for the tests of the reference.
#ifndef ASSAY_TESTS_REFERENCE_PROBLEMS_H
#define ASSAY_TESTS_REFERENCE_PROBLEMS_H

#include "reference/operator.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_state = 88172645463325252U;

// xorshift64: the tests need variety, not quality.
static inline uint64_t random_bits(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state >> 11;
}

static inline int64_t random_integer(int64_t least, int64_t most)
{
    return least + (int64_t)(random_bits() % (uint64_t)(most - least + 1));
}

// Uniform in [0, 1).
static inline double random_uniform(void)
{
    return (double)random_bits() * 0x1p-53;
}

// Roughly normal: the sum of four uniforms, variance 1/3.
static inline float random_float(void)
{
    double sum = random_uniform() + random_uniform() + random_uniform() + random_uniform();
    return (float)(sum - 2);
}

static inline assay_shape nchw(int64_t n, int64_t c, int64_t h, int64_t w)
{
    return (assay_shape){4, {n, c, h, w}};
}

static inline assay_problem start(const char *name, assay_shape in)
{
    assay_problem p;
    const assay_operator *op = assay_operator_find(name);
    assert_non_null(op);
    assay_problem_init(&p, op);
    p.input[0] = in;
    return p;
}

static inline assay_value *attribute(assay_problem *p, const char *name)
{
    int index = assay_attribute_index(p->op, name);
    assert_true(index >= 0);
    return &p->attribute[index];
}

static inline void set(assay_problem *p, const char *name, int64_t a, int64_t b)
{
    attribute(p, name)->i[0] = a;
    attribute(p, name)->i[1] = b;
}

static inline void set_pads(assay_problem *p, int64_t top, int64_t left, int64_t bottom,
                            int64_t right)
{
    assay_value *v = attribute(p, "pads");
    v->i[0] = top;
    v->i[1] = left;
    v->i[2] = bottom;
    v->i[3] = right;
}

static inline void infer(assay_problem *p)
{
    assay_error error = {0};
    if (assay_problem_infer(p, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
}

// A problem with its data and its reference.
typedef struct bench {
    assay_problem p;
    float *data[ASSAY_INPUTS_MAX];
    const float *in[ASSAY_INPUTS_MAX];
    assay_reference ref;
} bench;

// Infers, and makes room for the inputs.
static inline bench bench_of(assay_problem p)
{
    bench b = {.p = p};
    infer(&b.p);
    for (int i = 0; i < b.p.op->input_count; i++) {
        int64_t count = assay_shape_elements(&b.p.input[i]);
        if (count == 0)
            continue;
        b.data[i] = calloc((size_t)count, sizeof(float));
        assert_non_null(b.data[i]);
        b.in[i] = b.data[i];
    }
    return b;
}

static inline void solve(bench *b, assay_method method, const assay_contract *contract)
{
    assay_error error = {0};
    assay_reference_destroy(&b->ref);
    if (assay_reference_create(&b->p, b->in, method, &b->ref, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    assay_bound(&b->p, b->in, contract, &b->ref);
}

static inline void bench_destroy(bench *b)
{
    for (int i = 0; i < ASSAY_INPUTS_MAX; i++)
        free(b->data[i]);
    assay_reference_destroy(&b->ref);
}

static inline assay_contract nearest(void)
{
    assay_contract c = assay_contract_default();
    c.rounding = ASSAY_ROUNDING_RTE;
    c.flush = ASSAY_FLUSH_NO;
    c.nan = ASSAY_NAN_KEPT;
    return c;
}

#endif
