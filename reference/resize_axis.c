// SPDX-License-Identifier: Apache-2.0
#include "reference/resize_internal.h"

#include "reference/ball.h"

assay__axis assay__axis_of(const assay_problem *problem, int axis)
{
    return (assay__axis){
        .in = problem->input[0].dim[2 + axis],
        .out = assay_get(problem, "size")->i[axis],
        .coordinates =
            (assay__coordinates)assay_get(problem, "coordinate_transformation_mode")->i[0],
        .nearest = (assay__nearest)assay_get(problem, "nearest_mode")->i[0],
    };
}

// A coordinate is the quotient of two whole numbers.
typedef struct ratio {
    int64_t above, below;
} ratio;

static ratio coordinate(const assay__axis *axis, int64_t i)
{
    switch (axis->coordinates) {
    case ASSAY__ALIGN_CORNERS:
        return axis->out > 1 ? (ratio){i * (axis->in - 1), axis->out - 1} : (ratio){0, 1};
    case ASSAY__ASYMMETRIC:
        return (ratio){i * axis->in, axis->out};
    case ASSAY__HALF_PIXEL:
        break;
    }
    return (ratio){(2 * i + 1) * axis->in - axis->out, 2 * axis->out};
}

static int64_t floor_of(int64_t above, int64_t below)
{
    return above >= 0 ? above / below : -((-above + below - 1) / below);
}

static int64_t inside(int64_t i, const assay__axis *axis)
{
    return i < 0 ? 0 : i >= axis->in ? axis->in - 1 : i;
}

int64_t assay__axis_nearest(const assay__axis *axis, int64_t i)
{
    ratio c = coordinate(axis, i);
    switch (axis->nearest) {
    case ASSAY__FLOOR:
        return inside(floor_of(c.above, c.below), axis);
    case ASSAY__CEIL:
        return inside(-floor_of(-c.above, c.below), axis);
    case ASSAY__ROUND_PREFER_FLOOR:
        return inside(-floor_of(c.below - 2 * c.above, 2 * c.below), axis);
    case ASSAY__ROUND_PREFER_CEIL:
        break;
    }
    return inside(floor_of(2 * c.above + c.below, 2 * c.below), axis);
}

int64_t assay__axis_cell(const assay__axis *axis, int64_t i, double *weight)
{
    ratio c = coordinate(axis, i);
    int64_t index = inside(floor_of(c.above, c.below), axis);
    int64_t rest =
        c.above - index * c.below; // below 0 and past the last element there is no next one
    *weight = rest > 0 && index < axis->in - 1 ? (double)rest / (double)c.below : 0;
    return index;
}

// As (i + 1/2) s - 1/2 or i s, with s a quotient of two numbers that f32 holds.
static double coordinate_error(const assay__axis *axis, int64_t i, const assay_contract *contract)
{
    assay_contract single = *contract;
    single.accumulator = ASSAY_ACCUMULATOR_F32;
    single.storage = ASSAY_STORAGE_F32;
    single.loads = ASSAY_LOADS_STORED;
    assay_arithmetic m = assay_contract_arithmetic(&single);
    ratio c = coordinate(axis, i);
    if (c.below == 1 && c.above == 0)
        return 0;
    bool corners = axis->coordinates == ASSAY__ALIGN_CORNERS;
    bool half = axis->coordinates == ASSAY__HALF_PIXEL;
    assay_ball scale = assay_ball_div(assay_ball_exact((double)(axis->in - corners)),
                                      assay_ball_exact((double)(axis->out - corners)), &m);
    assay_ball at = assay_ball_mul(assay_ball_exact((double)i + (half ? 0.5 : 0)), scale, &m);
    if (half)
        at = assay_ball_sub(at, assay_ball_exact(0.5), &m);
    return assay_ball_bound(at, (double)c.above / (double)c.below);
}

static int64_t rounded(double c, const assay__axis *axis)
{
    switch (axis->nearest) {
    case ASSAY__FLOOR:
        return inside((int64_t)floor(c), axis);
    case ASSAY__CEIL:
        return inside((int64_t)ceil(c), axis);
    case ASSAY__ROUND_PREFER_FLOOR:
        return inside((int64_t)ceil(c - 0.5), axis);
    case ASSAY__ROUND_PREFER_CEIL:
        break;
    }
    return inside((int64_t)floor(c + 0.5), axis);
}

assay__reach assay__axis_reach(const assay__axis *axis, int64_t i, bool nearest,
                               const assay_contract *contract)
{
    ratio c = coordinate(axis, i);
    double at = (double)c.above / (double)c.below;
    assay__reach reach = {.off = coordinate_error(axis, i, contract)};
    double inner = fmin(fmax(at, 0), (double)(axis->in - 1)); // where it is linear
    if (nearest) {
        int64_t exact = assay__axis_nearest(axis, i);
        int64_t low = rounded(at - reach.off, axis), high = rounded(at + reach.off, axis);
        reach.low = reach.off > 0 && low < exact ? low : exact;
        reach.high = reach.off > 0 && high > exact ? high : exact;
    } else {
        reach.low = inside((int64_t)floor(inner - reach.off), axis);
        reach.high = inside((int64_t)floor(inner + reach.off) + 1, axis);
    }
    return reach;
}
