// SPDX-License-Identifier: Apache-2.0
// Device probes: what this device's arithmetic really does (numerics: section 2.7 of the derivations in docs/
// tolerances.md). Probes are small shaders of the project, run once and cached under $XDG_CACHE_HOME/assay by device,
// driver and probe version.
#ifndef ASSAY_PROBE_H
#define ASSAY_PROBE_H

#include "gpu/device.h"

// Every row of the table that `assay devices --probe` prints.
typedef struct assay_probe_row {
    const char *name;    // "add.rounding", "exp.ulp", "fma.fused", "f32.subnormal.load"
    const char *summary; // what was measured
    char value[64];      // "rte", "rtz", "up", "mixed", "1.5", "yes", "flushed"
    char allowed[64];    // what the specification allows, "" when anything
    bool conformant;     // value is within allowed: false is a device defect, reported and never absorbed by a bound
} assay_probe_row;

typedef struct assay_probe {
    assay_probe_row *rows;
    int count;
    bool rte_f32;       // add, mul, fma and store of 2^22 random operand pairs and the hard cases all rounded to nearest
    bool flush_f32;     // some subnormal operand or result became zero
    bool keeps_nan_f32; // NaN and infinity came through add, mul, div and load/store as IEEE 754 has them
    bool fused_fma;     // fma() has one rounding
} assay_probe;

// `fresh` ignores the cache (and renews it). Released by assay_probe_destroy.
ASSAY_CHECKED assay_status assay_probe_device(assay_device *device, bool fresh, assay_probe *probe,
                                              assay_error *error);
void assay_probe_destroy(assay_probe *probe);

// The contract of a kernel's form on the probed device: what the probe did not prove stays at the specification's
// default.
assay_contract assay_probe_contract(const assay_probe *probe, assay_form form);

#endif
