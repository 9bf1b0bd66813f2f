// SPDX-License-Identifier: Apache-2.0
#include "reference/operator_internal.h"
#include "reference/pool_internal.h"

// What a window holds. Padding counts as minus infinity, so a window that lies wholly in it has
// that for its maximum.
typedef struct window {
    double most, least; // over the numbers in it
    bool nan, infinite, subnormal, padding;
} window;

static void look(window *w, double x, double smallest)
{
    if (isnan(x)) {
        w->nan = true;
        return;
    }
    w->most = x > w->most ? x : w->most;
    w->least = x < w->least ? x : w->least;
    w->infinite = w->infinite || isinf(x);
    w->subnormal = w->subnormal || (x != 0 && fabs(x) < smallest);
}

static window look_at(const assay__pool *p, const float *plane, int64_t y, int64_t x,
                      double smallest)
{
    window w = {.most = -(double)INFINITY, .least = (double)INFINITY};
    for (int64_t ky = 0; ky < p->kernel_h; ky++)
        for (int64_t kx = 0; kx < p->kernel_w; kx++) {
            int64_t in_y = y * p->stride_h - p->pad[0] + ky * p->dilation_h;
            int64_t in_x = x * p->stride_w - p->pad[1] + kx * p->dilation_w;
            if (in_y >= 0 && in_y < p->h && in_x >= 0 && in_x < p->w)
                look(&w, (double)plane[in_y * p->w + in_x], smallest);
            else
                w.padding = true;
        }
    return w;
}

void assay__max_pool(const assay_problem *problem, const float *const *in,
                     assay_reference *reference)
{
    assay__pool p = assay__pool_of(problem);
    int64_t index = 0;
    for (int64_t plane = 0; plane < p.planes; plane++)
        for (int64_t y = 0; y < p.out_h; y++)
            for (int64_t x = 0; x < p.out_w; x++, index++) {
                window w = look_at(&p, in[0] + plane * p.h * p.w, y, x, 0);
                reference->value[index] = w.most;
                reference->nan_allowed[index] = w.nan;
            }
}

// max(m, NaN) may return either operand, and max(NaN, x) too: a NaN in the window can make the
// kernel forget all that came before it. With the order of the window open, any element of it may
// come out.
static double element_bound(const window *w, const assay_contract *contract)
{
    bool empty = w->most < w->least, special = w->nan || w->infinite || empty;
    if (special && contract->nan == ASSAY_NAN_IGNORED)
        return (double)INFINITY;
    if (w->nan)
        return w->padding || w->infinite || empty ? (double)INFINITY : w->most - w->least;
    return assay__bound_selection(w->most, w->subnormal, contract);
}

void assay__max_pool_bound(const assay_problem *problem, const float *const *in,
                           const assay_contract *contract, assay_reference *reference)
{
    assay__pool p = assay__pool_of(problem);
    double smallest = assay_contract_arithmetic(contract).operand;
    int64_t index = 0;
    for (int64_t plane = 0; plane < p.planes; plane++)
        for (int64_t y = 0; y < p.out_h; y++)
            for (int64_t x = 0; x < p.out_w; x++, index++) {
                window w = look_at(&p, in[0] + plane * p.h * p.w, y, x, smallest);
                reference->bound[index] = element_bound(&w, contract);
            }
}
