// SPDX-License-Identifier: Apache-2.0
// The outputs of another engine, read in a process of their own: a library that dies or hangs on a
// damaged file costs a sentence and nothing else.
#ifndef ASSAY_ENGINE_OUTPUTS_H
#define ASSAY_ENGINE_OUTPUTS_H

#include "fixtures/outputs.h"

typedef struct assay_engine_output {
    size_t vector; // of the fixture: set by the caller
    float *values; // row-major; NULL where status tells why. free()
    assay_status status;
    assay_error error;
} assay_engine_output;

// Reads the outputs of the given vectors. The file as a whole may fail (ASSAY_READ, ASSAY_FORMAT),
// or each output by itself. `foreign` gets the name of one array that belongs to no vector of the
// fixture, "" when there is none, *foreign_count how many there are.
ASSAY_CHECKED assay_status assay_engine_outputs_read(const char *path, const assay_fixture *fixture,
                                                     assay_engine_output *outputs, int count,
                                                     char foreign[64], int *foreign_count,
                                                     assay_error *error);

#endif
