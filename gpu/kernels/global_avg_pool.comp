// SPDX-License-Identifier: Apache-2.0
/*---
kernel: global_avg_pool
operator: global_avg_pool
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
// out[n,c] = sum of the plane / its area. An invocation sums every 64th element; reduce.glsl joins the 64 sums.
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
    float sum = 0.0;
    for (int i = int(gl_LocalInvocationID.x); i < p.area; i += 64)
        sum += in_data[plane * p.area + i];
    float total = reduce_sum(sum);
    if (gl_LocalInvocationID.x == 0u)
        out_data[plane] = total / float(p.area);
}
