// SPDX-License-Identifier: Apache-2.0
// The parts of the device probe: a bench that runs one operation on arrays, the measurements, and
// the cache.
#ifndef ASSAY_PROBE_INTERNAL_H
#define ASSAY_PROBE_INTERNAL_H

#include "gpu/probe.h"

#include <stddef.h>

// Raised whenever a probe measures something else, so that cached results of the old one are not
// used.
#define ASSAY_PROBE_VERSION 2

// XX(id, name, summary): the rows, in the order of the report.
#define ASSAY_PROBE_ROW_MAP(XX)                                                                    \
    XX(ADD, "add.rounding", "rounding of a + b")                                                   \
    XX(SUB, "sub.rounding", "rounding of a - b")                                                   \
    XX(MUL, "mul.rounding", "rounding of a * b")                                                   \
    XX(FMA, "fma.rounding", "rounding of fma(a, b, c), of each of its operations if not fused")    \
    XX(FMA_FUSED, "fma.fused", "fma(a, b, c) has one rounding")                                    \
    XX(CONTRACTED, "mul_add.contracted", "a * b + c became one operation")                         \
    XX(DIV, "div.ulp", "largest error of a / b")                                                   \
    XX(F16_ROUNDING, "f16.pack.rounding", "rounding of packHalf2x16")                              \
    XX(F16_65519, "f16.65519", "packHalf2x16 just below the middle of 65504 and 65536")            \
    XX(F16_65520, "f16.65520", "packHalf2x16 at the middle of 65504 and 65536")                    \
    XX(F16_1E5, "f16.1e5", "packHalf2x16 far above the largest f16")                               \
    XX(SUBNORMAL_COPY, "f32.subnormal.copy", "a subnormal number loaded and stored")               \
    XX(SUBNORMAL_OPERAND, "f32.subnormal.operand", "subnormal operands with a normal result")      \
    XX(SUBNORMAL_RESULT, "f32.subnormal.result", "normal operands with a subnormal result")        \
    XX(SUBNORMAL_FUNCTION, "f32.subnormal.function",                                               \
       "exp and exp2 to, log and sqrt of subnormals")                                              \
    XX(F16_SUBNORMAL_PACK, "f16.subnormal.pack", "f32 to a subnormal f16")                         \
    XX(F16_SUBNORMAL_UNPACK, "f16.subnormal.unpack", "a subnormal f16 to f32")                     \
    XX(STORE_BUFFER, "f16.buffer.rounding", "f32 stored as f16 in a buffer")                       \
    XX(SUBNORMAL_BUFFER, "f16.buffer.subnormal",                                                   \
       "subnormal f16 loaded from and stored to a buffer")                                         \
    XX(STORE_IMAGE, "f16.image.rounding", "f32 stored to a texel of rgba16f")                      \
    XX(SUBNORMAL_IMAGE, "f16.image.subnormal", "subnormal f16 loaded from and stored to an image") \
    XX(HALF_ADD, "f16.add.rounding", "rounding of a + b in f16")                                   \
    XX(HALF_SUB, "f16.sub.rounding", "rounding of a - b in f16")                                   \
    XX(HALF_MUL, "f16.mul.rounding", "rounding of a * b in f16")                                   \
    XX(HALF_FMA, "f16.fma.rounding", "rounding of fma(a, b, c) and a * b + c in f16")              \
    XX(HALF_SUBNORMAL, "f16.subnormal", "subnormal f16 as operands and results")                   \
    XX(HALF_NAN, "f16.nan", "NaN and infinity in f16")                                             \
    XX(NAN_COPY, "nan.copy", "NaN and infinity loaded and stored")                                 \
    XX(NAN_ARITHMETIC, "nan.arithmetic", "a NaN operand, inf - inf and 0 * inf give NaN")          \
    XX(INF_ARITHMETIC, "inf.arithmetic", "infinities in +, *, fma and /, and overflow")            \
    XX(NAN_COMPARE, "nan.compare", "comparisons with a NaN")                                       \
    XX(NAN_MIN, "nan.min", "min with one NaN operand")                                             \
    XX(NAN_MAX, "nan.max", "max with one NaN operand")                                             \
    XX(NAN_CLAMP, "nan.clamp", "clamp of a NaN to [-1, 1]")                                        \
    XX(SWAMPED, "sum.swamped", "2^24 + 1 + 1 + 1 + 1 + 1 + 1 - 2^24, one after the other")         \
    XX(EXP, "exp.ulp", "largest error of exp on [-87, 88]")                                        \
    XX(EXP2, "exp2.ulp", "largest error of exp2 on [-126, 127]")                                   \
    XX(LOG, "log.ulp", "largest error of log outside of [0.5, 2]")                                 \
    XX(LOG_NEAR, "log.near_one", "largest absolute error of log on [0.5, 2]")                      \
    XX(LOG2, "log2.ulp", "largest error of log2 outside of [0.5, 2]")                              \
    XX(LOG2_NEAR, "log2.near_one", "largest absolute error of log2 on [0.5, 2]")                   \
    XX(SQRT, "sqrt.ulp", "largest error of sqrt over all normal numbers")                          \
    XX(INVERSESQRT, "inversesqrt.ulp", "largest error of inversesqrt over all normal numbers")     \
    XX(SIN, "sin.error", "largest absolute error of sin on [-pi, pi]")                             \
    XX(COS, "cos.error", "largest absolute error of cos on [-pi, pi]")                             \
    XX(TANH, "tanh.error", "largest absolute error of tanh on [-44, 44]")                          \
    XX(TANH_LARGE, "tanh.large", "tanh from 44 to the largest number, of either sign")

typedef enum assay__probe_row_id {
#define XX(id, name, summary) ASSAY__ROW_##id,
    ASSAY_PROBE_ROW_MAP(XX)
#undef XX
        ASSAY__ROW_COUNT
} assay__probe_row_id;

// Operations of probes/probe_arithmetic.comp.
typedef enum assay__probe_op {
    ASSAY__OP_COPY,
    ASSAY__OP_ADD,
    ASSAY__OP_SUB,
    ASSAY__OP_MUL,
    ASSAY__OP_FMA,
    ASSAY__OP_MUL_ADD,
    ASSAY__OP_DIV,
    ASSAY__OP_PACK,   // the f16 code as a number
    ASSAY__OP_UNPACK, // of the f16 code given as a number
    ASSAY__OP_MIN,
    ASSAY__OP_MAX,
    ASSAY__OP_CLAMP,
    ASSAY__OP_COMPARE, // bits: < 1, <= 2, == 4, != 8, > 16, >= 32
    ASSAY__OP_SUM,     // of the eight numbers of a around i
} assay__probe_op;

// Functions of probes/probe_functions.comp.
typedef enum assay__probe_function {
    ASSAY__FN_EXP,
    ASSAY__FN_EXP2,
    ASSAY__FN_LOG,
    ASSAY__FN_LOG2,
    ASSAY__FN_SQRT,
    ASSAY__FN_INVERSESQRT,
    ASSAY__FN_SIN,
    ASSAY__FN_COS,
    ASSAY__FN_TANH,
} assay__probe_function;

// The bench: the caller writes operands into a, b, c, runs, and reads out.
typedef struct assay__bench assay__bench;

ASSAY_CHECKED assay_status assay__bench_open(assay_device *device, uint32_t capacity,
                                             assay__bench **bench, assay_error *error);
void assay__bench_close(assay__bench *bench);
float *assay__bench_operand(assay__bench *bench, int which); // 0, 1, 2 for a, b, c
const float *assay__bench_result(const assay__bench *bench);
ASSAY_CHECKED assay_status assay__bench_arithmetic(assay__bench *bench, assay__probe_op op,
                                                   uint32_t count, assay_error *error);
ASSAY_CHECKED assay_status assay__bench_function(assay__bench *bench, assay__probe_function f,
                                                 uint32_t count, assay_error *error);

// The same on f16, by probes/probe_half.comp: COPY to DIV, and COMPARE. The operands are f16
// values.
bool assay__bench_has_half(const assay__bench *bench);
ASSAY_CHECKED assay_status assay__bench_half(assay__bench *bench, assay__probe_op op,
                                             uint32_t count, assay_error *error);

// The bench must hold this many elements.
#define ASSAY__PROBE_PAIRS     (UINT32_C(1) << 22)
#define ASSAY__PROBE_ARGUMENTS (UINT32_C(1) << 20)

// Which directions explain all roundings that were seen.
typedef struct assay__rounding {
    bool rte, rtz, up, down;
    bool wrong; // some result was neither of the two neighbours of the exact one
} assay__rounding;

assay__rounding assay__rounding_start(void);
// `nearest`: the exact result rounded to nearest even; `rest`: the sign of exact - nearest;
// `other`: the neighbour of nearest on the other side of the exact result (ignored when rest is 0).
void assay__rounding_note(assay__rounding *r, float actual, float nearest, double rest,
                          float other);
const char *
assay__rounding_name(const assay__rounding *r); // "rte", "rtz", "up", "down", "mixed", "wrong"

// Notes a result of f16 range by its exact value.
void assay__rounding_note_half(assay__rounding *r, float actual, double exact);

// A normal f16: the sign and ten bits of a random number, and an exponent.
float assay__probe_half(uint64_t bits, int exponent);

// The next f32 above or below a finite one.
float assay__next_f32(float x, bool up);

// The distance of the two f32 that enclose x, 2^-149 at least.
double assay__ulp_f32(double x);

// 64 mixed bits for a counter.
uint64_t assay__probe_random(uint64_t counter);

// Fills one row.
void assay__probe_set(assay_probe *probe, assay__probe_row_id row, bool conformant,
                      const char *allowed, const char *format, ...) ASSAY_PRINTF(5, 6);

ASSAY_CHECKED assay_status assay__probe_rounding(assay__bench *bench, assay_probe *probe,
                                                 assay_error *error);
ASSAY_CHECKED assay_status assay__probe_special(assay__bench *bench, assay_probe *probe,
                                                assay_error *error);
ASSAY_CHECKED assay_status assay__probe_functions(assay__bench *bench, assay_probe *probe,
                                                  assay_error *error);

ASSAY_CHECKED assay_status assay__probe_half_arithmetic(assay__bench *bench, assay_probe *probe,
                                                        assay_error *error);
ASSAY_CHECKED assay_status assay__probe_store(assay_device *device, assay_probe *probe,
                                              assay_error *error);

// Rows with names and summaries and empty values. Fails with ASSAY_MEMORY.
ASSAY_CHECKED assay_status assay__probe_create(assay_probe *probe, assay_error *error);

// The cache. `path`: where it lies, "" when there is no place for it. read is false when there is
// no cached probe of this device and version, or what there is is damaged; a failure to write is
// silent.
void assay__probe_cache_path(const assay_device_info *info, char *path, size_t size);
bool assay__probe_cache_read(const char *path, const assay_device_info *info, assay_probe *probe);
void assay__probe_cache_write(const char *path, const assay_device_info *info,
                              const assay_probe *probe);

#endif
