// SPDX-License-Identifier: Apache-2.0
#include "reference/move_internal.h"

int64_t assay__index_of(const assay_shape *shape, const int64_t place[ASSAY_RANK_MAX])
{
    int64_t index = 0;
    for (int d = 0; d < shape->rank; d++)
        index = index * shape->dim[d] + place[d];
    return index;
}

void assay__place_of(const assay_shape *shape, int64_t index, int64_t place[ASSAY_RANK_MAX])
{
    for (int d = ASSAY_RANK_MAX - 1; d >= 0; d--) {
        int64_t extent = d < shape->rank ? shape->dim[d] : 1;
        place[d] = index % extent;
        index /= extent;
    }
}

assay__source assay__source_same(const assay_problem *problem, const int64_t place[ASSAY_RANK_MAX])
{
    return (assay__source){0, assay__index_of(&problem->output, place), 0};
}

void assay__move(const assay_problem *problem, const float *const *in, assay__source_of *source,
                 assay_reference *reference)
{
    for (int64_t i = 0; i < reference->count; i++) {
        int64_t place[ASSAY_RANK_MAX];
        assay__place_of(&problem->output, i, place);
        assay__source s = source(problem, place);
        reference->value[i] = (double)(s.input < 0 ? s.constant : in[s.input][s.index]);
    }
}

// Loads and stores change no bit; a conversion between f16 and f32 is arithmetic.
void assay__move_bound(const assay_problem *problem, const float *const *in,
                       const assay_contract *contract, assay_reference *reference)
{
    double least = assay_contract_arithmetic(contract).operand;
    bool converted = contract->storage != ASSAY_STORAGE_F32 || assay_contract_loads_f16(contract) ||
                     contract->accumulator != ASSAY_ACCUMULATOR_F32;
    (void)problem;
    (void)in;
    for (int64_t i = 0; i < reference->count; i++) {
        double value = reference->value[i];
        bool subnormal = value != 0 && fabs(value) < least;
        if (!converted)
            reference->bound[i] = 0;
        else
            reference->bound[i] = isfinite(value)
                                      ? assay__bound_selection(value, subnormal, contract)
                                      : assay__bound_special(contract);
    }
}

double assay__move_flops(const assay_problem *problem)
{
    (void)problem;
    return 0;
}
