// SPDX-License-Identifier: Apache-2.0
#include "gpu/draft.h"

#include "gpu/draft_internal.h"
#include "gpu/glslc.h"

#include <ctype.h>
#include <inttypes.h>
#include <spirv_cross_c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- what the module as a whole is

static bool has_capability(const assay__module *m, uint32_t capability)
{
    for (int i = 0; i < m->capability_count; i++)
        if (m->capability[i] == capability)
            return true;
    return false;
}

static void look_at_module(assay__draft *d)
{
    const assay__module *m = d->module;
    for (int i = 0; i < m->binding_count; i++) {
        const assay__module_binding *b = &m->binding[i];
        d->image = d->image || b->image != ASSAY__IMAGE_NONE;
        d->packed = d->packed || b->image != ASSAY__IMAGE_NONE ||
                    (b->kind == ASSAY__STORAGE_BUFFER && b->element.lanes == 4);
        d->half = d->half || b->format == SpvImageFormatRgba16f ||
                  b->format == SpvImageFormatR16f || b->format == SpvImageFormatRg16f ||
                  (b->kind == ASSAY__STORAGE_BUFFER && b->element.scalar == ASSAY__HALF);
    }
    for (int i = 0; i < m->binding_count; i++) // the others, samplers, do not say their lanes
        if (assay__lanes_of(&m->binding[i]) < 4)
            d->packed = false;
    d->half_arithmetic = d->half && has_capability(m, SpvCapabilityFloat16);
}

// ---- writing

// A line of YAML, and what was thought when it was written.
static void put_guess(const assay__draft *d, const assay__guess *guess, const char *choices)
{
    if (guess->value[0])
        fprintf(d->out, "  # guess: %s\n", guess->reason);
    else
        fprintf(d->out, "  # ? %s\n", choices);
}

static const char *value_of(const assay__guess *guess)
{
    return guess->value[0] ? guess->value : "\"?\"";
}

// What is said of a "?": activations are numbered by each engine in its way.
static const char *choices_of(const char *name, const char *otherwise)
{
    return strstr(name, "activation") || strcmp(name, "act") == 0
               ? "the engine's number; 0 where it is none, with act == 0 in \"when\""
               : otherwise;
}

// "inputs: in, weights, bias; out": what "?" may become.
static void tensor_choices(const assay_operator *op, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "one of out");
    for (int i = 0; i < op->input_count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, ", %s", op->inputs[i].name);
    if (used < size)
        snprintf(text + used, size - used, ", or a scratch tensor");
}

static void describe_binding(const assay__module_binding *b, bool written, char *text, size_t size)
{
    static const char *const kinds[] = {
        "buffer", "storage image", "sampled image", "texture", "sampler", "uniform block", "?"};
    assay__type_text type = {""};
    if (b->kind == ASSAY__STORAGE_BUFFER)
        type = assay__type_name(b->element);
    snprintf(text, size, "%s%s%s%s%s%s", kinds[b->kind], type.text[0] ? " of " : "", type.text,
             b->name[0] ? ", \"" : "", b->name, b->name[0] ? "\"" : "");
    size_t used = strlen(text);
    if (used < size && b->kind <= ASSAY__TEXTURE)
        snprintf(text + used, size - used, ", %s", written ? "written" : "read");
}

static assay_status put_bindings(const assay__draft *d, assay_error *error)
{
    assay__guess guess[ASSAY__DECLARED_MAX] = {
        {"", ""}
    };
    bool written[ASSAY__DECLARED_MAX] = {false};
    char choices[200], text[200];
    ASSAY_TRY(assay__module_written(d->module, written, error));
    assay__guess_tensors(d->module, d->op, written, guess);
    tensor_choices(d->op, choices, sizeof choices);
    fprintf(d->out, "bindings:\n");
    for (int i = 0; i < d->module->binding_count; i++) {
        const assay__module_binding *b = &d->module->binding[i];
        if (b->kind == ASSAY__UNIFORM)
            continue;
        describe_binding(b, written[i], text, sizeof text);
        fprintf(d->out, "  # %s\n", text);
        if (b->array || b->kind == ASSAY__UNBOUND) {
            fprintf(d->out, "  # set %u, binding %u cannot be bound by assay\n", b->set,
                    b->binding);
            continue;
        }
        fprintf(d->out, "  - {%s", b->set ? "set: " : "");
        if (b->set)
            fprintf(d->out, "%u, ", b->set);
        fprintf(d->out, "binding: %u", b->binding);
        if (b->kind != ASSAY__SAMPLER)
            fprintf(d->out, ", tensor: %s", value_of(&guess[i]));
        if (b->kind == ASSAY__SAMPLER || b->kind == ASSAY__SAMPLED_IMAGE)
            fprintf(d->out, ", sampler: {filter: nearest, address: edge}");
        const char *why = assay__draft_view(d->out, d->op, b, guess[i].value, written[i]);
        snprintf(guess[i].reason + strlen(guess[i].reason),
                 sizeof guess[i].reason - strlen(guess[i].reason), "%s", why);
        fprintf(d->out, "}");
        if (b->kind == ASSAY__SAMPLER)
            fprintf(d->out, "\n");
        else
            put_guess(d, &guess[i], choices);
    }
    return ASSAY_OK;
}

static void put_values(const assay__draft *d, const assay__module_member *m, uint32_t numbers)
{
    bool open = false;
    assay__guess last = {"", ""};
    fprintf(d->out, "values: [");
    for (uint32_t i = 0; i < numbers && i < ASSAY__NUMBERS_MAX; i++) {
        assay__guess guess = assay__draft_guess(d, m, i);
        open = open || !guess.value[0];
        last = guess.value[0] ? guess : last;
        fprintf(d->out, "%s%s", i ? ", " : "", value_of(&guess));
    }
    fprintf(d->out, "]}");
    if (open)
        fprintf(d->out, "  # ? an expression for each, such as in.w, in.h, in.s, in.n\n");
    else
        fprintf(d->out, "  # guess: %s, the width first\n", last.reason);
}

// A member of a block. Numbers of a vector or an array are asked for one by one.
static void put_member(const assay__draft *d, const char *indent, const assay__module_member *m)
{
    assay__type one = {m->type.scalar, m->type.lanes, 0, 0};
    uint32_t numbers = m->type.lanes * (m->type.count ? m->type.count : 1);
    const char *quote = strchr(m->name, '[') ? "\"" : "";
    fprintf(d->out, "%s- {", indent);
    if (m->name[0])
        fprintf(d->out, "name: %s%s%s, ", quote, m->name, quote);
    fprintf(d->out, "type: %s, offset: %u, ", assay__type_name(one).text, m->offset);
    if (numbers > 1 || m->type.count) {
        put_values(d, m, numbers);
        return;
    }
    assay__guess guess = assay__draft_guess(d, m, 0);
    fprintf(d->out, "value: %s}", value_of(&guess));
    put_guess(d, &guess, choices_of(m->name, "an expression over the operator's names"));
}

static void put_block(const assay__draft *d, const char *indent, const assay__module_block *block)
{
    for (int i = 0; i < block->count; i++)
        put_member(d, indent, &d->module->member[block->first + i]);
}

static void put_blocks(const assay__draft *d)
{
    const assay__module *m = d->module;
    if (m->uniform_count)
        fprintf(d->out, "uniforms:\n");
    for (int i = 0; i < m->uniform_count; i++) {
        fprintf(d->out, "  - set: %u\n    binding: %u\n    members:\n", m->uniform[i].set,
                m->uniform[i].binding);
        put_block(d, "      ", &m->uniform[i]);
    }
    if (m->push.bytes)
        fprintf(d->out, "push:  # %u bytes\n", m->push.bytes);
    put_block(d, "  ", &m->push);
}

static bool is_member_too(const assay__module *m, const char *name)
{
    for (int i = 0; i < m->push.count; i++)
        if (name[0] && strcmp(m->member[m->push.first + i].name, name) == 0)
            return true;
    return false;
}

static void put_constants(const assay__draft *d)
{
    const assay__module *m = d->module;
    if (m->constant_count)
        fprintf(d->out, "constants:\n");
    for (int i = 0; i < m->constant_count; i++) {
        const assay__module_constant *c = &m->constant[i];
        char reason[80] = "";
        for (int axis = 0; axis < 3; axis++)
            if (m->local_constant[axis] == i)
                snprintf(reason, sizeof reason, "sets the work group size along %c", "xyz"[axis]);
        fprintf(d->out, "  - {id: %u, ", c->id);
        if (c->name[0])
            fprintf(d->out, "name: %s, ", c->name);
        assay__guess guess =
            assay__guess_number(d->op, c->name, c->type == ASSAY__FLOAT, d->packed);
        if (reason[0]) { // any size is right that the shader was written for
            snprintf(guess.value, sizeof guess.value, "%u", c->bits > 1 ? c->bits : 8);
            snprintf(guess.reason, sizeof guess.reason, "%s; its default is %u", reason, c->bits);
        }
        if (c->bits == 0 && !reason[0] && is_member_too(m, c->name)) { // else made for each shape
            snprintf(guess.value, sizeof guess.value, "0");
            snprintf(guess.reason, sizeof guess.reason,
                     "0 is its default, and a push constant has its name");
        }
        fprintf(d->out, "type: %s, value: %s}", assay__scalar_name(c->type), value_of(&guess));
        snprintf(reason, sizeof reason, "the shader's own value has the bits %#x", c->bits);
        put_guess(d, &guess, choices_of(c->name, reason));
    }
}

static void put_head(const assay__draft *d, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *precision = d->half_arithmetic ? "f16a" : d->half ? "f16s" : "f32";
    const char *layout = d->image ? "image" : d->packed ? "nc4hw4" : "nchw";
    fprintf(d->out,
            "# A first manifest for %s. Answer every \"?\", look at every guess, and run:\n"
            "#   assay check %s\n"
            "# The language: docs/manifests.md; the operator: assay list ops --verbose\n",
            name, name);
    fprintf(d->out, "kernel: ");
    for (int i = 0; name[i] && name[i] != '.' && i < 60; i++)
        fputc(isalnum((unsigned char)name[i]) ? tolower((unsigned char)name[i]) : '_', d->out);
    fprintf(d->out, "\noperator: %s\n", d->op->name);
    fprintf(d->out, "precisions: [%s]  # guess: %s\n", precision,
            d->half_arithmetic
                ? "f16 in memory, and f16 arithmetic is declared (f16s: f32 arithmetic)"
            : d->half ? "f16 in memory, f32 arithmetic"
                      : "no f16 in memory");
    fprintf(d->out, "layouts: [%s]  # guess: %s\n", layout,
            d->image    ? "images are bound; say texel, lane and size where slices are no layers"
            : d->packed ? "four channels an element; say index where it is another packing"
                        : "single elements; nhwc, or an index, where it is another order");
    fprintf(d->out, "contract: {accumulator: %s}\n", d->half_arithmetic ? "f16" : "f32");
    if (strcmp(d->module->entry, "main") != 0)
        fprintf(d->out, "entry: %s\n", d->module->entry);
    if (assay__draft_knows_one_item(d))
        fprintf(d->out,
                "when: in.n == 1  # guess: its invocations end at %s along z, and nothing counts "
                "items\n",
                d->bounds.threads[2].value);
    else
        fprintf(d->out,
                "# when: in.n == 1 && groups == 1  # what it cannot do: such cases are left out\n");
}

static assay_status write_draft(assay__draft *d, const char *path, char **text, assay_error *error)
{
    size_t size = 0;
    *text = NULL;
    d->out = open_memstream(text, &size);
    if (!d->out)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for a draft");
    look_at_module(d);
    d->known = (assay__members){d->module, d->op, d->packed, false};
    assay_status status = assay__guess_bounds(&d->known, &d->bounds, error);
    d->known.turned = d->bounds.turned;
    if (status == ASSAY_OK && d->known.turned) // without what was wrong
        status = assay__guess_bounds(&d->known, &d->bounds, error);
    put_head(d, path);
    if (status == ASSAY_OK)
        status = put_bindings(d, error);
    put_blocks(d);
    put_constants(d);
    assay__draft_dispatch(d);
    if (fclose(d->out) != 0 && status == ASSAY_OK)
        status = assay_fail(error, ASSAY_MEMORY, "out of memory for a draft");
    if (status == ASSAY_OK)
        return ASSAY_OK;
    free(*text);
    *text = NULL;
    return status;
}

assay_status assay_manifest_draft(const char *path, const assay_operator *op,
                                  const assay_compile_options *options, char **text,
                                  assay_error *error)
{
    void *words = NULL;
    char *file = NULL;
    size_t bytes = 0;
    assay__module module = {0};
    assay__draft d = {.module = &module, .op = op};
    *text = NULL;
    if (!assay__has_ending(path, ".spv") && !assay__has_ending(path, ".comp"))
        return assay_fail(error, ASSAY_USAGE, "%s: a manifest is drafted for X.spv or X.comp",
                          path);
    assay_status status;
    if (assay__has_ending(path, ".spv")) {
        status = assay__file_read(path, &file, &bytes, error);
        words = file;
    } else {
        status = assay__glslc(path, options, &words, &bytes, error);
    }
    if (status == ASSAY_OK)
        status = assay__module_create(words, bytes, path, "", &module, error);
    if (status == ASSAY_OK)
        status = write_draft(&d, path, text, error);
    assay__module_destroy(&module);
    free(words);
    return status;
}
