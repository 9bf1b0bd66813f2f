// SPDX-License-Identifier: Apache-2.0
/*---
kernel: argmax
operator: argmax
summary: "a texel of the output an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: in}
  - {name: out_shape, type: ivec4, value: out}
  - {name: axis, type: int, value: axis}
  - {name: select_last, type: int, value: select_last}
dispatch: {flat: out.texels}
---*/
// The index of the largest value along an axis, of equal ones the first or the last. Every lane has a row of its own; along
// channels the four lanes are searched one after the other.
#version 450
#include "flat.glsl"
#include "tensor.glsl"

layout(local_size_x = 64) in;

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

layout(push_constant) uniform Params { ivec4 shape, out_shape; int axis, select_last; } p;

REAL4 best;
ivec4 best_at;

// Takes element k of each lane's row where it is larger than those before it, or as large and the last is asked for.
void look(REAL4 value, int k)
{
    for (int lane = 0; lane < 4; lane++) {
        bool more = p.select_last != 0 ? value[lane] >= best[lane] : value[lane] > best[lane];
        if (k == 0 || more || isnan(best[lane])) {
            best[lane] = value[lane];
            best_at[lane] = k;
        }
    }
}

void main()
{
    ivec4 at = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.out_shape);
    if (at.x >= p.out_shape.x)
        return;
    ivec4 from = at;
    for (int k = 0; k < (p.axis == 1 ? slices(p.shape) : p.shape[p.axis]); k++) {
        from[p.axis] = k;
        REAL4 value = in_load(p.shape, from.x, from.y, from.z, from.w);
        if (p.axis != 1)
            look(value, k);
        else
            for (int lane = 0; lane < 4 && 4 * k + lane < p.shape.y; lane++)
                look(REAL4(value[lane]), 4 * k + lane);
    }
    out_store(p.out_shape, at.x, at.y, at.z, at.w, REAL4(best_at));
}
