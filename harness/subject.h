// SPDX-License-Identifier: Apache-2.0
// A subject: the inputs and the reference of one case under one contract, shared by all its checks
// in a batch. Inputs are numbers of their storage, the contract's where they have none of their
// own: a kernel and the reference are given the same bits.
#ifndef ASSAY_SUBJECT_H
#define ASSAY_SUBJECT_H

#include "fixtures/fixture.h"
#include "gpu/kernel.h"

typedef struct assay_subject {
    const assay_case *c;
    const assay_vector *vector; // stored inputs, or NULL
    assay_contract contract;
    int own_storage[ASSAY_INPUTS_MAX]; // of an input: 0 the contract's, else an assay_storage plus
                                       // 1
    int assumed[ASSAY_INPUTS_MAX];     // 1: all elements are assumed_value (assay_kernel_info)
    float assumed_value[ASSAY_INPUTS_MAX];
    const float *in[ASSAY_INPUTS_MAX];
    float *owned[ASSAY_INPUTS_MAX]; // generated, or rounded to the storage
    assay_reference reference;
    uint64_t input_hash;
    double generate_s, reference_s;
    assay_status status;
    assay_error error;
} assay_subject;

// What the kernel decides of its inputs, their storages and what it assumes, beside a contract that
// is set.
void assay_subject_take_inputs(assay_subject *subject, const assay_kernel_info *info);

// Whether two subjects of one case, vector and contract have the same inputs.
bool assay_subject_same_inputs(const assay_subject *a, const assay_subject *b);

// Fills the inputs alone.
ASSAY_CHECKED assay_status assay_subject_fill(assay_subject *subject);

// Fills inputs and reference from c, vector and contract; trouble is left in status and error.
void assay_subject_prepare(assay_subject *subject);
void assay_subject_release(assay_subject *subject);

#endif
