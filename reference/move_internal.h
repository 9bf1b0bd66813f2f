// SPDX-License-Identifier: Apache-2.0
// Operators that only move data: each output element is an element of an input, or a constant. An
// operator says which; the rest is made here.
#ifndef ASSAY_MOVE_INTERNAL_H
#define ASSAY_MOVE_INTERNAL_H

#include "reference/operator_internal.h"

// Where an output element comes from.
typedef struct assay__source {
    int input;     // below 0: the constant
    int64_t index; // element of that input
    float constant;
} assay__source;

// The source of the output element at `place` (entries from the output's rank on are 0).
typedef assay__source assay__source_of(const assay_problem *problem,
                                       const int64_t place[ASSAY_RANK_MAX]);

// Linear index of a place, and the place of a linear index.
int64_t assay__index_of(const assay_shape *shape, const int64_t place[ASSAY_RANK_MAX]);
void assay__place_of(const assay_shape *shape, int64_t index, int64_t place[ASSAY_RANK_MAX]);

// The element of input 0 with the same linear index: operators that only give a tensor another
// shape.
assay__source_of assay__source_same;

void assay__move(const assay_problem *problem, const float *const *in, assay__source_of *source,
                 assay_reference *reference);

// 0, but where a conversion to another format may flush a subnormal number or treat NaN and
// infinity as it likes.
void assay__move_bound(const assay_problem *problem, const float *const *in,
                       const assay_contract *contract, assay_reference *reference);

// No arithmetic.
double assay__move_flops(const assay_problem *problem);

// The rest of an operator's object: its file has a function `reference`.
#define ASSAY_MOVE                                                                                 \
    .kind = ASSAY_KIND_MOVE, .reference = reference, .bound = assay__move_bound, .flops = assay__move_flops

// Which dimension is cut or joined.
#define ASSAY_ATTRIBUTE_AXIS                                                                       \
    {                                                                                              \
        .name = "axis", .spelling = "axis", .variable = "axis", .type = ASSAY_ATTRIBUTE_INT,       \
        .always = true, .least = 0, .most = 3, .standard = {.i = {1}},                             \
        .summary = "dimension: 0 n, 1 c, 2 h, 3 w"                                                 \
    }

// Edge length of the squares of pixels that become channels, and back.
#define ASSAY_ATTRIBUTE_BLOCKSIZE                                                                  \
    {                                                                                              \
        .name = "blocksize", .spelling = "block", .variable = "blocksize",                         \
        .type = ASSAY_ATTRIBUTE_INT, .always = true, .least = 1, .most = 1024,                     \
        .standard = {.i = {2}}, .summary = "pixels of a block along y and along x"                 \
    }

#endif
