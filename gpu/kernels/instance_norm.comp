// SPDX-License-Identifier: Apache-2.0
/*---
kernel: instance_norm
operator: instance_norm
summary: "a work group four planes, two passes for the variance"
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
  - {name: epsilon, type: float, value: epsilon}
constants:
  - {id: 9, name: group, type: uint, value: "in.h * in.w >= 4096 ? 256 : 128"}
dispatch: {flat: "local.x * in.n * in.s"}
---*/
// out = (in - mean) scale / sqrt(variance + epsilon) + bias, mean and variance being those of the plane. A work group takes
// four planes. The variance is the mean of (in - mean)^2: that of the squares less the squared mean would cancel.
#version 450
#include "flat.glsl"
#include "tensor.glsl"
#include "group_reduce.glsl"

TENSOR_IN(0, in)
VECTOR_IN(1, scale)
VECTOR_IN(2, bias)
TENSOR_OUT(3, out)

layout(push_constant) uniform Params { ivec4 shape; float epsilon; } p;

void main()
{
    int n = int(flat_group()) / slices(p.shape), s = int(flat_group()) % slices(p.shape);
    if (n >= p.shape.x)
        return;
    int area = p.shape.z * p.shape.w, width = p.shape.w, id = int(gl_LocalInvocationID.x);
    REAL4 sum = REAL4(0.0), squares = REAL4(0.0);
    for (int i = id; i < area; i += int(GROUP))
        sum += in_load(p.shape, n, s, i / width, i % width);
    REAL4 mean = group_sum(sum) / REAL(area);
    for (int i = id; i < area; i += int(GROUP)) {
        REAL4 d = in_load(p.shape, n, s, i / width, i % width) - mean;
        squares += d * d;
    }
    REAL4 variance = group_sum(squares) / REAL(area);
    REAL4 factor = scale_load(s, p.shape.y) * inversesqrt(variance + REAL(p.epsilon));
    REAL4 bias = bias_load(s, p.shape.y);
    for (int i = id; i < area; i += int(GROUP)) {
        REAL4 d = in_load(p.shape, n, s, i / width, i % width) - mean;
        out_store(p.shape, n, s, i / width, i % width, d * factor + bias);
    }
}
