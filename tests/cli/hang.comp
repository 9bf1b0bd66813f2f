// SPDX-License-Identifier: Apache-2.0
/*---
kernel: hang
operator: relu
summary: "right, but never ends on one shape"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: count, type: int, value: out.count}
  - {name: step, type: int, value: "in.w == 13 ? 0 : 1"}
dispatch:
  threads: ["in.w == 13 ? 4000000 : out.count", "in.w == 13 ? 65535 : 1", 1]
---*/
#version 450
layout(local_size_x = 64) in;
layout(std430, set = 0, binding = 0) readonly buffer In { float in_data[]; };
layout(std430, set = 0, binding = 1) buffer Out { uint out_bits[]; };
layout(push_constant) uniform Params { int count, step; } p;

void main()
{
    int i = int(gl_GlobalInvocationID.x);
    if (gl_GlobalInvocationID.y > 0u)
        atomicOr(out_bits[0], 0u);
    if (i >= p.count)
        return;
    // With a step of 0 this goes on for ever, and atomics cannot be optimised away. A driver in software may end a loop
    // after so many turns: it gets a dispatch that takes hours.
    for (int turn = 0; turn < 1; turn += p.step)
        atomicExchange(out_bits[i], floatBitsToUint(max(in_data[i], 0.0)));
}
