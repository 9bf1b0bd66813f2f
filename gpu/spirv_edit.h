// SPDX-License-Identifier: Apache-2.0
// Small edits of a valid SPIR-V module: what is where in it, and new declarations and functions put
// into a copy.
#ifndef ASSAY_SPIRV_EDIT_H
#define ASSAY_SPIRV_EDIT_H

#include "gpu/module.h"

// Words that grow; `failed` stays true once memory was out.
typedef struct assay__words {
    uint32_t *at;
    size_t count, capacity;
    bool failed;
} assay__words;

// An edit under way. New types, constants and variables go before the first function, functions to
// the end.
typedef struct assay__edit {
    const assay__module *module;
    uint32_t bound;  // next free id
    size_t *defined; // word offset by id of types, constants and variables; 0: none
    size_t first_type, first_function;
    size_t entry;         // of OpEntryPoint
    size_t entry_names;   // of its first interface id
    uint32_t main;        // the function that it names
    assay__words marks;   // decorations
    assay__words globals; // types, constants, variables
    assay__words code;    // functions
    assay__words listed;  // further ids of the interface
    uint32_t replaced;    // a variable that `globals` declares otherwise, or 0: its old declaration
                          // and its decorations go, and a pointer to a part of it is of the type
    uint32_t part;        // `part`
} assay__edit;

// Starts an edit of a module, which must outlive it. ASSAY_MEMORY, or ASSAY_SPIRV for what is not
// understood.
ASSAY_CHECKED assay_status assay__edit_begin(const assay__module *module, assay__edit *edit,
                                             assay_error *error);
void assay__edit_end(assay__edit *edit);

// Appends an instruction: edit->globals and `SpvOpTypeInt, 3, (uint32_t[]){id, 32, 0}`.
void assay__emit(assay__words *words, uint32_t operation, int count, const uint32_t *operands);

// The id of a type (word 1 of its instruction), which is declared where it is missing.
uint32_t assay__edit_type(assay__edit *edit, uint32_t operation, int count,
                          const uint32_t *operands);
// A constant of 32 bits, declared anew.
uint32_t assay__edit_constant(assay__edit *edit, uint32_t type, uint32_t bits);

// The input variable that holds a built-in value, or 0.
uint32_t assay__edit_builtin(const assay__edit *edit, uint32_t builtin);
bool assay__edit_in_interface(const assay__edit *edit, uint32_t id);
void assay__edit_list(assay__edit *edit, uint32_t id); // adds it to the interface

// The new module: everything of the old one and what was added, with `main` as the entry point's
// function. *words is released with free().
ASSAY_CHECKED assay_status assay__edit_write(const assay__edit *edit, uint32_t main,
                                             uint32_t **words, size_t *count, assay_error *error);

// ---- what is made with it

// Variables in shared memory that nothing initialises and that can be filled.
int assay__shared_count(const assay__module *module);
// The id of number i of them, or 0.
uint32_t assay__shared_id(const assay__module *module, int i);

// A copy of the module whose entry point first fills its shared memory with a pattern and then
// waits at a barrier. only >= 0: no other variable than that number. invocations: of a work group.
ASSAY_CHECKED assay_status assay__shared_fill(const assay__module *module, uint32_t invocations,
                                              uint32_t pattern, int only, uint32_t **words,
                                              size_t *count, assay_error *error);

// True when the module reads gl_NumWorkGroups.
bool assay__reads_group_count(const assay__module *module);

// A copy in which gl_NumWorkGroups is that constant: a dispatch of a part of the groups would give
// the size of the part.
ASSAY_CHECKED assay_status assay__fix_group_count(const assay__module *module,
                                                  const uint32_t groups[3], uint32_t **words,
                                                  size_t *count, assay_error *error);

#endif
