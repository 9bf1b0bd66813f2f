// SPDX-License-Identifier: Apache-2.0
// What the numbers of a vector or an array in a block may be: by its name and its type, as engines
// write shapes, windows and strides. Where the name alone says too little, nothing is guessed.
#include "gpu/draft_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Pairs along x and y.
static const struct {
    const char *names, *x, *y;
} pairs[] = {
    {"pad padding pads padsize",                              "pad_left",   "pad_top"   },
    {"kernel kernelsize kernelshape ksize window filtersize", "kernel_w",   "kernel_h"  },
    {"stride strides stridesize step",                        "stride_w",   "stride_h"  },
    {"dilate dilation dilations dilationsize",                "dilation_w", "dilation_h"},
};

// Shapes, the width first. `t` stands for the tensor that the name begins with, `s` for its slices
// of four channels or, where channels lie alone, its channels.
static const struct {
    const char *names;
    const char *number[4];
} shapes[] = {
    {"inputsize inputimgsize inimgsize imgsize outputsize outputimgsize outimgsize",
     {"t.w", "t.h", "t.s", "t.n"}                                                                                    },
    {"insizes outsizes sizes",                                                       {"t.w", "t.h", "t.c", "t.n"}    },
    {"outlimits inlimits limits outextents inextents",                               {"t.w", "t.h", "t.n * t.s", "1"}},
};

// What a structure tells of a tensor: "outp.strides".
static const struct {
    const char *name;
    const char *number[4]; // the rest of an array is `rest`
    const char *rest;
} metadata[] = {
    {"sizes",    {"t.w", "t.h", "t.c", "t.n"},                 "1"},
    {"strides",  {"1", "t.w", "t.h * t.w", "t.c * t.h * t.w"}, "0"},
    {"dimorder", {"0", "1", "2", "3"},                         "0"},
    {"ndim",     {"4", NULL, NULL, NULL},                      "0"},
    {"numel",    {"t.count", NULL, NULL, NULL},                "0"},
};

// The tensor that a name begins with: "out..." or "dst...", else the first input, or the second for
// "other...". NULL: none that is known.
static const char *tensor_of(const assay_operator *op, const char *plain)
{
    if (strncmp(plain, "out", 3) == 0 || strncmp(plain, "dst", 3) == 0)
        return "out";
    if (strncmp(plain, "other", 5) == 0)
        return op->input_count > 1 ? op->inputs[1].name : NULL;
    return op->inputs[0].name;
}

// "t.n * t.s" of tensor "in": "in.n * in.s".
static void put_tensor(const char *form, const char *tensor, bool packed, assay__guess *guess)
{
    size_t used = 0;
    guess->value[0] = '\0';
    for (; *form && used + 1 < sizeof guess->value; form++) {
        if (form[0] == 't' && form[1] == '.')
            used += (size_t)snprintf(guess->value + used, sizeof guess->value - used, "%s", tensor);
        else if (form[0] == 's' && !packed)
            used += (size_t)snprintf(guess->value + used, sizeof guess->value - used, "c");
        else
            used += (size_t)snprintf(guess->value + used, sizeof guess->value - used, "%c", *form);
    }
}

static void settle(const assay__members *c, const char *form, const char *tensor, const char *name,
                   assay__guess *guess)
{
    if (!form || !tensor)
        return;
    put_tensor(form, tensor, c->packed, guess);
    snprintf(guess->reason, sizeof guess->reason, "named \"%.60s\"", name);
    if (!assay__is_expression(c->op, guess->value, false))
        guess->value[0] = '\0';
}

static bool guess_metadata(const assay__members *c, const assay__module_member *m, uint32_t number,
                           assay__guess *guess)
{
    const char *dot = strrchr(m->name, '.');
    char owner[ASSAY__LABEL_MAX], last[ASSAY__LABEL_MAX];
    if (!dot || m->type.scalar > ASSAY__UINT)
        return false;
    assay__plain_name(m->name, owner, sizeof owner);
    assay__plain_name(dot + 1, last, sizeof last);
    for (size_t i = 0; i < sizeof metadata / sizeof *metadata; i++)
        if (strcmp(last, metadata[i].name) == 0) {
            settle(c, number < 4 ? metadata[i].number[number] : metadata[i].rest,
                   tensor_of(c->op, owner), m->name, guess);
            return true;
        }
    return false;
}

// ne00 and nb02: sizes and steps, in elements, of ggml's tensors. The digits are the tensor, those
// of the operator in their order and then the output, and the dimension, the width first.
static void guess_ggml(const assay__members *c, const char *name, assay__guess *guess)
{
    static const char *const size[] = {"t.w", "t.h", "t.c", "t.n"};
    static const char *const step[] = {"1", "t.w", "t.h * t.w", "t.c * t.h * t.w"};
    int tensor = name[2] - '0', dimension = name[3] - '0';
    if ((strncmp(name, "ne", 2) != 0 && strncmp(name, "nb", 2) != 0) || strlen(name) != 4 ||
        tensor < 0 || tensor > c->op->input_count || tensor > 2 || dimension < 0 || dimension > 3)
        return;
    settle(c, (name[1] == 'e' ? size : step)[dimension],
           tensor == c->op->input_count ? "out" : c->op->inputs[tensor].name, name, guess);
}

static void guess_vector(const assay__members *c, const assay__module_member *m, uint32_t lane,
                         assay__guess *guess)
{
    char plain[ASSAY__LABEL_MAX];
    assay__plain_name(m->name, plain, sizeof plain);
    if (m->type.scalar > ASSAY__UINT || m->type.count > 0)
        return;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs && m->type.lanes == 2; i++)
        if (assay__is_among(plain, pairs[i].names))
            settle(c, lane ? pairs[i].y : pairs[i].x, "", m->name, guess);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes && m->type.lanes > 2 && !c->turned; i++)
        if (assay__is_among(plain, shapes[i].names))
            settle(c, shapes[i].number[lane], tensor_of(c->op, plain), m->name, guess);
}

assay__guess assay__guess_member(const assay__members *c, const assay__module_member *m,
                                 uint32_t number)
{
    assay__guess guess = {"", ""};
    bool real = m->type.scalar == ASSAY__FLOAT || m->type.scalar == ASSAY__HALF;
    if (guess_metadata(c, m, number, &guess))
        return guess;
    if (m->type.lanes > 1 || m->type.count > 0) {
        guess_vector(c, m, number, &guess);
        return guess;
    }
    guess_ggml(c, m->name, &guess);
    return guess.value[0] ? guess : assay__guess_number(c->op, m->name, real, c->packed);
}
