// SPDX-License-Identifier: Apache-2.0
/*---
kernel: global_max_pool
operator: global_max_pool
summary: "a work group a plane"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: planes, type: int, value: in.n * in.c}
  - {name: area, type: int, value: in.h * in.w}
dispatch:
  groups:
    - "min(in.n * in.c, 32768)"
    - "ceil_div(in.n * in.c, 32768)"
    - 1
---*/
// out[n,c] = the largest value of the plane. Every invocation starts with an element of the plane, so no value stands for
// "none yet". A NaN may come out as NaN or be passed over.
#version 450
#include "flat.glsl"
#include "reduce.glsl"

layout(local_size_x = 64) in;

layout(std430, set = 0, binding = 0) readonly buffer In { float in_data[]; };
layout(std430, set = 0, binding = 1) writeonly buffer Out { float out_data[]; };

layout(push_constant) uniform Params { int planes, area; } p;

void main()
{
    int plane = int(flat_group());
    if (plane >= p.planes)
        return;
    float most = in_data[plane * p.area + min(int(gl_LocalInvocationID.x), p.area - 1)];
    for (int i = int(gl_LocalInvocationID.x); i < p.area; i += 64)
        most = max(most, in_data[plane * p.area + i]);
    float total = reduce_max(most);
    if (gl_LocalInvocationID.x == 0u)
        out_data[plane] = total;
}
