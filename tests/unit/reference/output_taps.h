// SPDX-License-Identifier: Apache-2.0
// Which inputs make an element of a sum or a mean, found by asking the reference: strides, phases,
// groups and padding are what it says.
#ifndef ASSAY_TESTS_OUTPUT_TAPS_H
#define ASSAY_TESTS_OUTPUT_TAPS_H

#include "tests/unit/reference/reference_problems.h"

enum { TAPS_MOST = 600 };

// Element `at` of an input, times element `weight` of input 1; -1: times 1.
typedef struct tap {
    int input;
    int64_t at, weight;
} tap;

typedef struct element_taps {
    int count;
    double divisor; // of a mean, else 1
    tap tap[TAPS_MOST];
} element_taps;

// Adds what element `at` of an input is good for, alone in the world: times a weight that is
// its own number, counted from 1.
static inline void probe(element_taps *taps, bench *b, int input, int64_t at)
{
    bool weighted = b->in[1] && input == 0;
    assay_contract c = nearest();
    b->data[input][at] = 1;
    solve(b, ASSAY_METHOD_PLAIN, &c);
    b->data[input][at] = 0;
    for (int64_t i = 0; i < b->ref.count; i++) {
        double value = b->ref.value[i];
        if (value == 0)
            continue;
        assert_true(taps[i].count < TAPS_MOST);
        taps[i].divisor = weighted ? 1 : rint(1 / value);
        taps[i].tap[taps[i].count++] =
            (tap){input, at, weighted ? (int64_t)value - 1 : (int64_t)-1};
    }
}

// One entry an output element; for `free`.
static inline element_taps *taps_of(const assay_problem *problem)
{
    assay_problem plain = *problem;
    int act = assay_attribute_index(plain.op, "act");
    if (act >= 0)
        plain.attribute[act].i[0] = 0;
    bench b = bench_of(plain);
    element_taps *taps = calloc((size_t)assay_shape_elements(&b.p.output), sizeof *taps);
    assert_non_null(taps);
    for (int64_t k = 0; b.in[1] && k < assay_shape_elements(&b.p.input[1]); k++)
        b.data[1][k] = (float)(k + 1);
    for (int input = 0; input < ASSAY_INPUTS_MAX; input++)
        for (int64_t k = 0;
             input != 1 && b.in[input] && k < assay_shape_elements(&b.p.input[input]); k++)
            probe(taps, &b, input, k);
    bench_destroy(&b);
    return taps;
}

#endif
