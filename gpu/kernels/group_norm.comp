// SPDX-License-Identifier: Apache-2.0
/*---
kernel: group_norm
operator: group_norm
summary: "a work group the groups that share slices of four channels"
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
  - {name: groups, type: int, value: groups}
  - {name: epsilon, type: float, value: epsilon}
constants:
  - {id: 9, name: group, type: uint, value: "in.c / groups * in.h * in.w >= 4096 ? 256 : 128"}
dispatch: {flat: "local.x * in.n * ceil_div(groups, in.c / groups % 4 == 0 ? 1 : in.c / groups % 2 == 0 ? 2 : 4)"}
---*/
// out = (in - mean) scale / sqrt(variance + epsilon) + bias, mean and variance being those of the channel's group. Where
// four does not divide the channels of a group, groups share slices: a work group takes the one, two or four groups that
// fill whole slices, so that no other writes to them. Two passes for the variance, as in instance_norm.
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
    int groups;
    float epsilon;
} p;

// Element i of slices `first` and on, and the place of element i.
ivec3 place(int first, int i)
{
    int row = i / p.shape.w;
    return ivec3(first + row / p.shape.z, row % p.shape.z, i % p.shape.w);
}

// The sum over channels low .. high - 1 of in, or of (in - mean)^2.
REAL sum_channels(int n, int low, int high, bool squared, REAL mean)
{
    int first = low / 4, count = (slices(high) - first) * p.shape.z * p.shape.w;
    REAL4 sum = REAL4(0.0);
    for (int i = int(gl_LocalInvocationID.x); i < count; i += int(GROUP)) {
        ivec3 at = place(first, i);
        REAL4 x = in_load(p.shape, n, at.x, at.y, at.z);
        if (squared)
            x = (x - mean) * (x - mean);
        ivec4 channel = ivec4(4 * at.x) + ivec4(0, 1, 2, 3);
        bvec4 inside = equal(clamp(channel, ivec4(low), ivec4(high - 1)), channel);
        sum += mix(REAL4(0.0), x, inside);
    }
    sum = group_sum(sum);
    return sum.x + sum.y + sum.z + sum.w;
}

void main()
{
    int size = p.shape.y / p.groups; // channels of a group
    int shared_groups = size % 4 == 0 ? 1 : size % 2 == 0 ? 2 : 4;
    int blocks = (p.groups + shared_groups - 1) / shared_groups;
    int n = int(flat_group()) / blocks, start = int(flat_group()) % blocks * shared_groups;
    if (n >= p.shape.x)
        return;
    int count = min(shared_groups, p.groups - start);
    REAL elements = REAL(size * p.shape.z * p.shape.w);
    REAL4 means = REAL4(0.0), inverses = REAL4(0.0); // of the groups
    for (int g = 0; g < count; g++) {
        int low = (start + g) * size;
        REAL mean = sum_channels(n, low, low + size, false, REAL(0.0)) / elements;
        REAL variance = sum_channels(n, low, low + size, true, mean) / elements;
        means[g] = mean;
        inverses[g] = inversesqrt(variance + REAL(p.epsilon));
    }
    int first = start * size / 4, end = slices((start + count) * size);
    for (int i = int(gl_LocalInvocationID.x); i < (end - first) * p.shape.z * p.shape.w; i += int(GROUP)) {
        ivec3 at = place(first, i);
        REAL4 mean, inverse;
        for (int lane = 0; lane < 4; lane++) {
            int g = min((4 * at.x + lane) / size - start, 3);
            mean[lane] = means[g];
            inverse[lane] = inverses[g];
        }
        REAL4 factor = scale_load(at.x, p.shape.y) * inverse;
        REAL4 y = (in_load(p.shape, n, at.x, at.y, at.z) - mean) * factor + bias_load(at.x, p.shape.y);
        out_store(p.shape, n, at.x, at.y, at.z, y);
    }
}
