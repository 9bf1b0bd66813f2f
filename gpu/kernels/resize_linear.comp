// SPDX-License-Identifier: Apache-2.0
/*---
kernel: resize_linear
operator: resize
summary: "a texel an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
when: "mode == 1 && 4 * (in.h + 1) * (out.h + 1) < 2147483647 && 4 * (in.w + 1) * (out.w + 1) < 2147483647"
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: in}
  - {name: out_shape, type: ivec4, value: out}
  - {name: coordinates, type: int, value: coordinates}
dispatch: {flat: out.texels}
---*/
// Linear between the four elements around the coordinate; beyond the edge is what lies at the edge. Weights are f32 in every
// precision until the last step.
#version 450
#include "flat.glsl"
#include "tensor.glsl"
#include "resize.glsl"

layout(local_size_x = 64) in;

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

layout(push_constant) uniform Params { ivec4 shape, out_shape; int coordinates; } p;

struct cell {
    int first, next;
    REAL weight; // of the next one
};

cell cell_at(int i, int size, int out_size)
{
    ivec2 c = resize_place(i, size, out_size, p.coordinates);
    int first = min(c.x / c.y, size - 1), next = min(first + 1, size - 1);
    float weight = next > first ? float(c.x - first * c.y) / float(c.y) : 0.0;
    return cell(first, next, REAL(weight));
}

void main()
{
    ivec4 at = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.out_shape);
    if (at.x >= p.out_shape.x)
        return;
    cell y = cell_at(at.z, p.shape.z, p.out_shape.z), x = cell_at(at.w, p.shape.w, p.out_shape.w);
    REAL4 top = in_load(p.shape, at.x, at.y, y.first, x.first);
    REAL4 low = in_load(p.shape, at.x, at.y, y.next, x.first);
    top += x.weight * (in_load(p.shape, at.x, at.y, y.first, x.next) - top);
    low += x.weight * (in_load(p.shape, at.x, at.y, y.next, x.next) - low);
    out_store(p.out_shape, at.x, at.y, at.z, at.w, top + y.weight * (low - top));
}
