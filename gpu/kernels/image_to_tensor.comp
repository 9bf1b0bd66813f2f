// SPDX-License-Identifier: Apache-2.0
/*---
kernel: image_to_tensor
operator: image_to_tensor
summary: "a pixel an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: pixels}
  - {binding: 1, tensor: scale}
  - {binding: 2, tensor: bias}
  - {binding: 3, tensor: out}
push:
  - {name: out_shape, type: ivec4, value: out}
dispatch: {flat: out.texels}
---*/
// out = colour scale + bias, for red, green and blue of RGBA8 pixels, each 0 .. 255.
#version 450
#include "flat.glsl"
#include "tensor.glsl"

layout(local_size_x = 64) in;

layout(std430, set = 0, binding = 0) readonly buffer Pixels { uint pixels[]; };
VECTOR_IN(1, scale)
VECTOR_IN(2, bias)
TENSOR_OUT(3, out)

layout(push_constant) uniform Params { ivec4 out_shape; } p;

void main()
{
    int i = int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x);
    ivec4 at = texel_place(i, p.out_shape);
    if (at.x >= p.out_shape.x)
        return;
    uvec4 colour = (uvec4(pixels[i]) >> uvec4(0u, 8u, 16u, 24u)) & 255u;
    REAL4 value = REAL4(colour) * scale_load(0, 3) + bias_load(0, 3);
    out_store(p.out_shape, at.x, at.y, at.z, at.w, value);
}
