// SPDX-License-Identifier: Apache-2.0
#include "reference/image_internal.h"

#include "reference/ball_internal.h"

#include <inttypes.h>

assay_status assay__image_infer(assay_problem *problem, int64_t in_channels, int64_t out_channels,
                                assay_error *error)
{
    const assay_shape *in = &problem->input[0];
    if (in->dim[1] != in_channels)
        return assay_fail(error, ASSAY_SHAPE, "%s: %s has %" PRId64 " channels, expected %" PRId64,
                          problem->op->name, problem->op->inputs[0].name, in->dim[1], in_channels);
    problem->output = *in;
    problem->output.dim[1] = out_channels;
    problem->input[1] = problem->input[2] = (assay_shape){
        1, {3, 1, 1, 1}
    };
    return ASSAY_OK;
}

assay__colour assay__colour_at(const assay_problem *problem, const float *const *in, int64_t index)
{
    const int64_t *dim = problem->output.dim;
    int64_t area = dim[2] * dim[3], channel = index / area % dim[1];
    int64_t image = index / (area * dim[1]), in_channels = problem->input[0].dim[1];
    if (channel == 3)
        return (assay__colour){.channel = 3};
    return (assay__colour){
        .channel = channel,
        .x = (double)in[0][(image * in_channels + channel) * area + index % area],
        .scale = (double)in[1][channel],
        .bias = (double)in[2][channel],
    };
}

static bool is_lost(double x, const assay_arithmetic *m)
{
    return m->eta >= m->least && x != 0 && fabs(x) < m->operand;
}

assay_ball assay__colour_ball(const assay__colour *c, const assay_arithmetic *m)
{
    double p = c->x * c->scale, sum = p + c->bias; // the product of two numbers of 24 bits is exact
    bool lost = is_lost(c->x, m) || is_lost(c->scale, m) || is_lost(c->bias, m);
    if (!lost && assay__is_number(p, m) && assay__is_number(sum, m) &&
        assay__residue(p, c->bias, sum) == 0)
        return assay_ball_exact(sum);
    assay_ball product =
        assay_ball_mul(assay_ball_input(c->x, m), assay_ball_input(c->scale, m), m);
    return assay_ball_add(product, assay_ball_input(c->bias, m), m);
}

double assay__colour_special(const assay__colour *c, const assay_arithmetic *m,
                             const assay_contract *contract)
{
    const double sizes[3] = {fabs(c->x), fabs(c->scale), fabs(c->bias)};
    bool finite = true, open = false;
    for (int k = 0; k < 3;
         k++) { // one that is flushed beside an infinity, one that overflows against it
        finite = finite && isfinite(sizes[k]);
        open = open || is_lost(sizes[k], m);
        open = open || (isfinite(sizes[k]) && sizes[k] > sqrt(m->most) / 2);
    }
    if (finite)
        return -1;
    return open ? (double)INFINITY : assay__bound_special(contract);
}
