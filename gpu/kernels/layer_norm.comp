// SPDX-License-Identifier: Apache-2.0
/*---
kernel: layer_norm
operator: layer_norm
summary: "a work group a row, or four rows of neighbouring channels"
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
  - {name: axis, type: int, value: axis}
  - {name: epsilon, type: float, value: epsilon}
constants:
  - {id: 9, name: group, type: uint, value: "(axis == 1 ? in.s : 1) * (axis < 3 ? in.h : 1) * in.w >= 4096 ? 256 : 128"}
dispatch: {flat: "local.x * in.n * (axis > 1 ? in.s : 1) * (axis > 2 ? in.h : 1)"}
---*/
// out = (in - mean) scale / sqrt(variance + epsilon) + bias, mean and variance being those of the row: of an image
// (axis 1), a plane (2) or a line (3); scale and bias have the shape of a row. A work group takes an image, or the rows of
// four channels. Two passes for the variance, as in instance_norm.
#version 450
#include "flat.glsl"
#include "tensor.glsl"
#include "group_reduce.glsl"

TENSOR_IN(0, in)
VECTOR_IN(1, scale)
VECTOR_IN(2, bias)
TENSOR_OUT(3, out)

layout(push_constant) uniform Params {
    ivec4 shape;
    int axis;
    float epsilon;
} p;

// Texels of the row, from (n, s, y, 0) on.
ivec4 start;
ivec3 place(int i)
{
    int line = i / p.shape.w;
    return p.axis == 3 ? ivec3(start.y, start.z, i)
                       : ivec3(start.y + line / p.shape.z, line % p.shape.z, i % p.shape.w);
}

// The sum over the rows of in, or of (in - mean)^2. The channels of an image are one row.
REAL4 sum_rows(int texels, bool squared, REAL4 mean)
{
    REAL4 sum = REAL4(0.0);
    for (int i = int(gl_LocalInvocationID.x); i < texels; i += int(GROUP)) {
        ivec3 at = place(i);
        REAL4 x = in_load(p.shape, start.x, at.x, at.y, at.z);
        if (squared)
            x = (x - mean) * (x - mean);
        sum += mask_lanes(x, at.x, p.shape.y, REAL(0.0));
    }
    sum = group_sum(sum);
    return p.axis == 1 ? REAL4(sum.x + sum.y + sum.z + sum.w) : sum;
}

// Where scale and bias lie for the lanes of a place; the last one's for lanes that are no channel.
ivec4 coefficient(ivec3 at)
{
    int plane = p.axis == 3 ? at.z : at.y * p.shape.w + at.z;
    ivec4 channel = min(ivec4(4 * at.x) + ivec4(0, 1, 2, 3), ivec4(p.shape.y - 1));
    return p.axis == 1 ? channel * p.shape.z * p.shape.w + plane : ivec4(plane);
}

void main()
{
    int lines = p.axis > 2 ? p.shape.z : 1, parts = p.axis > 1 ? slices(p.shape) : 1;
    int row = int(flat_group());
    start = ivec4(row / lines / parts, row / lines % parts, row % lines, 0);
    if (start.x >= p.shape.x)
        return;
    int texels = (p.axis == 1 ? slices(p.shape) : 1) * (p.axis < 3 ? p.shape.z : 1) * p.shape.w;
    REAL count = REAL((p.axis == 1 ? p.shape.y : 1) * (p.axis < 3 ? p.shape.z : 1) * p.shape.w);
    REAL4 mean = sum_rows(texels, false, REAL4(0.0)) / count;
    REAL4 variance = sum_rows(texels, true, mean) / count;
    REAL4 inverse = inversesqrt(variance + REAL(p.epsilon));
    for (int i = int(gl_LocalInvocationID.x); i < texels; i += int(GROUP)) {
        ivec3 at = place(i);
        ivec4 k = coefficient(at);
        REAL4 scale = REAL4(scale_at(k.x), scale_at(k.y), scale_at(k.z), scale_at(k.w));
        REAL4 bias = REAL4(bias_at(k.x), bias_at(k.y), bias_at(k.z), bias_at(k.w));
        REAL4 x = in_load(p.shape, start.x, at.x, at.y, at.z);
        out_store(p.shape, start.x, at.x, at.y, at.z, (x - mean) * inverse * scale + bias);
    }
}
