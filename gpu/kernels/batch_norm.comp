// SPDX-License-Identifier: Apache-2.0
/*---
kernel: batch_norm
operator: batch_norm
summary: "four channels of one pixel an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: scale}
  - {binding: 2, tensor: bias}
  - {binding: 3, tensor: mean}
  - {binding: 4, tensor: var}
  - {binding: 5, tensor: out}
push:
  - {name: shape, type: ivec4, value: in}
  - {name: epsilon, type: float, value: epsilon}
dispatch: {flat: "out.texels"}
---*/
// out = (in - mean) scale / sqrt(var + epsilon) + bias, each of them of the channel. Four channels of one pixel an
// invocation.
#version 450
#include "flat.glsl"
#include "tensor.glsl"

layout(local_size_x = 64) in;

TENSOR_IN(0, in)
VECTOR_IN(1, scale)
VECTOR_IN(2, bias)
VECTOR_IN(3, mean)
VECTOR_IN(4, var)
TENSOR_OUT(5, out)

layout(push_constant) uniform Params { ivec4 shape; float epsilon; } p;

void main()
{
    ivec4 at = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.shape);
    if (at.x >= p.shape.x)
        return;
    int channels = p.shape.y;
    REAL4 factor = scale_load(at.y, channels) * inversesqrt(var_load(at.y, channels) + REAL(p.epsilon));
    REAL4 x = in_load(p.shape, at.x, at.y, at.z, at.w), mean = mean_load(at.y, channels);
    REAL4 y = (x - mean) * factor + bias_load(at.y, channels);
    out_store(p.shape, at.x, at.y, at.z, at.w, y);
}
