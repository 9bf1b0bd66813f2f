// SPDX-License-Identifier: Apache-2.0
// Values of constants and members of blocks, as they lie in memory.
#include "gpu/kernel_internal.h"
#include "gpu/layout.h"
#include "reference/format.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

// Of whole numbers; a uint64_t holds what expressions can.
static const struct {
    int64_t least, most;
} range[] = {
    [ASSAY__INT] = {INT32_MIN, INT32_MAX },
    [ASSAY__UINT] = {0,         UINT32_MAX},
    [ASSAY__BOOL] = {0,         1         },
    [ASSAY__SHORT] = {INT16_MIN, INT16_MAX },
    [ASSAY__USHORT] = {0,         UINT16_MAX},
    [ASSAY__BYTE] = {INT8_MIN,  INT8_MAX  },
    [ASSAY__UBYTE] = {0,         UINT8_MAX },
    [ASSAY__LONG] = {INT64_MIN, INT64_MAX },
    [ASSAY__ULONG] = {0,         INT64_MAX },
};

// The low bytes of a whole number of the type.
static assay_status put_whole(assay__scalar type, int64_t value, uint8_t *at, assay_error *error)
{
    uint64_t bits = (uint64_t)value;
    if (value < range[type].least || value > range[type].most)
        return assay_fail(error, ASSAY_LIMIT, "the value %" PRId64 " does not fit type %s", value,
                          assay__scalar_name(type));
    for (uint32_t i = 0; i < assay__scalar_bytes(type); i++)
        at[i] = (uint8_t)(bits >> 8 * i); // SPIR-V devices are little-endian towards their hosts
    return ASSAY_OK;
}

// The one rounding of a real number.
static assay_status put_real(assay__scalar type, double value, uint8_t *at, assay_error *error)
{
    float single = (float)value;
    uint16_t half = assay_to_f16(value);
    bool fits = type == ASSAY__HALF ? isfinite(assay_from_f16(half)) : isfinite(single);
    if (isfinite(value) && !fits)
        return assay_fail(error, ASSAY_LIMIT, "the value %g does not fit type %s", value,
                          assay__scalar_name(type));
    if (type == ASSAY__HALF)
        memcpy(at, &half, sizeof half);
    else
        memcpy(at, &single, sizeof single);
    return ASSAY_OK;
}

// A FLOAT attribute alone keeps its bits, whatever NaN it is.
static bool put_attribute(const assay__expression *e, const assay__scope *scope, uint8_t *at)
{
    const assay_operator *op = scope->problem->op;
    for (int i = 0; i < op->attribute_count; i++) {
        float number;
        if (assay__expression_is_name(e, op->attributes[i].variable) &&
            assay_problem_float(scope->problem, op->attributes[i].variable, &number)) {
            memcpy(at, &number, sizeof number);
            return true;
        }
    }
    return false;
}

static assay_status put_number(assay__scalar type, const assay__expression *e,
                               const assay__scope *scope, uint8_t *at, assay_error *error)
{
    int64_t whole;
    double real;
    if (type == ASSAY__FLOAT && put_attribute(e, scope, at))
        return ASSAY_OK;
    if (type == ASSAY__FLOAT || type == ASSAY__HALF) {
        ASSAY_TRY(assay__expression_value_real(e, assay__scope_lookup, assay__scope_lookup_real,
                                               scope, &real, error));
        return put_real(type, real, at, error);
    }
    ASSAY_TRY(assay__expression_value(e, assay__scope_lookup, scope, &whole, error));
    return put_whole(type, whole, at, error);
}

// The shape of a tensor (zeros where it is absent) or the four numbers of an attribute.
static assay_status put_four(const assay__parameter *p, const assay__scope *scope, uint8_t *at,
                             assay_error *error)
{
    const assay_problem *problem = scope->problem;
    static const int64_t zeros[4];
    assay__packing packing;
    const int64_t *number = p->tensor >= 0 ? zeros : problem->attribute[p->attribute].i;
    if (p->tensor >= 0) {
        bool out = p->tensor == ASSAY__TENSOR_OUT;
        if ((out ? &problem->output : &problem->input[p->tensor])->rank) {
            packing = assay__packing_of(scope->info, problem, p->tensor);
            number = packing.size;
        }
    }
    for (uint32_t i = 0; i < 4; i++)
        ASSAY_TRY(put_whole(p->type.scalar, number[i], at + 4 * i, error));
    return ASSAY_OK;
}

assay_status assay__parameter_bytes(const assay__parameter *p, const assay__scope *scope,
                                    uint8_t *bytes, assay_error *error)
{
    uint32_t size = assay__scalar_bytes(p->type.scalar), lanes = p->type.lanes;
    if (!p->value)
        return put_four(p, scope, bytes, error);
    for (uint32_t i = 0; i < lanes * (p->type.count ? p->type.count : 1); i++)
        ASSAY_TRY(put_number(p->type.scalar, p->value[i], scope,
                             bytes + i / lanes * p->type.stride + i % lanes * size, error));
    return ASSAY_OK;
}
