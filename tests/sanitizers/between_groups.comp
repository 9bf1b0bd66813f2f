// SPDX-License-Identifier: Apache-2.0
/*---
kernel: between_groups
operator: relu
summary: "groups pass a value on through a coherent buffer"
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
layout(std430, binding = 1) coherent buffer Out { float y[]; };
layout(push_constant) uniform Params { uint count; float zero; } p;

void main()
{
    uint i = gl_GlobalInvocationID.x;
    if (i >= p.count)
        return;
    float value = max(x[i], 0.0);
#ifndef RIGHT
    // Reads what a group four before this one has written, and adds nothing when it has.
    if (i >= 256u && isnan(y[i - 256u]))
        value += 1.0;
#endif
    y[i] = value;
}
