// SPDX-License-Identifier: Apache-2.0
// The result of one check. One table of fields drives the struct, the journal, the HDF5 store, JSON
// and `assay show`.
#ifndef ASSAY_RESULT_H
#define ASSAY_RESULT_H

#include "reference/status.h"

#include <stdbool.h>
#include <stdint.h>

// XX(id, name, letter, counts as failure, summary)
#define ASSAY_VERDICT_MAP(XX)                                                                      \
    XX(PASS, "PASS", false, "right, and the check could have seen otherwise")                      \
    XX(FAIL, "FAIL", true, "wrong numbers or a violated guard")                                    \
    XX(ERROR, "ERROR", true, "could not run")                                                      \
    XX(SKIP, "SKIP", false, "not applicable, with a reason")                                       \
    XX(TIMEOUT, "TIMEOUT", true, "did not end in time")                                            \
    XX(CRASH, "CRASH", true, "the driver died or lost the device")                                 \
    XX(VACUOUS, "VACUOUS", false, "nothing wrong seen, but too weak to count")

typedef enum assay_verdict {
#define XX(id, name, fails, summary) ASSAY_VERDICT_##id,
    ASSAY_VERDICT_MAP(XX)
#undef XX
        ASSAY_VERDICT_COUNT
} assay_verdict;

const char *assay_verdict_name(assay_verdict verdict);
bool assay_verdict_fails(assay_verdict verdict);

// What rejected a result: bits of assay_result.caught. XX(id, bit, name, summary)
#define ASSAY_CAUGHT_MAP(XX)                                                                       \
    XX(T0, 1, "T0", "exact data, a differing bit")                                                 \
    XX(T1, 2, "T1", "structural data, a differing bit")                                            \
    XX(T2, 4, "T2", "outside the deterministic bound")                                             \
    XX(T4, 8, "T4", "two runs, or two results that determine each other, differ")                  \
    XX(POISON, 16, "poison", "NaN came out where only a read outside the tensors can bring it in") \
    XX(UNWRITTEN, 32, "unwritten", "output elements still hold the prefill")                       \
    XX(STRAY, 64, "stray-write", "memory outside of the tensors was changed")                      \
    XX(INPUT, 128, "input-changed", "the kernel changed its inputs")                               \
    XX(VALIDATION, 256, "validation", "the Khronos validation layer reported an error")            \
    XX(REPEAT, 512, "repeat", "the same once more gives other bits")                               \
    XX(SHARED, 1024, "shared", "what lies in shared memory at the start changes the results")      \
    XX(ORDER, 2048, "order", "another order of the work groups changes the results")               \
    XX(SUBGROUPS, 4096, "subgroups", "another subgroup size changes the results")

enum {
#define XX(id, bit, name, summary) ASSAY_CAUGHT_##id = bit,
    ASSAY_CAUGHT_MAP(XX)
#undef XX
};

enum {
    ASSAY_CAUGHT_ALL = 0
#define XX(id, bit, name, summary) | bit
    ASSAY_CAUGHT_MAP(XX)
#undef XX
};

// "T0+poison"; "-" when no bit is set; returns buffer.
const char *assay_caught_format(unsigned caught, char *buffer, int size);

#define ASSAY_TEXT_SHORT 64
#define ASSAY_TEXT       256
#define ASSAY_TEXT_LONG  1024
#define ASSAY_ULP_BINS   24 // 0, 1, 2, 3-4, 5-8, ... ; the last bin holds everything above and NaN
#define ASSAY_USE_BINS   16 // bound utilisation in log2 bins: < 2^-14, ..., < 1, >= 1
#define ASSAY_SAMPLES    4  // first and worst elements that are kept

// XX(kind, name, count, unit, summary). Kinds: I64, F64, TEXT (count = size of the array). Append
// new rows at the end of their block and raise ASSAY_RESULTS_SCHEMA.
#define ASSAY_RESULT_MAP(XX)                                                                       \
    XX(TEXT, check, ASSAY_TEXT, "", "identity: kernel:precision:layout@device case")               \
    XX(TEXT, kernel, ASSAY_TEXT_SHORT, "", "kernel name")                                          \
    XX(TEXT, operator_name, ASSAY_TEXT_SHORT, "", "operator name")                                 \
    XX(TEXT, precision, 8, "", "f32, f16s or f16a")                                                \
    XX(TEXT, layout, 8, "", "nchw, nhwc, nc4hw4 or image")                                         \
    XX(TEXT, case_text, ASSAY_TEXT, "", "case string")                                             \
    XX(TEXT, device, ASSAY_TEXT_SHORT, "", "device index and name")                                \
    XX(I64, verdict, 1, "", "assay_verdict")                                                       \
    XX(I64, caught, 1, "", "bits of what rejected it")                                             \
    XX(TEXT, tier, 8, "", "what the check rests on: T0, T1, T2 or T4")                             \
    XX(TEXT, reason, ASSAY_TEXT_LONG, "", "one sentence: what is wrong, or why it was not run")    \
    XX(TEXT, reproduce, ASSAY_TEXT_LONG, "", "command that shows it again")                        \
    XX(TEXT, contract, ASSAY_TEXT, "", "numeric contract that the bound was derived under")        \
    XX(TEXT, messages, ASSAY_TEXT_LONG, "", "validation messages, cut to fit")                     \
    XX(I64, elements, 1, "", "output elements")                                                    \
    XX(I64, exact, 1, "", "elements held to tolerance zero")                                       \
    XX(I64, terms_min, 1, "", "fewest nonzero products of an element; 0 when not a reduction")     \
    XX(I64, terms_max, 1, "", "most nonzero products of an element")                               \
    XX(I64, mismatches, 1, "",                                                                     \
       "elements outside of their interval, or not what their twin demands")                       \
    XX(I64, differing, 1, "", "elements whose bits differ between the two runs")                   \
    XX(I64, unwritten, 1, "", "output elements that were never written")                           \
    XX(I64, stray, 1, "", "words changed outside of the tensors")                                  \
    XX(I64, changed, 1, "", "input elements changed")                                              \
    XX(I64, nan_out, 1, "", "NaN in the output")                                                   \
    XX(I64, nan_expected, 1, "", "NaN in the reference")                                           \
    XX(I64, infinite_out, 1, "", "infinities in the output")                                       \
    XX(F64, blind_median, 1, "taps", "blind taps E / (A / n), median")                             \
    XX(F64, blind_max, 1, "taps", "blind taps, largest")                                           \
    XX(F64, use_max, 1, "", "bound utilisation |y - ref| / E, largest over elements with E > 0")   \
    XX(F64, use_p999, 1, "", "bound utilisation, 99.9th percentile")                               \
    XX(I64, use_histogram, ASSAY_USE_BINS, "", "elements by utilisation, log2 bins")               \
    XX(F64, rms_ratio, 1, "", "RMS(error) / RMS(sigma of a sequential sum); NaN without sums")     \
    XX(I64, ulp_histogram, ASSAY_ULP_BINS, "", "elements by ULP distance")                         \
    XX(F64, ulp_max, 1, "ULP", "largest ULP distance from the rounded reference")                  \
    XX(F64, abs_max, 1, "", "largest absolute error")                                              \
    XX(F64, rel_max, 1, "", "largest relative error over elements with a nonzero reference")       \
    XX(F64, bias_z, 1, "", "mean signed error over its standard error")                            \
    XX(F64, nmse, 1, "", "sum of squared errors / sum of squared references")                      \
    XX(F64, snr_db, 1, "dB", "-10 log10(nmse)")                                                    \
    XX(I64, first_index, ASSAY_SAMPLES, "", "first mismatches, linear index; -1 = none")           \
    XX(F64, first_actual, ASSAY_SAMPLES, "", "their values")                                       \
    XX(F64, first_expected, ASSAY_SAMPLES, "", "the reference there")                              \
    XX(F64, first_bound, ASSAY_SAMPLES, "", "the bound there")                                     \
    XX(I64, worst_index, ASSAY_SAMPLES, "", "worst by utilisation, then by absolute error")        \
    XX(F64, worst_actual, ASSAY_SAMPLES, "", "their values")                                       \
    XX(F64, worst_expected, ASSAY_SAMPLES, "", "the reference there")                              \
    XX(F64, worst_bound, ASSAY_SAMPLES, "", "the bound there")                                     \
    XX(I64, input_hash, 1, "", "XXH3 of all input bits")                                           \
    XX(I64, output_hash, 1, "", "XXH3 of the output bits")                                         \
    XX(F64, flops, 1, "", "arithmetic operations of the definition")                               \
    XX(F64, bytes, 1, "B", "bytes read once and written once")                                     \
    XX(F64, seconds, 1, "s", "wall time of the check's share of its batch")                        \
    XX(F64, generate_s, 1, "s", "filling the inputs")                                              \
    XX(F64, reference_s, 1, "s", "reference and bound")                                            \
    XX(F64, pipeline_s, 1, "s", "creating the pipeline")                                           \
    XX(F64, transfer_s, 1, "s", "packing, copying, verifying guards, unpacking")                   \
    XX(F64, gpu_s, 1, "s", "submission to completion, its share")                                  \
    XX(F64, compare_s, 1, "s", "comparing")                                                        \
    XX(I64, gpu_ns, 1, "ns", "dispatch by timestamps; 0 when the device has none")

typedef struct assay_result {
#define I64(name, count)                     int64_t name[count];
#define F64(name, count)                     double name[count];
#define TEXT(name, count)                    char name[count];
#define XX(kind, name, count, unit, summary) kind(name, count)
    ASSAY_RESULT_MAP(XX)
#undef XX
#undef I64
#undef F64
#undef TEXT
} assay_result;

typedef enum assay_field_kind {
    ASSAY_FIELD_I64,
    ASSAY_FIELD_F64,
    ASSAY_FIELD_TEXT
} assay_field_kind;

typedef struct assay_field {
    assay_field_kind kind;
    const char *name;
    int count; // elements, or bytes of a TEXT
    const char *unit;
    const char *summary;
    size_t offset;
} assay_field;

extern const assay_field assay_result_fields[];
extern const int assay_result_field_count;

// All zero, indices -1, ratios NaN.
void assay_result_init(assay_result *result);

// What is the same for all results of a run.
#define ASSAY_RUN_MAP(XX)                                                                          \
    XX(version, "assay's version")                                                                 \
    XX(arguments, "command line")                                                                  \
    XX(device, "name of the device")                                                               \
    XX(driver, "driver name and version")                                                          \
    XX(device_uuid, "device and driver UUID")                                                      \
    XX(host, "processor and system")                                                               \
    XX(libraries, "versions of the libraries used")                                                \
    XX(probe, "probed contract of the device")                                                     \
    XX(environment, "environment variables that change a result")                                  \
    XX(started, "time of start, ISO 8601 UTC; empty with SOURCE_DATE_EPOCH")

typedef struct assay_run_info {
#define XX(name, summary) char name[ASSAY_TEXT_LONG];
    ASSAY_RUN_MAP(XX)
#undef XX
} assay_run_info;

#endif
