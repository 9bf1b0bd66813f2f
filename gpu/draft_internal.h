// SPDX-License-Identifier: Apache-2.0
// Between the files that draft manifests.
#ifndef ASSAY_DRAFT_INTERNAL_H
#define ASSAY_DRAFT_INTERNAL_H

#include "gpu/kernel_internal.h"
#include "gpu/module.h"

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

// A name without case and punctuation: "p_outW" -> "poutw". `size` bytes, cut to fit.
void assay__plain_name(const char *name, char *plain, size_t size);

#endif
