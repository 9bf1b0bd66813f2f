// SPDX-License-Identifier: Apache-2.0
// "The kernel computes this from other inputs": one left out, negated, doubled, of fewer bits, or
// with its channels at other places.
#include "harness/explain/hypothesis.h"

#include "reference/format.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct setting {
    const assay_shape *shape;
    const char *letters;
    const float *from;
    int64_t at[ASSAY_RANK_MAX], channel; // of the element; the dimension of channels, -1: none
    int64_t index;
} setting;

static float zero(const setting *s)
{
    (void)s;
    return 0;
}

static float negated(const setting *s)
{
    return -s->from[s->index];
}

static float doubled(const setting *s)
{
    return 2 * s->from[s->index];
}

static float halved(const setting *s)
{
    return s->from[s->index] / 2;
}

static float positive(const setting *s)
{
    return fabsf(s->from[s->index]);
}

static float one(const setting *s)
{
    (void)s;
    return 1;
}

// What the same place of another channel holds; the element itself where there is none.
static float of_channel(const setting *s, int64_t channel)
{
    int64_t step = 1;
    if (s->channel < 0)
        return s->from[s->index];
    for (int d = s->shape->rank - 1; d > s->channel; d--)
        step *= s->shape->dim[d];
    if (channel < 0 || channel >= s->shape->dim[s->channel])
        return 0;
    return s->from[s->index + (channel - s->at[s->channel]) * step];
}

static float first_channel(const setting *s)
{
    return of_channel(s, 0);
}

static float of_first_slice(const setting *s)
{
    return of_channel(s, s->channel < 0 ? 0 : s->at[s->channel] % 4);
}

static float first_of_slice(const setting *s)
{
    return of_channel(s, s->channel < 0 ? 0 : s->at[s->channel] / 4 * 4);
}

static float of_slice_number(const setting *s)
{
    return of_channel(s, s->channel < 0 ? 0 : s->at[s->channel] / 4);
}

static float next_channel(const setting *s)
{
    return of_channel(s, s->channel < 0 ? 0 : s->at[s->channel] + 1);
}

static float previous_channel(const setting *s)
{
    return of_channel(s, s->channel < 0 ? 0 : s->at[s->channel] - 1);
}

static float cut_f16(const setting *s)
{
    float x = s->from[s->index];
    return assay_round_f16((double)x, x < 0 ? ASSAY_UP : ASSAY_DOWN);
}

static float to_f16(const setting *s)
{
    return assay_round_f16((double)s->from[s->index], ASSAY_TO_NEAREST);
}

static float cut(float x, int bits)
{
    return assay_float_of_bits(assay_bits_of_float(x) & ~((UINT32_C(1) << bits) - 1));
}

static float nearest(float x, int bits)
{
    uint32_t raw = assay_bits_of_float(x), half = (UINT32_C(1) << (bits - 1)) - 1;
    return cut(assay_float_of_bits(raw + half + (raw >> bits & 1)), bits);
}

#define CUT(name, function, bits)                                                                  \
    static float name(const setting *s)                                                            \
    {                                                                                              \
        return function(s->from[s->index], bits);                                                  \
    }
CUT(cut_bf16, cut, 16)
CUT(to_bf16, nearest, 16)
CUT(cut_tf32, cut, 13)
CUT(to_tf32, nearest, 13)
CUT(cut_4_bits, cut, 19)
CUT(cut_6_bits, cut, 17)

// Causes by role: of a bias, of other vectors and factors, of data.
static const struct {
    float (*value)(const setting *s);
    const char *what;
    int bias, vector, data;
    bool vectors_only;
} changes[] = {
    {zero,             "is taken as zero",                              ASSAY_CAUSE_bias,           ASSAY_CAUSE_formula,        -1,                         false},
    {one,              "is taken as one",                               -1,                         ASSAY_CAUSE_formula,        -1,                         true },
    {negated,          "is negated",                                    ASSAY_CAUSE_sign,           ASSAY_CAUSE_sign,           ASSAY_CAUSE_sign,           false},
    {doubled,          "is taken twice",                                ASSAY_CAUSE_bias,           ASSAY_CAUSE_scale,          ASSAY_CAUSE_scale,          false},
    {halved,           "is halved",                                     ASSAY_CAUSE_bias,           ASSAY_CAUSE_scale,          ASSAY_CAUSE_scale,          false},
    {positive,         "loses its sign",                                ASSAY_CAUSE_sign,           ASSAY_CAUSE_sign,           ASSAY_CAUSE_sign,           false},
    {first_channel,    "is that of the first channel everywhere",       ASSAY_CAUSE_bias,
     ASSAY_CAUSE_channel_order,                                                                                                 -1,                         true },
    {of_first_slice,   "is that of the first four channels everywhere", ASSAY_CAUSE_bias,
     ASSAY_CAUSE_channel_order,                                                                                                 -1,                         true },
    {first_of_slice,   "is that of the first of each four channels",    ASSAY_CAUSE_bias,
     ASSAY_CAUSE_channel_order,                                                                                                 -1,                         true },
    {of_slice_number,  "is that of the channel of the slice's number",  ASSAY_CAUSE_bias,
     ASSAY_CAUSE_channel_order,                                                                                                 -1,                         true },
    {next_channel,     "is that of the next channel",                   ASSAY_CAUSE_bias,           ASSAY_CAUSE_channel_order,  -1,
     true                                                                                                                                                        },
    {previous_channel, "is that of the channel before",                 ASSAY_CAUSE_bias,           ASSAY_CAUSE_channel_order,
     -1,                                                                                                                                                    true },
    {to_f16,           "is rounded to f16",                             ASSAY_CAUSE_inputs_rounded, ASSAY_CAUSE_inputs_rounded,
     ASSAY_CAUSE_inputs_rounded,                                                                                                                            false},
    {cut_f16,          "is cut to f16",                                 ASSAY_CAUSE_inputs_rounded, ASSAY_CAUSE_inputs_rounded,
     ASSAY_CAUSE_inputs_rounded,                                                                                                                            false},
    {to_bf16,          "is rounded to 8 bits (bf16)",                   ASSAY_CAUSE_inputs_rounded, ASSAY_CAUSE_inputs_rounded,
     ASSAY_CAUSE_inputs_rounded,                                                                                                                            false},
    {cut_bf16,         "is cut to 8 bits (bf16)",                       ASSAY_CAUSE_inputs_rounded, ASSAY_CAUSE_inputs_rounded,
     ASSAY_CAUSE_inputs_rounded,                                                                                                                            false},
    {to_tf32,          "is rounded to 11 bits (tf32)",                  ASSAY_CAUSE_inputs_rounded,
     ASSAY_CAUSE_inputs_rounded,                                                                                                ASSAY_CAUSE_inputs_rounded, false},
    {cut_tf32,         "is cut to 11 bits (tf32)",                      ASSAY_CAUSE_inputs_rounded, ASSAY_CAUSE_inputs_rounded,
     ASSAY_CAUSE_inputs_rounded,                                                                                                                            false},
    {cut_4_bits,       "is cut to 5 bits",                              ASSAY_CAUSE_inputs_rounded, ASSAY_CAUSE_inputs_rounded,
     ASSAY_CAUSE_inputs_rounded,                                                                                                                            false},
    {cut_6_bits,       "is cut to 7 bits",                              ASSAY_CAUSE_inputs_rounded, ASSAY_CAUSE_inputs_rounded,
     ASSAY_CAUSE_inputs_rounded,                                                                                                                            false},
};

#define CHANGES (sizeof changes / sizeof *changes)

static bool changed(assay__court *court, int input, size_t change)
{
    const assay_problem *problem = &court->s->c.problem;
    setting s = {&problem->input[input],
                 problem->op->inputs[input].letters,
                 court->s->subject.in[input],
                 {0},
                 -1,
                 0};
    int64_t count = assay_shape_elements(s.shape);
    bool any = false;
    for (int d = 0; d < s.shape->rank; d++)
        if (s.letters[d] == 'c' || s.letters[d] == 'o')
            s.channel = d;
    for (s.index = 0; s.index < count; s.index++) {
        assay__coordinates(s.shape, s.index, s.at);
        float value = changes[change].value(&s);
        court->other[input][s.index] = value;
        any |= value != s.from[s.index];
    }
    return any;
}

static void try_change(assay__court *court, int input, size_t change)
{
    const assay_problem *problem = &court->s->c.problem;
    const assay_tensor_info *info = &problem->op->inputs[input];
    char text[160];
    bool vector = problem->input[input].rank == 1;
    bool data = info->role == ASSAY_ROLE_DATA || info->role == ASSAY_ROLE_WEIGHTS;
    int cause = strcmp(info->name, "bias") == 0 ? changes[change].bias
                : data                          ? changes[change].data
                                                : changes[change].vector;
    if (strcmp(info->name, "residual") == 0 && changes[change].value == zero)
        cause = ASSAY_CAUSE_tap_missing;
    if (cause < 0 || (changes[change].vectors_only && !vector) || !changed(court, input, change))
        return;
    snprintf(text, sizeof text, "\"%s\" %s", info->name, changes[change].what);
    court->in[input] = court->other[input];
    // One of two factors negated, or doubled, looks like the other.
    double sure = cause == ASSAY_CAUSE_inputs_rounded ? 0.93 : 0.94;
    assay__court_try_problem(court, (assay_cause)cause, sure, problem, text);
    court->in[input] = court->s->subject.in[input];
}

// All data lose their bits.
static void try_all_rounded(assay__court *court)
{
    const assay_problem *problem = &court->s->c.problem;
    for (size_t k = 0; k < CHANGES; k++) {
        if (changes[k].data != (int)ASSAY_CAUSE_inputs_rounded)
            continue;
        for (int i = 0; i < problem->op->input_count; i++)
            if (court->in[i]) {
                (void)changed(court, i, k);
                court->in[i] = court->other[i];
            }
        char text[96];
        snprintf(text, sizeof text, "every input %s", changes[k].what);
        assay__court_try_problem(court, ASSAY_CAUSE_inputs_rounded, 0.93, problem, text);
        memcpy(court->in, court->s->subject.in, sizeof court->in);
    }
}

static void try_exchanged(assay__court *court)
{
    const assay_problem *problem = &court->s->c.problem;
    const char *name = problem->op->name;
    if (problem->op->given < 2 || assay_operator_kind(problem->op) == ASSAY_KIND_MOVE ||
        !assay_shape_equal(&problem->input[0], &problem->input[1]))
        return;
    court->in[0] = court->s->subject.in[1];
    court->in[1] = court->s->subject.in[0];
    assay__court_try_problem(court,
                             strcmp(name, "sub") == 0 ? ASSAY_CAUSE_sign : ASSAY_CAUSE_formula, 0.9,
                             problem, "the operands are exchanged");
    memcpy(court->in, court->s->subject.in, sizeof court->in);
}

void assay__try_inputs(assay__court *court)
{
    const assay_problem *problem = &court->s->c.problem;
    for (int i = 0; i < problem->op->input_count; i++)
        for (size_t k = 0; k < CHANGES && court->in[i] && !court->s->subject.assumed[i]; k++)
            try_change(court, i, k);
    try_all_rounded(court);
    try_exchanged(court);
}
