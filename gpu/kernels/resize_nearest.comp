// SPDX-License-Identifier: Apache-2.0
/*---
kernel: resize_nearest
operator: resize
summary: "a texel an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
when: "mode == 0 && 4 * (in.h + 1) * (out.h + 1) < 2147483647 && 4 * (in.w + 1) * (out.w + 1) < 2147483647"
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: in}
  - {name: out_shape, type: ivec4, value: out}
  - {name: coordinates, type: int, value: coordinates}
  - {name: nearest_mode, type: int, value: nearest_mode}
dispatch: {flat: out.texels}
---*/
// A copy of the nearest element.
#version 450
#include "flat.glsl"
#include "tensor.glsl"
#include "resize.glsl"

layout(local_size_x = 64) in;

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

layout(push_constant) uniform Params { ivec4 shape, out_shape; int coordinates, nearest_mode; } p;

int nearest(int i, int size, int out_size)
{
    ivec2 c = resize_place(i, size, out_size, p.coordinates);
    int index;
    if (p.nearest_mode == 0) // round_prefer_floor
        index = (2 * c.x + c.y - 1) / (2 * c.y);
    else if (p.nearest_mode == 1) // floor
        index = c.x / c.y;
    else if (p.nearest_mode == 2) // round_prefer_ceil
        index = (2 * c.x + c.y) / (2 * c.y);
    else // ceil
        index = (c.x + c.y - 1) / c.y;
    return min(index, size - 1);
}

void main()
{
    ivec4 at = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.out_shape);
    if (at.x >= p.out_shape.x)
        return;
    int y = nearest(at.z, p.shape.z, p.out_shape.z), x = nearest(at.w, p.shape.w, p.out_shape.w);
    out_store(p.out_shape, at.x, at.y, at.z, at.w, in_load(p.shape, at.x, at.y, y, x));
}
