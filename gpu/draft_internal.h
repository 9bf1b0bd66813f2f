// SPDX-License-Identifier: Apache-2.0
// Between the files that draft manifests.
#ifndef ASSAY_DRAFT_INTERNAL_H
#define ASSAY_DRAFT_INTERNAL_H

#include "gpu/kernel_internal.h"
#include "gpu/module.h"

#include <stdio.h>

#define ASSAY__GUESS_TEXT 96

// What somebody would take a binding or a number for, and why.
typedef struct assay__guess {
    char value[ASSAY__GUESS_TEXT]; // "" where nothing speaks for anything
    char reason[ASSAY__GUESS_TEXT];
} assay__guess;

// Which bindings the instructions of the entry point's module write to (draft_access.c).
// ASSAY_MEMORY.
ASSAY_CHECKED assay_status assay__module_written(const assay__module *module,
                                                 bool written[ASSAY__DECLARED_MAX],
                                                 assay_error *error);

// The tensor of each binding of the module, by names, by what is written, by place
// (draft_tensors.c).
// "" for samplers, uniform blocks and what cannot be bound.
void assay__guess_tensors(const assay__module *module, const assay_operator *op,
                          const bool written[ASSAY__DECLARED_MAX],
                          assay__guess guess[ASSAY__DECLARED_MAX]);

// An expression for a number by its name: a member of a block, a constant (draft_numbers.c).
// `real`: it is a float. `packed`: channels are counted in fours.
assay__guess assay__guess_number(const assay_operator *op, const char *name, bool real,
                                 bool packed);

// What is known where a member of a block is guessed.
typedef struct assay__members {
    const assay__module *module;
    const assay_operator *op;
    bool packed; // channels are counted in fours
    bool turned; // shapes do not begin with the width: nothing is guessed of them
} assay__members;

// The same for a number of a member: lane by lane, element by element (draft_members.c).
assay__guess assay__guess_member(const assay__members *known, const assay__module_member *member,
                                 uint32_t number);

// Where the shader ends its invocations, by its comparisons of gl_GlobalInvocationID with numbers
// that are guessed (draft_bounds.c): an expression for each axis, "" where there is none. `pitch`:
// the invocations are counted x + pitch[0] * y + pitch[1] * z, and threads[0] is the end of that.
typedef struct assay__bounds {
    assay__guess threads[3];
    bool reads_place;              // gl_GlobalInvocationID is there at all
    bool turned;                   // x ends at the last number of a shape
    bool used[3];                  // the place along an axis is taken for itself
    int64_t pitch[2];              // 0: not counted so
    const assay__module_member *z; // the member whose number `z_number` is the end along z, or NULL
    uint32_t z_number;
} assay__bounds;
ASSAY_CHECKED assay_status assay__guess_bounds(const assay__members *known, assay__bounds *bounds,
                                               assay_error *error);

// Lanes of a texel by the format that the shader declares; 4 where it declares none.
int assay__lanes_of(const assay__module_binding *binding);

// Writes the keys that say how a guessed tensor lies, where its layout does not say it
// (draft_views.c). Returns why, to be put behind the guess.
const char *assay__draft_view(FILE *out, const assay_operator *op,
                              const assay__module_binding *binding, const char *tensor,
                              bool written);

// A draft that is being written.
typedef struct assay__draft {
    const assay__module *module;
    const assay_operator *op;
    FILE *out;
    bool packed; // four channels lie together
    bool image;  // data lies in images
    bool half;   // memory is f16
    bool half_arithmetic;
    assay__members known;
    assay__bounds bounds; // what the shader compares its invocation's place with
} assay__draft;

// assay__guess_member, where the end along z counts items too (draft_dispatch.c).
assay__guess assay__draft_guess(const assay__draft *d, const assay__module_member *m,
                                uint32_t number);

// Writes the dispatch, from the shader's comparisons where it has them.
void assay__draft_dispatch(const assay__draft *d);

// Whether its invocations end at the slices along z, and none of its numbers counts items.
bool assay__draft_knows_one_item(const assay__draft *d);

// Whether `name` is one of `list`, whose names are separated by blanks.
bool assay__is_among(const char *name, const char *list);

// Whether the operator knows all names of the expression.
bool assay__is_expression(const assay_operator *op, const char *text, bool real);

// A name without case and punctuation: "p_outW" -> "poutw". `size` bytes, cut to fit.
void assay__plain_name(const char *name, char *plain, size_t size);

#endif
