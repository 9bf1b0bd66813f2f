// SPDX-License-Identifier: Apache-2.0
/*---
kernel: tensor_to_image
operator: tensor_to_image
summary: "a pixel an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: scale}
  - {binding: 2, tensor: bias}
  - {binding: 3, tensor: out}
push:
  - {name: shape, type: ivec4, value: in}
dispatch: {flat: in.texels}
---*/
// RGBA8 pixels: in scale + bias, taken to 0 .. 255 and rounded to the nearest whole number; opaque.
#version 450
#include "flat.glsl"
#include "tensor.glsl"

layout(local_size_x = 64) in;

TENSOR_IN(0, in)
VECTOR_IN(1, scale)
VECTOR_IN(2, bias)
layout(std430, set = 0, binding = 3) writeonly buffer Pixels { uint pixels[]; };

layout(push_constant) uniform Params { ivec4 shape; } p;

void main()
{
    int i = int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x);
    ivec4 at = texel_place(i, p.shape);
    if (at.x >= p.shape.x)
        return;
    REAL4 value = in_load(p.shape, at.x, at.y, at.z, at.w) * scale_load(0, 3) + bias_load(0, 3);
    uvec4 colour = uvec4(roundEven(clamp(value, REAL4(0.0), REAL4(255.0))));
    pixels[i] = colour.r | colour.g << 8u | colour.b << 16u | 255u << 24u;
}
