// SPDX-License-Identifier: Apache-2.0
// What a draft says of the invocations: the dispatch, and a shader that knows one item.
#include "gpu/draft_internal.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

// The end along z counts items as well, where one number says both.
assay__guess assay__draft_guess(const assay__draft *d, const assay__module_member *m,
                                uint32_t number)
{
    assay__guess guess = assay__guess_member(&d->known, m, number);
    const char *dot = strstr(guess.value, ".s"), *channels = strstr(guess.value, ".c");
    const char *end = dot ? dot : channels;
    if (m != d->bounds.z || number != d->bounds.z_number || m->type.lanes == 1 || !end || end[2] ||
        strchr(guess.value, '*'))
        return guess;
    char value[ASSAY__GUESS_TEXT];
    snprintf(value, sizeof value, "%.*s.n * %.40s", (int)(end - guess.value), guess.value,
             guess.value);
    memcpy(guess.value, value, sizeof value);
    snprintf(guess.reason, sizeof guess.reason, "the invocations end there along z");
    return guess;
}

// Invocations that are numbered over y and z as well: x + pitch * y + ...
static void put_folded(const assay__draft *d)
{
    const assay__bounds *b = &d->bounds;
    int64_t row = b->pitch[0], plane = b->pitch[1] ? b->pitch[1] : 65535 * row;
    const char *end = b->threads[0].value;
    fprintf(d->out,
            "dispatch: {threads: [%" PRId64 ", \"min(%" PRId64 ", ceil_div(%s, %" PRId64 "))\"",
            row, plane / row, end, row);
    if (b->pitch[1])
        fprintf(d->out, ", \"ceil_div(%s, %" PRId64 ")\"", end, plane);
    fprintf(d->out, "]}  # guess: it counts x + %" PRId64 " * y", row);
    if (b->pitch[1])
        fprintf(d->out, " + %" PRId64 " * z", plane);
    fprintf(d->out, " up to %s\n", b->threads[0].reason);
}

// What the shader itself says of its end. False where it does not say it for an axis that it uses;
// along z alone it is then one for each slice.
static bool put_bounds(const assay__draft *d, const char *channels)
{
    const assay__bounds *b = &d->bounds;
    char threads[3][ASSAY__GUESS_TEXT];
    int axes = 0;
    bool open_z = b->used[2] && !b->threads[2].value[0];
    if (b->pitch[0]) {
        put_folded(d);
        return true;
    }
    for (int axis = 0; axis < 3; axis++) {
        assay__guess end = b->threads[axis];
        if (axis == 2 && b->z && end.value[0])
            end = assay__draft_guess(d, b->z, b->z_number);
        snprintf(threads[axis], sizeof threads[axis], "%s", end.value[0] ? end.value : "1");
        axes = end.value[0] ? axis + 1 : axes;
    }
    for (int axis = 0; axis < 2; axis++)
        if (b->used[axis] && !b->threads[axis].value[0])
            return false;
    if (axes == 0 || (open_z && axes < 2))
        return false;
    if (open_z) {
        snprintf(threads[2], sizeof threads[2], "\"out.n * %.20s\"", channels);
        axes = 3;
    }
    fprintf(d->out, "dispatch: {threads: [%s", threads[0]);
    for (int axis = 1; axis < axes; axis++)
        fprintf(d->out, ", %s", threads[axis]);
    fprintf(d->out, "]}  # guess: the shader compares gl_GlobalInvocationID with these%s\n",
            open_z ? ", but along z" : "");
    return true;
}

void assay__draft_dispatch(const assay__draft *d)
{
    const uint32_t *local = d->module->local;
    const char *channels = d->packed ? "out.s" : "out.c";
    bool flat =
        local[1] == 1 && local[2] == 1 && d->module->local_constant[1] < 0 && !d->bounds.used[1];
    fprintf(d->out,
            "# Invocations, which are divided by the work group size %u x %u x %u; or groups: "
            "[...]\n",
            local[0], local[1], local[2]);
    if (!d->bounds.reads_place) {
        fprintf(d->out,
                "dispatch: {groups: [\"?\"]}  # ? the shader reads no gl_GlobalInvocationID: "
                "its work groups\n");
        return;
    }
    if (put_bounds(d, channels))
        return;
    if (flat && !d->image)
        fprintf(d->out,
                "dispatch: {threads: [%s]}  # guess: one dimension; or [out.w, out.h, \"out.n * "
                "%s\"]\n",
                d->packed ? "out.texels" : "out.count", channels);
    else
        fprintf(
            d->out,
            "dispatch: {threads: [out.w, out.h, \"out.n * %s\"]}  # guess: a pixel and %s each\n",
            channels, d->packed ? "four channels" : "a channel");
}

// Whether a guess speaks of items: "out.n * out.s", "out.count".
static bool counts_items(const char *text)
{
    for (const char *at = text; (at = strchr(at, '.')); at++)
        if (strcmp(at, ".count") == 0 || strcmp(at, ".texels") == 0 ||
            (at[1] == 'n' && !isalnum((unsigned char)at[2])))
            return true;
    return false;
}

bool assay__draft_knows_one_item(const assay__draft *d)
{
    const char *end = d->bounds.threads[2].value;
    const char *dot = strchr(end, '.');
    bool channels = dot && (strcmp(dot, ".s") == 0 || strcmp(dot, ".c") == 0);
    for (int i = 0; channels && i < d->module->member_count; i++) {
        const assay__module_member *m = &d->module->member[i];
        for (uint32_t k = 0; k < m->type.lanes * (m->type.count ? m->type.count : 1); k++)
            if (counts_items(assay__draft_guess(d, m, k).value))
                return false;
    }
    return channels && assay__is_expression(d->op, "in.n", false);
}
