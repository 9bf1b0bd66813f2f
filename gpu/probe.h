// SPDX-License-Identifier: Apache-2.0
// Device probes: what this device's arithmetic really does (numerics: section 2.7 of the derivations in docs/
// tolerances.md). Probes are small shaders of the project, run once and cached under $XDG_CACHE_HOME/assay by device,
// driver and probe version.
#ifndef ASSAY_PROBE_H
#define ASSAY_PROBE_H

#include "gpu/device.h"
#include "gpu/kernel.h"

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
    // Of f16; false as well where the device has no such arithmetic or storage.
    bool rte_f16;             // add, mul and fma round to nearest
    bool keeps_nan_f16;       // as keeps_nan_f32
    bool keeps_subnormal_f16; // no operand or result of arithmetic became zero
    // Of a final store from f32.
    bool rte_buffer;           // to f16 in a buffer rounds to nearest
    bool rte_image;            // to a texel of rgba16f rounds to nearest
    bool keeps_subnormal_load; // subnormal f16 are loaded from and stored to buffers and images
} assay_probe;

// `fresh` ignores the cache (and renews it). Released by assay_probe_destroy.
ASSAY_CHECKED assay_status assay_probe_device(assay_device *device, bool fresh, assay_probe *probe,
                                              assay_error *error);
void assay_probe_destroy(assay_probe *probe);

// The contract of a kernel's precision, layout and form on the probed device: what the probe did not prove stays at the
// specification's default.
assay_contract assay_probe_contract(const assay_probe *probe, const assay_kernel_info *info);

// The same of f32 in its standard form: what is said of a device as a whole.
assay_contract assay_probe_summary(const assay_probe *probe);

#endif
