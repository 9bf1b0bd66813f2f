// SPDX-License-Identifier: Apache-2.0
// Which tensor a binding may be.
#include "gpu/draft_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

void assay__plain_name(const char *name, char *plain, size_t size)
{
    size_t used = 0;
    for (; *name && used + 1 < size; name++)
        if (isalnum((unsigned char)*name))
            plain[used++] = (char)tolower((unsigned char)*name);
    plain[used] = '\0';
}

// Words that names of buffers are made of, in the engines that are about. `tensor` is a name of the
// operator's, or a role: "<in>" the first input, "<weights>" the one with that role.
static const struct {
    const char *word, *tensor;
    bool whole; // the name is that word, it does not only hold it
} words[] = {
    {"weight",   "weights",  false},
    {"kernel",   "weights",  false},
    {"filter",   "weights",  false},
    {"wei",      "weights",  true },
    {"knl",      "weights",  false},
    {"bias",     "bias",     false},
    {"residual", "residual", false},
    {"skip",     "residual", false},
    {"gamma",    "scale",    false},
    {"scale",    "scale",    false},
    {"beta",     "bias",     false},
    {"mean",     "mean",     false},
    {"var",      "variance", false},
    {"slope",    "slope",    false},
    {"output",   "out",      false},
    {"dest",     "out",      false},
    {"dst",      "out",      false},
    {"result",   "out",      false},
    {"top",      "out",      false},
    {"target",   "out",      false},
    {"out",      "out",      false},
    {"input",    "<in>",     false},
    {"source",   "<in>",     false},
    {"src",      "<in>",     false},
    {"bottom",   "<in>",     false},
    {"in",       "<in>",     true },
    {"indata",   "<in>",     true },
    {"x",        "<in>",     true },
    {"y",        "out",      true },
    {"d",        "out",      true },
    {"w",        "weights",  true },
    {"b",        "bias",     true },
};

// "bottom_top" is both: what is written decides elsewhere.
static bool is_both(const char *plain)
{
    return strstr(plain, "bottomtop") || strstr(plain, "inout");
}

static int input_of(const assay_operator *op, const char *tensor)
{
    if (strcmp(tensor, "<in>") == 0)
        return 0;
    return assay_input_index(op, tensor);
}

// The tensor that a name speaks of, or -1.
static int by_name(const assay_operator *op, const char *name)
{
    char plain[ASSAY__LABEL_MAX];
    assay__plain_name(name, plain, sizeof plain);
    if (!plain[0] || is_both(plain))
        return -1;
    for (int i = 0; i < op->input_count; i++)
        if (strcmp(plain, op->inputs[i].name) == 0)
            return i;
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        if (words[k].whole ? strcmp(plain, words[k].word) != 0 : !strstr(plain, words[k].word))
            continue;
        if (strcmp(words[k].tensor, "out") == 0)
            return ASSAY__TENSOR_OUT;
        int input = input_of(op, words[k].tensor);
        if (input >= 0)
            return input;
    }
    return -1;
}

static const char *tensor_name(const assay_operator *op, int tensor)
{
    return tensor == ASSAY__TENSOR_OUT ? "out" : op->inputs[tensor].name;
}

static bool is_tensor(const assay__module_binding *b)
{
    return !b->array && b->kind != ASSAY__SAMPLER && b->kind != ASSAY__UNIFORM &&
           b->kind != ASSAY__UNBOUND;
}

typedef struct guesser {
    const assay__module *module;
    const assay_operator *op;
    assay__guess *guess;
    bool taken[ASSAY__TENSOR_OUT + 1];
} guesser;

static void settle(guesser *g, int binding, int tensor, const char *reason)
{
    assay__guess *guess = &g->guess[binding];
    snprintf(guess->value, sizeof guess->value, "%s", tensor_name(g->op, tensor));
    snprintf(guess->reason, sizeof guess->reason, "%s", reason);
    g->taken[tensor] = true;
}

// Among bindings that are tensors: the one that is written, if there is one alone.
static int only_written(const assay__module *m, const bool *written)
{
    int found = -1;
    for (int i = 0; i < m->binding_count; i++)
        if (is_tensor(&m->binding[i]) && written[i]) {
            if (found >= 0)
                return -1;
            found = i;
        }
    return found;
}

// What is left, in the order of binding numbers, to the inputs that are left, in theirs.
static void settle_rest(guesser *g, const bool *written)
{
    for (int input = 0; input < g->op->input_count; input++) {
        int next = -1;
        for (int i = 0; i < g->module->binding_count; i++) {
            const assay__module_binding *b = &g->module->binding[i];
            bool free_one = is_tensor(b) && !g->guess[i].value[0] && !written[i];
            if (free_one && (next < 0 || b->set < g->module->binding[next].set ||
                             (b->set == g->module->binding[next].set &&
                              b->binding < g->module->binding[next].binding)))
                next = i;
        }
        if (next >= 0 && !g->taken[input])
            settle(g, next, input, "by its place among the bindings");
    }
}

void assay__guess_tensors(const assay__module *module, const assay_operator *op,
                          const bool written[ASSAY__DECLARED_MAX],
                          assay__guess guess[ASSAY__DECLARED_MAX])
{
    guesser g = {.module = module, .op = op, .guess = guess};
    int out = only_written(module, written);
    if (out >= 0)
        settle(&g, out, ASSAY__TENSOR_OUT, "nothing else is written");
    for (int i = 0; i < module->binding_count; i++) {
        const assay__module_binding *b = &module->binding[i];
        int tensor = is_tensor(b) && !guess[i].value[0] ? by_name(op, b->name) : -1;
        if (tensor < 0 || g.taken[tensor] || (tensor == ASSAY__TENSOR_OUT && !written[i]) ||
            (tensor != ASSAY__TENSOR_OUT && written[i]))
            continue;
        char reason[ASSAY__GUESS_TEXT];
        snprintf(reason, sizeof reason, "named \"%.60s\"", b->name);
        settle(&g, i, tensor, reason);
    }
    settle_rest(&g, written);
}
