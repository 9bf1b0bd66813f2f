// SPDX-License-Identifier: Apache-2.0
// The numeric contract: what a kernel on a device promises about its arithmetic, and where each promise comes from.
// A bound may depend on nothing else. docs/tolerances.md tells the whole story.
#ifndef ASSAY_CONTRACT_H
#define ASSAY_CONTRACT_H

#include "reference/status.h"

#include <stdbool.h>
#include <stddef.h>

// Where a promise comes from.
typedef enum assay_source {
    ASSAY_SOURCE_SPEC,     // the Vulkan specification's default
    ASSAY_SOURCE_DECLARED, // the kernel's manifest
    ASSAY_SOURCE_PROBED,   // measured on the device
} assay_source;

typedef enum assay_accumulator {
    ASSAY_ACCUMULATOR_F32,
    ASSAY_ACCUMULATOR_F16,
} assay_accumulator;

// What tensors are stored in. A role of PIXELS is stored as RGBA8 under any contract.
typedef enum assay_storage {
    ASSAY_STORAGE_F32,
    ASSAY_STORAGE_F16,
    ASSAY_STORAGE_RGBA8,
} assay_storage;

// What operands are loaded from, where that is not what the result is stored in.
typedef enum assay_loads {
    ASSAY_LOADS_STORED, // as assay_contract.storage says
    ASSAY_LOADS_F32,    // all of them
    ASSAY_LOADS_F16,    // some or all
} assay_loads;

typedef enum assay_rounding {
    ASSAY_ROUNDING_UNKNOWN, // either neighbour: Vulkan's "correctly rounded" without RoundingModeRTE
    ASSAY_ROUNDING_RTE,     // to nearest, ties to even
} assay_rounding;

typedef enum assay_flush {
    ASSAY_FLUSH_MAYBE, // any subnormal operand or result may become zero: Vulkan's default
    ASSAY_FLUSH_NO,
    ASSAY_FLUSH_YES,
} assay_flush;

typedef enum assay_nan_rule {
    ASSAY_NAN_IGNORED, // NaN and infinity may be treated as absent: Vulkan's default; anything is accepted
    ASSAY_NAN_KEPT,    // arithmetic on NaN and infinity gives what IEEE 754 says
} assay_nan_rule;

// How a transcendental operator is computed; each form has its own bound.
typedef enum assay_form {
    ASSAY_FORM_STANDARD, // the operator's plain form over exp: sigmoid 1/(1+exp(-x)), tanh 1-2/(1+exp(2x))
    ASSAY_FORM_NATIVE,   // the GLSL built-in (tanh): Vulkan inherits its error from sinh/cosh
} assay_form;

typedef struct assay_contract {
    assay_accumulator accumulator;
    assay_storage storage; // of the result
    assay_loads loads;
    assay_rounding rounding; // of add, mul and fma in the accumulator's format
    assay_rounding store;    // of the final store, from the accumulator's format to that of storage
    assay_flush flush;
    assay_nan_rule nan;
    assay_form form;
    assay_source rounding_source;
    assay_source store_source;
    assay_source flush_source;
    assay_source nan_source;
} assay_contract;

// Constants of the accumulator under a contract (numerics: Higham, ASNA 2nd ed., section 2.2).
typedef struct assay_arithmetic {
    double u;       // 2^-p: unit roundoff of round-to-nearest
    double r;       // relative error of one operation: u when RTE, else 2u
    double eta;     // absolute error of one operation that underflows
    double least;   // smallest positive normal number
    double operand; // the same of an operand as it is stored: one below it may be flushed when it is loaded
    double spacing; // distance of subnormal numbers, 2^(emin-p+1)
    int bits;       // p
    double most;    // largest finite number
} assay_arithmetic;

// Vulkan's defaults: f32 accumulator, rounding unknown, flush maybe, NaN ignored, all by specification.
assay_contract assay_contract_default(void);

// True when both promise the same, and have it from the same sources.
bool assay_contract_equal(const assay_contract *a, const assay_contract *b);

// True when an operand may be stored in f16.
bool assay_contract_loads_f16(const assay_contract *contract);

assay_arithmetic assay_contract_arithmetic(const assay_contract *contract);

// One line such as "f32 rounding=rte(probed) flush=maybe(spec) nan=kept(probed) form=standard"; returns buffer.
const char *assay_contract_format(const assay_contract *contract, char *buffer, size_t size);

// Changes what the words of `text` say, separated by blanks or commas: "rounding=rte store=rte flush=no nan=kept
// form=native". What is said counts as declared. ASSAY_USAGE with the word that is none.
ASSAY_CHECKED assay_status assay_contract_parse(const char *text, assay_contract *contract,
                                                assay_error *error);

#endif
