// SPDX-License-Identifier: Apache-2.0
/*---
kernel: convert_to_nchw
operator: convert
summary: "to nchw, one texel an invocation"
precisions: [f32, f16s]
layouts: [nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out, layout: nchw}
push:
  - {name: shape, type: ivec4, value: in}
dispatch: {flat: in.texels}
---*/
// out, in nchw, = in, in the layout of the variant.
#version 450

#include "tensor.glsl"
#include "flat.glsl"

layout(local_size_x = 128) in;
layout(push_constant) uniform Params { ivec4 shape; } p;

TENSOR_IN(0, in)
layout(std430, set = 0, binding = 1) writeonly buffer Out { STORED out_data[]; };

void main()
{
    ivec4 at = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.shape);
    if (at.x >= p.shape.x)
        return;
    int plane = p.shape.z * p.shape.w;
    int first = (at.x * p.shape.y + 4 * at.y) * plane + at.z * p.shape.w + at.w;
    REAL4 value = in_load(p.shape, at.x, at.y, at.z, at.w);
    for (int lane = 0; lane < 4 && 4 * at.y + lane < p.shape.y; lane++)
        out_data[first + lane * plane] = STORED(value[lane]);
}
