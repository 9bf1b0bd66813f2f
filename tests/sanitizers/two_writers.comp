// SPDX-License-Identifier: Apache-2.0
/*---
kernel: two_writers
operator: relu
summary: "two work groups write the same word, the second one rightly"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: count, type: uint, value: out.count}
  - {name: zero, type: float, value: in.n - in.n}
dispatch:
  threads: [out.count]
---*/
#version 450
layout(local_size_x = 64) in;
layout(std430, binding = 0) readonly buffer In { float x[]; };
layout(std430, binding = 1) writeonly buffer Out { float y[]; };
layout(push_constant) uniform Params { uint count; float zero; } p;

void main()
{
    uint i = gl_GlobalInvocationID.x;
    if (i < p.count)
        y[i] = max(x[i], 0.0);
#ifndef RIGHT
    // What is meant for the last group of all, the first one does too.
    if (gl_WorkGroupID.x == 0u && gl_LocalInvocationID.x == 0u && gl_NumWorkGroups.x > 4u)
        y[p.count - 1u] = 7.25;
#endif
}
