// SPDX-License-Identifier: Apache-2.0
/*---
kernel: convert_nchw_to
operator: convert
summary: "from nchw, one texel an invocation"
precisions: [f32, f16s]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in, layout: nchw}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: in}
dispatch: {flat: in.texels}
---*/
// out, in the layout of the variant, = in, in nchw. Neighbours in x are neighbours in both but for nhwc.
#version 450

#include "tensor.glsl"
#include "flat.glsl"

layout(local_size_x = 128) in;
layout(push_constant) uniform Params { ivec4 shape; } p;

layout(std430, set = 0, binding = 0) readonly buffer In { STORED in_data[]; };
TENSOR_OUT(1, out)

void main()
{
    ivec4 at = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.shape);
    if (at.x >= p.shape.x)
        return;
    int plane = p.shape.z * p.shape.w;
    int first = (at.x * p.shape.y + 4 * at.y) * plane + at.z * p.shape.w + at.w;
    REAL4 value = REAL4(0.0);
    for (int lane = 0; lane < 4 && 4 * at.y + lane < p.shape.y; lane++)
        value[lane] = REAL(in_data[first + lane * plane]);
    out_store(p.shape, at.x, at.y, at.z, at.w, value);
}
