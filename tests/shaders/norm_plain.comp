// SPDX-License-Identifier: Apache-2.0
/*---
kernel: norm_plain
operator: group_norm
summary: "a group of channels without scale and bias, a work group for each"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32}
assumes: [{tensor: scale, value: 1}, {tensor: bias, value: 0}]
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: count, type: uint, value: "in.c / groups * in.h * in.w"}
  - {name: epsilon, type: float, value: epsilon}
dispatch: {groups: [in.n * groups]}
---*/
#version 450
layout(local_size_x = 64) in;
layout(std430, binding = 0) readonly buffer In { float x[]; };
layout(std430, binding = 1) writeonly buffer Out { float y[]; };
layout(push_constant) uniform Params { uint count; float epsilon; } p;

shared float part[64];

// The sum of what each invocation gives.
float group_sum(float value)
{
    uint lane = gl_LocalInvocationID.x;
    barrier(); // the sum before this one was read
    part[lane] = value;
    barrier();
    for (uint half_size = 32u; half_size > 0u; half_size /= 2u) {
        if (lane < half_size)
            part[lane] += part[lane + half_size];
        barrier();
    }
    return part[0];
}

void main()
{
    uint first = gl_WorkGroupID.x * p.count;
    float sum = 0.0, squares = 0.0;
    for (uint i = gl_LocalInvocationID.x; i < p.count; i += 64u)
        sum += x[first + i];
    float mean = group_sum(sum) / float(p.count);
    for (uint i = gl_LocalInvocationID.x; i < p.count; i += 64u) {
        float d = x[first + i] - mean;
        squares += d * d;
    }
    float scale = inversesqrt(group_sum(squares) / float(p.count) + p.epsilon);
    for (uint i = gl_LocalInvocationID.x; i < p.count; i += 64u)
        y[first + i] = (x[first + i] - mean) * scale;
}
