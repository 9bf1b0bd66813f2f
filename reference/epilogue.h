// SPDX-License-Identifier: Apache-2.0
// The fused end of a convolution: act(sum + residual). The residual is one more exact term of the sum; the activation is
// the operator of that name. Shared by the operators that have one.
#ifndef ASSAY_EPILOGUE_H
#define ASSAY_EPILOGUE_H

#include "reference/operator_internal.h"

// The words of "act".
extern const char *const assay__epilogue_words[];

// Rows of the operator's attributes (the last three), and of its inputs (the last one).
#define ASSAY_ATTRIBUTES_EPILOGUE                                                                  \
    {.name = "act",                                                                                \
     .spelling = "act=",                                                                           \
     .variable = "act",                                                                            \
     .type = ASSAY_ATTRIBUTE_WORD,                                                                 \
     .summary = "activation of the result, fused; not in ONNX",                                    \
     .words = assay__epilogue_words},                                                              \
        {.name = "alpha",                                                                          \
         .spelling = "alpha",                                                                      \
         .variable = "alpha",                                                                      \
         .type = ASSAY_ATTRIBUTE_FLOAT,                                                            \
         .standard = {.f = 0.01F},                                                                 \
         .summary = "slope of act=leaky_relu below zero"},                                         \
    {                                                                                              \
        .name = "residual", .spelling = "res", .variable = "residual",                             \
        .type = ASSAY_ATTRIBUTE_FLAG, .most = 1,                                                   \
        .summary = "add a tensor of the output's shape before the activation; not in ONNX"         \
    }
#define ASSAY_INPUT_RESIDUAL                                                                       \
    {                                                                                              \
        "residual", "nchw", ASSAY_ROLE_DATA, "added before the activation", true                   \
    }

struct assay__unary;

typedef struct assay__epilogue {
    const float *residual;          // NULL: none
    const struct assay__unary *act; // NULL: none
    float p[2];                     // what the activation is given
    bool selects;                   // relu, relu6: it never rounds
} assay__epilogue;

// infer: the residual has the shape of the output, which is known by now. Input 3 is the residual.
assay_status assay__epilogue_infer(assay_problem *problem, assay_error *error);

assay__epilogue assay__epilogue_of(const assay_problem *problem, const float *const *in);

// The last term of element i's sum.
static inline void assay__epilogue_add(const assay__epilogue *e, assay__sum *sum, int64_t i)
{
    if (e->residual)
        assay__sum_add(sum, (double)e->residual[i]);
}

// The same for a reference whose sums were made without the residual.
void assay__epilogue_add_all(const assay__epilogue *e, assay_reference *reference);

// Sums become values. Where there is an activation the sums are kept in reference->sum, which the bound is made from.
void assay__epilogue_activate(const assay__epilogue *e, assay_reference *reference);

// The bound of sums of x w + b + residual by assay__bound_products, carried through the activation.
void assay__epilogue_bound(const assay_problem *problem, const float *const *in,
                           const assay_contract *contract, assay_reference *reference);

// Operations an element beyond the sum of products.
double assay__epilogue_flops(const assay_problem *problem);

#endif
